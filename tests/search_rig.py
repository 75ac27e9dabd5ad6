"""What tests of the search need: the kernel alone, stores of any shape, and a reference."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType

import numpy as np

from tests.kernel_rig import load_kernels
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.kernels.library import unavailable_reason
from zmqscope.core.search.job import SearchJob
from zmqscope.core.search.plain import PlainScan
from zmqscope.core.search.plan import plan_of
from zmqscope.core.search.query import Query
from zmqscope.core.search.scan import KernelScan, Scan
from zmqscope.core.types import SocketId
from zmqscope.models.messages.table import MessageTableModel

KERNELS_CAN_BE_HAD = unavailable_reason() is None


def search_kernel() -> Callable[..., int]:
    """The kernel, ready."""
    kernel = load_kernels().search
    assert kernel is not None
    return kernel


def with_search_kernel() -> KernelSet:
    """A set in which the search kernel is ready."""
    return KernelSet(search=search_kernel())


def scans(query: Query) -> list[Scan]:
    """Both ways to look at rows; only the plain one where there are no kernels."""
    plan = plan_of(query)
    plain = PlainScan(plan)
    return [plain, KernelScan(search_kernel(), plan)] if KERNELS_CAN_BE_HAD else [plain]


def found_by(scan: Scan, store: CaptureStore, start: int, stop: int) -> list[int]:
    """Row ids that a scan finds between two rows of a store."""
    rows: list[int] = []
    found = np.empty(max(1, stop - start), np.int64)
    for segment, low, high in store.stretches(start, stop):
        count = scan.find(segment, low, high, found)
        rows += (found[:count] + segment.base_row).tolist()
    return rows


def expected(query: Query, store: CaptureStore, start: int, stop: int) -> list[int]:
    """The same in plain words, message by message."""
    return [
        row
        for row in range(max(start, store.first_row), min(stop, store.end_row))
        if _meets(query, store, row)
    ]


def _meets(query: Query, store: CaptureStore, row: int) -> bool:
    message = store.message(row)
    assert message is not None
    size = sum(map(len, message.frames))
    topic = int(next(store.columns(row, row + 1)).topic[0])
    return (
        (not query.contains or any(query.contains in frame for frame in message.frames))
        and message.frames[0].startswith(query.topic_prefix)
        and (query.topics is None or topic in query.topics)
        and (query.sockets is None or message.socket_id in query.sockets)
        and query.direction in (None, message.direction)
        and query.min_bytes <= size
        and (query.max_bytes is None or size <= query.max_bytes)
        and (query.from_ns is None or query.from_ns <= message.time_ns)
        and (query.until_ns is None or message.time_ns < query.until_ns)
    )


class Searching:
    """A job at work, and what it has found; use it in a ``with`` block.

    Args:
        store: Where it searches.
        query: What for.
        kernels: Which kernels there are; none unless given.
        hidden_from: See ``SearchJob``.
    """

    def __init__(
        self,
        store: CaptureStore,
        query: Query,
        kernels: KernelSet | None = None,
        hidden_from: Mapping[SocketId, int] | None = None,
    ) -> None:
        self.told = threading.Event()
        self.notified = 0
        self.chunks: list[list[int]] = []
        self.older: list[int] = []
        self.newer: list[int] = []
        self.job = SearchJob(store, query, kernels or KernelSet(), self._on_notify, hidden_from)
        self.progress = self.job.progress

    def __enter__(self) -> Searching:
        self.job.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.job.cancel()
        assert self.job.join(60)

    def _on_notify(self) -> None:
        self.notified += 1
        self.told.set()

    @property
    def rows(self) -> list[int]:
        """Everything found, oldest first."""
        return self.older + self.newer

    def take(self) -> None:
        """Take what is new."""
        news = self.job.take()
        self.progress = news.progress
        for chunk in news.older:
            self.chunks.append(chunk.tolist())
            self.older[:0] = chunk.tolist()
        for chunk in news.newer:
            self.newer += chunk.tolist()

    def until(self, condition: Callable[[], object], timeout_s: float = 60.0) -> None:
        """Take what comes until a condition holds."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, self.progress
            self.told.wait(0.1)
            self.told.clear()
            self.take()

    def until_done(self) -> None:
        """Take what comes until everything that was there at the start has been looked at."""
        self.until(lambda: self.progress.is_done)


def settle(model: MessageTableModel, timeout_s: float = 60.0) -> None:
    """Refresh a table's model until everything is looked at and shown that may be."""
    deadline = time.monotonic() + timeout_s
    while True:
        model.hits.look()
        if not model.rows.are_hits:
            model.hits.take_all(model.rows.stop)
        model.drop(model.gone())
        came = model.take_older() + model.take_new()
        progress = model.hits.progress
        end = int(model.hits._store.end_row)
        is_known = not model.hits.is_active or (progress.is_done and progress.searched_to >= end)
        if is_known and not came and not model.rows.behind and not model.rows.are_waiting:
            return
        assert time.monotonic() < deadline, progress
        model.hits.nudge()
        threading.Event().wait(0.002)
