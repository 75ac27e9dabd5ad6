"""A line tells words of its own, or those of the event that happened last."""

from __future__ import annotations

import zmq

from zmqscope.core.events import EventKind
from zmqscope.core.types import Severity, SocketId
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.monitor_words import event_words
from zmqscope.engine.open_line import OpenLine


def test_told_as_it_is_now() -> None:
    line = OpenLine(4, EventKind.NOTICE, Severity.INFO, SocketId(1), "text", "hint", "where", 5, 6)
    line.count += 1
    told = line.told()
    assert (told.number, told.text, told.hint, told.address) == (4, "text", "hint", "where")
    assert (told.count, told.first_ns, told.last_ns) == (2, 5, 6)


def test_an_event_has_its_words_when_they_are_told() -> None:
    line = OpenLine(4, EventKind.MONITOR, Severity.INFO, SocketId(1), "", "", "where", 5, 6)
    line.event = MonitorEvent(zmq.Event.CONNECT_RETRIED, 100, "where")
    first = line.told()
    assert first.text == event_words(line.event, "")
    line.event = MonitorEvent(zmq.Event.CONNECT_RETRIED, 200, "where")
    assert line.told().text != first.text
