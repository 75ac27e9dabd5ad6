"""The same message many times into a socket: one contract, and the plain way. Loop thread."""

from __future__ import annotations

import errno
import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import zmq

from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.load import LoadPlan
from zmqscope.core.types import Direction, SocketId, SocketType
from zmqscope.engine.drain import clipped_lengths
from zmqscope.engine.sender import send_frames

_BURST_BYTES = 2 * 1024 * 1024
_WAIT_MS = 1


@dataclass(frozen=True, slots=True)
class Outlet:
    """A socket that messages are sent from.

    Attributes:
        socket: A socket of this thread.
        socket_id: Its number.
        type: Its type.
        topic_rule: Which of its messages have a topic.
    """

    socket: zmq.Socket[bytes]
    socket_id: SocketId
    type: SocketType
    topic_rule: TopicRule = TopicRule.NEVER


@dataclass(frozen=True, slots=True)
class BurstBounds:
    """How much one burst may do.

    Attributes:
        first: Index of its first message in the load.
        messages: Messages at most.
        total_ns: Time at most, but for the last message.
        may_wait: Whether it may wait a moment for room in libzmq's queue, as long as it gets on.
    """

    first: int
    messages: int
    total_ns: int
    may_wait: bool = False


@dataclass(frozen=True, slots=True)
class BurstResult:
    """What one burst did.

    Attributes:
        sent: Messages that libzmq took.
        errno: Why it took no more; 0 if the burst ended at a bound.
        waits: How often the burst waited for room.
        waited_ns: For how long in all.
    """

    sent: int
    errno: int = 0
    waits: int = 0
    waited_ns: int = 0


class Bursts(Protocol):
    """Sends a load, a burst at a time, and captures what was sent."""

    @property
    def burst_ns(self) -> int:
        """How long all bursts of one step of the loop should take at most."""
        ...

    def burst(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> BurstResult:
        """Send messages until a bound is reached or libzmq takes no more; never blocks.

        A message that libzmq took whole is in the store, and no other is.

        Args:
            outlet: Where to.
            plan: What; one that ``plan_problem`` finds no fault with.
            bounds: When to stop.

        Returns:
            What was sent. Failures are in there, not raised.
        """
        ...


class PlainBursts:
    """``send`` in a loop: works everywhere, at Python's pace.

    Args:
        store: Where sent messages are captured.
        offset_ns: Capture clock minus monotonic clock, in ns.
    """

    # It holds the GIL, so a long burst would be felt in the window.
    burst_ns = 2_000_000

    def __init__(self, store: CaptureStore, offset_ns: int) -> None:
        self._store = store
        self._offset_ns = offset_ns

    def burst(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> BurstResult:
        """See ``Bursts.burst``."""
        running = _PlainBurst(outlet, plan, bounds)
        running.send()
        if running.times:
            self._capture(outlet, plan, running)
        return BurstResult(
            len(running.times), running.failed_with, running.waits, running.waited_ns
        )

    def _capture(self, outlet: Outlet, plan: LoadPlan, sent: _PlainBurst) -> None:
        count = len(sent.times)
        self._store.append(
            Batch(
                outlet.socket_id,
                Direction.SENT,
                np.array(sent.times, np.int64) + self._offset_ns,
                np.full(count, len(plan.frames), np.uint32),
                clipped_lengths(list(map(len, plan.frames)) * count),
                sent.pieces[0] if len(sent.pieces) == 1 else b"".join(sent.pieces),
                outlet.topic_rule,
            )
        )


class _PlainBurst:
    """One burst while it runs."""

    def __init__(self, outlet: Outlet, plan: LoadPlan, bounds: BurstBounds) -> None:
        self._outlet = outlet
        self._plan = plan
        self._bounds = bounds
        self._end_ns = time.monotonic_ns() + bounds.total_ns
        self._sent_before_wait = 0
        self.pieces: list[bytes] = []
        self.times: list[int] = []
        self.failed_with = 0
        self.waits = 0
        self.waited_ns = 0

    def send(self) -> None:
        """Send until a bound is reached or libzmq takes no more."""
        outlet, plan, bounds = self._outlet, self._plan, self._bounds
        now, room = time.monotonic_ns, _BURST_BYTES
        while len(self.times) < bounds.messages and room > 0:
            frames = plan.frames_of(bounds.first + len(self.times))
            stamp_ns = now()
            try:
                send_frames(outlet.socket, outlet.type, frames)
            except zmq.ZMQError as error:
                if not self._may_go_on(error):
                    return
            else:
                self.times.append(stamp_ns)
                self.pieces += frames
                room -= plan.message_bytes
            if stamp_ns >= self._end_ns:
                return

    def _may_go_on(self, error: zmq.ZMQError) -> bool:
        """Wait for room, if that is what is missing and waiting has helped so far."""
        has_got_on = len(self.times) > self._sent_before_wait
        if not (error.errno == errno.EAGAIN and self._bounds.may_wait and has_got_on):
            self.failed_with = error.errno or 0
            return False
        self._sent_before_wait = len(self.times)
        began_ns = time.monotonic_ns()
        self._outlet.socket.poll(_WAIT_MS, zmq.POLLOUT)
        self.waits += 1
        self.waited_ns += time.monotonic_ns() - began_ns
        return True
