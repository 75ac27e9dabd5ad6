"""Totals for each socket and direction."""

from __future__ import annotations

from zmqscope.core.capture.counters import CounterTable, Totals
from zmqscope.core.types import Direction, SocketId, Turn


def test_totals_add_up() -> None:
    totals = Totals()
    totals.add(messages=3, frames=5, size=70)
    totals.add(messages=1, frames=1, size=0)
    assert totals == Totals(messages=4, frames=6, bytes=70)


def test_each_socket_has_its_own_figures_from_zero() -> None:
    table = CounterTable()
    table.of(SocketId(1)).received.add(1, 2, 3)
    assert table.of(SocketId(1)).received == Totals(1, 2, 3)
    assert table.of(SocketId(1)).sent == Totals()
    assert table.of(SocketId(2)).received == Totals()
    assert table.of(SocketId(2)).turn is Turn.FREE


def test_asking_again_gives_the_same_figures() -> None:
    table = CounterTable()
    assert table.of(SocketId(7)) is table.of(SocketId(7))


def test_figures_by_direction() -> None:
    counters = CounterTable().of(SocketId(1))
    assert counters.of(Direction.RECEIVED) is counters.received
    assert counters.of(Direction.SENT) is counters.sent
