"""What a socket of each type says to its peer and hears of it, with nothing missing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.rig import EngineRig
from zmqscope.core.types import Direction, Message, RequestId, Role, SocketId, SocketType, Turn
from zmqscope.engine import commands as cmd

COUNT = 20
"""Numbered messages each way."""

TOPIC = b"EURUSD"
PEER_NAME = b"peer-1"

_PATIENCE_S = 0.003
"""For an answer of a peer before the engine goes on, or a next probe is sent."""

_BESIDE = {
    # Prefixes match, so only what is shorter than the topic or another one stays away.
    SocketType.PUB: (b"EUR", b"other"),
    SocketType.XPUB: (b"EUR", b"other"),
    # Groups match as a whole (RFC 48).
    SocketType.RADIO: (b"EUR", b"EURUSD1", b"other"),
}
_FITS = {
    SocketType.PUB: (TOPIC, TOPIC + b"1"),
    SocketType.XPUB: (TOPIC, TOPIC + b"1"),
    SocketType.RADIO: (TOPIC,),
}
"""What a subscriber to the topic, or a DISH in the group of that name, has to get."""

_PUBLISHER = {
    SocketType.SUB: SocketType.PUB,
    SocketType.XSUB: SocketType.XPUB,
    SocketType.DISH: SocketType.RADIO,
}
_LATER = {
    SocketType.SUB: b"USDJPY",
    SocketType.XSUB: b"USDJPY",
    # The beginning of the one that is left: its twin, a SUB, would let that through.
    SocketType.DISH: b"EUR",
}
"""Subscribed to, or joined, in place of the topic while the socket is open."""
_numbers = itertools.count(1_000_000)


class Peer(Protocol):
    """Who is at the other end: see ``tests/peers/session.py``."""

    def do(self, what: str, **details: object) -> None:
        """Give it a command."""
        ...

    def say(self, *frames: bytes, to_last: bool = False) -> None:
        """Have it send one message."""
        ...

    def fact(self, timeout_s: float = 0.0) -> dict[str, Any] | None:
        """The next thing that it tells."""
        ...

    def finish(self) -> dict[str, Any]:
        """Its summary."""
        ...


def numbered(number: int) -> bytes:
    """A payload with a sequence number, as the peers check it."""
    return number.to_bytes(8) + bytes(24)


class Meeting:
    """Our socket and its peer, once both are open.

    Args:
        rig: The engine.
        socket_id: Our socket.
        role: What it does.
        peer: The peer.
        peer_address: Where the peer is bound; empty if it is not.
        peer_filters: Whether it sends only what we want if it publishes.
    """

    def __init__(
        self,
        rig: EngineRig,
        socket_id: SocketId,
        role: Role,
        peer: Peer,
        peer_address: str = "",
        peer_filters: bool = True,
    ) -> None:
        self.rig = rig
        self.socket_id = socket_id
        self.role = role
        self.peer = peer
        self.peer_address = peer_address
        self.peer_filters = peer_filters
        self.counters = rig.store.counters.of(socket_id)
        self._given = 0
        self._taken = 0

    @property
    def kind(self) -> SocketType:
        """The type of our socket."""
        return self.rig.snapshots[self.socket_id].spec.type

    def until_connected(self) -> None:
        """Wait for the peer."""
        self.rig.until(lambda: self.rig.snapshots[self.socket_id].peer_count == 1)

    def heard(self) -> list[Message]:
        """What our socket has received."""
        messages = self.rig.messages(self.socket_id)
        return [message for message in messages if message.direction is Direction.RECEIVED]

    def until_heard(self, *frames: bytes) -> None:
        """Wait until the newest message is this one."""

        def is_there() -> bool:
            heard = self.heard()
            return bool(heard) and heard[-1].frames == frames

        self.rig.until(is_there)

    # ---- from the peer ----------------------------------------------------------------------

    def take(self, *prefix: bytes, to_last: bool = False, count: int = COUNT) -> list[Message]:
        """Have the peer send; every message has to come, once and in order."""

        def of_peer() -> list[Message]:
            return [each for each in self.heard() if len(each.frames[-1]) >= 8]

        self.peer.do("send", count=count, prefix=[p.hex() for p in prefix], to_last=to_last)
        self.rig.until(lambda: len(of_peer()) >= self._taken + count)
        new = of_peer()[self._taken :]
        numbers = [int.from_bytes(each.frames[-1][:8]) for each in new]
        assert numbers == list(range(self._taken, self._taken + count))
        self._taken += count
        return new

    def probe_peer(self, topic: bytes) -> None:
        """Have the peer publish until something of it comes, and then until all of it is in."""
        before = len(self.heard())

        def has_come() -> bool:
            self.peer.say(topic, b"probe")
            return len(self.heard()) > before

        self.rig.until(has_come)
        self.peer.say(topic, b"end")
        self.until_heard(topic, b"end")

    # ---- to the peer ------------------------------------------------------------------------

    def give(self, *prefix: bytes, count: int = COUNT) -> None:
        """Send; each message has to be accepted and to reach the peer."""
        ids = [self.post(*prefix, numbered(self._given + n)) for n in range(count)]
        self._given += count
        self.rig.until(lambda: ids[-1] in self.rig.reports)
        assert [self.rig.reports[i].problem for i in ids if not self.rig.reports[i].accepted] == []
        self.peer.do("await", count=self._given)
        self.until_told()

    def post(self, *frames: bytes) -> RequestId:
        """Have our socket send a message, without a wait."""
        request_id = RequestId(next(_numbers))
        self.rig.post(cmd.SendMessage(request_id, self.socket_id, frames))
        return request_id

    def until_told(self, probe: Callable[[], object] = lambda: None) -> None:
        """Wait until the peer tells what it was asked for.

        Args:
            probe: What to do over and over until then.
        """

        def has_told() -> bool:
            probe()
            return self.peer.fact(_PATIENCE_S) is not None

        self.rig.until(has_told)

    def probe(self, first: bytes) -> None:
        """Send until something of it reaches the peer.

        Args:
            first: A topic that the peer wants, its group, or its address.
        """
        self.peer.do("await", count=1, any=True)
        self.until_told(lambda: self.post(first, b"probe"))


# ---- a talk for each type --------------------------------------------------------------------


def talk_as_equal(meeting: Meeting) -> None:
    """Both ways."""
    meeting.until_connected()
    meeting.take()
    meeting.give()


def talk_to_router(meeting: Meeting) -> None:
    """To one who learns our routing id from it; then back."""
    meeting.until_connected()
    meeting.give()
    meeting.take(to_last=True)


def talk_as_router(meeting: Meeting) -> None:
    """From a DEALER with a name, whole envelopes; and back to that name."""
    messages = meeting.take(b"", b"order")
    assert {message.frames[:3] for message in messages} == {(PEER_NAME, b"", b"order")}
    meeting.give(PEER_NAME, b"", b"head")


def talk_as_server(meeting: Meeting) -> None:
    """From a CLIENT, and back to the routing id that came with it (RFC 41)."""
    messages = meeting.take()
    assert {len(message.frames) for message in messages} == {2}
    (routing_id,) = {message.frames[0] for message in messages}
    meeting.give(routing_id)


def talk_as_peer(meeting: Meeting) -> None:
    """Whoever connects knows whom it connects to, and speaks first."""
    meeting.until_connected()
    if meeting.role is Role.CONNECT:
        routing_id = id_of_peer(meeting.rig)
        meeting.give(routing_id)
        messages = meeting.take(to_last=True)
    else:
        messages = meeting.take(to_last=True)
        routing_id = messages[0].frames[0]
    assert {message.frames[:-1] for message in messages} == {(routing_id,)}
    meeting.give(routing_id)


def id_of_peer(rig: EngineRig) -> bytes:
    """What the engine told of the peer that a PEER connects to."""
    (text,) = {notice.text for notice in rig.notices if "has the routing id" in notice.text}
    return text.removesuffix(".").rpartition(" ")[2].encode()


def talk_as_puller(meeting: Meeting) -> None:
    """Frames in front stay as they are; a GATHER knows none."""
    prefix = () if meeting.kind is SocketType.GATHER else (b"", b"head")
    messages = meeting.take(*prefix)
    assert {message.frames[:-1] for message in messages} == {prefix}


def talk_as_pusher(meeting: Meeting) -> None:
    """The same the other way."""
    meeting.until_connected()
    meeting.give(*(() if meeting.kind is SocketType.SCATTER else (b"", b"head")))


def talk_as_publisher(meeting: Meeting) -> None:
    """To a subscriber: what it wants, and nothing else."""
    kind = meeting.kind
    if kind is SocketType.XPUB:
        meeting.peer.say(b"\x01" + TOPIC)
        meeting.until_heard(b"\x01" + TOPIC)
    meeting.probe(TOPIC)
    for topic in _BESIDE[kind]:
        meeting.post(topic, b"beside")
    for topic in _FITS[kind]:
        meeting.give(topic)


def talk_as_subscriber(meeting: Meeting) -> None:
    """From a publisher: what is wanted, and nothing else; then something else is wanted."""
    meeting.probe_peer(TOPIC)
    publisher, later = _PUBLISHER[meeting.kind], _LATER[meeting.kind]
    for topic in _BESIDE[publisher]:
        meeting.peer.say(topic, b"beside")
    for topic in _FITS[publisher]:
        messages = meeting.take(topic)
        assert {message.frames[0] for message in messages} == {topic}
    meeting.rig.change(cmd.Unsubscribe(meeting.socket_id, TOPIC))
    meeting.rig.change(cmd.Subscribe(meeting.socket_id, later))
    # In this order they travel too: when the new one works, the old one is gone.
    meeting.probe_peer(later)
    for topic in {*_FITS[publisher], *_BESIDE[publisher]} - {later}:
        meeting.peer.say(topic, b"beside")
    messages = meeting.take(later)
    assert {message.frames[0] for message in messages} == {later}
    # All others filter for themselves too; an XSUB shows whatever it is sent.
    if meeting.peer_filters or meeting.kind is not SocketType.XSUB:
        assert b"beside" not in {message.frames[-1] for message in meeting.heard()}


def talk_as_requester(meeting: Meeting) -> None:
    """In turns, with an answer for each request."""
    meeting.until_connected()
    for _ in range(COUNT):
        meeting.give(b"ask", count=1)
        assert meeting.counters.turn is Turn.AWAITS_REPLY
        (answer,) = meeting.take(b"answer", count=1)
        assert answer.frames[0] == b"answer"
        meeting.rig.until(lambda: meeting.counters.turn is Turn.MAY_SEND)


def talk_as_replier(meeting: Meeting) -> None:
    """The same as the other side."""
    for _ in range(COUNT):
        (request,) = meeting.take(b"ask", count=1)
        assert request.frames[0] == b"ask"
        meeting.rig.until(lambda: meeting.counters.turn is Turn.HOLDS_REQUEST)
        meeting.give(b"answer", count=1)


def talk_as_stream(meeting: Meeting) -> None:
    """Raw bytes both ways; a connection itself arrives as an empty message on each side."""
    meeting.rig.until(meeting.heard)
    routing_id, empty = meeting.heard()[0].frames
    assert empty == b""
    meeting.peer.do("await", count=1, any=True)
    meeting.until_told()
    meeting.peer.say(b"GET / HTTP/1.0\r\n\r\n", to_last=True)
    meeting.until_heard(routing_id, b"GET / HTTP/1.0\r\n\r\n")
    meeting.give(routing_id, count=1)


def talk_as_dgram(meeting: Meeting) -> None:
    """Both ways; the first frame is the other's address."""
    own = meeting.rig.address(meeting.socket_id).removeprefix("udp://").encode()
    other = meeting.peer_address.removeprefix("udp://").encode()
    # libzmq's own thread opens the port, some time after zmq_bind has returned.
    meeting.probe(other)
    meeting.give(other)
    messages = meeting.take(own)
    assert {message.frames[:-1] for message in messages} == {(other,)}


