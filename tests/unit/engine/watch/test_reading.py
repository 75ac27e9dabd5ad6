"""Messages that are looked at one by one, and what they say of who sent them."""

from __future__ import annotations

from dataclasses import dataclass, field

import zmq

from tests.rig import MakePeer
from tests.unit.engine.watch.rig import FOREVER_NS, ID, pair
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.peers import PeerId
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Role, SocketId, SocketSpec
from zmqscope.engine.drain import Source
from zmqscope.engine.watch.peer_book import BookParts, PeerBook
from zmqscope.engine.watch.reader import store, take
from zmqscope.engine.watch.reading import Handle, Reading


@dataclass
class Managed:
    """A socket of the app, as far as it is needed."""

    spec: SocketSpec
    peers: PeerBook
    socket: Handle | None = None
    socket_id: SocketId = ID
    topic_rule: TopicRule = TopicRule.ALWAYS
    flooded: list[str] = field(default_factory=list)

    def addresses(self, role: Role) -> list[str]:
        return []

    def on_flooded(self, address: str) -> None:
        self.flooded.append(address)


def managed(capture: CaptureStore, spec: str) -> Managed:
    parts = BookParts(
        lambda: 0, capture.counters.of, lambda: True, lambda _: None, lambda _: None,
        lambda _: None, lambda _: (),
    )  # fmt: skip
    book = PeerBook(ID, parts)
    parsed = parse_spec(spec)
    book.open(parsed, True)
    return Managed(parsed, book)


def test_subscriptions_that_the_drain_has_taken_are_counted(make_peer: MakePeer) -> None:
    capture = CaptureStore(1 << 20)
    reading = Reading(capture, 0, lambda _: None)
    mine = managed(capture, "xpub:@tcp://*:1")
    pull, push = pair(make_peer, zmq.PULL, zmq.PUSH)
    for frames in ([b"\x01a"], [b"hello"], [b""], [b"\x01b"], [b"\x00a"], [b"\x01b"]):
        push.send_multipart(frames)
    assert pull.poll(60_000)
    taken = 0
    while taken < 6:
        source = Source(pull, ID, TopicRule.ALWAYS)
        taken += store(source, take(pull, 9, FOREVER_NS), capture, 0).messages
    reading.scan(mine, capture.first_row)
    subscribers = mine.peers.subscribers
    assert subscribers is not None
    assert {each.topic: each.count for each in subscribers.told()} == {b"b": 2}
    reading.scan(mine, capture.end_row)
    assert {each.topic: each.count for each in subscribers.told()} == {b"b": 2}


def test_nobody_is_named_while_the_monitor_has_more(make_peer: MakePeer) -> None:
    reading = Reading(CaptureStore(1 << 20), 0, lambda _: None)
    mine = managed(CaptureStore(1 << 20), "pub:@tcp://*:1")
    xpub, sub = pair(make_peer, zmq.XPUB, zmq.SUB)
    sub.setsockopt(zmq.SUBSCRIBE, b"a")
    assert xpub.poll(60_000)
    assert reading.read_publisher(xpub, mine, lambda _: False)
    subscribers = mine.peers.subscribers
    assert subscribers is not None
    (want,) = subscribers.told()
    assert (want.topic, want.count, want.peers) == (b"a", 1, tuple[PeerId, ...]())
