"""What is told of a peer: the same object as long as nothing changes."""

from __future__ import annotations

import dataclasses

import pytest

from zmqscope.core.peers import Peer, PeerFigures, PeerId, PeerState, ProcessInfo
from zmqscope.core.types import Endpoint, Role, SocketId, SocketType
from zmqscope.engine.watch.peer_record import PeerRecord

ENDPOINT = Endpoint(Role.BIND, "tcp://127.0.0.1:1")
PROCESS = ProcessInfo(7, "feed")


def record() -> PeerRecord:
    return PeerRecord(PeerId(1), SocketId(2), ENDPOINT, 3)


def test_nothing_new_is_the_same_object() -> None:
    made = record()
    told = made.peer()
    assert made.peer() is told
    assert (told.peer_id, told.socket_id, told.endpoint, told.since_ns) == (1, 2, ENDPOINT, 3)


CHANGES: dict[str, object] = {
    "state": PeerState.READY,
    "address": "10.0.0.1:5",
    "mechanism": "CURVE",
    "version": "3.1",
    "types": (SocketType.PUB,),
    "is_type_told": True,
    "identity": b"bob",
    "user_id": "ann",
    "reconnects": 2,
    "process": PROCESS,
    "own_socket": SocketId(9),
    "figures": PeerFigures(1, 2, 3, 4),
    "unsent_bytes": 5,
    "unread_bytes": 6,
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_told(name: str) -> None:
    made = record()
    before = made.peer()
    setattr(made, name, CHANGES[name])
    assert getattr(made.peer(), name) == CHANGES[name]
    assert made.peer() != before


def test_nothing_that_is_told_is_forgotten() -> None:
    """A field of ``Peer`` that may change has to be compared, too."""
    fixed = {"peer_id", "socket_id", "endpoint", "since_ns"}
    assert {field.name for field in dataclasses.fields(Peer)} == fixed | CHANGES.keys()


def test_by_what_a_peer_would_be_known_again() -> None:
    made = record()
    assert made.origin is None
    made.remote = ("10.0.0.1", 5)
    assert made.origin == "10.0.0.1"
    made.pid = 4711
    assert made.origin == 4711
    made.process = PROCESS
    assert made.origin == 7
