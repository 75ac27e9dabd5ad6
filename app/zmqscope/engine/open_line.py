"""A line of the event log that can still count up. Loop thread."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity, SocketId
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.monitor_words import event_words


@dataclass(slots=True)
class OpenLine:
    """A line that can still count up.

    Attributes:
        event: The monitor event that happened last; its words are made when they are told.
        peer: Who was let in, where that can be known.
    """

    number: int
    kind: EventKind
    severity: Severity
    socket_id: SocketId | None
    text: str
    hint: str
    address: str
    first_ns: int
    last_ns: int
    count: int = 1
    event: MonitorEvent | None = None
    peer: str = ""

    def told(self) -> EventLine:
        """As it is now."""
        text = self.text if self.event is None else event_words(self.event, self.peer)
        return EventLine(
            self.number,
            self.kind,
            self.severity,
            self.socket_id,
            text,
            self.hint,
            self.address,
            self.count,
            self.first_ns,
            self.last_ns,
        )
