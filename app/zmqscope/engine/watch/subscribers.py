"""Who wants what of a PUB, XPUB or RADIO, from the subscriptions that it reads. Loop thread.

With ``ZMQ_XPUB_VERBOSER`` libzmq hands up each subscription and each end of one, also those that
end because their peer leaves; only the latter do not say whose they were. So how many want a topic
is counted by messages alone, and who they are by messages and by who leaves. Bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from zmqscope.core.peers import MOST_SHOWN, PeerId, PeerSubscription

MOST_TOPICS = 10_000
LONGEST_TOPIC = 1_024
MOST_PAIRS = 200_000
_SUBSCRIBE, _CANCEL = b"\x01", b"\x00"


@dataclass(slots=True, eq=False)
class _Want:
    since_ns: int
    count: int = 0
    peers: dict[PeerId, None] = field(default_factory=dict)
    told: PeerSubscription | None = None


class Subscribers:
    """The subscriptions of one publishing socket's peers.

    Args:
        is_told_all: Whether libzmq hands up repeated subscriptions and ends of some, too; else only
            the first of a topic, and the end of its last.
        now_ns: The capture clock.

    Attributes:
        left_out: Subscriptions that found no room.
    """

    def __init__(self, is_told_all: bool, now_ns: Callable[[], int]) -> None:
        self._is_told_all = is_told_all
        self._now_ns = now_ns
        self._wants: dict[bytes, _Want] = {}
        self._of_peer: dict[PeerId, set[bytes]] = {}
        self._pairs = 0
        self._told: tuple[PeerSubscription, ...] | None = ()
        self.left_out = 0

    def note(self, frame: bytes, peer_id: PeerId | None) -> bool:
        """A frame was read; whether it is a subscription or the end of one.

        Args:
            frame: As XPUB hands it up (RFC 29).
            peer_id: Whose it is; None if that is not known.
        """
        kind, topic = frame[:1], frame[1:]
        if kind == _SUBSCRIBE:
            self._add(topic, peer_id)
        elif kind == _CANCEL:
            self._take(topic, peer_id)
        else:
            return False
        return True

    def _add(self, topic: bytes, peer_id: PeerId | None) -> None:
        want = self._wants.get(topic)
        if want is None:
            if len(self._wants) >= MOST_TOPICS or len(topic) > LONGEST_TOPIC:
                self.left_out += 1
                return
            want = self._wants[topic] = _Want(self._now_ns())
        if peer_id is not None:
            if peer_id in want.peers:
                return  # the same peer once more: for libzmq, too, that is one
            if self._pairs < MOST_PAIRS:
                want.peers[peer_id] = None
                self._of_peer.setdefault(peer_id, set()).add(topic)
                self._pairs += 1
        want.count += 1
        self._changed(want)

    def _take(self, topic: bytes, peer_id: PeerId | None) -> None:
        want = self._wants.get(topic)
        if want is None:
            return
        if not self._is_told_all:
            want.count = 0
            for each in list(want.peers):
                self._part(each, topic, want)
        elif peer_id is None:
            want.count -= 1
        elif peer_id in want.peers:
            self._part(peer_id, topic, want)
            want.count -= 1
        elif self._pairs >= MOST_PAIRS:
            want.count -= 1
        self._changed(want)
        self._drop_if_unwanted(topic, want)

    def left(self, peer_id: PeerId) -> None:
        """A peer has left; libzmq ends its subscriptions by messages that name nobody."""
        for topic in self._of_peer.pop(peer_id, ()):
            want = self._wants.get(topic)
            if want is not None and peer_id in want.peers:
                del want.peers[peer_id]
                self._pairs -= 1
                if not self._is_told_all:
                    want.count = max(1, want.count - 1)  # of its last one libzmq will tell
                self._changed(want)
                self._drop_if_unwanted(topic, want)

    def _part(self, peer_id: PeerId, topic: bytes, want: _Want) -> None:
        del want.peers[peer_id]
        self._pairs -= 1
        topics = self._of_peer.get(peer_id)
        if topics is not None:
            topics.discard(topic)
            if not topics:
                del self._of_peer[peer_id]

    def _drop_if_unwanted(self, topic: bytes, want: _Want) -> None:
        if want.count <= 0 and not want.peers:
            del self._wants[topic]

    def _changed(self, want: _Want) -> None:
        want.told = None
        self._told = None

    def told(self) -> tuple[PeerSubscription, ...]:
        """All of them, in the order in which they came; the same objects while nothing changes."""
        if self._told is None:
            self._told = tuple(self._tell(topic, want) for topic, want in self._wants.items())
        return self._told

    def _tell(self, topic: bytes, want: _Want) -> PeerSubscription:
        if want.told is None:
            peers = tuple(want.peers)[:MOST_SHOWN]
            count = max(want.count, len(want.peers))
            want.told = PeerSubscription(topic, peers, count, want.since_ns)
        return want.told
