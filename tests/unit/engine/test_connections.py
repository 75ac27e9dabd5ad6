"""Who is connected to an endpoint, counted as events come."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping

from zmqscope.engine.connections import Connection, Connections, inode_of


def connected(*descriptors: int) -> Connections:
    connections = Connections()
    for descriptor in descriptors:
        connections.add(descriptor, Connection(float(descriptor), None))
    return connections


def unfinished(connections: Connections) -> list[float]:
    return [connection.since_s for connection in connections.unfinished()]


def test_a_connection_is_no_peer_before_its_handshake() -> None:
    connections = connected(7)
    assert (len(connections), connections.peers) == (1, 0)
    connections.finish_oldest()
    assert (len(connections), connections.peers) == (1, 1)
    assert unfinished(connections) == []


def test_handshakes_finish_in_the_order_in_which_they_began() -> None:
    connections = connected(5, 3, 9)
    connections.finish_oldest()
    assert unfinished(connections) == [3, 9]
    connections.remove(3)
    connections.finish_oldest()
    assert unfinished(connections) == []
    assert connections.peers == 2


def test_nobody_can_finish_where_nobody_has_begun() -> None:
    connections = connected()
    connections.finish_oldest()
    assert (len(connections), connections.peers) == (0, 0)


def test_one_that_is_too_many_is_no_peer() -> None:
    connections = connected(1, 2)
    connections.finish_oldest()
    connections.finish_oldest(is_surplus=True)
    assert (connections.peers, connections.surplus) == (1, 1)
    gone = connections.remove(2)
    assert gone is not None
    assert gone.is_surplus
    assert (connections.peers, connections.surplus) == (1, 0)


def test_one_without_a_handshake_is_counted_until_it_leaves() -> None:
    connections = connected(1)
    next(iter(connections.unfinished())).is_old = True
    connections.finish_oldest()
    assert (connections.peers, connections.old) == (1, 1)
    connections.remove(1)
    assert (connections.peers, connections.old) == (0, 0)


def test_a_descriptor_that_comes_again_stands_for_another_connection() -> None:
    connections = connected(4)
    connections.finish_oldest()
    connections.add(4, Connection(8.0, None))
    assert (len(connections), connections.peers) == (1, 0)
    assert unfinished(connections) == [8.0]


def test_an_unknown_one_cannot_leave() -> None:
    assert connected(1).remove(2) is None


def test_all_of_them_and_none() -> None:
    connections = connected(1, 2, 3)
    connections.finish_oldest()
    connections.finish_oldest(is_surplus=True)
    assert [descriptor for descriptor, _ in connections.items()] == [1, 2, 3]
    connections.clear()
    assert (len(connections), connections.peers, connections.surplus) == (0, 0, 0)
    assert connections.items() == []


def test_very_many_strangers_cost_no_more_each_than_a_few() -> None:
    many = 20_000
    connections = connected(*range(many))
    began_s = time.thread_time()
    for descriptor in range(many):
        connections.finish_oldest()
        assert connections.peers == descriptor + 1
    for descriptor in range(many):
        connections.remove(descriptor)
    # Each looking at all the others took a minute.
    assert time.thread_time() - began_s < 15.0


class Seen:
    """Keeps what it is told, and has an opinion of who is done."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.likely: int | None = None

    def came(self, descriptor: int) -> None:
        self.told.append(("came", descriptor))

    def done(self, descriptor: int, connection: Connection) -> None:
        self.told.append(("done" if connection.is_done else "not done", descriptor))

    def left(self, descriptor: int) -> None:
        self.told.append(("left", descriptor))

    def likely_done(self, unfinished: Mapping[int, Connection]) -> int | None:
        return self.likely if self.likely in unfinished else None


def watched(*descriptors: int) -> tuple[Connections, Seen]:
    connections, seen = Connections(), Seen()
    connections.watch = seen
    for descriptor in descriptors:
        connections.add(descriptor, Connection(float(descriptor), None))
    return connections, seen


def test_a_watch_is_told_of_each() -> None:
    connections, seen = watched(1, 2)
    connections.finish_oldest()
    connections.remove(1)
    connections.add(2, Connection(9.0, None))
    connections.clear()
    assert seen.told == [
        *(("came", 1), ("came", 2), ("done", 1), ("left", 1)),
        *(("left", 2), ("came", 2), ("left", 2)),
    ]


def test_a_watch_may_know_who_is_done() -> None:
    connections, seen = watched(1, 2, 3)
    seen.likely = 3
    connections.finish_oldest()
    connections.finish_oldest()
    assert seen.told[3:] == [("done", 3), ("done", 1)]


def test_one_that_proves_to_be_done_takes_the_place_of_another() -> None:
    connections, seen = watched(1, 2)
    connections.finish_oldest()
    connections.prove(2, instead_of=1)
    assert seen.told[3:] == [("done", 2), ("not done", 1)]
    assert unfinished(connections) == [1.0]
    assert connections.peers == 1
    connections.prove(2, instead_of=1)  # it is done already
    connections.prove(7, instead_of=2)
    assert connections.peers == 1
    connections.remove(1)
    assert connections.peers == 1
    connections.remove(2)
    assert connections.peers == 0


def test_one_that_is_overdue_is_noted_once() -> None:
    connections = connected(1, 5)
    assert not connections.note_overdue(0.5)
    assert connections.note_overdue(1.0)
    assert not connections.note_overdue(1.0)
    assert connections.note_overdue(5.0)


def test_one_that_we_closed_is_dropped_at_the_second_look() -> None:
    ours, theirs = socket.socketpair()
    connections = Connections()
    connections.add(ours.fileno(), Connection(0.0, inode_of(ours.fileno())))
    assert connections.drop_closed() == 0
    ours.close()
    theirs.close()
    assert connections.drop_closed() == 0, "its event may be on the way"
    assert connections.drop_closed() == 1
    assert len(connections) == 0
