"""Who is connected to an endpoint, counted as events come."""

from __future__ import annotations

import time

from zmqscope.engine.connections import Connection, Connections


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
    began_s = time.perf_counter()
    for descriptor in range(many):
        connections.finish_oldest()
        assert connections.peers == descriptor + 1
    for descriptor in range(many):
        connections.remove(descriptor)
    # Each looking at all the others took a minute.
    assert time.perf_counter() - began_s < 5.0
