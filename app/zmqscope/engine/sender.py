"""Sends messages without ever blocking, and captures what libzmq took. Loop thread."""

from __future__ import annotations

import numpy as np
import zmq

from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import topic_rule
from zmqscope.core.clock import CaptureClock
from zmqscope.core.types import Direction, Problem, SocketSpec, SocketType, Turn
from zmqscope.engine.reasons import delivery_warning, frames_problem, send_problem
from zmqscope.engine.sockets import ManagedSocket

SKIPS_THE_REST = (SocketType.PUSH, SocketType.DEALER)
"""Types on which the rest of a message must follow a frame that failed; see ``send_frames``."""

_NOT_YET = Problem(
    "This socket is not open yet: the secret of its lock is being read.", "Send again in a moment."
)


class Sender:
    """Takes frames to libzmq and rows to the store.

    Args:
        store: Where sent messages are captured.
        clock: The capture clock.

    Attributes:
        refused_with: Why libzmq did not take the last message, as errno; 0 if it was not asked, or
            took it.
    """

    def __init__(self, store: CaptureStore, clock: CaptureClock) -> None:
        self._store = store
        self._clock = clock
        self.refused_with = 0

    def send(
        self, managed: ManagedSocket, frames: tuple[bytes, ...], peers: int
    ) -> tuple[bool, Problem | None]:
        """Send one message now or say why not.

        Args:
            managed: The socket.
            frames: All frames.
            peers: Peers connected now, inproc ones included.

        Returns:
            Whether libzmq took it; the reason if not, or a warning if nobody is there.
        """
        spec = managed.spec
        self.refused_with = 0
        if managed.is_opening:
            return False, _NOT_YET
        if managed.socket is None:
            return False, managed.why_not_open()
        problem = frames_problem(spec, frames)
        if problem is not None:
            return False, problem
        try:
            send_frames(managed.socket, spec.type, frames)
        except zmq.ZMQError as error:
            self.refused_with = error.errno or 0
            return False, send_problem(spec, peers, error)
        self._capture(managed, frames)
        self._advance_turn(managed.spec, managed)
        return True, delivery_warning(spec, peers, frames)

    def _capture(self, managed: ManagedSocket, frames: tuple[bytes, ...]) -> None:
        self._store.append(
            Batch(
                managed.socket_id,
                Direction.SENT,
                np.array([self._clock.now_ns()], np.int64),
                np.array([len(frames)], np.uint32),
                np.fromiter(map(len, frames), np.uint32, len(frames)),
                frames[0] if len(frames) == 1 else b"".join(frames),
                topic_rule(managed.spec.type),
            )
        )

    def _advance_turn(self, spec: SocketSpec, managed: ManagedSocket) -> None:
        counters = self._store.counters.of(managed.socket_id)
        if spec.type is SocketType.REQ:
            counters.turn = Turn.AWAITS_REPLY
        elif spec.type is SocketType.REP:
            counters.turn = Turn.AWAITS_REQUEST


def send_frames(
    socket: zmq.Socket[bytes], socket_type: SocketType, frames: tuple[bytes, ...]
) -> None:
    """Send one message without waiting.

    Args:
        socket: Where to.
        socket_type: Its type.
        frames: At least one.

    Raises:
        zmq.ZMQError: It was not taken.
    """
    last = len(frames) - 1
    for index, frame in enumerate(frames):
        try:
            socket.send(frame, zmq.DONTWAIT | (zmq.SNDMORE if index < last else 0))
        except zmq.ZMQError:
            # The peer left in mid-message. libzmq drops what follows up to the last frame
            # (lb.cpp), so that must come, or the next message would be dropped in its place.
            if index and socket_type in SKIPS_THE_REST:
                for rest in range(index + 1, last + 1):
                    socket.send(frames[rest], zmq.DONTWAIT | (zmq.SNDMORE if rest < last else 0))
            raise
