"""The list of events: bounded, honest about what it dropped, filtered. GUI thread.

A line that changes stays where it is: nothing moves under the reader.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from enum import IntEnum
from itertools import islice

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Notice, Severity, SocketId
from zmqscope.models.events.filter import EventFilter
from zmqscope.models.events.words import Event, event_line, make_event

MAX_EVENTS = 10_000
_DROP_AT_ONCE = 500
_PAUSE_NS = 30_000_000_000
_MAX_SAID = 200
_NO_PARENT = QModelIndex()

NameOf = Callable[[SocketId | None], str]
_Said = tuple[SocketId | None, Severity, str, str]


class EventRole(IntEnum):
    """Roles beside Qt's own."""

    EVENT = Qt.ItemDataRole.UserRole + 1


class EventList(QAbstractListModel):
    """All events since the start or the last clear, in the order in which they came first.

    Args:
        limit: Lines kept at most, shown or not.
        parent: Owner.
    """

    dropped_changed = Signal(int)
    """How many of the oldest lines are gone."""

    def __init__(self, limit: int = MAX_EVENTS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = limit
        self._filter = EventFilter()
        # By number, in the order of their serials.
        self._events: dict[int, Event] = {}
        # Rows: serials ascend, so that a row is found without a search through all.
        self._serials: list[int] = []
        self._numbers: list[int] = []
        self._next_serial = 0
        self._dropped = 0
        self._said: dict[_Said, int] = {}
        self._next_said = -1

    # ---- what there is ----------------------------------------------------------------------

    @property
    def dropped(self) -> int:
        """Lines that made room for newer ones."""
        return self._dropped

    @property
    def total(self) -> int:
        """Lines kept, shown or not."""
        return len(self._events)

    @property
    def filter(self) -> EventFilter:
        """Which of them are shown."""
        return self._filter

    def event_at(self, row: int) -> Event:
        """The line in a row.

        Raises:
            IndexError: There is no such row.
        """
        return self._events[self._numbers[row]]

    def get(self, number: int) -> Event | None:
        """The line with this number, shown or not; None if there is none any more."""
        return self._events.get(number)

    def lines(self) -> list[EventLine]:
        """All lines of the engine, shown or not."""
        return [event.line for number, event in self._events.items() if number > 0]

    def row_of(self, number: int) -> int:
        """Where a line is shown; -1 if it is not."""
        event = self._events.get(number)
        return -1 if event is None else self._row(event.serial)

    def _row(self, serial: int) -> int:
        row = bisect_left(self._serials, serial)
        return row if row < len(self._serials) and self._serials[row] == serial else -1

    # ---- what comes -------------------------------------------------------------------------

    def take(self, lines: Iterable[EventLine], name_of: NameOf) -> None:
        """Take lines in, new and changed, with few signals for however many there are.

        Args:
            lines: The lines.
            name_of: The name of a socket; empty for the whole app.
        """
        fresh: list[Event] = []
        changed: list[int] = []
        for line in lines:
            old = self._events.get(line.number)
            if line.count == 0:
                self._withdraw(old)
            elif old is None:
                event = make_event(line, name_of(line.socket_id), self._next_serial)
                self._next_serial += 1
                self._events[line.number] = event
                fresh.append(event)
            else:
                row = self._replace(make_event(line, name_of(line.socket_id), old.serial))
                if row >= 0:
                    changed.append(line.number)
        # Lines withdrawn since have moved those behind them.
        rows = [row for row in map(self.row_of, changed) if row >= 0]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
        self._append([event for event in fresh if self._filter.accepts(event)])
        self._make_room()

    def say(self, notice: Notice, socket_name: str) -> None:
        """Add a notice of the window's own; one that was told lately counts up.

        Args:
            notice: What to tell.
            socket_name: The socket's name now; empty for the whole app.
        """
        key = (notice.socket_id, notice.severity, notice.text, notice.hint)
        before = self._events.get(self._said.pop(key, 0))
        count, first_ns = 1, notice.time_ns
        if before is not None and notice.time_ns - before.line.last_ns <= _PAUSE_NS:
            number, count, first_ns = (
                before.line.number,
                before.line.count + 1,
                before.line.first_ns,
            )
        else:
            # The engine numbers its lines upwards from 1.
            number, self._next_said = self._next_said, self._next_said - 1
        self._said[key] = number
        if len(self._said) > _MAX_SAID:
            del self._said[next(iter(self._said))]
        line = EventLine(
            number,
            EventKind.NOTICE,
            notice.severity,
            notice.socket_id,
            notice.text,
            notice.hint,
            "",
            count,
            first_ns,
            notice.time_ns,
        )
        self.take([line], lambda _socket_id: socket_name)

    def _replace(self, event: Event) -> int:
        """Put a line in place of its former self; its row if it was shown and still is."""
        self._events[event.line.number] = event
        row, is_wanted = self._row(event.serial), self._filter.accepts(event)
        if is_wanted == (row >= 0):
            return row
        if is_wanted:
            self._show(event)
        else:
            self._hide(row)
        return -1

    def _show(self, event: Event) -> None:
        row = bisect_left(self._serials, event.serial)
        self.beginInsertRows(_NO_PARENT, row, row)
        self._serials.insert(row, event.serial)
        self._numbers.insert(row, event.line.number)
        self.endInsertRows()

    def _hide(self, row: int) -> None:
        self.beginRemoveRows(_NO_PARENT, row, row)
        del self._serials[row], self._numbers[row]
        self.endRemoveRows()

    def _withdraw(self, event: Event | None) -> None:
        if event is None:
            return
        row = self._row(event.serial)
        if row >= 0:
            self._hide(row)
        del self._events[event.line.number]

    def _append(self, events: list[Event]) -> None:
        if not events:
            return
        end = len(self._numbers)
        self.beginInsertRows(_NO_PARENT, end, end + len(events) - 1)
        self._serials.extend(event.serial for event in events)
        self._numbers.extend(event.line.number for event in events)
        self.endInsertRows()

    def _make_room(self) -> None:
        """Drop the oldest lines in blocks: a list sheds many as quickly as one."""
        over = len(self._events) - self._limit
        if over <= 0:
            return
        count = max(over, min(_DROP_AT_ONCE, max(1, self._limit // 20)))
        oldest = list(islice(self._events.values(), count))
        rows = bisect_left(self._serials, oldest[-1].serial + 1)
        if rows:
            self.beginRemoveRows(_NO_PARENT, 0, rows - 1)
        del self._serials[:rows], self._numbers[:rows]
        for event in oldest:
            del self._events[event.line.number]
        if rows:
            self.endRemoveRows()
        self._dropped += count
        self.dropped_changed.emit(self._dropped)

    # ---- what is shown ----------------------------------------------------------------------

    def set_filter(self, wanted: EventFilter) -> None:
        """Show other lines."""
        if wanted == self._filter:
            return
        self.beginResetModel()
        self._filter = wanted
        shown = [event for event in self._events.values() if wanted.accepts(event)]
        self._serials = [event.serial for event in shown]
        self._numbers = [event.line.number for event in shown]
        self.endResetModel()

    def clear(self) -> None:
        """Forget all lines, and how many were dropped."""
        self.beginResetModel()
        for kept in (self._events, self._serials, self._numbers, self._said):
            kept.clear()
        self._dropped = 0
        self.endResetModel()
        self.dropped_changed.emit(0)

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._numbers)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._numbers):
            return None
        if role == EventRole.EVENT:
            return self.event_at(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return event_line(self.event_at(index.row()))
        return None