def assert_all_there(meeting: Meeting) -> None:
    """End the peer: nothing that it got or sent is missing, was refused, or not meant for it."""
    summary, topics = meeting.peer.finish(), _FITS.get(meeting.kind)
    counts = {key: summary[key] for key in ("missing", "misordered", "refused", "unsent")}
    assert counts == dict.fromkeys(counts, 0)
    if topics is not None:
        heard = {bytes.fromhex(frames[0]) for frames in summary["messages"]}
        assert heard == set(topics)


@dataclass(frozen=True, slots=True)
class Talk:
    """How a type is tried.

    Attributes:
        run: The talk.
        ours: What the spec of our socket has besides.
        arguments: What the peer's command line has besides.
    """

    run: Callable[[Meeting], None]
    ours: str = ""
    arguments: tuple[str, ...] = ()


_SUBSCRIBES = ("--subscribe", TOPIC.hex())
_JOINS = ("--group", TOPIC.hex())
_NAMED = ("--identity", PEER_NAME.decode())

TALKS = {
    SocketType.PAIR: Talk(talk_as_equal),
    SocketType.PUB: Talk(talk_as_publisher, arguments=_SUBSCRIBES),
    SocketType.SUB: Talk(talk_as_subscriber, f",topic={TOPIC.decode()}"),
    SocketType.REQ: Talk(talk_as_requester),
    SocketType.REP: Talk(talk_as_replier),
    SocketType.DEALER: Talk(talk_to_router),
    SocketType.ROUTER: Talk(talk_as_router, arguments=_NAMED),
    SocketType.PULL: Talk(talk_as_puller),
    SocketType.PUSH: Talk(talk_as_pusher),
    SocketType.XPUB: Talk(talk_as_publisher),
    SocketType.XSUB: Talk(talk_as_subscriber, f",topic={TOPIC.decode()}"),
    SocketType.STREAM: Talk(talk_as_stream),
    SocketType.SERVER: Talk(talk_as_server),
    SocketType.CLIENT: Talk(talk_to_router),
    SocketType.RADIO: Talk(talk_as_publisher, arguments=_JOINS),
    SocketType.DISH: Talk(talk_as_subscriber, f",group={TOPIC.decode()}"),
    SocketType.GATHER: Talk(talk_as_puller),
    SocketType.SCATTER: Talk(talk_as_pusher),
    SocketType.DGRAM: Talk(talk_as_dgram),
    SocketType.PEER: Talk(talk_as_peer),
    SocketType.CHANNEL: Talk(talk_as_equal),
}
"""A talk for each type of our socket."""
