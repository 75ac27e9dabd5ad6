"""Topic prefixes of a SUB or XSUB, groups of a DISH: in libzmq as in the spec. Loop thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import zmq

from zmqscope.core.types import SocketType

_SUBSCRIBE, _CANCEL = b"\x01", b"\x00"


class Subscriptions:
    """What a socket is subscribed to, in the order in which it was asked for.

    Args:
        socket_type: The type of the socket.
        topics: What it starts with.
    """

    def __init__(self, socket_type: SocketType, topics: Iterable[bytes]) -> None:
        self._type = socket_type
        # libzmq counts: a topic subscribed to twice must be cancelled twice.
        self._counts = Counter(dict.fromkeys(topics, 1))

    @property
    def topics(self) -> tuple[bytes, ...]:
        """All prefixes; ``b""`` is everything."""
        return tuple(self._counts)

    def apply(self, socket: zmq.Socket[bytes]) -> None:
        """Tell them all to a new libzmq socket."""
        for topic in self._counts:
            self._counts[topic] = 1
            self._tell(socket, zmq.SUBSCRIBE, _SUBSCRIBE, topic)

    def add(self, socket: zmq.Socket[bytes] | None, topic: bytes) -> None:
        """Subscribe; the socket is None while it is closed."""
        if not (self._type.can_subscribe or self._type.can_join) or topic in self._counts:
            return
        self._counts[topic] = 1
        if socket is not None:
            self._tell(socket, zmq.SUBSCRIBE, _SUBSCRIBE, topic)

    def remove(self, socket: zmq.Socket[bytes] | None, topic: bytes) -> None:
        """Cancel; the socket is None while it is closed."""
        for _ in range(self._counts.pop(topic, 0)):
            if socket is not None:
                self._tell(socket, zmq.UNSUBSCRIBE, _CANCEL, topic)

    def note_sent(self, frames: tuple[bytes, ...]) -> bool:
        """An XSUB sent a message; whether that changed its subscriptions (RFC 29)."""
        if self._type is not SocketType.XSUB or len(frames) != 1:
            return False
        kind, topic = frames[0][:1], frames[0][1:]
        before = len(self._counts)
        if kind == _SUBSCRIBE:
            self._counts[topic] += 1
        elif kind == _CANCEL and topic in self._counts:
            self._counts[topic] -= 1
            if not self._counts[topic]:
                del self._counts[topic]
        return len(self._counts) != before

    def _tell(
        self, socket: zmq.Socket[bytes], option: zmq.SocketOption, command: bytes, topic: bytes
    ) -> None:
        if self._type.twin is SocketType.SUB:
            socket.set(option, topic)
        else:  # XSUB subscribes by sending 1 and the topic, and cancels with 0 (RFC 29).
            socket.send(command + topic, zmq.DONTWAIT)
