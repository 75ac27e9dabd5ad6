"""Plain bursts on real sockets, and how a message that is cut off ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import cast

import pytest
import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.load import CounterSpec, LoadPlan
from zmqscope.core.types import Direction, SocketId, SocketType
from zmqscope.engine.bursts import BurstBounds, Outlet, PlainBursts

FOREVER_NS = 10**12
ME = SocketId(1)

Socket = zmq.Socket[bytes]


class Pair:
    """A PUSH and a PULL that hold a few messages between them."""

    def __init__(self, hwm: int) -> None:
        self.context: zmq.Context[Socket] = zmq.Context()
        self.push = self.context.socket(zmq.PUSH)
        self.pull = self.context.socket(zmq.PULL)
        self.push.set(zmq.SNDHWM, hwm)
        self.pull.set(zmq.RCVHWM, hwm)
        self.pull.bind("inproc://one")
        self.push.connect("inproc://one")
        self.store = CaptureStore(4_000_000)
        self.bursts = PlainBursts(self.store, 1_000)
        self.outlet = Outlet(self.push, ME, SocketType.PUSH, TopicRule.WITH_TWO_FRAMES)

    def received(self) -> list[list[bytes]]:
        found = []
        while self.pull.poll(0):
            found.append(self.pull.recv_multipart())
        return found

    def captured(self) -> list[list[bytes]]:
        messages = [self.store.message(row) for row in range(self.store.end_row)]
        assert all(m is not None and m.direction is Direction.SENT for m in messages)
        return [list(m.frames) for m in messages if m is not None]


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair(hwm=5)
    yield made
    made.context.destroy(linger=0)


def test_a_burst_sends_captures_and_counts(pair: Pair) -> None:
    plan = LoadPlan((b"topic", b"-" * 8), counter=CounterSpec(1, 0, start=40))
    before_ns = time.monotonic_ns() + 1_000
    result = pair.bursts.burst(pair.outlet, plan, BurstBounds(2, 3, FOREVER_NS))
    assert (result.sent, result.errno) == (3, 0)
    expected = [[b"topic", number.to_bytes(8)] for number in (42, 43, 44)]
    assert pair.received() == expected
    assert pair.captured() == expected
    sent = pair.store.counters.of(ME).sent
    assert (sent.messages, sent.frames, sent.bytes) == (3, 6, 39)
    (part,) = pair.store.columns(0, 3)
    assert part.topic.tolist() == [2, 2, 2]
    assert before_ns <= part.time_ns[0] <= part.time_ns[-1] <= time.monotonic_ns() + 1_000


def test_a_full_queue_ends_it_and_nothing_is_stored_that_was_not_sent(pair: Pair) -> None:
    plan = LoadPlan((b"x",))
    result = pair.bursts.burst(pair.outlet, plan, BurstBounds(0, 100, FOREVER_NS))
    assert result.errno == zmq.EAGAIN
    assert 5 <= result.sent < 100
    assert len(pair.captured()) == result.sent == len(pair.received())
    assert pair.push.poll(1_000, zmq.POLLOUT)
    again = pair.bursts.burst(pair.outlet, plan, BurstBounds(0, 100, FOREVER_NS))
    assert again.sent > 0


def test_it_waits_a_moment_for_room_as_long_as_it_gets_on(pair: Pair) -> None:
    bounds = BurstBounds(0, 100, FOREVER_NS, may_wait=True)
    result = pair.bursts.burst(pair.outlet, LoadPlan((b"x",)), bounds)
    assert result.errno == zmq.EAGAIN
    assert (result.waits, result.waited_ns > 0) == (1, True)
    again = pair.bursts.burst(pair.outlet, LoadPlan((b"x",)), bounds)
    assert (again.sent, again.errno, again.waits) == (0, zmq.EAGAIN, 0)


def test_a_deadline_lets_one_message_through(pair: Pair) -> None:
    result = pair.bursts.burst(pair.outlet, LoadPlan((b"x",)), BurstBounds(0, 100, 0))
    assert (result.sent, result.errno) == (1, 0)


def test_a_burst_of_large_messages_is_short() -> None:
    pair = Pair(hwm=0)
    plan = LoadPlan((bytes(1_500_000),))
    result = pair.bursts.burst(pair.outlet, plan, BurstBounds(0, 100, FOREVER_NS))
    assert result.sent == 2
    pair.context.destroy(linger=0)


def test_a_message_larger_than_the_budget_is_sent_and_counted_as_not_kept(pair: Pair) -> None:
    plan = LoadPlan((bytes(5_000_000),))
    assert pair.bursts.burst(pair.outlet, plan, BurstBounds(0, 1, FOREVER_NS)).sent == 1
    assert pair.store.ledger().refused == 1


class LeavingPeer:
    """Refuses the second frame of the second message, as libzmq does when the peer goes."""

    def __init__(self) -> None:
        self.calls: list[tuple[bytes, bool]] = []

    def send(self, frame: bytes, flags: int) -> None:
        self.calls.append((frame, bool(flags & zmq.SNDMORE)))
        if len(self.calls) == 5:
            raise zmq.Again


def test_a_message_cut_off_is_not_stored_and_its_number_comes_again() -> None:
    store, peer = CaptureStore(4_000_000), LeavingPeer()
    bursts = PlainBursts(store, 0)
    outlet = Outlet(cast(Socket, peer), ME, SocketType.PUSH)
    plan = LoadPlan((b"-" * 8, b"b", b"c"), counter=CounterSpec(0, 0))
    result = bursts.burst(outlet, plan, BurstBounds(0, 5, FOREVER_NS))
    assert (result.sent, result.errno, store.end_row) == (1, zmq.EAGAIN, 1)
    # The rest went out up to the last frame, or libzmq would drop the next message instead.
    assert peer.calls[3:] == [((1).to_bytes(8), True), (b"b", True), (b"c", False)]
    bursts.burst(outlet, plan, BurstBounds(result.sent, 1, FOREVER_NS))
    assert peer.calls[6][0] == (1).to_bytes(8)


def test_other_failures_are_told_by_number() -> None:
    context: zmq.Context[Socket] = zmq.Context()
    rep = context.socket(zmq.REP)
    bursts = PlainBursts(CaptureStore(4_000_000), 0)
    outlet = Outlet(rep, ME, SocketType.REP)
    result = bursts.burst(outlet, LoadPlan((b"x",)), BurstBounds(0, 5, FOREVER_NS))
    assert (result.sent, result.errno) == (0, zmq.EFSM)
    context.destroy(linger=0)
