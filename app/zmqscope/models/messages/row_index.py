"""Row ids that pass a choice of sockets, built in slices as rows come. GUI thread."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.store import CaptureStore, ColumnSlice
from zmqscope.core.types import SocketId
from zmqscope.models.messages.row_list import RowList

_SLICE_ROWS = 500_000


class RowIndex:
    """Looks for rows, slice by slice, and lists those that pass.

    Args:
        store: Where the rows are.
        only: The one socket shown; None for all.
        hidden_from: Sockets whose rows are hidden from a row on.

    Attributes:
        found: The rows that pass.
    """

    def __init__(
        self,
        store: CaptureStore,
        only: SocketId | None = None,
        hidden_from: Mapping[SocketId, int] | None = None,
    ) -> None:
        self._store = store
        self._only = only
        self._hidden_from = dict(hidden_from or {})
        self.found = RowList()
        self._scanned_to = int(store.first_row)

    @property
    def scanned_to(self) -> int:
        """One past the last row looked at."""
        return self._scanned_to

    def extend(self, stop: int, budget_s: float = 0.02) -> int:
        """Look at further rows, at least one slice and until the time is up.

        Args:
            stop: One past the last row to look at.
            budget_s: Seconds after which no further slice is begun.

        Returns:
            How many rows were added.
        """
        before = len(self.found)
        deadline = time.perf_counter() + budget_s
        while self._scanned_to < stop:
            slice_stop = min(stop, self._scanned_to + _SLICE_ROWS)
            for part in self._store.columns(self._scanned_to, slice_stop):
                self.found.append(self._matches(part))
            self._scanned_to = slice_stop
            if time.perf_counter() >= deadline:
                break
        return len(self.found) - before

    def drop_before(self, row: int) -> int:
        """Forget rows below ``row``; returns how many there were."""
        count = self.found.drop_before(row)
        self._scanned_to = max(self._scanned_to, row)
        return count

    def _matches(self, part: ColumnSlice) -> NDArray[np.int64]:
        count = len(part.socket)
        mask = None if self._only is None else part.socket == self._only
        for socket_id, from_row in self._hidden_from.items():
            start = from_row - part.first_row
            if start >= count:
                continue
            if mask is None:
                mask = np.ones(count, np.bool_)
            hidden = slice(max(0, start), count)
            mask[hidden] &= part.socket[hidden] != socket_id
        if mask is None:
            return np.arange(part.first_row, part.first_row + count, dtype=np.int64)
        return np.flatnonzero(mask) + part.first_row
