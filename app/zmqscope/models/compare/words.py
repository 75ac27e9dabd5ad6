"""What the compare panel says. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import Direction
from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.compare.sides import Lack
from zmqscope.models.format import format_clock_time, format_count, format_duration, one_line
from zmqscope.models.inspector.inspected import Inspected

_NAME_CHARS = 60


def lack_words(lack: Lack, pin_key: str) -> tuple[str, str]:
    """Why there is nothing to compare, and what to do next.

    Args:
        lack: The reason.
        pin_key: The key that pins a message.
    """
    pin = _tr("Pin it ({0}) to compare it with any other message.").format(pin_key)
    return {
        Lack.NOTHING_SHOWN: (
            _tr("Nothing to compare yet"),
            _tr("Select a message: it is compared with the one before on its topic."),
        ),
        Lack.LOOKING: (
            _tr("Looking for the message before…"),
            _tr("There are many messages between this one and the one before on its topic."),
        ),
        Lack.FIRST: (
            _tr("This is the first message on this topic"),
            _tr("Select a later one, or wait for the next. {0}").format(pin),
        ),
        Lack.LEFT_MEMORY: (
            _tr("The message before is not in memory"),
            _tr("Older messages are gone. Select a later one. {0}").format(pin),
        ),
        Lack.NOTHING_PINNED: (
            _tr("No message is pinned"),
            _tr("Select a message and pin it ({0}); then select any other.").format(pin_key),
        ),
        Lack.IS_PINNED: (
            _tr("This message is the pinned one"),
            _tr("Select any other message to compare it with this one."),
        ),
        Lack.NOTHING_SELECTED: (
            _tr("No two messages are chosen"),
            _tr("Select two rows of the table, then “Compare the two” in their menu."),
        ),
    }[lack]


def side_words(message: Inspected | None, gap: str = "") -> str:
    """A message in one line: number, how much later it came, time, socket."""
    if message is None:
        return "–"
    facts = message.message
    arrow = "↓" if facts.direction is Direction.RECEIVED else "↑"
    name = one_line(message.socket_name[:_NAME_CHARS])
    number, time = f"#{format_count(facts.row + 1)}", format_clock_time(facts.time_ns)
    return " · ".join(filter(None, (number, gap, time, f"{arrow} {name}")))


def gap_words(before: Inspected | None, after: Inspected | None) -> str:
    """How long after the one the other came: ``12 ms later``."""
    if before is None or after is None:
        return ""
    gap_ns = after.message.time_ns - before.message.time_ns
    words = _tr("{0} later") if gap_ns >= 0 else _tr("{0} earlier")
    return words.format(format_duration(abs(gap_ns)))


def count_words(comparison: Comparison | None) -> str:
    """How many changes there are: ``3 changes``."""
    if comparison is None:
        return ""
    if not comparison.changes and not comparison.is_done:
        return _tr("comparing…")
    if not comparison.changes and comparison.is_whole:
        return _tr("no changes")
    more = "" if comparison.is_done else "…"
    if not comparison.is_whole:
        return _tr("{0}+ changes").format(format_count(comparison.changes)) + more
    if comparison.changes == 1:
        return _tr("1 change") + more
    return _tr("{0} changes").format(format_count(comparison.changes)) + more


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
