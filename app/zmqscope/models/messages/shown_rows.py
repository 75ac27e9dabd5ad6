"""Which rows of the store the message table shows, and in which positions. GUI thread.

Without a choice positions are row ids less the first one: no memory at all for a row.
"""

from __future__ import annotations

from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.models.messages.message_text import HEAD_BYTES, MAX_FRAMES
from zmqscope.models.messages.row_choice import RowChoice
from zmqscope.models.messages.row_index import RowIndex
from zmqscope.models.messages.row_list import RowList
from zmqscope.models.messages.search_hits import SearchHits

MAX_ROWS = 80_000_000
"""A table view counts pixels in 32 bits: beyond this only the newest rows are shown."""


class ShownRows:
    """Positions and rows; changes only through ``drop``, ``publish``… and what is chosen.

    Args:
        store: Where the rows are.
        search: Finds hits among them, while something is searched for.
    """

    def __init__(self, store: CaptureStore, search: SearchHits) -> None:
        self._store = store
        self._search = search
        self._index: RowIndex | None = None
        self._hits: SearchHits | None = None
        self._first = self._end = int(store.first_row)
        self._count = 0
        self._frozen_end: int | None = None

    def __len__(self) -> int:
        return self._count

    # ---- what is chosen ---------------------------------------------------------------------

    def choose(self, choice: RowChoice) -> None:
        """Begin anew with another choice; nothing is published yet.

        The search leaves out sockets by itself.
        """
        self._hits = self._search if choice.shows_hits_alone else None
        filtered = self._hits is None and (choice.only is not None or bool(choice.hidden_from))
        self._index = RowIndex(self._store, choice.only, choice.hidden_from) if filtered else None
        self._first = self._end = int(self._store.first_row)
        self._count = 0

    @property
    def are_hits(self) -> bool:
        """Whether the hits of a search are shown alone."""
        return self._hits is not None

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

    @property
    def stop(self) -> int:
        """One past the newest row of the store that may be shown now."""
        return self._search.known_end if self._frozen_end is None else self._frozen_end

    @property
    def in_memory(self) -> int:
        """Rows of all sockets in the store."""
        return int(self._store.end_row) - int(self._store.first_row)

    def _listed(self) -> RowList | None:
        """The rows one by one, where they do not simply follow one another."""
        if self._hits is not None:
            return self._hits.rows
        return None if self._index is None else self._index.found

    # ---- what changes -----------------------------------------------------------------------

    def gone(self) -> int:
        """How many rows at the head are no longer in memory."""
        first = max(int(self._store.first_row), self.stop - MAX_ROWS)
        return min(self._count, self.position(first))

    def drop(self, count: int) -> None:
        """Take rows off the head."""
        if not count:
            return
        if self._index is not None:
            self._index.drop_before(self.row_ids(count - 1, count)[0] + 1)
        elif self._hits is not None:
            self._hits.rows.drop_before(self.row_ids(count - 1, count)[0] + 1)
        self._first += count
        self._count -= count

    def arrived_before(self) -> int:
        """How many rows can be published at the head: a search finds older ones later."""
        if self._hits is None:
            return 0
        self._hits.look()
        return self._hits.older_waiting

    def publish_before(self, count: int) -> None:
        """Put rows at the head: as many as ``arrived_before`` has said."""
        if self._hits is not None:
            self._hits.take_older(count)
            self._count += count

    def arrived(self, budget_s: float) -> int:
        """How many rows can be published; a filter looks for them until the time is up."""
        if self._hits is not None:
            self._hits.look()
            self._hits.take_newer(self.stop)
            return len(self._hits.rows) - self._count
        if self._index is not None:
            self._index.extend(self.stop, budget_s)
            return len(self._index.found) - self._count
        if not self._count:
            self._first = self._end = max(
                self._end, int(self._store.first_row), self.stop - MAX_ROWS
            )
        return max(0, self.stop - self._end)

    def publish(self, count: int) -> None:
        """Put rows at the end."""
        self._end += count
        self._count += count

    @property
    def behind(self) -> int:
        """Rows that a filter or a search for hits alone has not looked at yet."""
        if self._hits is not None:
            return self._hits.progress.left
        return 0 if self._index is None else max(0, self.stop - self._index.scanned_to)

    @property
    def are_waiting(self) -> bool:
        """Whether rows will be shown in a moment, once it is known which of them are hits."""
        return self._frozen_end is None and self.stop < int(self._store.end_row)

    # ---- reading ----------------------------------------------------------------------------

    def row_ids(self, start: int, stop: int) -> list[int]:
        """Row ids at positions ``start`` to ``stop``."""
        start, stop = max(0, start), min(stop, self._count)
        listed = self._listed()
        if listed is not None:
            return listed.ids(start, stop)
        return list(range(self._first + start, self._first + stop))

    def position(self, row: int) -> int:
        """Position of a row, or where it would stand; may lie past the end."""
        listed = self._listed()
        return max(0, row - self._first) if listed is None else listed.position(row)

    def views(self, start: int, stop: int) -> list[RowView | None]:
        """The rows at these positions; None for those that have just gone."""
        return self._store.row_views(self.row_ids(start, stop), HEAD_BYTES, MAX_FRAMES)
