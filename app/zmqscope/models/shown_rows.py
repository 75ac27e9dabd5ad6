"""Which rows of the store the message table shows, and in which positions. GUI thread.

Without a filter positions are row ids less the first one: no memory at all for a row.
"""

from __future__ import annotations

from collections.abc import Mapping

from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.types import SocketId
from zmqscope.models.message_text import HEAD_BYTES, MAX_FRAMES
from zmqscope.models.row_index import RowIndex

MAX_ROWS = 80_000_000
"""A table view counts pixels in 32 bits: beyond this only the newest rows are shown."""


class ShownRows:
    """Positions and rows; changes only through ``drop``, ``publish`` and the filter.

    Args:
        store: Where the rows are.
    """

    def __init__(self, store: CaptureStore) -> None:
        self._store = store
        self._index: RowIndex | None = None
        self._first = self._end = int(store.first_row)
        self._count = 0
        self._frozen_end: int | None = None

    def __len__(self) -> int:
        return self._count

    # ---- what is chosen ---------------------------------------------------------------------

    @property
    def is_filtered(self) -> bool:
        """Whether some sockets' rows are left out."""
        return self._index is not None

    def set_filter(self, only: SocketId | None, hidden_from: Mapping[SocketId, int]) -> None:
        """Begin anew with another choice; nothing is published yet."""
        filtered = only is not None or bool(hidden_from)
        self._index = RowIndex(self._store, only, hidden_from) if filtered else None
        self._first = self._end = int(self._store.first_row)
        self._count = 0

    @property
    def is_frozen(self) -> bool:
        """Whether rows that come now are held back."""
        return self._frozen_end is not None

    def set_frozen(self, frozen: bool) -> None:
        """Hold back what comes from now on, or let it in again."""
        self._frozen_end = int(self._store.end_row) if frozen else None

    @property
    def held_back(self) -> int:
        """Rows of all sockets that came since it was frozen."""
        return 0 if self._frozen_end is None else int(self._store.end_row) - self._frozen_end

    def _stop(self) -> int:
        return int(self._store.end_row) if self._frozen_end is None else self._frozen_end

    # ---- what changes -----------------------------------------------------------------------

    def gone(self) -> int:
        """How many rows at the head are no longer in memory."""
        first = max(int(self._store.first_row), self._stop() - MAX_ROWS)
        return min(self._count, self.position(first))

    def drop(self, count: int) -> None:
        """Take rows off the head."""
        if not count:
            return
        if self._index is not None:
            after = self.row_ids(count - 1, count)[0] + 1
            self._index.drop_before(after)
        self._first += count
        self._count -= count

    def arrived(self, budget_s: float) -> int:
        """How many rows can be published; a filter looks for them until the time is up."""
        if self._index is not None:
            self._index.extend(self._stop(), budget_s)
            return len(self._index) - self._count
        if not self._count:
            self._first = self._end = max(
                self._end, int(self._store.first_row), self._stop() - MAX_ROWS
            )
        return max(0, self._stop() - self._end)

    def publish(self, count: int) -> None:
        """Put rows at the end."""
        self._end += count
        self._count += count

    @property
    def behind(self) -> int:
        """Rows that a filter has not looked at yet."""
        return 0 if self._index is None else max(0, self._stop() - self._index.scanned_to)

    # ---- reading ----------------------------------------------------------------------------

    def row_ids(self, start: int, stop: int) -> list[int]:
        """Row ids at positions ``start`` to ``stop``."""
        start, stop = max(0, start), min(stop, self._count)
        if self._index is not None:
            return self._index.rows(start, stop)
        return list(range(self._first + start, self._first + stop))

    def position(self, row: int) -> int:
        """Position of a row, or where it would stand; may lie past the end."""
        if self._index is not None:
            return self._index.position(row)
        return max(0, row - self._first)

    def views(self, start: int, stop: int) -> list[RowView | None]:
        """The rows at these positions; None for those that have just gone."""
        return self._store.row_views(self.row_ids(start, stop), HEAD_BYTES, MAX_FRAMES)
