"""The search on its thread: newest first, then live; what it misses, and how it ends."""

from __future__ import annotations

import logging
import threading
import weakref
from typing import Any

import pytest

from tests.batches import batch_of
from tests.search_rig import KERNELS_CAN_BE_HAD, Searching, with_search_kernel
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.search.plan import STOP
from zmqscope.core.search.query import Query
from zmqscope.core.types import SocketId

# 1,024 rows a segment, about twenty segments.
SMALL_BUDGET = 1_000_000
EVERY_TENTH = Query(contains=b"7")


def fill(store: CaptureStore, count: int, socket_id: int = 1) -> None:
    """Store messages that say their row's last digit."""
    first = int(store.end_row)
    store.append(
        batch_of([(b"%d" % ((first + n) % 10),) for n in range(count)], socket_id=socket_id)
    )


def kernels(name: str) -> KernelSet:
    if name == "kernel" and not KERNELS_CAN_BE_HAD:
        pytest.skip("no kernels here")
    return with_search_kernel() if name == "kernel" else KernelSet()


@pytest.mark.parametrize("way", ["plain", "kernel"])
def test_everything_newest_first_then_what_comes(way: str) -> None:
    store = CaptureStore(SMALL_BUDGET * 100)
    fill(store, 60_000)
    with Searching(store, EVERY_TENTH, kernels(way)) as search:
        search.until_done()
        assert search.rows == list(range(7, 60_000, 10))
        assert search.chunks == sorted(search.chunks, reverse=True)
        fill(store, 5_000)
        search.until(lambda: len(search.newer) == 500)
        assert search.rows == list(range(7, 65_000, 10))
        assert search.progress.hits == 6_500
        assert (search.progress.searched_from, search.progress.searched_to) == (0, 65_000)
        assert search.progress.missed == 0


def test_hits_of_the_newest_rows_come_before_the_rest_is_looked_at() -> None:
    store = CaptureStore()
    fill(store, 60_000)
    with Searching(store, EVERY_TENTH) as search:
        search.until(lambda: search.chunks)
        assert search.chunks[0][-1] == 59_997
        assert search.chunks[0][0] >= 40_000


def test_an_empty_store_is_done_at_once_and_followed() -> None:
    store = CaptureStore()
    with Searching(store, EVERY_TENTH) as search:
        assert search.progress.is_done
        fill(store, 20)
        search.until(lambda: search.newer == [7, 17])


def test_rows_that_left_memory_before_are_counted() -> None:
    store = CaptureStore(SMALL_BUDGET)
    fill(store, 30_000)
    search = Searching(store, EVERY_TENTH)
    oldest = int(store.first_row)
    fill(store, 10_000)
    gone = int(store.first_row) - oldest
    assert 0 < gone < 30_000
    with search:
        search.until_done()
        search.until(lambda: search.progress.searched_to == 40_000)
    assert search.progress.missed == gone
    assert search.rows == [row for row in range(oldest + gone, 40_000) if row % 10 == 7]


def test_everything_gone_before_it_began() -> None:
    store = CaptureStore(SMALL_BUDGET)
    fill(store, 500)
    search = Searching(store, EVERY_TENTH)
    fill(store, 90_000)
    first = int(store.first_row)
    with search:
        search.until(lambda: search.progress.is_done and search.progress.searched_to == 90_500)
    assert search.progress.missed == first
    assert search.rows == [row for row in range(first, 90_500) if row % 10 == 7]


def test_a_cleared_store_ends_the_way_back() -> None:
    store = CaptureStore()
    fill(store, 500)
    search = Searching(store, EVERY_TENTH)
    store.clear()
    with search:
        search.until_done()
        fill(store, 10)
        search.until(lambda: search.newer == [507])


def test_sockets_whose_rows_are_hidden() -> None:
    store = CaptureStore()
    fill(store, 40, socket_id=1)
    fill(store, 40, socket_id=2)
    hidden = {SocketId(1): 20, SocketId(2): 60}
    with Searching(store, EVERY_TENTH, hidden_from=hidden) as search:
        search.until_done()
    assert search.rows == [7, 17, 47, 57]


class Held:
    """A kernel that finds nothing and waits until it is let go or told to stop."""

    def __init__(self) -> None:
        self.calls = 0
        self.entered = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, _segment: Any, _plan: Any, place: Any, _found: Any) -> int:
        self.calls += 1
        self.entered.set()
        while not place[STOP] and not self.let_go.wait(0.005):
            pass
        return 0


def test_cancel_ends_a_slice_that_is_under_way() -> None:
    store = CaptureStore()
    fill(store, 5_000)
    held = Held()
    with Searching(store, EVERY_TENTH, KernelSet(search=held)) as search:
        assert held.entered.wait(60)
        search.job.cancel()
        assert search.job.join(60)
    assert held.calls == 1
    assert not search.notified


def test_a_kernel_that_gets_ready_takes_over() -> None:
    store = CaptureStore()
    fill(store, 60_000)
    held = Held()
    held.let_go.set()
    late = KernelSet()
    with Searching(store, EVERY_TENTH, late) as search:
        search.until(lambda: search.chunks)
        late.search = held
        search.until_done()
    assert held.calls
    assert search.rows[-1] == 59_997


def test_segments_are_not_held_beyond_a_slice() -> None:
    store = CaptureStore()
    fill(store, 5_000)
    with Searching(store, EVERY_TENTH) as search:
        search.until_done()
        fill(store, 10)
        search.until(lambda: len(search.newer) == 1)
        segment = weakref.ref(next(store.stretches(0, 1))[0])
        store.clear()
        fill(store, 10)
        search.until(lambda: len(search.newer) == 2)
        assert segment() is None


def test_what_nobody_takes_is_forgotten_once_it_has_left_memory() -> None:
    store = CaptureStore(SMALL_BUDGET)
    fill(store, 5_000)
    search = Searching(store, EVERY_TENTH)
    with search:
        while search.job.progress.left:
            search.told.wait(1)
        for _ in range(30):
            end = int(store.end_row)
            fill(store, 5_000)
            while search.job.progress.searched_to <= end:
                search.told.wait(1)
                search.told.clear()
    search.take()
    assert not search.older
    assert search.newer[0] > 5_000
    assert len(search.newer) < 10_000


def test_it_is_still_while_nothing_comes() -> None:
    store = CaptureStore()
    fill(store, 10)
    with Searching(store, EVERY_TENTH) as search:
        search.until_done()
        so_far = search.notified
        search.told.clear()
        assert not search.told.wait(0.2)
        assert search.notified == so_far


def test_a_search_that_breaks_says_so(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_arguments: Any) -> int:
        raise MemoryError

    store = CaptureStore()
    fill(store, 10)
    with (
        caplog.at_level(logging.ERROR),
        Searching(store, EVERY_TENTH, KernelSet(search=broken)) as search,
    ):
        search.until(lambda: search.progress.failed)
    assert "search failed" in caplog.text
    assert search.progress.is_done
