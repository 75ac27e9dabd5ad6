"""Native bursts and plain ones send the same bytes and make the same store."""

from __future__ import annotations

import random
from dataclasses import dataclass

import zmq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel_rig import load_kernels
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPIC_BYTES, TopicRule
from zmqscope.core.load import CounterFormat, CounterSpec, LoadPlan, plan_problem
from zmqscope.core.types import Direction, SocketId, SocketSpec, SocketType
from zmqscope.engine.bursts import BurstBounds, Bursts, Outlet, PlainBursts
from zmqscope.engine.native_bursts import NativeBursts

ARENA = 64 * 1024
FOREVER_NS = 10**12
ME = SocketId(3)
PUSH = SocketSpec(SocketType.PUSH)
# The arena of a store with a small budget is 64 KiB: messages from 0 bytes to several of those.
SIZES = st.one_of(
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from([MAX_TOPIC_BYTES, MAX_TOPIC_BYTES + 1, 33, 34]),
    st.integers(ARENA // 3, ARENA + 3),
    st.integers(0, 3 * ARENA),
)
FRAMES = st.one_of(
    st.lists(SIZES, min_size=1, max_size=4),
    st.lists(st.integers(0, 12), min_size=1, max_size=4),
    st.integers(2_040, 2_060).map(lambda count: [1] * count),
)
BUDGETS = st.sampled_from([100_000, 600_000, 3_000_000])


@dataclass
class Case:
    """A message and its counter, where it is sent, and how its bursts are bounded."""

    sizes: list[int]
    seed: int
    counter: CounterSpec | None
    count: int
    hwm: int
    bounds: list[tuple[int, int, bool]]
    rule: TopicRule
    separator: int | None

    def plan(self) -> LoadPlan:
        rnd = random.Random(self.seed)
        frames = tuple(rnd.randbytes(size) for size in self.sizes)
        return LoadPlan(frames, counter=self.counter)


@st.composite
def counters(draw: st.DrawFn, sizes: list[int]) -> CounterSpec | None:
    kind = draw(st.sampled_from(CounterFormat))
    digits = draw(st.integers(1, 20))
    width = digits if kind is CounterFormat.DECIMAL else 8
    fitting = [index for index, size in enumerate(sizes) if size >= width]
    if not fitting:
        return None
    frame = draw(st.sampled_from(fitting))
    offset = draw(st.integers(0, sizes[frame] - width))
    limit = CounterSpec(frame, offset, kind, digits).limit
    start = draw(st.one_of(st.integers(0, limit - 1), st.integers(max(0, limit - 9), limit - 1)))
    return CounterSpec(frame, offset, kind, digits, start)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = draw(FRAMES)
    bounds = st.tuples(
        st.integers(1, 40), st.sampled_from([0, FOREVER_NS, FOREVER_NS]), st.booleans()
    )
    return Case(
        sizes,
        draw(st.integers(0, 9)),
        draw(counters(sizes)),
        draw(st.integers(0, 90)),
        draw(st.sampled_from([1, 4, 1_000])),
        draw(st.lists(bounds, max_size=8)),
        draw(st.sampled_from(TopicRule)),
        draw(st.sampled_from([None, None, 0, 65])),
    )


def run(case: Case, bursts: Bursts) -> list[tuple[bytes, ...]]:
    """Send all of it; what a PULL received."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
    push.set(zmq.SNDHWM, case.hwm)
    pull.set(zmq.RCVHWM, case.hwm)
    pull.bind("inproc://one")
    push.connect("inproc://one")
    outlet, plan = Outlet(push, ME, SocketType.PUSH, case.rule), case.plan()
    assert plan_problem(PUSH, plan) is None
    received: list[tuple[bytes, ...]] = []
    bounds, sent = list(case.bounds), 0
    try:
        while sent < case.count:
            messages, total_ns, may_wait = bounds.pop(0) if bounds else (90, FOREVER_NS, False)
            messages = min(messages, case.count - sent)
            result = bursts.burst(outlet, plan, BurstBounds(sent, messages, total_ns, may_wait))
            sent += result.sent
            assert result.sent or result.errno == zmq.EAGAIN
            assert result.errno in (0, zmq.EAGAIN)
            assert total_ns or result.sent <= 1
            while pull.poll(0):
                received.append(tuple(pull.recv_multipart()))
            assert push.poll(1_000, zmq.POLLOUT)
        assert len(received) == sent
    finally:
        context.destroy(linger=0)
    return received


def figures_of(store: CaptureStore) -> list[object]:
    """What was counted since the start."""
    figures = store.topics.figures(0)
    last_ns = max((int(part.time_ns[-1]) for part in store.columns(0, store.end_row)), default=0)
    window = store.rates.window(ME, Direction.SENT, (last_ns // 10**9 + 1) * 10**9, 600, 10**8)
    return [
        (store.ledger().captured, store.ledger().refused),
        store.counters.of(ME).sent,
        [store.topics.key(topic) for topic in range(len(store.topics))],
        [figures.messages.tolist(), figures.bytes.tolist(), figures.last_row.tolist()],
        (round(window.messages_per_s.sum() / 10), round(window.bytes_per_s.sum() / 10)),
    ]


def rows_of(store: CaptureStore, first_row: int) -> list[object]:
    """Everything in these rows but the times."""
    rows: list[object] = []
    for row in range(first_row, store.end_row):
        message = store.message(row)
        assert message is not None
        rows.append((message.socket_id, message.direction, message.frames))
    for part in store.columns(first_row, store.end_row):
        rows += zip(part.topic.tolist(), part.size.tolist(), strict=True)
    return rows


@settings(max_examples=100, deadline=None)
@given(case=cases(), budget=BUDGETS)
def test_both_ways_send_the_same_and_make_the_same_store(case: Case, budget: int) -> None:
    kernel = load_kernels().send
    assert kernel is not None
    plain, native = CaptureStore(budget), CaptureStore(budget)
    for store in (plain, native):
        store.topics.set_separator(case.separator)
    plan = case.plan()
    expected = [plan.frames_of(index) for index in range(case.count)]
    assert run(case, PlainBursts(plain, 0)) == expected
    assert run(case, NativeBursts(native, 0, kernel)) == expected
    assert figures_of(native) == figures_of(plain)
    # Which rows have left memory by now may differ a little.
    first = max(plain.first_row, native.first_row)
    rows = rows_of(native, first)
    assert rows == rows_of(plain, first)
    if not native.ledger().refused:  # larger than the whole budget: sent, and counted as not kept
        assert rows[: case.count - first] == [(ME, Direction.SENT, f) for f in expected[first:]]
