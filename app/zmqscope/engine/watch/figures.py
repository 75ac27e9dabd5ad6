"""What went over a connection, where messages can be told apart. Loop thread; no I/O."""

from __future__ import annotations

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.peers import PeerFigures
from zmqscope.core.types import Direction, SocketId, SocketType

# What they send goes to all who want it, and nobody tells who that was.
_SENDS_TO_SOME = (SocketType.PUB, SocketType.XPUB, SocketType.RADIO)


def totals_of(counters: SocketCounters) -> PeerFigures:
    """A socket's totals as they are now."""
    received, sent = counters.received, counters.sent
    return PeerFigures(received.messages, received.bytes, sent.messages, sent.bytes)


def differences(now: PeerFigures, before: PeerFigures) -> PeerFigures:
    """What has come since."""
    return PeerFigures(
        now.received_messages - before.received_messages,
        now.received_bytes - before.received_bytes,
        now.sent_messages - before.sent_messages,
        now.sent_bytes - before.sent_bytes,
    )


class RoutedFigures:
    """Figures by routing id, out of the store's topic table, for one socket.

    Args:
        topics: The table.
        socket_id: The socket.
    """

    def __init__(self, topics: TopicTable, socket_id: SocketId) -> None:
        self._topics = topics
        self._socket_id = socket_id
        self._ids: dict[tuple[Direction, bytes], int] = {}

    def of(self, routing_id: bytes) -> PeerFigures | None:
        """What was exchanged with whoever has this routing id; None if it is not counted."""
        if not self._topics.counts_alone(routing_id):
            return None
        received = self._count(Direction.RECEIVED, routing_id)
        sent = self._count(Direction.SENT, routing_id)
        return PeerFigures(*received, *sent) if self._topics.is_caught_up else None

    def _count(self, direction: Direction, routing_id: bytes) -> tuple[int, int]:
        key = (direction, routing_id)
        topic = self._ids.get(key)
        if topic is None:
            topic = self._topics.find(self._socket_id, direction, routing_id)
            if topic is None:
                return 0, 0
            self._ids[key] = topic
        return self._topics.count_of(topic)

    def forget(self, beyond: int) -> None:
        """Look up anew those that are still there, if more are known than that."""
        if len(self._ids) > beyond:
            self._ids.clear()


def sends_to_all(kind: SocketType) -> bool:
    """Whether a socket's totals say nothing of one peer, even if there is no other."""
    return kind in _SENDS_TO_SOME
