"""Both ways to look at rows against plain words, over stores of any shape."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given, settings

from tests.batches import Frames, batch_of
from tests.search_rig import expected, found_by, scans
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.search.query import Query
from zmqscope.core.types import Direction, SocketId

# Segments of this budget hold 64 KiB, 1,024 rows and 2,048 frames.
BUDGET_BYTES = 1_000_000
# Few different bytes: what is looked for stands in frames, at their edges and across them.
LETTERS = st.sampled_from([b"a", b"b", b"\0"])


def letters(most: int, least: int = 0) -> st.SearchStrategy[bytes]:
    return st.lists(LETTERS, min_size=least, max_size=most).map(b"".join)


def oversize(ends: tuple[bytes, bytes]) -> Frames:
    """A message that no ordinary segment holds, and that therefore ends one."""
    return ends[0], b"x" * 66_000 + ends[0], ends[1] + b"y" * 10


def many_frames(end: bytes) -> Frames:
    return (b"a", b"") * 1_500 + (end,)


MESSAGES = st.one_of(
    st.lists(letters(6), min_size=1, max_size=5).map(tuple),
    st.lists(letters(6), min_size=1, max_size=5).map(tuple),
    st.lists(letters(6), min_size=1, max_size=5).map(tuple),
    st.tuples(letters(4), letters(4)).map(oversize),
    letters(4).map(many_frames),
)
BATCHES = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(Direction),
        st.sampled_from(TopicRule),
        st.lists(MESSAGES, min_size=1, max_size=12),
        st.integers(1, 4),
    ),
    max_size=6,
)
SIZES = st.integers(0, 20)
QUERIES = st.builds(
    Query,
    contains=letters(7),
    topic_prefix=st.just(b"") | letters(3),
    topics=st.none() | st.frozensets(st.integers(0, 8), max_size=4),
    sockets=st.none() | st.frozensets(st.integers(1, 5).map(SocketId), max_size=3),
    direction=st.none() | st.sampled_from(Direction),
    min_bytes=st.just(0) | SIZES,
    max_bytes=st.none() | SIZES | st.just(70_000),
    from_ns=st.none() | st.integers(0, 60),
    until_ns=st.none() | st.integers(0, 60),
)


def filled(
    batches: list[tuple[int, Direction, TopicRule, list[Frames], int]],
) -> CaptureStore:
    store = CaptureStore(BUDGET_BYTES)
    for socket_id, direction, rule, messages, times in batches:
        first = int(store.end_row)
        batch = batch_of(
            messages * times,
            socket_id=socket_id,
            direction=direction,
            times_ns=range(first, first + len(messages) * times),
        )
        store.append(replace(batch, topic_rule=rule))
    return store


@settings(max_examples=150, deadline=None)
@given(batches=BATCHES, query=QUERIES, edges=st.tuples(st.integers(0, 80), st.integers(0, 80)))
def test_both_find_what_plain_words_say(
    batches: list[tuple[int, Direction, TopicRule, list[Frames], int]],
    query: Query,
    edges: tuple[int, int],
) -> None:
    store = filled(batches)
    for start, stop in ((0, int(store.end_row)), edges):
        wanted = expected(query, store, start, stop)
        for scan in scans(query):
            assert found_by(scan, store, start, stop) == wanted, type(scan)


@settings(max_examples=100, deadline=None)
@given(
    messages=st.lists(
        st.lists(letters(4), min_size=1, max_size=4).map(tuple), min_size=1, max_size=60
    ),
    contains=letters(5, 1),
    sockets=st.none() | st.just(frozenset({SocketId(1)})),
)
def test_nothing_is_found_across_frames_or_messages(
    messages: list[Frames], contains: bytes, sockets: frozenset[SocketId] | None
) -> None:
    store = CaptureStore(BUDGET_BYTES)
    for number, message in enumerate(messages):
        store.append(batch_of([message], socket_id=number % 3))
    query = Query(contains=contains, sockets=sockets)
    wanted = [
        row
        for row, message in enumerate(messages)
        if any(contains in frame for frame in message) and (sockets is None or row % 3 == 1)
    ]
    for scan in scans(query):
        assert found_by(scan, store, 0, len(messages)) == wanted, type(scan)
