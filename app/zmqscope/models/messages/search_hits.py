"""The hits of the present search as the table needs them: in order, in memory, taken in bit by bit.

GUI thread; the search itself runs on a thread of its own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.bridge.worker import WakeUp
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.search.job import SearchJob, SearchProgress
from zmqscope.core.search.query import Query
from zmqscope.core.types import SocketId
from zmqscope.models.messages.row_list import RowList

_JOIN_S = 1.0
_MAX_WAITING_ROWS = 200_000
_MAX_WAIT_S = 0.15
_SMALL_CHUNK = 8_192


class SearchHits(QObject):
    """Runs one search at a time and lists what it finds; hits that leave memory leave the list.

    Hits are taken in by ``take_older`` and ``take_newer`` only, since rows of a table may change
    only where the table says so.

    Args:
        store: Where to search.
        kernels: See ``SearchJob``.
        parent: Owner.

    Attributes:
        rows: Hits that were taken in.
    """

    woken = Signal()
    """There is something to take in, or the search has got further; coalesced."""

    def __init__(
        self, store: CaptureStore, kernels: KernelSet, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._kernels = kernels
        self._job: SearchJob | None = None
        self._query = Query()
        self._progress = SearchProgress(0, 0, 0)
        self._advanced_s = 0.0
        self._older: list[NDArray[np.int64]] = []
        self._newer: list[NDArray[np.int64]] = []
        self.rows = RowList()
        self._wake_up = WakeUp()
        self._wake_up.woken.connect(self.on_wake_up_woken)

    # ---- the search -------------------------------------------------------------------------

    def start(self, query: Query, hidden_from: Mapping[SocketId, int], stop: int) -> None:
        """Search for something else; the hits so far are forgotten.

        Args:
            query: What for.
            hidden_from: See ``SearchJob``.
            stop: One past the newest row that may be shown now.
        """
        self.stop()
        self._query = query
        self._job = SearchJob(
            self._store, query, self._kernels, self._wake_up.notify, hidden_from, stop
        )
        self._progress = self._job.progress
        self._advanced_s = time.monotonic()
        self._job.start()

    def stop(self) -> None:
        """End the search and forget its hits."""
        if self._job is not None:
            self._job.cancel()
            # It looks at nothing further: this takes as long as the rest of a slice at most.
            self._job.join(_JOIN_S)
        self._job = None
        self._query = Query()
        self._older, self._newer = [], []
        self.rows = RowList()

    def nudge(self) -> None:
        """Have rows that have just come looked at now."""
        if self._job is not None:
            self._job.nudge()

    @property
    def is_active(self) -> bool:
        """Whether something is being searched for."""
        return self._job is not None

    @property
    def query(self) -> Query:
        """What is searched for."""
        return self._query

    @property
    def progress(self) -> SearchProgress:
        """How far the search was at the last look."""
        return self._progress

    def searched(self, stop: int) -> int:
        """Rows in memory below ``stop`` that have been looked at."""
        if self._job is None:
            return 0
        first = max(self._progress.searched_from, int(self._store.first_row))
        return max(0, min(stop, self._progress.searched_to) - first)

    @property
    def known_end(self) -> int:
        """One past the newest row of which it is known, as good as always, whether it is a hit.

        Rows that have just come wait for it, or under live traffic no hit would ever be marked:
        those in sight are replaced before the search tells. They wait for a moment only.
        """
        end = int(self._store.end_row)
        waited_s = time.monotonic() - self._advanced_s
        if self._job is None or self._progress.failed:
            return end
        if self._lag > _MAX_WAITING_ROWS or waited_s > _MAX_WAIT_S:
            return end
        return self._progress.searched_to

    @property
    def _lag(self) -> int:
        return int(self._store.end_row) - self._progress.searched_to

    @Slot()
    def on_wake_up_woken(self) -> None:
        """The search has told something; this runs on the GUI thread."""
        self._wake_up.consume()
        if self._job is not None:
            self.woken.emit()

    # ---- hits -------------------------------------------------------------------------------

    def look(self) -> None:
        """See what the search has found; nothing is taken in yet."""
        if self._job is None:
            return
        news = self._job.take()
        before, self._progress = self._progress, news.progress
        if before.searched_to != news.progress.searched_to or not self._lag:
            self._advanced_s = time.monotonic()
        self._older += news.older
        for chunk in news.newer:
            self._keep_newer(chunk)
        first = int(self._store.first_row)
        while self._newer and self._newer[0][-1] < first:
            del self._newer[0]

    def _keep_newer(self, chunk: NDArray[np.int64]) -> None:
        """A paused view may let them wait for hours: in few arrays, and not beyond their rows."""
        if self._newer and len(self._newer[-1]) + len(chunk) <= _SMALL_CHUNK:
            self._newer[-1] = np.concatenate((self._newer[-1], chunk))
        else:
            self._newer.append(chunk)

    @property
    def older_waiting(self) -> int:
        """Hits to be taken in before all others; those that have left memory are not."""
        first = int(self._store.first_row)
        while self._older and self._older[-1][-1] < first:
            self._older.pop()
        if self._older and self._older[-1][0] < first:
            self._older[-1] = self._older[-1][np.searchsorted(self._older[-1], first) :]
        return sum(map(len, self._older))

    def take_older(self, count: int) -> None:
        """Take them in: as many as ``older_waiting`` has said."""
        for chunk in self._older:
            self.rows.prepend(chunk)
            count -= len(chunk)
        assert not count
        self._older.clear()

    def take_newer(self, stop: int) -> None:
        """Take in what comes behind all others, up to a row."""
        while self._newer and self._newer[0][0] < stop:
            chunk = self._newer[0]
            end = int(np.searchsorted(chunk, stop))
            self.rows.append(chunk[:end])
            if end < len(chunk):
                self._newer[0] = chunk[end:]
                return
            del self._newer[0]

    def take_all(self, stop: int) -> bool:
        """Take in everything up to a row, where no table shows hits alone; whether any changed."""
        gone = self.rows.drop_before(int(self._store.first_row))
        kept = len(self.rows)
        self.take_older(self.older_waiting)
        self.take_newer(stop)
        return gone > 0 or len(self.rows) > kept

    def among(self, row: int, last_row: int) -> set[int]:
        """The hits from one row to another, both included."""
        return set(self.rows.between(row, last_row + 1)) if self.is_active else set()
