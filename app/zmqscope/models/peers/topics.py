"""What PUB, XPUB and RADIO sockets sent, against what their peers want; kept between looks.

GUI thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.peers import PeerSubscription, SocketPeers
from zmqscope.core.subscription_match import match_subscriptions
from zmqscope.core.types import Direction, SocketId
from zmqscope.models.topics.keys import TopicKeys

MOST_TOPICS = 20_000
"""Topics of one socket that are compared; a look at more would hold the window up."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What of a socket is wanted.

    Attributes:
        subscriptions: What its peers want, by topic.
        unwanted: Topics that were sent and that nobody wants, with the number of messages.
        unmatched: Subscriptions that nothing sent so far has matched.
        has_sent: Whether anything was sent at all.
    """

    subscriptions: dict[bytes, PeerSubscription]
    unwanted: dict[bytes, int]
    unmatched: frozenset[bytes]
    has_sent: bool


class DemandBook:
    """Compares again only what has changed since.

    Args:
        table: The topics that were sent.
    """

    def __init__(self, table: TopicTable) -> None:
        self._table = table
        self._keys = TopicKeys.of(table)
        self._sent: dict[SocketId, dict[bytes, int]] = {}
        self._seen: dict[SocketId, int] = {}
        self._kept: dict[SocketId, tuple[object, ...]] = {}
        self._matches: dict[SocketId, tuple[tuple[bytes, ...], frozenset[bytes]]] = {}

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone."""
        for kept in (self._sent, self._seen, self._kept, self._matches):
            kept.pop(socket_id, None)

    def demand(self, peers: SocketPeers, *, is_exact: bool, separator: int | None) -> Demand:
        """What of a socket is wanted now.

        Args:
            peers: Its peers, with subscriptions.
            is_exact: Whether they are groups.
            separator: The byte that topics end before; None if they are whole.
        """
        told = peers.subscriptions or ()
        topics = self._topics(peers.socket_id)
        state = (told, len(topics), separator)
        if self._kept.get(peers.socket_id) != state:
            found = match_subscriptions(
                topics, [one.topic for one in told], is_exact=is_exact, separator=separator
            )
            self._kept[peers.socket_id] = state
            self._matches[peers.socket_id] = (found.unwanted, frozenset(found.unmatched))
        unwanted, unmatched = self._matches[peers.socket_id]
        counts = self._table.figures(0).messages if unwanted else np.zeros(0, np.int64)
        return Demand(
            {one.topic: one for one in told},
            {topic: int(counts[topics[topic]]) for topic in unwanted},
            unmatched,
            bool(topics),
        )

    def _topics(self, socket_id: SocketId) -> dict[bytes, int]:
        """Topics that a socket sent, with their ids; only new ones are looked at."""
        sent = self._sent.setdefault(socket_id, {})
        first, stop = self._seen.get(socket_id, 0), len(self._table)
        if first < stop and len(sent) < MOST_TOPICS:
            keys = self._keys
            is_its = keys.socket[first:stop] == socket_id
            is_its &= keys.direction[first:stop] == Direction.SENT
            for topic in (first + np.flatnonzero(is_its)).tolist():
                begin = int(keys.start[topic])
                sent[keys.data[begin : begin + int(keys.size[topic])].tobytes()] = topic
                if len(sent) >= MOST_TOPICS:
                    break
        self._seen[socket_id] = stop
        return sent
