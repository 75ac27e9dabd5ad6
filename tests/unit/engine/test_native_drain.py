"""What only the native drain has: segments that fill up, lingering, and rates by arrival time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import zmq

from tests.kernel_rig import load_kernels
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.clock import CaptureClock
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.types import Direction, SocketId
from zmqscope.engine.best_drain import BestDrain
from zmqscope.engine.drain import PassBounds, Source
from zmqscope.engine.native_drain import NativeDrain

ME = SocketId(3)
SMALL_ARENA_BUDGET = 1_000_000
LONG_NS = 10**10
CLOCK = CaptureClock()


class Pair:
    """A PUSH and a PULL over inproc, and the native drain."""

    def __init__(self, budget_bytes: int) -> None:
        kernel = load_kernels().drain
        assert kernel is not None
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.push, self.pull = self.context.socket(zmq.PUSH), self.context.socket(zmq.PULL)
        self.push.set(zmq.SNDHWM, 0)
        self.pull.set(zmq.RCVHWM, 0)
        self.pull.bind("inproc://native")
        self.push.connect("inproc://native")
        self.store = CaptureStore(budget_bytes)
        self.drain = NativeDrain(self.store, CLOCK.offset_ns, kernel)

    def take(self, messages: int = 10_000, total_ns: int = LONG_NS, linger: bool = False) -> int:
        bounds = PassBounds(messages, LONG_NS, total_ns, linger)
        source = Source(self.pull, ME, TopicRule.WITH_TWO_FRAMES)
        (result,) = self.drain.drain([source], bounds)
        return result.messages


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair(SMALL_ARENA_BUDGET)
    yield made
    made.context.destroy(linger=0)


def test_a_message_that_meets_a_full_segment_is_whole_in_the_next(pair: Pair) -> None:
    arena = 65_536
    sent = [(b"a" * (arena - 10),), (b"b" * 5, b"c" * 4, b"d" * 3), (b"e",)]
    for frames in sent:
        pair.push.send_multipart(frames)
    assert pair.take() == 3
    messages = [pair.store.message(row) for row in range(3)]
    assert [message.frames for message in messages if message] == sent
    assert len(list(pair.store.columns(0, 3))) == 2


def test_a_multipart_message_larger_than_an_arena(pair: Pair) -> None:
    frames = [b"head", bytes(60_000), bytes(60_000), b"", bytes(300_000), b"tail"]
    pair.push.send_multipart([b"before"])
    pair.push.send_multipart(frames)
    pair.push.send_multipart([b"after"])
    assert pair.take() == 3
    message = pair.store.message(1)
    assert message is not None
    assert message.frames == tuple(frames)
    received = pair.store.counters.of(ME).received
    assert (received.messages, received.frames) == (3, 8)


def test_a_message_of_more_frames_than_a_segment_has_room_for(pair: Pair) -> None:
    frames = [b"x"] * 5_000
    pair.push.send_multipart(frames)
    assert pair.take() == 1
    message = pair.store.message(0)
    assert message is not None
    assert len(message.frames) == 5_000


def test_memory_stays_within_the_budget(pair: Pair) -> None:
    for number in range(300):
        pair.push.send(bytes(20_000 + number))
    pair.take()
    ledger = pair.store.ledger()
    assert ledger.memory_bytes <= SMALL_ARENA_BUDGET
    assert (ledger.captured, ledger.refused) == (300, 0)
    assert ledger.evicted == pair.store.first_row > 0


def test_times_are_those_of_arrival(pair: Pair) -> None:
    before_ns = CLOCK.now_ns()
    for _ in range(1_000):
        pair.push.send(b"x")
    pair.take()
    times = [view.time_ns for view in pair.store.rows(0, 1_000)]
    assert before_ns < times[0] < times[-1] < CLOCK.now_ns()
    assert times == sorted(times)
    assert len(set(times)) > 500  # one for each message, not one for the batch


def test_rates_and_topics_are_counted(pair: Pair) -> None:
    for _ in range(50):
        pair.push.send_multipart([b"EUR", b"12345"])
    pair.take()
    end_ns = (CLOCK.now_ns() // 10**9 + 2) * 10**9
    window = pair.store.rates.window(ME, Direction.RECEIVED, end_ns, 10, 10**9)
    assert (window.messages_per_s.sum(), window.bytes_per_s.sum()) == (50, 400)
    assert pair.store.topics.figures(0).messages.tolist() == [0, 0, 50]


def test_a_pass_lingers_while_much_comes(pair: Pair) -> None:
    taken: list[int] = []
    for number in range(64):
        pair.push.send(number.to_bytes(8))
    thread = threading.Thread(
        target=lambda: taken.append(pair.take(total_ns=5 * 10**8, linger=True))
    )
    thread.start()
    # PUSH and PULL are used by one thread each: the pass is under way while these come.
    for number in range(64, 20_000):
        pair.push.send(number.to_bytes(8))
    thread.join()
    assert taken[0] > 64
    rest = 20_000 - taken[0]
    assert pair.take(messages=30_000) == rest
    assert pair.store.end_row == 20_000


def test_the_kernel_takes_over_between_two_passes() -> None:
    pair = Pair(SMALL_ARENA_BUDGET)
    kernels = KernelSet()
    drain = BestDrain(pair.store, 0, kernels)
    bounds = PassBounds(1, LONG_NS, 0)
    assert drain.name == "plain"
    for _ in range(2):
        pair.push.send(b"x")
    drain.drain([Source(pair.pull, ME)], bounds)
    kernels.drain = load_kernels().drain
    assert drain.name == "native"
    (result,) = drain.drain([Source(pair.pull, ME)], bounds)
    assert result.messages == 1
    assert pair.store.end_row == 2
    pair.context.destroy(linger=0)
