"""A search over the store on a thread of its own: newest first, then whatever comes.

Made, read and cancelled by one thread (the GUI's); hits travel to it in chunks.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.segment import Segment
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.search.plain import PlainScan
from zmqscope.core.search.plan import plan_of
from zmqscope.core.search.query import Query
from zmqscope.core.search.scan import KernelScan, Scan
from zmqscope.core.types import SocketId

log = logging.getLogger(__name__)

_FOLLOW_S = 0.03
# Python lets a waiting thread have the GIL after 5 ms only: a scan that holds it pauses by itself.
_MAX_PAUSE_S = 0.02
# Hits that nobody takes, because the window is hidden, are kept in larger chunks than they came in.
_SMALL_CHUNK = 4_096

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """How far a search is.

    Attributes:
        searched_from: Row id of the oldest row looked at.
        searched_to: One past the newest row looked at.
        left: Rows that were there when it began and are still to be looked at.
        hits: Rows found so far.
        missed: Rows that left memory before they could be looked at.
        failed: Whether the search broke off; the log says why.
    """

    searched_from: int
    searched_to: int
    left: int
    hits: int = 0
    missed: int = 0
    failed: bool = False

    @property
    def is_done(self) -> bool:
        """Whether everything that was there when it began has been looked at."""
        return not self.left


@dataclass(frozen=True, slots=True)
class SearchNews:
    """What was found since the last look.

    Attributes:
        older: Row ids, each chunk ascending, each chunk older than all chunks before it.
        newer: Row ids, ascending throughout, newer than all hits before.
        progress: How far the search is.
    """

    older: list[Rows]
    newer: list[Rows]
    progress: SearchProgress


class SearchJob:
    """One search; its thread runs from ``start`` to ``cancel``.

    Args:
        store: Where to search.
        query: What for.
        kernels: Looked at before each slice: until the kernel is there, its plain twin works.
        notify: Called on the job's thread whenever there is something to take.
        hidden_from: Sockets whose rows are left out from a row on.
        split: The row from which on everything counts as newer; None for the present end.
    """

    def __init__(
        self,
        store: CaptureStore,
        query: Query,
        kernels: KernelSet,
        notify: Callable[[], None],
        hidden_from: Mapping[SocketId, int] | None = None,
        split: int | None = None,
    ) -> None:
        self._store = store
        self._kernels = kernels
        self._notify = notify
        self._hidden_from = dict(hidden_from or {})
        self._plan = plan_of(query)
        self._scan: Scan = PlainScan(self._plan)
        self._found = np.empty(KernelScan.max_rows, np.int64)
        self._is_cancelled = False
        self._wake = threading.Event()
        self._pause_s = 0.0
        self._lock = threading.Lock()
        self._older: deque[Rows] = deque()
        self._newer: deque[Rows] = deque()
        # Everything below ``_back`` and from ``_start`` up, and from ``_live`` on, is unsearched.
        self._start = int(store.first_row)
        end = int(store.end_row)
        self._back = self._live = end if split is None else max(self._start, min(split, end))
        self._progress = SearchProgress(self._back, self._live, self._back - self._start)
        self._thread = threading.Thread(target=self._run, name="zmqscope-search", daemon=True)

    # ---- the owner's thread -----------------------------------------------------------------

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Break off; takes effect within one slice."""
        self._is_cancelled = True
        self._scan.stop()
        self._wake.set()

    def nudge(self) -> None:
        """Look at what has come now, not at the next turn."""
        self._wake.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end after ``cancel``; whether the thread has ended."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def progress(self) -> SearchProgress:
        """How far it is."""
        return self._progress

    def take(self) -> SearchNews:
        """Hits that nobody has taken yet; costs nothing for those that were."""
        # First: hits that it counts are there, while later ones may be there already.
        progress = self._progress
        with self._lock:
            news = SearchNews(list(self._older), list(self._newer), progress)
            self._older.clear()
            self._newer.clear()
        return news

    # ---- the job's thread -------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._is_cancelled:
                came = self._look_forward()
                self._pause()
                went_back = self._look_back()
                self._pause()
                self._forget_untaken()
                if not came and not went_back:
                    self._wake.wait(_FOLLOW_S)
                    self._wake.clear()
        # The thread's outermost handler: a search that breaks must say so and harm nothing else.
        except Exception:
            log.exception("search failed")
            self._progress = replace(self._progress, left=0, failed=True)
            self._notify()

    def _look_forward(self) -> bool:
        """Look at a slice of what came since; whether there was any."""
        scan = self._best_scan()
        stop = int(self._store.end_row)
        if self._live >= stop:
            return False
        for segment, low, high in self._store.stretches(
            self._live, min(stop, self._live + scan.max_rows)
        ):
            first = segment.base_row + low
            missed = first - self._live
            found = self._find(scan, segment, low, high)
            self._live = segment.base_row + high
            self._tell(self._newer, found, missed)
            return True
        # All of them have gone already.
        before, self._live = self._live, max(self._live, min(stop, int(self._store.first_row)))
        self._tell(self._newer, None, self._live - before)
        return True

    def _look_back(self) -> bool:
        """Look at the next older slice of what was there at the start; whether there was any."""
        if self._back <= self._start:
            return False
        scan = self._best_scan()
        start = max(self._start, self._back - scan.max_rows)
        stretches = list(self._store.stretches(start, self._back))
        if not stretches:
            missed, self._back = self._back - self._start, self._start
            self._tell(self._older, None, missed)
            return True
        segment, low, high = stretches[-1]
        # Held for this slice only, or it could not be used again once it is evicted.
        del stretches
        found = self._find(scan, segment, low, high)
        self._back = segment.base_row + low
        self._tell(self._older, found, 0)
        return True

    def _best_scan(self) -> Scan:
        kernel = self._kernels.search
        if kernel is not None and self._scan.holds_gil:
            self._scan = KernelScan(kernel, self._plan)
            # A cancel between the two went to the old one, but is seen before the next slice.
            if self._is_cancelled:
                self._scan.stop()
        return self._scan

    def _find(self, scan: Scan, segment: Segment, low: int, high: int) -> Rows:
        began_s = time.perf_counter()
        count = scan.find(segment, low, high, self._found)
        found = self._found[:count]
        for socket_id, from_row in self._hidden_from.items():
            hidden = segment.buffers.socket[found] == socket_id
            found = found[~(hidden & (found + segment.base_row >= from_row))]
        self._pause_s = time.perf_counter() - began_s if scan.holds_gil else 0.0
        rows: Rows = found + segment.base_row
        return rows

    def _pause(self) -> None:
        """Leave the GIL to the others for as long as a slice has taken."""
        if self._pause_s:
            self._wake.wait(min(_MAX_PAUSE_S, self._pause_s))
            self._pause_s = 0.0

    def _tell(self, where: deque[Rows], found: Rows | None, missed: int) -> None:
        if self._is_cancelled:
            return
        count = 0 if found is None else len(found)
        if found is not None and count:
            with self._lock:
                if where is self._newer and where and len(where[-1]) < _SMALL_CHUNK:
                    found = np.concatenate((where.pop(), found))
                where.append(found)
        before = self._progress
        self._progress = SearchProgress(
            self._back,
            self._live,
            self._back - self._start,
            before.hits + count,
            before.missed + missed,
        )
        self._notify()

    def _forget_untaken(self) -> None:
        """Let go of hits that have left memory while nobody took them."""
        first = int(self._store.first_row)
        with self._lock:
            while self._newer and self._newer[0][-1] < first:
                self._newer.popleft()
            while self._older and self._older[-1][-1] < first:
                self._older.pop()
