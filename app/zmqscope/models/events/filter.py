"""Which events are shown: by words, socket, kind and severity. Plain values; GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.events import EventKind
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.events.words import Event

FIRST_KINDS: frozenset[EventKind] = frozenset(EventKind) - {EventKind.MONITOR}
"""What is shown at first: libzmq's own events are for those who ask for them."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What an event has to be like.

    Attributes:
        words: Each in lower case; all of them have to be in its text, socket or address.
        socket_id: The socket; None for all.
        kinds: Where it may come from.
        least: It has to matter at least so much.
    """

    words: tuple[str, ...] = ()
    socket_id: SocketId | None = None
    kinds: frozenset[EventKind] = FIRST_KINDS
    least: Severity = Severity.INFO

    def accepts(self, event: Event) -> bool:
        """Whether an event is shown."""
        line = event.line
        return (
            line.kind in self.kinds
            and line.severity >= self.least
            and self.socket_id in (None, line.socket_id)
            and all(word in event.sought for word in self.words)
        )

    @property
    def is_first(self) -> bool:
        """Whether it is what it is at first."""
        return self == EventFilter()


def words_of(typed: str) -> tuple[str, ...]:
    """What was typed, as words to look for."""
    return tuple(typed.casefold().split())
