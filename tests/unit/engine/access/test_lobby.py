"""Who waits in front of the private ipc address, where that can be said for sure."""

from __future__ import annotations

from zmqscope.core.types import SocketId
from zmqscope.engine.access.lobby import Lobby

DOOR = SocketId(1)


def test_only_one_is_sure() -> None:
    lobby, first, second = Lobby(), object(), object()
    assert lobby.only_address(DOOR) == ""
    lobby.enter(DOOR, first, "10.0.0.1")
    lobby.enter(SocketId(2), object(), "10.0.0.3")
    assert lobby.only_address(DOOR) == "10.0.0.1"
    lobby.enter(DOOR, second, "10.0.0.2")
    assert lobby.only_address(DOOR) == ""
    lobby.leave(DOOR, first)
    lobby.leave(DOOR, first)
    assert lobby.only_address(DOOR) == "10.0.0.2"
    lobby.leave(DOOR, second)
    assert lobby.only_address(DOOR) == ""


def test_nothing_is_sure_where_others_connect_from_here_too() -> None:
    lobby = Lobby()
    lobby.enter(DOOR, object(), "10.0.0.1")
    lobby.set_ambiguous(DOOR, True)
    assert lobby.only_address(DOOR) is None
    lobby.set_ambiguous(DOOR, False)
    assert lobby.only_address(DOOR) == "10.0.0.1"
