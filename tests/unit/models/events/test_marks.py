"""Events worth a mark on the time axis."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.events.marks import EventMarks, is_worth_a_mark
from zmqscope.models.rates.view import TimeRange

S = 10**9
BEGIN = 1_795_442_400 * S


def line(
    number: int,
    at_s: float,
    kind: EventKind = EventKind.PEER,
    severity: Severity = Severity.INFO,
    count: int = 1,
    since_s: float | None = None,
) -> EventLine:
    last_ns = BEGIN + round(at_s * S)
    first_ns = last_ns if since_s is None else BEGIN + round(since_s * S)
    text = f"event {number}"
    return EventLine(number, kind, severity, SocketId(1), text, "", "", count, first_ns, last_ns)


def shown(start_s: float = 0, end_s: float = 60) -> TimeRange:
    return TimeRange(BEGIN + round(start_s * S), BEGIN + round(end_s * S))


@pytest.mark.parametrize(
    ("kind", "severity", "is_worth"),
    [
        (EventKind.PEER, Severity.INFO, True),
        (EventKind.ACCESS, Severity.INFO, True),
        (EventKind.FINDING, Severity.ERROR, True),
        (EventKind.NOTICE, Severity.WARNING, True),
        (EventKind.NOTICE, Severity.INFO, False),
        (EventKind.MONITOR, Severity.WARNING, False),
    ],
)
def test_what_is_worth_a_mark(kind: EventKind, severity: Severity, is_worth: bool) -> None:
    assert is_worth_a_mark(line(1, 0, kind, severity)) is is_worth
    marks = EventMarks()
    assert marks.take([line(1, 0, kind, severity)]) is is_worth
    assert len(marks) == is_worth


def test_what_lies_apart_has_its_own_mark_in_its_place() -> None:
    marks = EventMarks()
    marks.take([line(1, 10.2), line(2, 30.7, severity=Severity.ERROR)])
    found = marks.within(shown(), S)
    assert [(mark.time_ns - BEGIN, mark.count) for mark in found] == [
        (round(10.2 * S), 1),
        (round(30.7 * S), 1),
    ]
    assert [mark.severity for mark in found] == [Severity.INFO, Severity.ERROR]
    assert marks.within(shown(11, 30), S) == []


def test_what_lies_close_is_one_mark_of_the_worst_severity() -> None:
    marks = EventMarks()
    marks.take([line(1, 10.2), line(2, 10.6, severity=Severity.ERROR), line(3, 10.4)])
    (mark,) = marks.within(shown(), S)
    assert (mark.count, mark.severity) == (3, Severity.ERROR)
    lines, count = marks.lines_of(mark)
    assert [each.number for each in lines] == [2, 3, 1]
    assert count == 3
    assert len(marks.lines_of(mark, 1)[0]) == 1


def test_marks_stay_the_same_while_the_picture_moves() -> None:
    marks = EventMarks()
    marks.take([line(n, 10 + n * 0.37) for n in range(1, 60)])
    before = marks.within(shown(0, 60), S)
    for step in range(1, 90):
        moved = marks.within(shown(step / 10, 60 + step / 10), S)
        assert moved == before


def test_a_line_that_goes_on_is_marked_where_it_happened() -> None:
    marks = EventMarks()
    first = line(1, 10)
    marks.take([first])
    for second in range(1, 21):
        again = replace(first, count=1 + 10 * second, last_ns=BEGIN + (10 + second) * S)
        marks.take([again])
    found = marks.within(shown(), 5 * S)
    assert sum(mark.count for mark in found) == 201
    assert len(found) == 5
    assert marks.lines_of(found[0]) == ([again], 1)


def test_the_same_within_a_second_only_counts() -> None:
    marks = EventMarks()
    for count in range(1, 11):
        last = replace(line(1, 10), count=count, last_ns=BEGIN + 10 * S + count * 50_000_000)
        marks.take([last])
    assert len(marks) == 1
    assert marks.within(shown(), S)[0].count == 10


def test_a_line_that_had_counted_before_is_marked_at_both_ends() -> None:
    marks = EventMarks()
    marks.take([line(1, 40, count=7, since_s=10)])
    assert [mark.count for mark in marks.within(shown(), S)] == [1, 6]


def test_a_withdrawn_line_has_no_mark() -> None:
    marks = EventMarks()
    marks.take([line(1, 10), line(2, 20)])
    assert marks.take([replace(line(2, 20), count=0)])
    assert not marks.take([replace(line(77, 20), count=0)])
    assert len(marks.within(shown(), S)) == 1


def test_bounded() -> None:
    marks = EventMarks(limit=50)
    for number in range(1, 1_000):
        marks.take([line(number, number / 20)])
        if number % 3 == 0:
            marks.take([line(1, number / 20, count=number, since_s=0)])
    assert len(marks) <= 50
    assert len(marks._lines) <= 50
    assert len(marks._newest) <= 50
    found = marks.within(shown(), S)
    assert found[-1].last_ns == BEGIN + round(999 / 20 * S)
    assert all(marks.lines_of(mark)[0] for mark in found)


def test_clear_forgets_all() -> None:
    marks = EventMarks()
    marks.take([line(1, 10)])
    marks.clear()
    assert len(marks) == 0
    marks.take([line(1, 12, count=2, since_s=10)])
    assert len(marks.within(shown(), S)) == 2
