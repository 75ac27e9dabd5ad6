"""Events in words: a line as text, its kind, its severity, how often. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity
from zmqscope.models.format import format_clock_time, format_count, one_line

SEVERITY_TOKENS: dict[Severity, str] = {
    Severity.INFO: "accent",
    Severity.WARNING: "waiting",
    Severity.ERROR: "broken",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the list.

    Attributes:
        line: What happened.
        socket_name: The socket's name then; empty for the whole app.
        serial: Which of the list's lines it is, in the order in which they came.
        sought: What a search looks through, in lower case.
    """

    line: EventLine
    socket_name: str
    serial: int = 0
    sought: str = field(default="", repr=False, compare=False)


def make_event(line: EventLine, socket_name: str, serial: int) -> Event:
    """A line with what the list needs of it."""
    parts = (line.text, line.hint, line.address, socket_name)
    return Event(line, socket_name, serial, "\n".join(parts).casefold())


def event_line(event: Event) -> str:
    """A line as text: time, socket, what happened, what to do, how often."""
    line = event.line
    parts = [format_clock_time(line.last_ns, 3), severity_word(line.severity)]
    parts.append(kind_word(line.kind).lower())
    if event.socket_name:
        parts.append(f"{one_line(event.socket_name)}:")
    parts.append(one_line(line.text))
    if shown_address(line):
        parts.append(shown_address(line))
    if line.hint:
        parts.append(one_line(line.hint))
    if line.count > 1:
        parts.append(repeats_text(line))
    return " ".join(parts)


def shown_address(line: EventLine) -> str:
    """The address, unless the sentence has it already."""
    return "" if line.address in line.text else one_line(line.address)


def repeats_text(line: EventLine) -> str:
    """How often it happened, and since when."""
    words = QCoreApplication.translate("Events", "({count} times since {time})")
    return words.format(count=format_count(line.count), time=format_clock_time(line.first_ns, 0))


def when_text(line: EventLine) -> str:
    """When it happened first and last, and how often: ``214 times, 12:01:07 to 12:05:09``."""
    if line.count < 2:
        return format_clock_time(line.last_ns, 3)
    words = QCoreApplication.translate("Events", "{count} times, {first} to {last}")
    return words.format(
        count=format_count(line.count),
        first=format_clock_time(line.first_ns, 3),
        last=format_clock_time(line.last_ns, 3),
    )


def kind_word(kind: EventKind) -> str:
    """Where a line comes from, in a word."""
    return {
        EventKind.NOTICE: QCoreApplication.translate("Events", "Notice"),
        EventKind.PEER: QCoreApplication.translate("Events", "Peer"),
        EventKind.FINDING: QCoreApplication.translate("Events", "Doctor"),
        EventKind.ACCESS: QCoreApplication.translate("Events", "Access"),
        EventKind.MONITOR: QCoreApplication.translate("Events", "libzmq"),
    }[kind]


def severity_word(severity: Severity) -> str:
    """A severity in a word, for readers who see no colour."""
    return {
        Severity.INFO: QCoreApplication.translate("Events", "info"),
        Severity.WARNING: QCoreApplication.translate("Events", "warning"),
        Severity.ERROR: QCoreApplication.translate("Events", "error"),
    }[severity]


def shown_words(shown: int, total: int, dropped: int) -> str:
    """How many lines are shown: ``12 of 4,310``."""
    words = format_count(total) if total else ""
    if shown != total:
        words = QCoreApplication.translate("Events", "{shown} of {total}").format(
            shown=format_count(shown), total=format_count(total)
        )
    if dropped:
        words = QCoreApplication.translate("Events", "{count} · {dropped} older dropped").format(
            count=words or "0", dropped=format_count(dropped)
        )
    return words
