"""Totals for each socket and direction. Written by the engine thread, read by any."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.types import Direction, SocketId, Turn


@dataclass(slots=True)
class Totals:
    """Messages, frames and payload bytes since the socket was made."""

    messages: int = 0
    frames: int = 0
    bytes: int = 0

    def add(self, messages: int, frames: int, size: int) -> None:
        """Count a batch; ``size`` in bytes."""
        self.messages += messages
        self.frames += frames
        self.bytes += size


class SocketCounters:
    """The live figures of one socket.

    Attributes:
        received: What came in.
        sent: What libzmq took from us.
        turn: Whose turn it is, for REQ and REP.
    """

    __slots__ = ("received", "sent", "turn")

    def __init__(self) -> None:
        self.received = Totals()
        self.sent = Totals()
        self.turn = Turn.FREE

    def of(self, direction: Direction) -> Totals:
        """The totals of one direction."""
        return self.received if direction is Direction.RECEIVED else self.sent


class CounterTable:
    """Live figures of every socket that ever was, and of all together."""

    def __init__(self) -> None:
        self._sockets: dict[SocketId, SocketCounters] = {}
        self.total = Totals()

    def of(self, socket_id: SocketId) -> SocketCounters:
        """The figures of a socket, made at first use."""
        counters = self._sockets.get(socket_id)
        if counters is None:
            counters = self._sockets.setdefault(socket_id, SocketCounters())
        return counters
