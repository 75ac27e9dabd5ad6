"""From sockets into the store: one contract, and the plain way, by pyzmq. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import zmq
from numpy.typing import NDArray

from zmqscope.core.capture.segment import MAX_MESSAGE_BYTES, Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.types import Direction, SocketId

# Longer turns are slower: their bytes no longer fit into the processor's cache.
_VISIT_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A socket that has something to be taken.

    Attributes:
        socket: A socket of this thread.
        socket_id: Its number.
        topic_rule: Which of its messages have a topic.
    """

    socket: zmq.Socket[bytes]
    socket_id: SocketId
    topic_rule: TopicRule = TopicRule.NEVER


@dataclass(frozen=True, slots=True)
class PassBounds:
    """How much one pass may do.

    Attributes:
        messages: Messages of one socket at most, before it is another's turn.
        each_ns: Time for one socket, before it is another's turn.
        total_ns: Time for all together.
        may_linger: Whether the pass may wait a moment for more while much comes.
        bytes: Bytes of one socket before it is another's turn; the message that reaches them is
            taken whole.
    """

    messages: int
    each_ns: int
    total_ns: int
    may_linger: bool = False
    bytes: int = _VISIT_BYTES


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What one pass did with one socket.

    Attributes:
        messages: Messages taken.
        refused: Of those, messages too large for the store.
        emptied: Whether the socket had nothing more when it was looked at last.
        errno: Why receiving failed; 0 if it did not.
    """

    messages: int
    refused: int
    emptied: bool
    errno: int = 0


class Drain(Protocol):
    """Takes what sockets have into the store."""

    @property
    def name(self) -> str:
        """Shown in the status bar and in reports."""
        ...

    @property
    def pass_ns(self) -> int:
        """How long a pass over all sockets should take at most: its ``PassBounds.total_ns``."""
        ...

    def drain(self, sources: Sequence[Source], bounds: PassBounds) -> list[DrainResult]:
        """Take messages from the sockets in turn until all are empty or the time is up.

        Each message is whole in the store or was not taken. At least one message of the first
        socket is taken if there is one, however short the time.

        Args:
            sources: The sockets, each at most once.
            bounds: When to stop.

        Returns:
            One result for each socket, in order. Failures are in there, not raised.
        """
        ...


class PlainDrain:
    """``recv`` in a loop: works everywhere, at Python's pace.

    Args:
        store: Where rows go.
        offset_ns: Capture clock minus monotonic clock, in ns.
    """

    name = "plain"
    # It holds the GIL, so a long pass would be felt in the window.
    pass_ns = 4_000_000

    def __init__(self, store: CaptureStore, offset_ns: int) -> None:
        self._store = store
        self._offset_ns = offset_ns

    def drain(self, sources: Sequence[Source], bounds: PassBounds) -> list[DrainResult]:
        """See ``Drain.drain``."""
        end_ns = time.monotonic_ns() + bounds.total_ns
        visits = [_Visit(source) for source in sources]
        while waiting := [visit for visit in visits if not visit.emptied]:
            for visit in waiting:
                visit.take(bounds)
                self._commit(visit)
                if time.monotonic_ns() >= end_ns:
                    return [v.result() for v in visits]
        return [v.result() for v in visits]

    def _commit(self, visit: _Visit) -> None:
        if not visit.counts:
            return
        frames = visit.frames
        batch = Batch(
            visit.source.socket_id,
            Direction.RECEIVED,
            np.array(visit.times, np.int64) + self._offset_ns,
            np.array(visit.counts, np.uint32),
            clipped_lengths(list(map(len, frames))),
            # One frame, perhaps of hundreds of megabytes, needs no copy in between.
            frames[0].buffer
            if len(frames) == 1
            else b"".join(cast("list[bytes]", frames)),  # a Frame is a buffer
            visit.source.topic_rule,
        )
        visit.messages += len(batch)
        visit.refused += self._store.append(batch)
        visit.forget()


def clipped_lengths(lengths: list[int]) -> NDArray[np.uint32]:
    """Frame lengths as a column: a frame too large for 32 bits makes a message that is refused."""
    return np.minimum(np.array(lengths, np.int64), MAX_MESSAGE_BYTES).astype(np.uint32)


class _Visit:
    """What is taken from one socket in its turn, and what was taken in the turns before."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.messages = 0
        self.refused = 0
        self.emptied = False
        self._errno = 0
        self.forget()

    def forget(self) -> None:
        """Begin a new turn."""
        self.frames: list[zmq.Frame] = []
        self.counts: list[int] = []
        self.times: list[int] = []

    def result(self) -> DrainResult:
        """What came of all turns."""
        return DrainResult(self.messages, self.refused, self.emptied, self._errno)

    def take(self, bounds: PassBounds) -> None:
        """Receive until the socket is empty or a bound is reached; failures end the turn."""
        try:
            self._receive(bounds)
        except zmq.Again:
            self.emptied = True
        except zmq.ZMQError as error:
            self.emptied = True
            # EFSM: a REQ or REP out of turn; nothing to take until we have sent.
            self._errno = 0 if error.errno == zmq.EFSM else int(error.errno or 0)

    def _receive(self, bounds: PassBounds) -> None:
        """Frames are not copied: a frame knows for itself whether more follow.

        Asking the socket (``RCVMORE``) costs more than everything else.
        """
        recv, now, dontwait = self.source.socket.recv, time.monotonic_ns, zmq.DONTWAIT
        deadline = now() + bounds.each_ns
        room = bounds.bytes
        for _ in range(bounds.messages):
            frame = recv(dontwait, copy=False)
            arrived = now()
            message = [frame]
            room -= len(frame)
            # The rest of a message is there as soon as its first frame is (zmq_msg_recv).
            while frame.more:
                frame = recv(0, copy=False)
                message.append(frame)
                room -= len(frame)
            self.frames += message
            self.counts.append(len(message))
            self.times.append(arrived)
            if arrived >= deadline or room <= 0:
                return
