"""Whoever left is forgotten once its socket was read to the end, and not before."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from zmqscope.core.capture.counters import CounterTable
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.peers import PeerId
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Endpoint, Role, SocketId, SocketSpec, Turn
from zmqscope.engine.watch.emptying import Emptying
from zmqscope.engine.watch.peer_book import BookParts, PeerBook
from zmqscope.engine.watch.peer_record import PeerRecord

ID = SocketId(1)


def book() -> PeerBook:
    parts = BookParts(
        lambda: 0, CounterTable().of, lambda: True, lambda _: None, lambda _: None,
        lambda _: None, lambda _: (),
    )  # fmt: skip
    return PeerBook(ID, parts)


@dataclass
class Managed:
    """A socket of the app, as far as it is needed."""

    spec: SocketSpec = field(default_factory=lambda: parse_spec("pull:"))
    peers: PeerBook = field(default_factory=book)
    socket: None = None
    socket_id: SocketId = ID
    topic_rule: TopicRule = TopicRule.NEVER

    def addresses(self, role: Role) -> list[str]:
        return []

    def on_flooded(self, address: str) -> None:
        raise AssertionError(address)

    def leave(self) -> None:
        endpoint = Endpoint(Role.BIND, "tcp://*:1")
        self.peers.departures.note(PeerRecord(PeerId(1), ID, endpoint, 0, 5))


@pytest.fixture
def counters() -> CounterTable:
    return CounterTable()


def left(counters: CounterTable) -> tuple[Emptying, Managed]:
    emptying, managed = Emptying(counters), Managed()
    managed.leave()
    emptying.on_gone(ID)
    return emptying, managed


def test_an_empty_socket_has_nothing_of_those_who_left(counters: CounterTable) -> None:
    emptying, managed = left(counters)
    emptying.on_emptied(managed)
    assert not managed.peers.departures.has_fresh


def test_who_leaves_while_it_is_read_may_have_left_something(counters: CounterTable) -> None:
    emptying, managed = left(counters)
    mark = managed.peers.departures.mark()
    managed.leave()
    emptying.on_emptied(managed, mark)
    assert managed.peers.departures.has_fresh


def test_what_was_not_ready_was_empty(counters: CounterTable) -> None:
    emptying, managed = left(counters)
    emptying.on_idle([(None, managed)], lambda: [managed])
    assert managed.peers.departures.has_fresh, "it was ready"
    emptying.on_idle([], lambda: [managed])
    assert not managed.peers.departures.has_fresh


def test_out_of_turn_a_socket_only_looks_empty(counters: CounterTable) -> None:
    emptying, managed = left(counters)
    counters.of(ID).turn = Turn.HOLDS_REQUEST
    emptying.on_idle([], lambda: [managed])
    assert managed.peers.departures.has_fresh
    counters.of(ID).turn = Turn.AWAITS_REQUEST
    emptying.on_idle([], lambda: [managed])
    assert not managed.peers.departures.has_fresh
