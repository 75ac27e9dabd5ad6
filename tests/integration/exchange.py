"""Numbered messages between the engine and a peer in another process, checked one by one."""

from __future__ import annotations

from collections.abc import Callable

from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.types import Direction, Message, RequestId, SocketId, Turn
from zmqscope.engine import commands as cmd

COUNT = 300
"""Messages each way: fewer than a high-water mark of 1,000, so that nothing has to wait."""

TOPIC = b"EURUSD"
PEER_NAME = b"peer-1"


def received(rig: EngineRig, socket_id: SocketId) -> list[Message]:
    """What a socket received, without what is no numbered message."""
    return [
        message
        for message in rig.messages(socket_id)
        if message.direction is Direction.RECEIVED and len(message.frames[-1]) >= 8
    ]


def numbers(messages: list[Message]) -> list[int]:
    """Their sequence numbers."""
    return [int.from_bytes(message.frames[-1][:8]) for message in messages]


def numbered(number: int) -> bytes:
    """A payload with a sequence number, as the peers check it."""
    return number.to_bytes(8) + bytes(24)


def until_peers(rig: EngineRig, socket_id: SocketId, count: int = 1) -> None:
    """Wait until a socket has so many peers."""
    rig.until(lambda: rig.snapshots[socket_id].peer_count == count)


def until_fact(rig: EngineRig, peer: PeerProcess, key: str, probe: Callable[[], object]) -> int:
    """Keep the engine going until a peer says something; ``probe`` is called at each step."""
    facts: list[int] = []

    def said() -> bool:
        probe()
        fact = peer.fact()
        if fact is not None:
            facts.append(fact[key])
        return bool(facts)

    rig.until(said)
    return facts[0]


def take_from_peer(
    rig: EngineRig,
    socket_id: SocketId,
    peer: PeerProcess,
    prefix: tuple[bytes, ...] = (),
    to_last: bool = False,
) -> list[Message]:
    """Have a peer send; every message must arrive, once and in order."""
    before = len(received(rig, socket_id))
    total = rig.store.counters.of(socket_id).received.messages + COUNT
    peer.do("send", count=COUNT, prefix=[p.hex() for p in prefix], to_last=to_last)
    rig.until(lambda: rig.store.counters.of(socket_id).received.messages >= total)
    messages = received(rig, socket_id)[before:]
    first = numbers(messages)[0]
    assert numbers(messages) == list(range(first, first + COUNT))
    return messages


def give_to_peer(
    rig: EngineRig,
    socket_id: SocketId,
    peer: PeerProcess,
    prefix: tuple[bytes, ...] = (),
    start: int = 0,
) -> None:
    """Send to a peer; libzmq must take every message, and the peer must get it."""
    ids = [RequestId(1_000_000 + number) for number in range(start, start + COUNT)]
    for request_id in ids:
        number = request_id - 1_000_000
        rig.post(cmd.SendMessage(request_id, socket_id, (*prefix, numbered(number))))
    rig.until(lambda: ids[-1] in rig.reports)
    refused = [rig.reports[i].problem for i in ids if not rig.reports[i].accepted]
    assert refused == []
    peer.do("await", count=start + COUNT)
    until_fact(rig, peer, "received", lambda: None)


