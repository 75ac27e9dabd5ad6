"""What is told of peers, and how often."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.peers import PeerState, SocketPeers
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.connections import Connection, Connections
from zmqscope.engine.watch.endpoint_watch import Way
from zmqscope.engine.watch.peer_book import PeerBook
from zmqscope.engine.watch.watch import PeerWatch

ID = SocketId(1)
GONE = 1 << 30


@dataclass
class Stage:
    """A watch with one socket, and what it has told."""

    told: list[SocketPeers] = field(default_factory=list)
    notified: int = 0
    met: dict[tuple[Endpoint, SocketId], SocketType] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = PeerWatch(CaptureStore(1 << 20), CaptureClock(), self.told.append, self.notify)
        self.watch.serve(tuple, lambda _: self.met, lambda _: ())
        self.book: PeerBook = self.watch.book(ID)
        spec = parse_spec("pull:@tcp://127.0.0.1:5556")
        self.book.open(spec, None)
        self.connections = Connections()
        actual = spec.endpoints[0].address
        self.book.watch(spec.endpoints[0], lambda: actual, self.connections, Way.STRAIGHT)

    def notify(self) -> None:
        self.notified += 1

    def come(self, descriptor: int) -> None:
        self.connections.add(descriptor, Connection(0.0, None))
        self.connections.finish_oldest()


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    with contextlib.closing(made.watch):
        yield made


def test_changes_are_told_at_most_four_times_a_second(stage: Stage) -> None:
    now_s = time.monotonic()
    for step in range(100):
        stage.come(GONE + step)
        stage.watch.look(now_s + step / 100)
    assert 3 <= len(stage.told) <= 5
    assert stage.notified == len(stage.told)
    stage.watch.look(now_s + 2)
    assert [peer.state for peer in stage.told[-1].peers] == [PeerState.READY] * 100
    assert stage.watch.peers_of(ID) is stage.told[-1]


def test_nothing_is_told_while_nothing_changes(stage: Stage) -> None:
    stage.come(GONE)
    now_s = time.monotonic()
    for step in range(20):
        stage.watch.look(now_s + step)
    assert len(stage.told) == 1


def test_the_same_peer_is_the_same_object(stage: Stage) -> None:
    now_s = time.monotonic()
    stage.come(GONE)
    stage.watch.look(now_s)
    stage.come(GONE + 1)
    stage.come(GONE + 2)
    stage.watch.look(now_s + 1)
    stage.connections.remove(GONE + 1)
    stage.watch.look(now_s + 2)
    before, after = stage.told[-2:]
    assert after.peers[1] is before.peers[2]


def test_the_loop_does_not_sleep_over_news(stage: Stage) -> None:
    stage.watch.look(time.monotonic())
    assert stage.watch.wait_ms(500) == 500
    stage.come(GONE)
    assert stage.watch.wait_ms(500) <= 251
    assert stage.watch.wait_ms(10) == 10


def test_a_socket_without_a_book_has_no_peers(stage: Stage) -> None:
    assert stage.watch.peers_of(SocketId(9)) == SocketPeers(SocketId(9))
    stage.come(GONE)
    stage.watch.look(time.monotonic())
    stage.watch.forget(ID)
    stage.watch.forget(ID)
    assert stage.watch.peers_of(ID) == SocketPeers(ID)


def test_a_closed_socket_has_no_peers(stage: Stage) -> None:
    now_s = time.monotonic()
    stage.come(GONE)
    stage.watch.look(now_s)
    stage.book.close()
    stage.watch.look(now_s + 1)
    assert stage.told[-1].peers == ()


def test_inproc_peers_are_told(stage: Stage) -> None:
    endpoint = Endpoint(Role.BIND, "inproc://a")
    stage.met = {(endpoint, SocketId(7)): SocketType.PUSH}
    stage.watch.look(time.monotonic())
    (peer,) = stage.told[-1].peers
    assert (peer.own_socket, peer.endpoint) == (SocketId(7), endpoint)
