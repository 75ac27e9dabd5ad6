"""Event lines that wait until somebody looks."""

from __future__ import annotations

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity
from zmqscope.models.events.pending import PendingEvents


def line(number: int, count: int = 1) -> EventLine:
    return EventLine(
        number, EventKind.PEER, Severity.INFO, None, "A peer came.", "", "", count, 0, 0
    )


def test_the_newest_of_each_waits() -> None:
    pending = PendingEvents(10)
    pending.put([line(1), line(2)])
    pending.put([line(1, 7)])
    assert [(each.number, each.count) for each in pending.lines()] == [(2, 1), (1, 7)]


def test_taken_in_portions() -> None:
    pending = PendingEvents(10)
    pending.put(line(number) for number in range(5))
    assert [each.number for each in pending.take(3)] == [0, 1, 2]
    assert [each.number for each in pending.take(3)] == [3, 4]
    assert not pending


def test_bounded_and_counted() -> None:
    pending = PendingEvents(10)
    for start in range(0, 100, 20):
        pending.put(line(number) for number in range(start, start + 20))
    assert [each.number for each in pending.lines()] == list(range(90, 100))
    assert pending.missed == 90
    pending.clear()
    assert (len(pending), pending.missed) == (0, 0)
