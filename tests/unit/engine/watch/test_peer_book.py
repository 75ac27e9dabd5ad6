"""The peers of one socket, by what its endpoints, messages and links tell."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.link_rig import wire_over_tcp
from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.peers import PeerFigures, PeerState
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.connections import Connection, Connections
from zmqscope.engine.links.plan import PeerFacts
from zmqscope.engine.watch.endpoint_watch import Way
from zmqscope.engine.watch.figures import differences, totals_of
from zmqscope.engine.watch.learned import MessageFacts
from zmqscope.engine.watch.peer_book import VERSION_3, VERSION_OLD, BookParts, PeerBook
from zmqscope.engine.watch.peer_record import PeerRecord

GONE = 1 << 30
"""Descriptors from here on stand for nothing."""


@dataclass
class Stage:
    """A book with one endpoint, and all that it has told."""

    spec: str = "pull:@tcp://127.0.0.1:5556"
    way: Way = Way.STRAIGHT
    counters: SocketCounters = field(default_factory=SocketCounters)
    located: list[PeerRecord] = field(default_factory=list)
    gone: list[PeerRecord] = field(default_factory=list)
    touched: int = 0

    def __post_init__(self) -> None:
        spec = parse_spec(self.spec)
        self.book = PeerBook(
            SocketId(1),
            BookParts(
                lambda: 5, lambda _: self.counters, lambda: True, self.touch,
                self.located.append, self.gone.append, lambda _: (),
            ),
        )  # fmt: skip
        self.book.open(spec, None)
        self.connections = Connections()
        (self.endpoint,) = spec.endpoints
        address = self.endpoint.address
        self.book.watch(self.endpoint, lambda: address, self.connections, self.way)

    def touch(self, _: PeerBook) -> None:
        self.touched += 1

    def come(self, descriptor: int, done: bool = True) -> PeerRecord:
        self.connections.add(descriptor, Connection(0.0, None))
        if done:
            self.connections.finish_oldest()
        return self.book.records[descriptor]


def test_a_connection_comes_is_done_and_leaves() -> None:
    stage = Stage()
    record = stage.come(GONE, done=False)
    assert (record.state, record.mechanism, record.version) == (PeerState.HANDSHAKE, "", "")
    assert not record.types  # it may be anybody
    stage.connections.finish_oldest()
    assert record.types == (SocketType.PUSH,)
    assert (record.state, record.mechanism) == (PeerState.READY, "NULL")
    assert (record.version, stage.book.ready) == (VERSION_3, 1)
    peer = record.peer()
    assert record.peer() is peer
    stage.connections.remove(GONE)
    assert (stage.book.records, stage.book.ready) == ({}, 0)
    assert stage.gone == [record]


def test_an_old_one_and_a_surplus_one() -> None:
    stage = Stage()
    stage.connections.add(GONE, Connection(0.0, None, is_old=True))
    stage.connections.finish_oldest()
    record = stage.book.records[GONE]
    assert (record.version, record.mechanism) == (VERSION_OLD, "")
    stage.connections.add(GONE + 1, Connection(0.0, None))
    stage.connections.finish_oldest(is_surplus=True)
    assert stage.book.records[GONE + 1].state is PeerState.SURPLUS
    assert stage.book.ready == 1


def test_ends_of_another_port_are_not_believed() -> None:
    with wire_over_tcp() as (near, far):
        port = near.getsockname()[1]
        right = Stage(f"pull:@tcp://127.0.0.1:{port}")
        record = right.come(near.fileno())
        assert record.address == f"127.0.0.1:{far.getsockname()[1]}"
        assert right.located == [record]
        wrong = Stage(f"pull:@tcp://127.0.0.1:{port % 60_000 + 1}")
        assert wrong.come(near.fileno()).address == ""
        assert not wrong.located
        other_scheme = Stage("pull:@ipc:///tmp/none")
        assert other_scheme.come(near.fileno()).address == ""


def test_a_message_introduces_its_sender() -> None:
    stage = Stage("router:@tcp://127.0.0.1:5556")
    record = stage.come(GONE)
    assert stage.book.unintroduced == 1
    facts = MessageFacts(GONE, "", SocketType.DEALER, b"me", "ann", b"me")
    assert stage.book.note_message(facts)
    assert not stage.book.note_message(facts)
    assert (record.types, record.is_type_told) == ((SocketType.DEALER,), True)
    assert (record.identity, record.user_id, record.routing_id) == (b"me", "ann", b"me")
    assert stage.book.unintroduced == 0


def test_a_message_that_may_be_of_one_who_left_introduces_nobody() -> None:
    stage = Stage()
    stage.come(GONE)
    stage.connections.remove(GONE)
    record = stage.come(GONE)
    facts = MessageFacts(GONE, "", SocketType.PUSH)
    assert not stage.book.note_message(facts)
    assert not record.is_type_told
    departures = stage.book.departures
    departures.on_emptied(departures.mark())
    assert stage.book.note_message(facts)
    assert not stage.book.note_message(MessageFacts(GONE + 7, "", SocketType.PUSH))


def test_a_message_from_elsewhere_introduces_nobody() -> None:
    stage = Stage()
    record = stage.come(GONE)
    record.remote = ("10.0.0.1", 5)
    assert not stage.book.note_message(MessageFacts(GONE, "10.0.0.2", SocketType.PUSH))
    assert stage.book.note_message(MessageFacts(GONE, "10.0.0.1", SocketType.PUSH))
    ipc = stage.come(GONE + 1)
    ipc.pid = 7
    assert not stage.book.note_message(MessageFacts(GONE + 1, "localhost:0:0:8"))
    assert stage.book.note_message(MessageFacts(GONE + 1, "localhost:0:0:7"))


def test_a_message_proves_who_is_ready() -> None:
    stage = Stage()
    stranger, peer = stage.come(GONE, done=False), stage.come(GONE + 1, done=False)
    stage.connections.finish_oldest()
    assert stranger.is_ready
    stage.book.note_message(MessageFacts(GONE + 1, "", SocketType.PUSH))
    assert stranger.types == ()
    assert (stranger.state, peer.state) == (PeerState.HANDSHAKE, PeerState.READY)
    assert stage.book.ready == 1
    assert stage.connections.peers == 1


def test_totals_are_of_the_only_one() -> None:
    stage = Stage()
    stage.counters.received.add(10, 10, 100)
    first = stage.come(GONE)
    stage.counters.received.add(3, 3, 30)
    assert first.is_alone
    assert first.before is not None
    assert differences(totals_of(stage.counters), first.before) == PeerFigures(3, 30, 0, 0)
    second = stage.come(GONE + 1)
    assert not first.is_alone
    assert not second.is_alone
    stage.connections.remove(GONE + 1)
    assert not first.is_alone
    stage.connections.remove(GONE)
    assert not stage.come(GONE + 2).is_alone  # what the others sent may not be read yet
    stage.connections.remove(GONE + 2)
    departures = stage.book.departures
    departures.on_emptied(departures.mark())
    assert stage.come(GONE + 3).is_alone


def test_what_was_sent_before_a_connect_stood_goes_to_whom_it_reaches() -> None:
    stage = Stage("push:tcp://127.0.0.1:5556")
    stage.counters.sent.add(4, 4, 40)
    record = stage.come(GONE)
    assert record.before is not None
    assert differences(totals_of(stage.counters), record.before) == PeerFigures(0, 0, 4, 40)


def test_a_connect_that_comes_back() -> None:
    stage = Stage("sub:tcp://127.0.0.1:5556")
    for time in range(3):
        stage.come(GONE, done=False)  # refused
        stage.connections.remove(GONE)
        assert stage.come(GONE).reconnects == time
        stage.connections.remove(GONE)


def test_facts_of_a_link_by_the_name_of_its_end() -> None:
    stage = Stage("server:@tcp://127.0.0.1:5556", Way.LINK)
    watch = stage.connections.watch
    first, second = stage.come(GONE), stage.come(GONE + 1)
    assert watch is not None
    assert first.version == ""
    for record, inner in ((first, "\0one"), (second, "\0two")):
        record.inner = inner
        stage.book._watches[stage.endpoint]._inner[inner] = record
    facts = PeerFacts("\0two", "1.2.3.4:5", None, None, 7, "3.1", "NULL", SocketType.CLIENT)
    stage.book.on_facts(stage.endpoint, facts)
    assert (second.address, second.version, second.pid) == ("1.2.3.4:5", "3.1", 7)
    assert (second.types, second.is_type_told) == ((SocketType.CLIENT,), True)
    assert first.version == ""
    # What libzmq says of the twin that it sees is not what the peer is.
    stage.book.note_message(MessageFacts(GONE + 1, "x", SocketType.DEALER, b"n", "", b"id"))
    assert (second.types, second.identity) == ((SocketType.CLIENT,), None)
    assert second.routing_id == b"id"
    stage.book.on_facts(Endpoint(Role.BIND, "tcp://other:1"), facts)


@pytest.mark.parametrize("others", [0, 1])
def test_facts_of_a_connecting_link_only_if_they_can_be_nobody_elses(others: int) -> None:
    stage = Stage("client:tcp://127.0.0.1:5556", Way.LINK)
    stage.connections.add(GONE, Connection(0.0, None))
    for number in range(1 + others):
        stage.book.on_facts(stage.endpoint, PeerFacts(address=f"h:{number}", version="3.1"))
    stage.connections.finish_oldest()
    assert stage.book.records[GONE].version == ("" if others else "3.1")
    stage.connections.remove(GONE)
    stage.book.on_facts(stage.endpoint, PeerFacts(address="h:9", version="3.0"))
    assert stage.come(GONE + 1).version == "3.0"


def test_peers_over_inproc() -> None:
    stage = Stage()
    key = (Endpoint(Role.BIND, "inproc://a"), SocketId(9))
    stage.book.meet({key: SocketType.PUSH})
    (record,) = stage.book.all()
    assert (record.own_socket, record.types) == (SocketId(9), (SocketType.PUSH,))
    stage.book.meet({key: SocketType.PUSH})
    assert list(stage.book.all()) == [record]
    stage.book.meet({})
    assert list(stage.book.all()) == []
    assert stage.gone == [record]
