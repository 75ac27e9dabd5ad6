"""Inside the observed app: stores messages, searches through them in the find bar. GUI thread."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from zmqscope.bootstrap.workbench import Workbench
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.search.job import SearchJob
from zmqscope.core.search.query import Query
from zmqscope.core.types import Direction

_BATCH = 50_000
_LOOK_EVERY_MS = 3
_JOIN_S = 5.0
_SOCKET = 999_999

Reply = dict[str, Any]


class Filling:
    """Stores numbered messages as if a socket had received them; polled until it is done.

    Args:
        store: Where they go.
        count: How many.
        size: Bytes of each: ``NUMBER:`` with nine digits, and letters that repeat.
    """

    def __init__(self, store: CaptureStore, count: int, size: int) -> None:
        self._store = store
        self._count = count
        filler = (b"abcdefghijklmnopqrstuvwxy" * (size // 25 + 1))[: size - 10]
        self._body = np.frombuffer(b"000000000:" + filler, np.uint8)
        self._stored = 0

    def poll(self) -> Reply | None:
        """Store some more; the reply once all are stored."""
        if self._stored < self._count:
            self._append(min(_BATCH, self._count - self._stored))
            return None
        return {"rows": self._store.end_row - self._store.first_row}

    def _append(self, count: int) -> None:
        numbers = np.arange(self._stored, self._stored + count)
        bodies = np.tile(self._body, (count, 1))
        for place in range(9):
            bodies[:, 8 - place] = ord("0") + numbers // 10**place % 10
        times_ns = time.time_ns() + numbers
        ones, lengths = np.ones(count, np.uint32), np.full(count, len(self._body), np.uint32)
        way = int(Direction.RECEIVED)
        self._store.append(Batch(_SOCKET, way, times_ns, ones, lengths, bodies.tobytes()))
        self._stored += count


class SearchWatch(QObject):
    """Searches again and again, as typing into the find bar does, and times what is taken in.

    Args:
        workbench: What is observed.
        contains: What to find.
        seconds: Begin no further search after so long.
    """

    def __init__(self, workbench: Workbench, contains: str, seconds: float) -> None:
        super().__init__()
        self._ticker = workbench.ticker
        self._finder = workbench.messages.finder
        self._model = workbench.messages.model
        self._contains = contains
        self._first_ms: list[float] = []
        self._total_ms: list[float] = []
        self._intervals_before = len(self._ticker.intervals_ms())
        self._end_s = time.perf_counter() + seconds
        self._finder.on_find()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self._timer.start()
        self._begin()

    def _begin(self) -> None:
        self._finder.bar.field.clear()
        self._finder.on_typing_timeout()
        self._finder.bar.field.setText(self._contains)
        self._has_hit = False
        self._begun_s = time.perf_counter()
        self._finder.on_typing_timeout()

    @Slot()
    def on_timer_timeout(self) -> None:
        """Look what the window has taken in."""
        now_s, hits = time.perf_counter(), self._model.hits
        if not self._has_hit and len(hits.rows):
            self._has_hit = True
            self._first_ms.append((now_s - self._begun_s) * 1000)
        if hits.progress.is_done:
            self._total_ms.append((now_s - self._begun_s) * 1000)
            if now_s < self._end_s:
                self._begin()
            else:
                self._timer.stop()

    def poll(self) -> Reply | None:
        """The figures, once no further search is begun; the field is emptied then."""
        if self._timer.isActive():
            return None
        hits = self._model.hits
        reply: Reply = {
            "first_ms": self._first_ms,
            "total_ms": self._total_ms,
            "hits": hits.progress.hits,
            "failed": hits.progress.failed,
            "missed": hits.progress.missed,
            "searched": hits.searched(self._model.rows.stop),
            "intervals_ms": self._ticker.intervals_ms()[self._intervals_before :],
        }
        self._finder.on_find_close()
        return reply


class PlainPass:
    """The same search by the plain twin, on its thread, with nobody who looks at the hits.

    Args:
        store: Where to search.
        contains: What to find.
    """

    def __init__(self, store: CaptureStore, contains: str) -> None:
        query = Query(contains=contains.encode())
        self._job = SearchJob(store, query, KernelSet(), self._on_notify)
        self._end_s = 0.0
        self._begun_s = time.perf_counter()
        self._job.start()

    def _on_notify(self) -> None:
        if not self._end_s and self._job.progress.is_done:
            self._end_s = time.perf_counter()

    def poll(self) -> Reply | None:
        """Time and hits, once everything was looked at."""
        if not self._end_s:
            return None
        self._job.cancel()
        self._job.join(_JOIN_S)
        total_ms = (self._end_s - self._begun_s) * 1000
        return {"total_ms": total_ms, "hits": self._job.progress.hits}
