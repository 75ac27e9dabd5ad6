"""The native drain and the plain one make the same store of the same traffic."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import zmq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel_rig import load_kernels
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPIC_BYTES, TopicRule
from zmqscope.core.types import Direction, SocketId
from zmqscope.engine.drain import Drain, DrainResult, PassBounds, PlainDrain, Source
from zmqscope.engine.native_drain import NativeDrain

KIB = 1024
ARENA = 64 * KIB
FOREVER_NS = 10**12
SOCKETS = 3
# The arena of a store with a small budget is 64 KiB: sizes from 0 to several of those.
SIZES = st.one_of(
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from([MAX_TOPIC_BYTES, MAX_TOPIC_BYTES + 1, 33, 34]),
    st.integers(ARENA - 3, ARENA + 3),
    st.integers(0, 4 * ARENA),
)
MESSAGES = st.one_of(
    st.lists(SIZES, min_size=1, max_size=4),
    st.integers(2_040, 2_060).map(lambda count: [1] * count),
)
LARGEST_SEGMENT = 400_000
"""Bytes of arena and columns at the largest of these budgets."""
BUDGETS = st.sampled_from([100_000, 600_000, 3_000_000])


@dataclass
class Traffic:
    """What was sent, message by message, and how the passes over it are bounded."""

    messages: list[tuple[int, list[int]]]
    passes: list[tuple[PassBounds, int]]
    rules: list[TopicRule]
    separator: int | None
    seed: int


@st.composite
def traffic(draw: st.DrawFn) -> Traffic:
    bounds = st.builds(
        PassBounds,
        messages=st.integers(1, 30),
        each_ns=st.sampled_from([0, FOREVER_NS, FOREVER_NS]),
        total_ns=st.sampled_from([0, FOREVER_NS]),
        bytes=st.sampled_from([1, 50_000, 1 << 40]),
    )
    return Traffic(
        draw(st.lists(st.tuples(st.integers(0, SOCKETS - 1), MESSAGES), max_size=60)),
        draw(st.lists(st.tuples(bounds, st.integers(0, SOCKETS - 1)), max_size=12)),
        draw(st.lists(st.sampled_from(TopicRule), min_size=SOCKETS, max_size=SOCKETS)),
        draw(st.sampled_from([None, None, 0, 65])),
        draw(st.integers(0, 99)),
    )


def payload(size: int, rnd: random.Random) -> bytes:
    """Few different short frames, so that topics repeat; random long ones."""
    if size <= 40:
        return bytes(65 + rnd.randrange(3) for _ in range(size % 4)) + bytes(size - size % 4)
    return rnd.randbytes(size)


def capture(case: Traffic, store: CaptureStore, drain: Drain) -> None:
    rnd = random.Random(case.seed)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    pairs = []
    for number in range(SOCKETS):
        push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
        push.set(zmq.SNDHWM, 0)
        pull.set(zmq.RCVHWM, 0)
        pull.bind(f"inproc://{number}")
        push.connect(f"inproc://{number}")
        pairs.append((push, pull))
    try:
        for number, sizes in case.messages:
            pairs[number][0].send_multipart([payload(size, rnd) for size in sizes])
        sources = [
            Source(pull, SocketId(number + 1), case.rules[number])
            for number, (_, pull) in enumerate(pairs)
        ]
        taken = 0
        for bounds, first in case.passes:
            results = drain.drain(sources[first:] + sources[:first], bounds)
            taken += sum(result.messages for result in results)
            assert not any(result.errno for result in results)
        while taken < len(case.messages):
            results = drain.drain(sources, PassBounds(7, FOREVER_NS, FOREVER_NS))
            assert any(result.messages for result in results)
            taken += sum(result.messages for result in results)
        assert taken == len(case.messages)
    finally:
        context.destroy(linger=0)


def rows_from(store: CaptureStore, first_row: int) -> list[object]:
    """Everything in these rows but the times."""
    found: list[object] = []
    for row in range(first_row, store.end_row):
        message = store.message(row)
        assert message is not None
        found.append((message.socket_id, message.direction, message.frames))
    for part in store.columns(first_row, store.end_row):
        found += zip(part.topic.tolist(), part.size.tolist(), strict=True)
    return found


def figures_of(store: CaptureStore) -> list[object]:
    """What was counted since the start."""
    ledger, topics = store.ledger(), store.topics
    figures = topics.figures(0)
    received = [store.counters.of(SocketId(number + 1)).received for number in range(SOCKETS)]
    return [
        (ledger.captured, ledger.refused),
        received,
        [topics.key(topic) for topic in range(len(topics))],
        [figures.messages.tolist(), figures.bytes.tolist(), figures.last_row.tolist()],
        totals_of_rates(store),
    ]


def assert_same(one: CaptureStore, other: CaptureStore) -> None:
    """The same rows and figures; which rows have left memory by now may differ a little."""
    assert figures_of(one) == figures_of(other)
    first = max(one.first_row, other.first_row)
    assert rows_from(one, first) == rows_from(other, first)
    for store in (one, other):
        newest = list(store.columns(store.end_row - 1, store.end_row))
        spare = newest[0].segment.memory_bytes if newest else LARGEST_SEGMENT
        assert store.memory_bytes <= store.ledger().budget_bytes + spare


def totals_of_rates(store: CaptureStore) -> list[tuple[int, int]]:
    """Messages and bytes in all bins of each socket, fine and coarse ones."""
    end_ns = (time.monotonic_ns() // 10**9 + 1) * 10**9  # the drains are given no offset
    return [
        (round(window.messages_per_s.sum() * step), round(window.bytes_per_s.sum() * step))
        for number in range(SOCKETS)
        for step, points in ((0.1, 1_000), (1.0, 1_000))
        for window in [
            store.rates.window(
                SocketId(number + 1), Direction.RECEIVED, end_ns, points, round(step * 10**9)
            )
        ]
    ]


@settings(max_examples=150, deadline=None)
@given(case=traffic(), budget=BUDGETS)
def test_both_drains_make_the_same_store(case: Traffic, budget: int) -> None:
    kernel = load_kernels().drain
    assert kernel is not None
    plain, native = CaptureStore(budget), CaptureStore(budget)
    for store in (plain, native):
        store.topics.set_separator(case.separator)
    capture(case, plain, PlainDrain(plain, 0))
    capture(case, native, NativeDrain(native, 0, kernel))
    assert_same(native, plain)


@settings(max_examples=50, deadline=None)
@given(case=traffic(), budget=BUDGETS, swap_at=st.integers(0, 12))
def test_the_drain_can_change_between_two_passes(case: Traffic, budget: int, swap_at: int) -> None:
    kernel = load_kernels().drain
    assert kernel is not None
    alone, mixed = CaptureStore(budget), CaptureStore(budget)
    capture(case, alone, PlainDrain(alone, 0))
    capture(case, mixed, _Swapping(PlainDrain(mixed, 0), NativeDrain(mixed, 0, kernel), swap_at))
    assert_same(mixed, alone)


class _Swapping:
    """One drain for some passes, the other one, then the first one again."""

    name = "swapping"
    pass_ns = 0

    def __init__(self, first: Drain, second: Drain, swap_at: int) -> None:
        self._drains = (first, second)
        self._swap_at = swap_at
        self._passes = 0

    def drain(self, sources: Sequence[Source], bounds: PassBounds) -> list[DrainResult]:
        self._passes += 1
        use_second = self._swap_at < self._passes <= self._swap_at + 3
        return self._drains[use_second].drain(sources, bounds)
