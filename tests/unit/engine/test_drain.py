"""Both drains against a real socket: order, multipart, bounds, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import zmq

from tests.kernel_rig import load_kernels
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.types import Direction, SocketId
from zmqscope.engine.drain import Drain, DrainResult, PassBounds, PlainDrain, Source
from zmqscope.engine.native_drain import NativeDrain

ME = SocketId(7)
LONG_NS = 10**10


@dataclass
class Pipe:
    """A PUSH and a PULL that are connected, and a drain for the PULL."""

    push: zmq.Socket[bytes]
    pull: zmq.Socket[bytes]
    store: CaptureStore
    drain: Drain

    def take(self, messages: int, ns: int = LONG_NS, size: int = 1 << 40) -> DrainResult:
        """One turn of the PULL."""
        bounds = PassBounds(messages, ns, 0, bytes=size)
        (result,) = self.drain.drain([Source(self.pull, ME)], bounds)
        return result

    def frames(self) -> list[tuple[bytes, ...]]:
        rows = range(self.store.first_row, self.store.end_row)
        return [m.frames for m in map(self.store.message, rows) if m is not None]


def make_drain(name: str, store: CaptureStore) -> Drain:
    offset_ns = CaptureClock().offset_ns
    if name == "plain":
        return PlainDrain(store, offset_ns)
    kernel = load_kernels().drain
    assert kernel is not None
    return NativeDrain(store, offset_ns, kernel)


@pytest.fixture(params=["plain", "native"])
def pipe(request: pytest.FixtureRequest) -> Iterator[Pipe]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    push, pull = context.socket(zmq.PUSH), context.socket(zmq.PULL)
    push.set(zmq.SNDHWM, 0)
    pull.set(zmq.RCVHWM, 0)
    pull.bind("inproc://drain")
    push.connect("inproc://drain")
    store = CaptureStore(64 * 1024 * 1024)
    yield Pipe(push, pull, store, make_drain(request.param, store))
    push.close(0)
    pull.close(0)
    context.term()


def test_empty_socket(pipe: Pipe) -> None:
    result = pipe.take(10)
    assert (result.messages, result.emptied) == (0, True)
    assert pipe.store.end_row == 0


def test_frames_of_every_kind_arrive_whole_and_in_order(pipe: Pipe) -> None:
    sent = [
        (b"",),
        (b"topic", b""),
        (b"", b"", b"x" * 100_000),
        tuple(bytes([n % 256]) * (n % 17) for n in range(1_000)),
        (b"y" * (9 * 1024 * 1024),),
        (b"end",),
    ]
    for frames in sent:
        pipe.push.send_multipart(frames)
    while not pipe.take(4).emptied:
        pass
    assert pipe.frames() == sent
    message = pipe.store.message(0)
    assert message is not None
    assert (message.socket_id, message.direction) == (ME, Direction.RECEIVED)


def test_a_pass_is_bounded_in_messages(pipe: Pipe) -> None:
    for number in range(25):
        pipe.push.send(b"%d" % number)
    passes = [pipe.take(10) for _ in range(3)]
    assert [p.messages for p in passes] == [10, 10, 5]
    assert [p.emptied for p in passes] == [False, False, True]
    assert pipe.frames() == [(b"%d" % n,) for n in range(25)]


def test_a_pass_is_bounded_in_time(pipe: Pipe) -> None:
    for _ in range(10):
        pipe.push.send(b"x")
    assert pipe.take(10, ns=0).messages == 1


def test_counters_and_times(pipe: Pipe) -> None:
    for _ in range(3):
        pipe.push.send_multipart([b"ab", b"cde"])
    pipe.take(10)
    received = pipe.store.counters.of(ME).received
    assert (received.messages, received.frames, received.bytes) == (3, 6, 15)
    times = [row.time_ns for row in pipe.store.rows(0, 3)]
    assert times == sorted(times)


def test_what_was_received_is_kept_when_recv_fails(pipe: Pipe) -> None:
    pipe.push.send(b"kept")
    pipe.take(1)
    bounds = PassBounds(10, LONG_NS, LONG_NS)
    sources = [Source(pipe.push, ME), Source(pipe.pull, ME)]  # a PUSH cannot receive
    broken, empty = pipe.drain.drain(sources, bounds)
    assert (broken.errno, broken.emptied, empty.errno) == (zmq.ENOTSUP, True, 0)
    assert pipe.frames() == [(b"kept",)]


@pytest.mark.parametrize("name", ["plain", "native"])
def test_a_message_larger_than_the_budget_is_refused_and_counted(name: str) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    left, right = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    left.bind("inproc://large")
    right.connect("inproc://large")
    store = CaptureStore(1024 * 1024)
    drain = make_drain(name, store)
    right.send(b"x" * 2_000_000)
    right.send(b"small")
    assert drain.drain([Source(left, ME)], PassBounds(10, LONG_NS, LONG_NS)) == [
        DrainResult(2, 1, True)
    ]
    assert store.ledger().refused == 1
    assert [row.heads for row in store.rows(0, 10)] == [(b"small",)]
    left.close(0)
    right.close(0)
    context.term()


def test_one_empty_frame_alone(pipe: Pipe) -> None:
    pipe.push.send(b"")
    assert pipe.take(10).messages == 1
    assert pipe.frames() == [(b"",)]


def test_a_pass_is_bounded_in_bytes(pipe: Pipe) -> None:
    for _ in range(8):
        pipe.push.send(bytes(1_000_000))
    assert pipe.take(100, size=2_000_001).messages == 3


def test_rows_do_not_change_when_libzmq_uses_its_memory_again(pipe: Pipe) -> None:
    for number in range(2_000):
        pipe.push.send(number.to_bytes(8) * 20)
        if number % 3 == 0:
            pipe.take(2)
    while not pipe.take(100).emptied:
        pass
    assert pipe.frames() == [(number.to_bytes(8) * 20,) for number in range(2_000)]