def subscribe_by_probe(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """Send from the engine's PUB until its subscriber gets something."""
    peer.do("await", count=1, any=True)
    until_fact(rig, peer, "received", lambda: rig.send(socket_id, TOPIC, b"probe"))


def probe_from_peer(
    rig: EngineRig, socket_id: SocketId, peer: PeerProcess, topic: bytes = TOPIC
) -> None:
    """Have a peer's PUB send until the engine's subscriber gets something; then until all is in."""
    before = rig.store.counters.of(socket_id).received.messages
    said = 0

    def arrived() -> bool:
        nonlocal said
        peer.say(topic, b"probe")
        said += 1
        return rig.store.counters.of(socket_id).received.messages > before

    rig.until(arrived)
    # What it says last ends the probing: everything said before has come by then.
    peer.say(topic, b"end")
    rig.until(lambda: rig.messages(socket_id)[-1].frames[-1] == b"end")


# ---- a conversation for each type ------------------------------------------------------------


def talk_pair(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """Both ways."""
    until_peers(rig, socket_id)
    take_from_peer(rig, socket_id, peer)
    give_to_peer(rig, socket_id, peer)


def talk_pub(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """To a subscriber."""
    subscribe_by_probe(rig, socket_id, peer)
    give_to_peer(rig, socket_id, peer, (TOPIC,))


def talk_sub(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """From a publisher; other topics stay away."""
    probe_from_peer(rig, socket_id, peer)
    peer.say(b"other", numbered(0))
    messages = take_from_peer(rig, socket_id, peer, (TOPIC,))
    assert {message.frames[0] for message in messages} == {TOPIC}


def talk_req(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """Requests in lock step, each answered with itself."""
    counters = rig.store.counters.of(socket_id)
    until_peers(rig, socket_id)
    for number in range(50):
        assert rig.send(socket_id, b"ask", numbered(number)).accepted
        rig.until(lambda: counters.turn is Turn.MAY_SEND)
    answers = received(rig, socket_id)
    assert numbers(answers) == list(range(50))
    assert {answer.frames[0] for answer in answers} == {b"ask"}


def talk_rep(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """Answers requests, one after the other."""
    counters = rig.store.counters.of(socket_id)
    peer.do("send", count=50)
    peer.do("await", count=50)
    for number in range(50):
        rig.until(lambda: counters.turn is Turn.HOLDS_REQUEST)
        assert rig.send(socket_id, numbered(number)).accepted
    until_fact(rig, peer, "received", lambda: None)
    assert numbers(received(rig, socket_id)) == list(range(50))


def talk_dealer(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """To a ROUTER, which learns our routing id from it; then back."""
    until_peers(rig, socket_id)
    give_to_peer(rig, socket_id, peer)
    take_from_peer(rig, socket_id, peer, to_last=True)


def talk_router(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """From a DEALER with a name, and back to that name."""
    messages = take_from_peer(rig, socket_id, peer, (b"order",))
    assert {message.frames[:2] for message in messages} == {(PEER_NAME, b"order")}
    give_to_peer(rig, socket_id, peer, (PEER_NAME,))


def talk_pull(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """From a PUSH."""
    messages = take_from_peer(rig, socket_id, peer, (b"", b"head"))
    assert {message.frames[:2] for message in messages} == {(b"", b"head")}


def talk_push(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """To a PULL."""
    until_peers(rig, socket_id)
    give_to_peer(rig, socket_id, peer, (b"head",))


def talk_xpub(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """To an XSUB, whose subscription arrives as a message."""
    peer.say(b"\x01" + TOPIC)
    rig.until(lambda: rig.store.counters.of(socket_id).received.messages > 0)
    assert rig.messages(socket_id)[0].frames == (b"\x01" + TOPIC,)
    give_to_peer(rig, socket_id, peer, (TOPIC,))


def talk_stream(rig: EngineRig, socket_id: SocketId, peer: PeerProcess) -> None:
    """Raw bytes both ways; the connection itself arrives as an empty message."""
    rig.until(lambda: rig.store.counters.of(socket_id).received.messages > 0)
    routing_id, empty = rig.messages(socket_id)[0].frames
    assert empty == b""
    peer.do("await", count=1, any=True)  # its own empty message: now it knows our routing id
    until_fact(rig, peer, "received", lambda: None)
    peer.say(b"GET / HTTP/1.0\r\n\r\n", to_last=True)
    rig.until(lambda: rig.messages(socket_id)[-1].frames == (routing_id, b"GET / HTTP/1.0\r\n\r\n"))
    assert rig.send(socket_id, routing_id, numbered(0)).accepted
    peer.do("await", count=1)
    until_fact(rig, peer, "received", lambda: None)


TALKS = {
    "PAIR": ("PAIR", talk_pair),
    "PUB": ("SUB", talk_pub),
    "SUB": ("PUB", talk_sub),
    "REQ": ("REP", talk_req),
    "REP": ("REQ", talk_rep),
    "DEALER": ("ROUTER", talk_dealer),
    "ROUTER": ("DEALER", talk_router),
    "PULL": ("PUSH", talk_pull),
    "PUSH": ("PULL", talk_push),
    "XPUB": ("XSUB", talk_xpub),
    "XSUB": ("XPUB", talk_sub),
    "STREAM": ("STREAM", talk_stream),
}
"""Each type of the engine's socket, its peer's type, and what they say."""

PEER_ARGUMENTS = {
    "PUB": ("--subscribe", TOPIC.hex()),
    "REQ": ("--echo",),
    "ROUTER": ("--identity", PEER_NAME.decode()),
}
"""What the peer needs besides, by the type of the engine's socket."""
