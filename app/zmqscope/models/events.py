"""The list of notices: bounded, honest about what it dropped, repeats in one line. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from zmqscope.core.types import Notice, Severity, SocketId
from zmqscope.models.format import format_clock_time, format_count, one_line

MAX_EVENTS = 10_000
_REPEAT_WINDOW = 32
_DROP_AT_ONCE = 500
_NO_PARENT = QModelIndex()

SEVERITY_TOKENS: dict[Severity, str] = {
    Severity.INFO: "accent",
    Severity.WARNING: "waiting",
    Severity.ERROR: "broken",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the list.

    Attributes:
        notice: What was told, the last time.
        socket_name: The socket's name then; empty for the whole app.
        count: How often it was told.
        first_ns: When it was told first.
    """

    notice: Notice
    socket_name: str
    count: int = 1
    first_ns: int = 0

    @property
    def key(self) -> tuple[SocketId | None, Severity, str, str]:
        """What two notices share that tell the same."""
        return (
            self.notice.socket_id,
            self.notice.severity,
            self.notice.text,
            self.notice.hint,
        )


class EventRole(IntEnum):
    """Roles beside Qt's own."""

    EVENT = Qt.ItemDataRole.UserRole + 1


class EventList(QAbstractListModel):
    """All notices since the start or the last clear, the newest last.

    Args:
        limit: Lines kept at most.
        parent: Owner.
    """

    dropped_changed = Signal(int)
    """How many of the oldest lines are gone."""

    def __init__(self, limit: int = MAX_EVENTS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._events: list[Event] = []
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Lines that made room for newer ones."""
        return self._dropped

    def add(self, notice: Notice, socket_name: str) -> None:
        """Add a notice at the end; one that was told lately moves there and counts up.

        Args:
            notice: What to tell.
            socket_name: The socket's name now; empty for the whole app.
        """
        event = Event(notice, socket_name, first_ns=notice.time_ns)
        row = self._recent_row(event)
        if row is None:
            self._make_room()
            end = len(self._events)
            self.beginInsertRows(_NO_PARENT, end, end)
            self._events.append(event)
            self.endInsertRows()
            return
        before = self._events[row]
        self._move_to_end(row)
        last = len(self._events) - 1
        self._events[last] = replace(event, count=before.count + 1, first_ns=before.first_ns)
        index = self.index(last)
        self.dataChanged.emit(index, index)

    def clear(self) -> None:
        """Forget all lines, and how many were dropped."""
        self.beginResetModel()
        self._events.clear()
        self._dropped = 0
        self.endResetModel()
        self.dropped_changed.emit(0)

    def event_at(self, row: int) -> Event:
        """The line in a row.

        Raises:
            IndexError: There is no such row.
        """
        return self._events[row]

    def _recent_row(self, event: Event) -> int | None:
        """Row of the same notice among the last lines; a bounded search, so a flood stays cheap."""
        for back, other in enumerate(reversed(self._events[-_REPEAT_WINDOW:]), start=1):
            if other.key == event.key:
                return len(self._events) - back
        return None

    def _move_to_end(self, row: int) -> None:
        end = len(self._events)
        if row == end - 1:
            return
        self.beginMoveRows(_NO_PARENT, row, row, _NO_PARENT, end)
        self._events.append(self._events.pop(row))
        self.endMoveRows()

    def _make_room(self) -> None:
        """Drop the oldest lines in blocks: a list sheds many as quickly as one."""
        if len(self._events) < self._limit:
            return
        count = min(_DROP_AT_ONCE, max(1, self._limit // 20))
        self.beginRemoveRows(_NO_PARENT, 0, count - 1)
        del self._events[:count]
        self.endRemoveRows()
        self._dropped += count
        self.dropped_changed.emit(self._dropped)

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._events)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._events):
            return None
        event = self._events[index.row()]
        if role == EventRole.EVENT:
            return event
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return event_line(event)
        return None


def event_line(event: Event) -> str:
    """A line as text: time, socket, what happened, what to do, how often."""
    parts = [format_clock_time(event.notice.time_ns, 3), severity_word(event.notice.severity)]
    if event.socket_name:
        parts.append(f"{one_line(event.socket_name)}:")
    parts.append(one_line(event.notice.text))
    if event.notice.hint:
        parts.append(one_line(event.notice.hint))
    if event.count > 1:
        parts.append(repeats_text(event))
    return " ".join(parts)


def repeats_text(event: Event) -> str:
    """How often a line was told, and since when."""
    words = QCoreApplication.translate("Events", "({count} times since {time})")
    return words.format(count=format_count(event.count), time=format_clock_time(event.first_ns, 0))


def severity_word(severity: Severity) -> str:
    """A severity in a word, for readers who see no colour."""
    return {
        Severity.INFO: QCoreApplication.translate("Events", "info"),
        Severity.WARNING: QCoreApplication.translate("Events", "warning"),
        Severity.ERROR: QCoreApplication.translate("Events", "error"),
    }[severity]
