"""From a socket into the store: one contract; this is the plain way, by pyzmq. Loop thread."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import zmq

from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction, SocketId

# Larger passes are slower: their bytes no longer fit into the processor's cache.
_MAX_PASS_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What one pass did.

    Attributes:
        messages: Messages taken.
        refused: Of those, messages too large for the store.
        emptied: Whether the socket has nothing more for now.
    """

    messages: int
    refused: int
    emptied: bool


class Drain(Protocol):
    """Takes what a socket has, up to a bound, into the store."""

    name: str
    """Shown in the status bar and in reports."""

    def drain(
        self,
        socket: zmq.Socket[bytes],
        socket_id: SocketId,
        max_messages: int,
        max_ns: int,
    ) -> DrainResult:
        """Take messages until none is left or a bound is reached.

        Args:
            socket: A socket of this thread.
            socket_id: Its number.
            max_messages: Messages at most.
            max_ns: Time at most, in ns.

        Raises:
            zmq.ZMQError: ``recv`` failed for another reason than EAGAIN or EFSM; what had been
                taken before is stored.
        """
        ...


class PlainDrain:
    """``recv`` in a loop: works everywhere, at Python's pace.

    Args:
        store: Where rows go.
        offset_ns: Capture clock minus monotonic clock, in ns.
    """

    name = "plain"

    def __init__(self, store: CaptureStore, offset_ns: int) -> None:
        self._store = store
        self._offset_ns = offset_ns

    def drain(
        self,
        socket: zmq.Socket[bytes],
        socket_id: SocketId,
        max_messages: int,
        max_ns: int,
    ) -> DrainResult:
        """See ``Drain.drain``."""
        frames: list[zmq.Frame] = []
        counts: list[int] = []
        times: list[int] = []
        emptied = False
        try:
            emptied = _receive(socket, frames, counts, times, max_messages, max_ns)
        finally:
            # Also when recv failed: frames that were received are never lost.
            refused = self._commit(socket_id, frames, counts, times)
        return DrainResult(len(counts), refused, emptied)

    def _commit(
        self, socket_id: SocketId, frames: list[zmq.Frame], counts: list[int], times: list[int]
    ) -> int:
        if not counts:
            return 0
        return self._store.append(
            Batch(
                socket_id,
                Direction.RECEIVED,
                np.array(times, np.int64) + self._offset_ns,
                np.array(counts, np.uint32),
                np.fromiter(map(len, frames), np.uint32, len(frames)),
                # One frame, perhaps of hundreds of megabytes, needs no copy in between.
                frames[0].buffer
                if len(frames) == 1
                else b"".join(cast("list[bytes]", frames)),  # a Frame is a buffer
            )
        )


def _receive(
    socket: zmq.Socket[bytes],
    frames: list[zmq.Frame],
    counts: list[int],
    times: list[int],
    max_messages: int,
    max_ns: int,
) -> bool:
    """Fill the three lists; True when the socket has nothing more for now.

    Frames are not copied: a frame knows for itself whether more follow, and asking the socket
    (``RCVMORE``) costs more than everything else.
    """
    recv, now, dontwait = socket.recv, time.monotonic_ns, zmq.DONTWAIT
    deadline = now() + max_ns
    room = _MAX_PASS_BYTES
    for _ in range(max_messages):
        try:
            frame = recv(dontwait, copy=False)
        except zmq.Again:
            return True
        except zmq.ZMQError as error:
            if error.errno == zmq.EFSM:  # REQ or REP out of turn: nothing to take until we sent
                return True
            raise
        arrived = now()
        frames.append(frame)
        room -= len(frame)
        count = 1
        # The rest of a multipart message is there as soon as its first frame is (zmq_msg_recv).
        while frame.more:
            frame = recv(0, copy=False)
            frames.append(frame)
            room -= len(frame)
            count += 1
        counts.append(count)
        times.append(arrived)
        if arrived >= deadline or room <= 0:
            return False
    return False
