"""The list of events against plain words: what is shown, where, and in what order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.events.events import EventList
from zmqscope.models.events.filter import EventFilter

LIMIT = 60

lines = st.builds(
    EventLine,
    number=st.integers(1, 30),
    kind=st.sampled_from(EventKind),
    severity=st.sampled_from(Severity),
    socket_id=st.sampled_from((None, SocketId(1), SocketId(2))),
    text=st.sampled_from(("lost", "found", "lost and found")),
    hint=st.just(""),
    address=st.just(""),
    count=st.integers(0, 3),
    first_ns=st.just(0),
    last_ns=st.just(0),
)
batches = st.lists(lines, max_size=8, unique_by=lambda line: line.number)
filters = st.builds(
    EventFilter,
    words=st.sampled_from(((), ("lost",), ("lost", "found"))),
    socket_id=st.sampled_from((None, SocketId(1))),
    kinds=st.frozensets(st.sampled_from(EventKind)),
    least=st.sampled_from(Severity),
)


@given(st.lists(st.one_of(batches, filters), max_size=20))
def test_shows_what_plain_words_say(steps: list[list[EventLine] | EventFilter]) -> None:
    events = EventList(limit=LIMIT)
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(events, mode)
    kept: dict[int, EventLine] = {}
    for step in steps:
        if isinstance(step, EventFilter):
            events.set_filter(step)
        else:
            events.take(step, lambda _socket_id: "")
            for line in step:
                if line.count:
                    kept[line.number] = line
                else:
                    kept.pop(line.number, None)
        events_kept = [events.get(number) for number in kept]
        shown = [each.line for each in events_kept if each and events.filter.accepts(each)]
        assert [events.event_at(row).line for row in range(events.rowCount())] == shown
        assert [events.row_of(line.number) for line in shown] == list(range(len(shown)))
        assert events.total == len(kept)
    tester.deleteLater()


def line(number: int, count: int) -> EventLine:
    return EventLine(number, EventKind.NOTICE, Severity.INFO, None, "lost", "", "", count, 0, 0)


def test_a_change_is_told_where_its_line_is_after_others_went() -> None:
    events = EventList(limit=LIMIT)
    told: list[tuple[int, int]] = []
    events.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    events.take([line(1, 1), line(2, 1), line(3, 1)], lambda _socket_id: "")
    events.take([line(3, 2), line(1, 0), line(2, 0)], lambda _socket_id: "")
    assert (told, events.rowCount()) == ([(0, 0)], 1)
