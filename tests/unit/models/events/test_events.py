"""The list of events."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Notice, Severity, SocketId
from zmqscope.models.events.events import EventList, EventRole
from zmqscope.models.events.filter import EventFilter, words_of
from zmqscope.models.events.words import event_line, shown_words

S = 10**9
EVERY_KIND = frozenset(EventKind)


def line(
    number: int,
    text: str = "",
    kind: EventKind = EventKind.NOTICE,
    severity: Severity = Severity.WARNING,
    socket: int | None = 1,
    count: int = 1,
) -> EventLine:
    socket_id = None if socket is None else SocketId(socket)
    words = text or f"event {number}"
    return EventLine(number, kind, severity, socket_id, words, "", "", count, S, number * S)


def name_of(socket_id: SocketId | None) -> str:
    return "" if socket_id is None else f"socket {socket_id}"


def notice(text: str, time_s: int = 0, socket: int | None = 1, hint: str = "") -> Notice:
    socket_id = None if socket is None else SocketId(socket)
    return Notice(time_s * S, socket_id, Severity.WARNING, text, hint)


def texts(events: EventList) -> list[str]:
    return [events.event_at(row).line.text for row in range(events.rowCount())]


def checked(events: EventList) -> EventList:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(events, mode, events)
    return events


def test_newest_is_last() -> None:
    events = checked(EventList())
    events.take([line(1, "a"), line(2, "b")], name_of)
    assert texts(events) == ["a", "b"]
    assert events.data(events.index(1), EventRole.EVENT) == events.event_at(1)
    assert events.event_at(1).socket_name == "socket 1"


def test_a_line_that_counts_up_stays_where_it_is() -> None:
    events = checked(EventList())
    events.take([line(1, "lost"), line(2, "other")], name_of)
    moved = QSignalSpy(events.rowsMoved)
    changed = QSignalSpy(events.dataChanged)
    events.take([line(1, "lost", count=214)], name_of)
    assert texts(events) == ["lost", "other"]
    assert events.event_at(0).line.count == 214
    assert (moved.count(), changed.count()) == (0, 1)


def test_a_batch_is_told_in_few_signals() -> None:
    events = checked(EventList())
    events.take([line(n) for n in range(1, 1_001)], name_of)
    inserted = QSignalSpy(events.rowsInserted)
    changed = QSignalSpy(events.dataChanged)
    events.take([line(n, count=2) for n in range(1, 2_001)], name_of)
    assert (inserted.count(), changed.count()) == (1, 1)
    assert events.rowCount() == 2_000


def test_a_withdrawn_line_is_gone() -> None:
    events = checked(EventList())
    events.take([line(1, "a"), line(2, "b"), line(3, "c")], name_of)
    events.take([line(2, count=0), line(77, count=0)], name_of)
    assert texts(events) == ["a", "c"]
    assert events.row_of(2) == -1
    assert events.row_of(3) == 1


def test_bounded_and_honest_about_it() -> None:
    events = checked(EventList(limit=40))
    seen: list[int] = []
    events.dropped_changed.connect(seen.append)
    for number in range(1, 101):
        kind = EventKind.MONITOR if number % 3 else EventKind.PEER
        events.take([line(number, str(number), kind)], name_of)
        assert events.total <= 40
    assert events.total + events.dropped == 100
    assert seen[-1] == events.dropped
    assert texts(events)[-1] == "99"
    events.take([line(n) for n in range(200, 400)], name_of)
    assert events.total <= 40
    assert texts(events)[-1] == "event 399"


def test_filters_by_words_socket_kind_and_severity() -> None:
    events = checked(EventList())
    events.take(
        [
            line(1, "Lost tcp://10.0.0.7:5556", socket=1),
            line(2, "A peer came", EventKind.PEER, Severity.INFO, socket=2),
            line(3, "A handshake is done", EventKind.MONITOR, Severity.INFO, socket=2),
            line(4, "Refused", EventKind.ACCESS, Severity.ERROR, socket=None),
        ],
        name_of,
    )
    assert texts(events) == ["Lost tcp://10.0.0.7:5556", "A peer came", "Refused"]
    for wanted, numbers in (
        (EventFilter(words=words_of("10.0.0 LOST")), [1]),
        (EventFilter(words=words_of("socket 2")), [2]),
        (EventFilter(socket_id=SocketId(2), kinds=EVERY_KIND), [2, 3]),
        (EventFilter(kinds=frozenset((EventKind.MONITOR,))), [3]),
        (EventFilter(least=Severity.ERROR), [4]),
        (EventFilter(), [1, 2, 4]),
    ):
        events.set_filter(wanted)
        shown = [events.event_at(row).line.number for row in range(events.rowCount())]
        assert shown == numbers
        assert [events.row_of(number) for number in numbers] == list(range(len(numbers)))
    assert events.total == 4


def test_what_comes_to_fit_the_filter_is_shown_in_its_place() -> None:
    events = checked(EventList())
    events.set_filter(EventFilter(least=Severity.WARNING))
    first = line(1, "flaps", severity=Severity.INFO)
    events.take([first, line(2, "b")], name_of)
    assert texts(events) == ["b"]
    events.take([replace(first, severity=Severity.ERROR)], name_of)
    assert texts(events) == ["flaps", "b"]
    events.take([first], name_of)
    assert texts(events) == ["b"]


def test_notices_of_the_window_count_up_until_a_pause() -> None:
    events = checked(EventList())
    for second in (0, 1, 2):
        events.say(notice("saved", second), "")
    events.say(notice("saved", 2, socket=None), "")
    events.say(notice("saved", 60), "")
    assert [events.event_at(row).line.count for row in range(3)] == [3, 1, 1]
    assert events.event_at(0).line.first_ns == 0
    assert events.event_at(0).line.last_ns == 2 * S


def test_clear_forgets_everything() -> None:
    events = EventList(limit=4)
    for number in range(6):
        events.say(notice(str(number)), "one")
    events.clear()
    assert events.rowCount() == events.total == events.dropped == 0
    events.say(notice("5"), "one")
    assert events.event_at(0).line.count == 1


def test_a_line_as_text_is_one_safe_line() -> None:
    events = EventList()
    for _ in range(2):
        events.say(notice("bad\n\x1b[2Jtopic", hint="look\u202e"), "so\tcket")
    text = event_line(events.event_at(0))
    assert "warning notice so␉cket: bad␊␛[2Jtopic look⟨U+202E⟩ (2 times since" in text
    assert events.data(events.index(0), Qt.ItemDataRole.DisplayRole) == text


def test_how_many_are_shown() -> None:
    assert shown_words(0, 0, 0) == ""
    assert shown_words(7, 7, 0) == "7"
    assert shown_words(12, 4_310, 0) == "12 of 4,310"
    assert shown_words(9_500, 9_500, 500) == "9,500 · 500 older dropped"
