"""Figures and queues, looked at now and then."""

from __future__ import annotations

import os
import socket

import numpy as np
import pytest

from tests.link_rig import wire_over_tcp
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPIC_BYTES, TopicTable
from zmqscope.core.peers import PeerFigures
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Direction, SocketId, SocketType
from zmqscope.engine.connections import Connection, Connections
from zmqscope.engine.watch.endpoint_watch import Way
from zmqscope.engine.watch.figures import RoutedFigures, sends_to_all
from zmqscope.engine.watch.gauges import FEW_PEERS, Gauges
from zmqscope.engine.watch.peer_book import BookParts, PeerBook
from zmqscope.engine.watch.peer_record import PeerRecord

ID = SocketId(1)
GONE = 1 << 30


class Stage:
    """A store, and a socket with peers."""

    def __init__(self, spec: str) -> None:
        self.store = CaptureStore(1 << 20)
        parts = BookParts(
            lambda: 0, self.store.counters.of, lambda: True, lambda _: None, lambda _: None,
            lambda _: None, lambda _: (),
        )  # fmt: skip
        self.book = PeerBook(ID, parts)
        parsed = parse_spec(spec)
        self.book.open(parsed, None)
        self.gauges = Gauges(self.store, ID)
        self._connections = Connections()
        (endpoint,) = parsed.endpoints
        actual = endpoint.address
        self.book.watch(endpoint, lambda: actual, self._connections, Way.STRAIGHT)

    def come(self, descriptor: int) -> PeerRecord:
        self._connections.add(descriptor, Connection(0.0, None))
        self._connections.finish_oldest()
        return self.book.records[descriptor]

    def count(self, direction: Direction, name: bytes, size: int) -> None:
        """A message with a first frame."""
        topics = self.store.topics
        ids = topics.assign(ID, direction, [name])
        topics.note(ids, np.array([size], np.int64), np.zeros(1, np.int64), 0)
        self.store.counters.of(ID).of(direction).add(1, 2, size)


def test_figures_of_the_only_peer() -> None:
    stage = Stage("pull:@tcp://127.0.0.1:5556")
    assert not stage.gauges.read(stage.book, 1.0)
    record = stage.come(GONE)
    assert stage.gauges.read(stage.book, 2.0)
    assert record.figures == PeerFigures(0, 0, 0, 0)
    stage.store.counters.of(ID).received.add(2, 2, 20)
    assert stage.gauges.read(stage.book, 2.25)
    assert record.figures == PeerFigures(2, 20, 0, 0)
    before = record.figures
    assert not stage.gauges.read(stage.book, 2.5)
    assert record.figures is before


@pytest.mark.parametrize("kind", ["pub", "xpub", "radio"])
def test_of_a_publisher_nobody_knows_who_got_it(kind: str) -> None:
    assert sends_to_all(SocketType[kind.upper()])
    stage = Stage(f"{kind}:@tcp://127.0.0.1:5556")
    record = stage.come(GONE)
    stage.gauges.read(stage.book, 1.0)
    assert record.figures is None


def test_figures_by_routing_id() -> None:
    stage = Stage("router:@tcp://127.0.0.1:5556")
    first, second, silent = (stage.come(GONE + number) for number in range(3))
    first.routing_id, second.routing_id = b"\0one", b"\0two"
    stage.count(Direction.RECEIVED, b"\0one", 10)
    stage.count(Direction.RECEIVED, b"\0one", 10)
    stage.count(Direction.RECEIVED, b"\0two", 5)
    stage.count(Direction.SENT, b"\0one", 7)
    assert stage.gauges.read(stage.book, 1.0)
    assert first.figures == PeerFigures(2, 20, 1, 7)
    assert second.figures == PeerFigures(1, 5, 0, 0)
    assert silent.figures is None


def test_a_name_that_was_anothers_before_is_not_counted() -> None:
    stage = Stage("router:@tcp://127.0.0.1:5556")
    record = stage.come(GONE)
    record.routing_id = record.identity = b"me"
    stage.count(Direction.RECEIVED, b"me", 10)
    stage.gauges.read(stage.book, 1.0)
    assert record.figures == PeerFigures(1, 10, 0, 0)
    record.reconnects = 1
    stage.count(Direction.RECEIVED, b"me", 10)
    stage.gauges.read(stage.book, 2.0)
    assert record.figures is None


def test_routing_ids_that_the_table_does_not_count_alone() -> None:
    table = TopicTable()
    routed = RoutedFigures(table, ID)
    assert routed.of(bytes(MAX_TOPIC_BYTES + 1)) is None
    assert routed.of(b"new") == PeerFigures(0, 0, 0, 0)
    table.set_separator(ord("-"))
    assert routed.of(b"a-b") is None


def test_queues_are_read_once_a_second() -> None:
    with wire_over_tcp() as (near, far):
        stage = Stage(f"pull:@tcp://127.0.0.1:{near.getsockname()[1]}")
        record = stage.come(near.fileno())
        assert record.inode == os.fstat(near.fileno()).st_ino
        stage.gauges.read(stage.book, 1.0)
        assert (record.unsent_bytes, record.unread_bytes) == (0, 0)
        far.sendall(bytes(9))
        near.recv(1, socket.MSG_PEEK)
        stage.gauges.read(stage.book, 1.5)
        assert record.unread_bytes == 0
        stage.gauges.read(stage.book, 2.0)
        assert record.unread_bytes == 9


def test_many_peers_are_looked_at_less_often() -> None:
    stage = Stage("router:@tcp://127.0.0.1:5556")
    records = [stage.come(GONE + number) for number in range(FEW_PEERS + 1)]
    records[0].routing_id = b"\0one"
    stage.count(Direction.RECEIVED, b"\0one", 10)
    assert stage.gauges.read(stage.book, 10.0)
    stage.count(Direction.RECEIVED, b"\0one", 10)
    assert not stage.gauges.read(stage.book, 10.5)
    assert stage.gauges.read(stage.book, 11.0)
    assert records[0].unsent_bytes is None
