"""Who has left and comes again."""

from __future__ import annotations

from zmqscope.core.peers import PeerId, PeerState
from zmqscope.core.types import Endpoint, Role, SocketId
from zmqscope.engine.watch.departures import Departures
from zmqscope.engine.watch.peer_record import PeerRecord

ENDPOINT = Endpoint(Role.BIND, "tcp://127.0.0.1:*")


def record(descriptor: int, is_ready: bool = True) -> PeerRecord:
    made = PeerRecord(PeerId(descriptor), SocketId(1), ENDPOINT, 0, descriptor)
    made.state = PeerState.READY if is_ready else PeerState.HANDSHAKE
    return made


def test_who_comes_back_is_counted() -> None:
    departures = Departures()
    for time in range(3):
        peer = record(7)
        departures.know(peer, b"me")
        assert peer.reconnects == time
        departures.note(peer)
    other = record(8)
    departures.know(other, b"somebody else")
    assert other.reconnects == 0


def test_one_who_failed_in_between_is_still_the_same() -> None:
    departures = Departures()
    first = record(1)
    departures.know(first, b"me")
    departures.note(first)
    for _ in range(3):
        failed = record(1, is_ready=False)
        departures.know(failed, b"me")
        departures.note(failed)
    last = record(1)
    departures.know(last, b"me")
    assert last.reconnects == 1


def test_each_departure_counts_for_one() -> None:
    departures = Departures()
    gone = [record(descriptor) for descriptor in (1, 2)]
    for peer in gone:
        departures.know(peer, 4711)
    for peer in gone:
        departures.note(peer)
    back = [record(descriptor) for descriptor in (1, 2, 3)]
    for peer in back:
        departures.know(peer, 4711)
    assert [peer.reconnects for peer in back] == [1, 1, 0]


def test_descriptors_are_fresh_until_all_is_read() -> None:
    departures = Departures()
    departures.note(record(5))
    mark = departures.mark()
    departures.note(record(6))
    assert departures.is_fresh(5)
    departures.on_emptied(mark)
    assert not departures.is_fresh(5)
    assert departures.is_fresh(6)
    assert departures.has_fresh
    departures.on_emptied(departures.mark())
    assert not departures.has_fresh


def test_it_is_bounded() -> None:
    departures = Departures()
    for number in range(10_000):
        peer = record(5)
        departures.know(peer, number)
        departures.note(peer)
    known = record(5)
    departures.know(known, 9_999)
    assert known.reconnects == 1
    forgotten = record(5)
    departures.know(forgotten, 1)
    assert forgotten.reconnects == 0
