"""Peers that are sockets of this app."""

from __future__ import annotations

import os

from zmqscope.core.peers import PeerId
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.watch.own_sockets import OwnSockets
from zmqscope.engine.watch.peer_record import PeerRecord

KINDS = {SocketId(1): SocketType.PUB, SocketId(2): SocketType.SUB, SocketId(3): SocketType.SUB}
HERE, THERE = ("127.0.0.1", 1), ("127.0.0.1", 2)


class Stage:
    def __init__(self, *at_path: int) -> None:
        self.changed: list[PeerRecord] = []
        found = [SocketId(number) for number in at_path]
        self.own = OwnSockets(lambda *_: found, KINDS.__getitem__, self.changed.append)

    def record(self, socket_id: int, role: Role = Role.BIND) -> PeerRecord:
        return PeerRecord(PeerId(socket_id), SocketId(socket_id), Endpoint(role, "a"), 0)


def test_both_ends_of_one_connection() -> None:
    stage = Stage()
    one, other = stage.record(1), stage.record(2)
    one.local, one.remote = HERE, THERE
    other.local, other.remote = THERE, HERE
    stage.own.located(one)
    assert not stage.changed
    stage.own.located(other)
    assert [each.own_socket for each in (one, other)] == [2, 1]
    assert (one.types, other.types) == ((SocketType.SUB,), (SocketType.PUB,))
    assert stage.changed == [other, one]


def test_one_that_has_gone_is_nobodys_other_end() -> None:
    stage = Stage()
    one, other = stage.record(1), stage.record(2)
    one.local, one.remote = HERE, THERE
    other.local, other.remote = THERE, HERE
    stage.own.located(one)
    stage.own.gone(one)
    stage.own.located(other)
    assert other.own_socket is None


def test_by_path_only_if_it_can_be_but_one() -> None:
    for at_path, found in (((), None), ((2,), 2), ((2, 3), None)):
        stage = Stage(*at_path)
        record = stage.record(1)
        record.pid = os.getpid()
        stage.own.located(record)
        assert record.own_socket == found


def test_another_process_is_not_looked_for() -> None:
    stage = Stage(2)
    record = stage.record(1)
    record.pid = os.getpid() + 1
    stage.own.located(record)
    assert record.own_socket is None
