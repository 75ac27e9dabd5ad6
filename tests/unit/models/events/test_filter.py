"""Which events are shown."""

from __future__ import annotations

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.events.filter import FIRST_KINDS, EventFilter, words_of
from zmqscope.models.events.words import Event, make_event

WHERE = "tcp://10.0.0.7:5556"


def event(kind: EventKind = EventKind.PEER) -> Event:
    text, hint = "Lost Größe.", "Wait."
    line = EventLine(1, kind, Severity.WARNING, SocketId(1), text, hint, WHERE, 1, 0, 0)
    return make_event(line, "Quotes", 0)


def test_words_are_looked_for_everywhere_in_either_case() -> None:
    for typed in ("", "  ", "lost", "GRÖSSE", "wait", "10.0.0.7", "quotes", "quotes lost 5556"):
        assert EventFilter(words=words_of(typed)).accepts(event()), typed
    for typed in ("found", "lost found", "losttcp"):
        assert not EventFilter(words=words_of(typed)).accepts(event()), typed


def test_socket_kind_and_severity() -> None:
    assert EventFilter(socket_id=SocketId(1)).accepts(event())
    assert not EventFilter(socket_id=SocketId(2)).accepts(event())
    assert not EventFilter(kinds=frozenset((EventKind.ACCESS,))).accepts(event())
    assert EventFilter(least=Severity.WARNING).accepts(event())
    assert not EventFilter(least=Severity.ERROR).accepts(event())


def test_at_first_all_but_raw_events_are_shown() -> None:
    assert EventFilter().is_first
    assert not EventFilter(words=("x",)).is_first
    shown = {kind for kind in EventKind if EventFilter().accepts(event(kind))}
    assert shown == FIRST_KINDS == set(EventKind) - {EventKind.MONITOR}
