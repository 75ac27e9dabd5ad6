"""Peers over inproc: who is new, who stayed, who is gone."""

from __future__ import annotations

import os

from zmqscope.core.peers import PeerState
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.watch.inproc_peers import InprocPeers
from zmqscope.engine.watch.peer_record import PeerRecord

PLACE = Endpoint(Role.BIND, "inproc://a")
FIRST, SECOND = (PLACE, SocketId(8)), (PLACE, SocketId(9))


class Stage:
    """Peers, and who was told of."""

    def __init__(self) -> None:
        self.located: list[PeerRecord] = []
        self.gone: list[PeerRecord] = []
        self.peers = InprocPeers(SocketId(1), lambda: 1_000, self.located.append, self.gone.append)


def test_all_is_known_of_them_at_once() -> None:
    stage = Stage()
    assert stage.peers.meet({FIRST: SocketType.PUSH})
    (record,) = stage.peers
    assert stage.located == [record]
    assert (record.endpoint, record.own_socket, record.since_ns) == (PLACE, SocketId(8), 1_000)
    assert (record.types, record.is_type_told) == ((SocketType.PUSH,), True)
    assert (record.state, record.pid) == (PeerState.READY, os.getpid())


def test_who_stays_is_the_same_as_before() -> None:
    stage = Stage()
    stage.peers.meet({FIRST: SocketType.PUSH})
    (first,) = stage.peers
    assert stage.peers.meet({FIRST: SocketType.PUSH, SECOND: SocketType.PUSH})
    assert len(stage.peers) == 2
    assert first in list(stage.peers)
    assert not stage.peers.meet({FIRST: SocketType.PUSH, SECOND: SocketType.PUSH})
    assert len(stage.located) == 2


def test_who_is_gone_is_told_of_and_comes_back_as_another() -> None:
    stage = Stage()
    stage.peers.meet({FIRST: SocketType.PUSH})
    (first,) = stage.peers
    assert stage.peers.meet({})
    assert (stage.gone, len(stage.peers)) == ([first], 0)
    stage.peers.meet({FIRST: SocketType.PUSH})
    (again,) = stage.peers
    assert again.peer_id != first.peer_id


def test_a_closed_socket_tells_of_nobody() -> None:
    stage = Stage()
    stage.peers.meet({FIRST: SocketType.PUSH})
    stage.peers.clear()
    assert (stage.gone, len(stage.peers)) == ([], 0)
