"""The message before on the same topic."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.compare_rig import messages
from zmqscope.core.capture.kin import Kin, KinFound, kin_of, newest_before
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.capture.topics import NO_TOPIC, TopicRule
from zmqscope.core.types import Direction, SocketId

ONE = SocketId(1)
IN = Direction.RECEIVED


def any_row(_view: RowView) -> int:
    return 2


def before(store: CaptureStore, row: int) -> KinFound:
    view = store.row_views([row])[0]
    assert view is not None
    kin = kin_of(store, row, view.socket_id, view.direction)
    return newest_before(store, kin, row, any_row)


def test_same_socket_direction_and_topic() -> None:
    store = CaptureStore()
    store.append(messages((b"a", b"1"), (b"b", b"2"), (b"a", b"3")))
    store.append(messages((b"a", b"4"), socket_id=2))
    store.append(messages((b"a", b"5"), direction=Direction.SENT))
    store.append(messages((b"a", b"6")))
    assert before(store, 5).row == 2
    assert before(store, 2).row == 0
    assert before(store, 0) == KinFound(None, True, 0)
    assert before(store, 1).row is None
    assert before(store, 3).row is None
    assert before(store, 4).row is None


def test_without_topics_socket_and_direction_count() -> None:
    store = CaptureStore()
    store.append(messages((b"1",), (b"2",), topic_rule=TopicRule.NEVER))
    assert kin_of(store, 1, ONE, IN).topic == NO_TOPIC
    assert before(store, 1).row == 0


def test_a_row_that_has_left_memory_still_has_kin() -> None:
    store = CaptureStore()
    store.append(messages((b"a", b"1")))
    store.clear()
    store.append(messages((b"a", b"2"), (b"b", b"3")))
    kin = kin_of(store, 0, ONE, IN)
    assert kin == Kin(ONE, IN, None)

    def is_a(view: RowView) -> int:
        return 2 * (view.heads[0] == b"a")

    assert newest_before(store, kin, store.end_row, is_a).row == 1


def test_what_fits_for_want_of_a_better_one() -> None:
    store = CaptureStore()
    store.append(messages((b"a", b"good"), (b"a", b"fair"), (b"a", b"bad"), (b"a", b"x")))
    kin = kin_of(store, 3, ONE, IN)

    def grade(view: RowView) -> int:
        return {b"good": 2, b"fair": 1}.get(view.heads[1], 0)

    assert newest_before(store, kin, 3, grade).row == 0
    assert newest_before(store, kin, 3, lambda view: min(1, grade(view))).row == 1
    assert newest_before(store, kin, 3, lambda _view: 0) == KinFound(None, True, 0)


def many(store: CaptureStore, rows: int, topics: list[bytes | None]) -> None:
    """Rows of topics in turn."""
    names: list[bytes | None] = [topics[at % len(topics)] for at in range(100_000)]
    payload = b"".join(name or b"" for name in names)
    sizes = np.array([len(name or b"") for name in names], np.uint32)
    for start in range(0, rows, len(names)):
        times = np.arange(start, start + len(names), dtype=np.int64)
        ones = np.ones(len(names), np.uint32)
        store.append(Batch(1, 0, times, ones, sizes, payload, TopicRule.ALWAYS))


def test_many_rows_between_take_no_time() -> None:
    store = CaptureStore(1 << 30)
    store.append(messages((b"rare",)))
    many(store, 2_000_000, [b"often", b"more"])
    store.append(messages((b"rare",)))
    began = time.thread_time()
    found = before(store, store.end_row - 1)
    assert found == KinFound(store.first_row, True, 0)
    assert time.thread_time() - began < 3.0


def test_it_stops_in_time_and_goes_on_where_it_stopped() -> None:
    store = CaptureStore(1 << 30)
    store.append(messages((b"rare",)))
    many(store, 1_000_000, [b"often"])
    store.append(messages((b"rare",)))
    row = int(store.end_row) - 1
    kin = kin_of(store, row, ONE, IN)
    slices = 0
    found = newest_before(store, kin, row, any_row, budget_s=0.0)
    while not found.is_complete:
        assert found.row is None
        slices += 1
        found = newest_before(store, kin, found.oldest, any_row, budget_s=0.0)
    assert found.row == 0
    assert slices > 3


@pytest.mark.parametrize("wanted", [0, 1])
def test_candidates_are_bounded(wanted: int) -> None:
    store = CaptureStore()
    many(store, 100_000, [b"a"])
    looked_at = 0

    def look(_view: RowView) -> int:
        nonlocal looked_at
        looked_at += 1
        return wanted

    kin = Kin(ONE, IN, None)
    found = newest_before(store, kin, int(store.end_row), look)
    assert found.is_complete is bool(wanted)
    assert looked_at <= 2_000
