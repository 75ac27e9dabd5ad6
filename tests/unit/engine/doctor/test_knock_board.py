"""Who waits at which door."""

from __future__ import annotations

from dataclasses import replace

from zmqscope.core.security.access import Knock, KnockId
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.doctor.knock_board import KnockBoard

DOOR = SocketId(3)
KNOCK = Knock(KnockId(1), DOOR, "default", Mechanism.NULL, "10.0.0.1", b"", "", "", 5)


def test_a_knock_is_there_until_it_is_answered() -> None:
    board = KnockBoard()
    assert board.at(DOOR) == ()
    board.put(KNOCK)
    again = replace(KNOCK, tries=2)
    board.put(again)
    assert board.at(DOOR) == (again,)
    version = board.version
    board.put(replace(again, is_open=False))
    assert board.at(DOOR) == ()
    assert board.version > version


def test_nobody_waits_at_a_socket_that_is_gone() -> None:
    board = KnockBoard()
    board.put(KNOCK)
    board.put(replace(KNOCK, knock_id=KnockId(2)))
    assert len(board.at(DOOR)) == 2
    board.forget(DOOR)
    assert board.at(DOOR) == ()


def test_an_answer_to_nobody_leaves_nothing() -> None:
    board = KnockBoard()
    board.put(replace(KNOCK, is_open=False))
    assert board.at(DOOR) == ()
