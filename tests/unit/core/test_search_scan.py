"""Looking at rows, in both ways: conditions, edges of frames, great messages, stopping."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.batches import Frames, batch_of
from tests.search_rig import KERNELS_CAN_BE_HAD, expected, found_by, scans
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.search.plan import plan_of
from zmqscope.core.search.query import Query
from zmqscope.core.types import Direction, SocketId

MIB = 1 << 20


def store_of(*messages: Frames) -> CaptureStore:
    store = CaptureStore()
    store.append(batch_of(messages))
    return store


def found(store: CaptureStore, query: Query) -> list[int]:
    """What both ways find, which has to be the same."""
    results = [found_by(scan, store, 0, int(store.end_row)) for scan in scans(query)]
    assert all(result == results[0] for result in results)
    return results[0]


def mixed() -> CaptureStore:
    store = CaptureStore()
    for row in range(6):
        batch = batch_of(
            [(b"topic%d" % row, b"x" * row)],
            socket_id=row % 3,
            direction=Direction(row % 2),
            times_ns=[1_000 + row],
        )
        store.append(replace(batch, topic_rule=TopicRule.ALWAYS))
    return store


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (Query(), [0, 1, 2, 3, 4, 5]),
        (Query(direction=Direction.SENT), [1, 3, 5]),
        (Query(sockets=frozenset({SocketId(0), SocketId(2), SocketId(900)})), [0, 2, 3, 5]),
        (Query(sockets=frozenset()), []),
        (Query(min_bytes=8, max_bytes=9), [2, 3]),
        (Query(from_ns=1_002, until_ns=1_004), [2, 3]),
        (Query(topics=frozenset({2, 6, 60_000})), [0, 4]),
        (Query(topics=frozenset()), []),
        (Query(topic_prefix=b"topic3"), [3]),
        (Query(topic_prefix=b"topic3x"), []),
        (Query(contains=b"xxx"), [3, 4, 5]),
        (Query(contains=b"c4"), [4]),
        (Query(contains=b"x", direction=Direction.RECEIVED, min_bytes=9), [4]),
    ],
)
def test_conditions(query: Query, rows: list[int]) -> None:
    store = mixed()
    assert found(store, query) == rows
    assert expected(query, store, 0, 6) == rows


def test_topics_that_came_after_the_query_are_not_in_it() -> None:
    store = CaptureStore()
    query = Query(topics=frozenset({2}))
    ready = scans(query)
    for name in (b"first", b"second", b"third"):
        store.append(replace(batch_of([(name,)]), topic_rule=TopicRule.ALWAYS))
    assert [found_by(scan, store, 0, 3) for scan in ready] == [[0]] * len(ready)


def test_a_prefix_is_compared_with_the_whole_first_frame() -> None:
    store = CaptureStore()
    store.topics.set_separator(ord("/"))
    long = b"a" * 300
    for name in (b"eur/usd", b"eur/gbp", long):
        store.append(replace(batch_of([(name, b"1")]), topic_rule=TopicRule.ALWAYS))
    store.append(batch_of([(b"eur/gbp",), (b"", b"eur/gbp")]))
    assert found(store, Query(topic_prefix=b"eur/g")) == [1, 3]
    assert found(store, Query(topic_prefix=long)) == [2]
    assert found(store, Query(topic_prefix=long + b"a")) == []


def test_no_hit_lies_across_frames_or_messages() -> None:
    store = store_of((b"ne", b"edle"), (b"nee",), (b"dle", b"", b"needl", b"e"), (b"xneedlex",))
    assert found(store, Query(contains=b"needle")) == [3]


def test_a_false_hit_hides_no_true_one() -> None:
    # Across frames "aa" stands at once, within one only from the second frame on.
    store = store_of((b"a", b"aa"), (b"aab", b"abaa"), (b"ba", b"a"))
    assert found(store, Query(contains=b"aa")) == [0, 1]


def test_hits_at_both_edges_of_a_frame_and_of_the_arena() -> None:
    store = store_of((b"key", b""), (b"", b"..key"), (b"key..",), (b"key",))
    assert found(store, Query(contains=b"key")) == [0, 1, 2, 3]


def test_empty_frames_and_patterns_longer_than_everything() -> None:
    store = store_of((b"",), (b"", b""), (b"a",), (b"",))
    assert found(store, Query(contains=b"aaaa")) == []
    assert found(store, Query(contains=b"a")) == [2]
    assert found(store, Query(max_bytes=0)) == [0, 1, 3]


@pytest.mark.parametrize("where", [MIB - 7, MIB - 3, MIB, 2 * MIB + 1, 3 * MIB - 6])
def test_a_large_frame_is_searched_piece_by_piece_without_seams(where: int) -> None:
    body = bytearray(b"n" * (3 * MIB))
    body[where : where + 6] = b"needle"
    store = store_of((b"a",), (bytes(body),), (b"needle",))
    assert found(store, Query(contains=b"needle")) == [1, 2]


def test_a_needle_longer_than_a_piece() -> None:
    needle = b"ab" * MIB
    store = store_of((needle[:-1],), (b"x" + needle,), (needle, b"b"))
    assert found(store, Query(contains=needle)) == [1, 2]


def test_a_message_of_a_million_frames() -> None:
    frames = [b"a"] * 1_000_000
    frames[700_000] = b"ab"
    frames[999_999] = b"ba"
    store = CaptureStore(64_000_000)
    store.append(batch_of([(b"x",), tuple(frames), (b"ab",)]))
    assert found(store, Query(contains=b"ab")) == [1, 2]
    assert found(store, Query(contains=b"aa")) == []
    assert found(store, Query(contains=b"ba")) == [1]


def test_any_slice_of_a_segment() -> None:
    store = store_of(*[(b"t", b"%03d" % row) for row in range(200)])
    query = Query(contains=b"9")
    for scan in scans(query):
        for start, stop in ((0, 0), (9, 10), (10, 19), (91, 101), (199, 200), (200, 200)):
            assert found_by(scan, store, start, stop) == expected(query, store, start, stop)


def test_a_scan_that_was_stopped_stays_so() -> None:
    store = store_of(*[(b"needle",)] * 1_000)
    for scan in scans(Query(contains=b"needle")):
        scan.stop()
        assert len(found_by(scan, store, 0, 1_000)) < 1_000


def test_what_asks_for_nothing_says_so() -> None:
    assert Query().matches_all
    assert not Query(contains=b"a").matches_all
    assert not Query(sockets=frozenset()).matches_all
    assert not plan_of(Query(contains=b"a")).limits[-1]


@pytest.mark.skipif(not KERNELS_CAN_BE_HAD, reason="no kernels here")
def test_the_kernel_is_among_them() -> None:
    assert not scans(Query())[-1].holds_gil
