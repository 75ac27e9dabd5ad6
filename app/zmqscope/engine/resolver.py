"""Looks host names up before libzmq does: libzmq would block its I/O thread, and say nothing.

One daemon thread, made at the first name; requests and answers are bounded.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections import deque
from dataclasses import dataclass

from zmqscope.core.types import Endpoint, SocketId

_MAX_WAITING = 256


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """What became of a look-up.

    Attributes:
        socket_id: Who asked.
        endpoint: For which endpoint.
        addresses: IP addresses; empty when it failed.
        reason: The resolver's words when it failed.
    """

    socket_id: SocketId
    endpoint: Endpoint
    addresses: frozenset[str]
    reason: str = ""


class Resolver:
    """Asked and read by the loop's thread."""

    def __init__(self) -> None:
        self._questions: queue.Queue[tuple[SocketId, Endpoint, str] | None] = queue.Queue(
            _MAX_WAITING
        )
        self._answers: deque[NameAnswer] = deque()
        self._open = 0
        self._thread: threading.Thread | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether answers are still to come."""
        return self._open > 0

    def ask(self, socket_id: SocketId, endpoint: Endpoint, host: str) -> bool:
        """Look a host up; False when too many questions are waiting already."""
        if self._thread is None:
            # A look-up can hang for as long as the system likes; quitting must not wait for it.
            self._thread = threading.Thread(target=self._run, name="zmqscope-resolver", daemon=True)
            self._thread.start()
        try:
            self._questions.put_nowait((socket_id, endpoint, host))
        except queue.Full:
            return False
        self._open += 1
        return True

    def answers(self) -> list[NameAnswer]:
        """Answers that have come since the last call."""
        found: list[NameAnswer] = []
        while self._answers:
            found.append(self._answers.popleft())
        self._open -= len(found)
        return found

    def close(self, timeout_s: float = 0.2) -> None:
        """Let the thread end; give up on it when a look-up hangs."""
        if self._thread is None:
            return
        try:
            self._questions.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (question := self._questions.get()) is not None:
            socket_id, endpoint, host = question
            try:
                found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
                answer = NameAnswer(socket_id, endpoint, frozenset(str(i[4][0]) for i in found))
            except (OSError, UnicodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                answer = NameAnswer(socket_id, endpoint, frozenset(), reason or "no answer")
            self._answers.append(answer)
