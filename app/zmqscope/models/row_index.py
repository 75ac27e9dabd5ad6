"""Row ids that pass a choice of sockets, built in slices as rows come. GUI thread."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.store import CaptureStore, ColumnSlice
from zmqscope.core.types import SocketId

_CHUNK_ROWS = 65_536
_SLICE_ROWS = 500_000


class RowIndex:
    """Positions in a filtered table and the rows they stand for; 8 bytes a row.

    Args:
        store: Where the rows are.
        only: The one socket shown; None for all.
        hidden_from: Sockets whose rows are hidden from a row on.
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
        self._chunks: list[NDArray[np.int64]] = []
        # Positions count from the first row ever indexed, so that evictions renumber nothing here.
        self._starts: list[int] = []
        self._first = 0
        self._end = 0
        self._scanned_to = int(store.first_row)

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def scanned_to(self) -> int:
        """One past the last row looked at."""
        return self._scanned_to

    @property
    def nbytes(self) -> int:
        """Memory of the row ids."""
        return sum(chunk.nbytes for chunk in self._chunks)

    def extend(self, stop: int, budget_s: float = 0.02) -> int:
        """Look at further rows, at least one slice and until the time is up.

        Args:
            stop: One past the last row to look at.
            budget_s: Seconds after which no further slice is begun.

        Returns:
            How many rows were added.
        """
        before = self._end
        deadline = time.perf_counter() + budget_s
        while self._scanned_to < stop:
            slice_stop = min(stop, self._scanned_to + _SLICE_ROWS)
            for part in self._store.columns(self._scanned_to, slice_stop):
                self._add(self._matches(part))
            self._scanned_to = slice_stop
            if time.perf_counter() >= deadline:
                break
        return self._end - before

    def drop_before(self, row: int) -> int:
        """Forget rows below ``row``; returns how many there were."""
        count = self.position(row)
        self._first += count
        while len(self._chunks) > 1 and self._starts[1] <= self._first:
            del self._chunks[0], self._starts[0]
        self._scanned_to = max(self._scanned_to, row)
        return count

    def rows(self, start: int, stop: int) -> list[int]:
        """Row ids at positions ``start`` to ``stop``."""
        found: list[int] = []
        low, high = self._first + max(0, start), min(self._end, self._first + stop)
        while low < high:
            index = bisect_right(self._starts, low) - 1
            base = self._starts[index]
            until = min(high, base + _CHUNK_ROWS)
            found += self._chunks[index][low - base : until - base].tolist()
            low = until
        return found

    def position(self, row: int) -> int:
        """Position of a row, or where it would stand."""
        low, high = 0, len(self._chunks)
        while low < high:
            middle = (low + high) // 2
            if self._filled(middle)[-1] < row:
                low = middle + 1
            else:
                high = middle
        if low == len(self._chunks):
            return len(self)
        inside = int(np.searchsorted(self._filled(low), row))
        return max(0, self._starts[low] + inside - self._first)

    def _filled(self, index: int) -> NDArray[np.int64]:
        return self._chunks[index][: self._end - self._starts[index]]

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

    def _add(self, rows: NDArray[np.int64]) -> None:
        taken = 0
        while taken < len(rows):
            used = self._end - self._starts[-1] if self._chunks else _CHUNK_ROWS
            if used == _CHUNK_ROWS:
                self._chunks.append(np.empty(_CHUNK_ROWS, np.int64))
                self._starts.append(self._end)
                used = 0
            count = min(_CHUNK_ROWS - used, len(rows) - taken)
            self._chunks[-1][used : used + count] = rows[taken : taken + count]
            taken += count
            self._end += count
