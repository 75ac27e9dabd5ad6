"""The list of notices."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from zmqscope.core.types import Notice, Severity, SocketId
from zmqscope.models.events import EventList, EventRole, event_line


def notice(text: str, time_s: int = 0, socket: int | None = 1, hint: str = "") -> Notice:
    socket_id = None if socket is None else SocketId(socket)
    return Notice(time_s * 10**9, socket_id, Severity.WARNING, text, hint)


def texts(events: EventList) -> list[str]:
    return [events.event_at(row).notice.text for row in range(events.rowCount())]


def checked(events: EventList) -> QAbstractItemModelTester:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    return QAbstractItemModelTester(events, mode, events)


def test_newest_is_last() -> None:
    events = EventList()
    checked(events)
    events.add(notice("a"), "one")
    events.add(notice("b"), "one")
    assert texts(events) == ["a", "b"]
    event = events.data(events.index(1), EventRole.EVENT)
    assert event == events.event_at(1)


def test_repeats_move_to_the_end_and_count_up() -> None:
    events = EventList()
    checked(events)
    for second, text in enumerate(("lost", "other", "lost", "lost")):
        events.add(notice(text, second), "one")
    assert texts(events) == ["other", "lost"]
    repeated = events.event_at(1)
    assert repeated.count == 3
    assert repeated.first_ns == 0
    assert repeated.notice.time_ns == 3 * 10**9


def test_the_same_words_of_another_socket_are_no_repeat() -> None:
    events = EventList()
    events.add(notice("lost", socket=1), "one")
    events.add(notice("lost", socket=2), "two")
    events.add(notice("lost", socket=None), "")
    assert events.rowCount() == 3


def test_bounded_and_honest_about_it() -> None:
    events = EventList(limit=40)
    checked(events)
    seen: list[int] = []
    events.dropped_changed.connect(seen.append)
    for number in range(100):
        events.add(notice(str(number)), "one")
        assert events.rowCount() <= 40
    assert events.rowCount() + events.dropped == 100
    assert texts(events)[-1] == "99"
    assert seen[-1] == events.dropped


def test_clear_forgets_everything() -> None:
    events = EventList(limit=4)
    for number in range(6):
        events.add(notice(str(number)), "one")
    events.clear()
    assert events.rowCount() == 0
    assert events.dropped == 0
    events.add(notice("5"), "one")
    assert events.event_at(0).count == 1


def test_a_line_as_text_is_one_safe_line() -> None:
    events = EventList()
    events.add(notice("bad\n\x1b[2Jtopic", hint="look\u202e"), "so\tcket")
    events.add(notice("bad\n\x1b[2Jtopic", hint="look\u202e"), "so\tcket")
    line = event_line(events.event_at(0))
    assert "so␉cket: bad␊␛[2Jtopic look⟨U+202E⟩ (2 times since" in line
    assert events.data(events.index(0), Qt.ItemDataRole.DisplayRole) == line
