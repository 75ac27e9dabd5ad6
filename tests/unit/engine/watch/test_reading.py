"""Messages that are looked at one by one, and what they say of who sent them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import zmq

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.peers import PeerId
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Role, SocketId, SocketSpec, SocketType
from zmqscope.engine.drain import Source
from zmqscope.engine.watch.peer_book import BookParts, PeerBook
from zmqscope.engine.watch.reader import facts_of, store, take
from zmqscope.engine.watch.reading import Handle, Reading

FOREVER_NS = 10**12
ID = SocketId(1)
Make = Callable[[int], Handle]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes sockets that are closed in the end."""
    with zmq.Context() as context:
        made: list[Handle] = []

        def make_one(kind: int) -> Handle:
            made.append(context.socket(kind))
            return made[-1]

        yield make_one
        for each in made:
            each.close(0)


def pair(make: Make, left: int, right: int) -> tuple[Handle, Handle]:
    """Two connected sockets over tcp."""
    bound, connected = make(left), make(right)
    port = bound.bind_to_random_port("tcp://127.0.0.1")
    connected.connect(f"tcp://127.0.0.1:{port}")
    return bound, connected


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


def test_what_a_message_says(make: Make) -> None:
    router, dealer = make(zmq.ROUTER), make(zmq.DEALER)
    port = router.bind_to_random_port("tcp://127.0.0.1")
    dealer.setsockopt(zmq.ROUTING_ID, b"\xff\x00name")
    dealer.connect(f"tcp://127.0.0.1:{port}")
    dealer.send_multipart([b"a", b"b"])
    assert router.poll(5_000)
    taken = take(router, 10, FOREVER_NS)
    (message,) = taken.messages()
    facts = facts_of(message, routes=True)
    assert facts is not None
    assert (facts.kind, facts.identity) == (SocketType.DEALER, b"\xff\x00name")
    assert (facts.address, facts.routing_id) == ("127.0.0.1", b"\xff\x00name")
    assert facts.descriptor > 0
    assert taken.emptied


def test_over_inproc_nothing_is_said(make: Make) -> None:
    pull, push = make(zmq.PULL), make(zmq.PUSH)
    pull.bind("inproc://silent")
    push.connect("inproc://silent")
    push.send(b"x")
    (message,) = take(pull, 1, FOREVER_NS).messages()
    assert facts_of(message, routes=False) is None


def test_bounds_and_whole_messages(make: Make) -> None:
    pull, push = pair(make, zmq.PULL, zmq.PUSH)
    for number in range(6):
        push.send_multipart([b"%d" % number] * 3)
    assert pull.poll(5_000)
    seen: list[bytes] = []
    while len(seen) < 6:
        taken = take(pull, 2, FOREVER_NS)
        assert len(taken.counts) <= 2
        assert all(len(message) == 3 for message in taken.messages())
        seen += [message[0].bytes for message in taken.messages()]
    assert seen == [b"%d" % number for number in range(6)]
    assert len(take(pull, 5, 0).counts) == 0


def test_out_of_turn_is_no_failure(make: Make) -> None:
    req, _ = pair(make, zmq.REQ, zmq.REP)
    taken = take(req, 1, FOREVER_NS)
    assert (taken.emptied, taken.errno) == (True, 0)
    push, _ = pair(make, zmq.PUSH, zmq.PULL)
    assert take(push, 1, FOREVER_NS).errno == zmq.ENOTSUP


def test_they_are_captured_like_any_others(make: Make) -> None:
    capture = CaptureStore(1 << 20)
    pull, push = pair(make, zmq.PULL, zmq.PUSH)
    push.send_multipart([b"topic", b"body"])
    assert pull.poll(5_000)
    source = Source(pull, ID, TopicRule.ALWAYS)
    result = store(source, take(pull, 9, FOREVER_NS), capture, 0)
    assert (result.messages, result.refused, result.emptied) == (1, 0, True)
    message = capture.message(capture.first_row)
    assert message is not None
    assert message.frames == (b"topic", b"body")
    assert capture.counters.of(ID).received.messages == 1
    assert store(source, take(pull, 9, FOREVER_NS), capture, 0).messages == 0


def test_subscriptions_that_the_drain_has_taken_are_counted(make: Make) -> None:
    capture = CaptureStore(1 << 20)
    reading = Reading(capture, 0, lambda _: None)
    mine = managed(capture, "xpub:@tcp://*:1")
    pull, push = pair(make, zmq.PULL, zmq.PUSH)
    for frames in ([b"\x01a"], [b"hello"], [b""], [b"\x01b"], [b"\x00a"], [b"\x01b"]):
        push.send_multipart(frames)
    assert pull.poll(5_000)
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


def test_nobody_is_named_while_the_monitor_has_more(make: Make) -> None:
    reading = Reading(CaptureStore(1 << 20), 0, lambda _: None)
    mine = managed(CaptureStore(1 << 20), "pub:@tcp://*:1")
    xpub, sub = pair(make, zmq.XPUB, zmq.SUB)
    sub.setsockopt(zmq.SUBSCRIBE, b"a")
    assert xpub.poll(5_000)
    assert reading.read_publisher(xpub, mine, lambda _: False)
    subscribers = mine.peers.subscribers
    assert subscribers is not None
    (want,) = subscribers.told()
    assert (want.topic, want.count, want.peers) == (b"a", 1, tuple[PeerId, ...]())
