"""Takes a few messages by pyzmq, which says of each over which connection it came. Loop thread.

They go into the same store as those that the drain takes, in the same order.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import cast

import numpy as np
import zmq

from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction, SocketType
from zmqscope.engine.drain import DrainResult, Source, clipped_lengths
from zmqscope.engine.watch.learned import MessageFacts


@dataclass(slots=True)
class Taken:
    """Messages that were taken in one go.

    Attributes:
        frames: All frames, in order.
        counts: How many each message has.
        times_ns: Monotonic time of each.
        emptied: Whether there was nothing more.
        errno: Why receiving failed; 0 if it did not.
    """

    frames: list[zmq.Frame]
    counts: list[int]
    times_ns: list[int]
    emptied: bool = False
    errno: int = 0

    def messages(self) -> list[list[zmq.Frame]]:
        """The frames of each message."""
        found, start = [], 0
        for count in self.counts:
            found.append(self.frames[start : start + count])
            start += count
        return found


def take(socket: zmq.Socket[bytes], most: int, most_ns: int) -> Taken:
    """Receive up to so many messages, for up to so long; failures are in the result."""
    taken = Taken([], [], [])
    end_ns = time.monotonic_ns() + most_ns
    try:
        for _ in range(most):
            frame = socket.recv(zmq.DONTWAIT, copy=False)
            now_ns = time.monotonic_ns()
            first = len(taken.frames)
            taken.frames.append(frame)
            # The rest of a message is there as soon as its first frame is (zmq_msg_recv).
            while frame.more:
                frame = socket.recv(0, copy=False)
                taken.frames.append(frame)
            taken.counts.append(len(taken.frames) - first)
            taken.times_ns.append(now_ns)
            if now_ns >= end_ns:
                break
    except zmq.Again:
        taken.emptied = True
    except zmq.ZMQError as error:
        taken.emptied = True
        taken.errno = 0 if error.errno == zmq.EFSM else int(error.errno or 0)
    return taken


def store(source: Source, taken: Taken, into: CaptureStore, offset_ns: int) -> DrainResult:
    """Capture them like any others."""
    refused = 0
    if taken.counts:
        frames = taken.frames
        refused = into.append(
            Batch(
                source.socket_id,
                Direction.RECEIVED,
                np.array(taken.times_ns, np.int64) + offset_ns,
                np.array(taken.counts, np.uint32),
                clipped_lengths(list(map(len, frames))),
                frames[0].buffer
                if len(frames) == 1
                else b"".join(cast("list[bytes]", frames)),  # a Frame is a buffer
                source.topic_rule,
            )
        )
    return DrainResult(len(taken.counts), refused, taken.emptied, taken.errno)


def descriptor_of(frame: zmq.Frame) -> int | None:
    """Over which connection a frame came; None for inproc, and for ends of subscriptions."""
    try:
        return int(frame.get(zmq.SRCFD))
    except zmq.ZMQError:
        return None


def facts_of(message: list[zmq.Frame], routes: bool) -> MessageFacts | None:
    """What a message says of its peer; None if it says nothing.

    Args:
        message: Its frames.
        routes: Whether the first of them is a routing id.
    """
    # A REP takes the envelope off, and a ROUTER makes the first frame: one of the others knows.
    for frame in message[:3]:
        descriptor = descriptor_of(frame)
        if descriptor is not None:
            break
    else:
        return None
    kind = (_property(frame, "Socket-Type") or b"").decode("ascii", "replace")
    routing_id = message[0].bytes if routes and len(message) > 1 else None
    identity = _property(frame, "Identity")
    if identity and routing_id and routing_id.startswith(identity):
        identity = routing_id  # pyzmq ends it at the first zero
    return MessageFacts(
        descriptor,
        (_property(frame, "Peer-Address") or b"").decode("ascii", "replace"),
        SocketType.__members__.get(kind),
        identity,
        (_property(frame, "User-Id") or b"").decode("utf-8", "backslashreplace"),
        routing_id,
    )


def _property(frame: zmq.Frame, name: str) -> bytes | None:
    try:
        return str(frame.get(name)).encode()
    except zmq.ZMQError:
        return None
    except UnicodeDecodeError as error:
        return error.object  # a peer may send any bytes
