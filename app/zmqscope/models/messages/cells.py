"""The texts of one row of the message table. Pure but for a small cache; GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.store import RowView
from zmqscope.core.types import Direction, SocketId, SocketSnapshot, SocketType
from zmqscope.models.format import format_bytes, format_clock_time, format_count, one_line
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.messages.row_reader import RowReader

_NS_PER_S = 1_000_000_000
_MAX_NAME_CHARS = 200


class Column(IntEnum):
    """The columns of the message table, in their first order."""

    NUMBER = 0
    TIME = 1
    DIRECTION = 2
    SOCKET = 3
    TOPIC = 4
    FRAMES = 5
    SIZE = 6
    PAYLOAD = 7


class TimeMode(Enum):
    """What the time column counts from; the values are kept in the settings."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    GAP = "gap"


class RowCells(NamedTuple):
    """A row as it is painted.

    Attributes:
        row: Row id.
        socket_id: Its socket.
        direction: Which way it went.
        texts: One text for each ``Column``.
    """

    row: int
    socket_id: SocketId
    direction: Direction
    texts: tuple[str, ...]


class CellWriter:
    """Writes the texts; knows the sockets' names and what time is counted from.

    Args:
        reader: Tells what messages mean.

    Attributes:
        time_mode: What the time column counts from.
        reader: Tells what messages mean.
        base_ns: Zero of the relative time; None until there is a message.
    """

    def __init__(self, reader: RowReader | None = None) -> None:
        self.reader = reader or RowReader()
        self.time_mode = TimeMode.ABSOLUTE
        self.base_ns: int | None = None
        self._names: dict[SocketId, str] = {}
        self._types: dict[SocketId, SocketType] = {}
        self._second = -1
        self._second_text = ""

    def set_sockets(self, snapshots: Mapping[SocketId, SocketSnapshot]) -> bool:
        """Take in names and types; those of removed sockets stay known.

        Returns:
            Whether anything that is shown has changed.
        """
        changed = False
        for socket_id, snapshot in snapshots.items():
            name = one_line(snapshot.name[:_MAX_NAME_CHARS])
            if self._names.get(socket_id) != name:
                self._names[socket_id] = name
                changed = True
            if self._types.get(socket_id) is not snapshot.spec.type:
                self._types[socket_id] = snapshot.spec.type
                self.reader.forget()
                changed = True
        return changed

    def name(self, socket_id: SocketId) -> str:
        """What the user calls a socket."""
        return self._names.get(socket_id) or _tr("socket {0}").format(socket_id)

    def type(self, socket_id: SocketId) -> SocketType | None:
        """A socket's type, if it was ever told."""
        return self._types.get(socket_id)

    def cells(self, view: RowView, before_ns: int | None) -> RowCells:
        """All texts of a row.

        Args:
            view: The row.
            before_ns: Time of the row shown above it, if there is one.
        """
        socket_id = view.socket_id
        read = self.reader.read(view, self._types.get(socket_id))
        texts = (
            format_count(view.row + 1),
            self._time(view.time_ns, before_ns),
            "↑" if view.direction else "↓",
            self._names.get(socket_id) or self.name(socket_id),
            read.topic,
            format_count(view.frame_count),
            _size_text(view.size),
            read.preview,
        )
        return RowCells(view.row, socket_id, view.direction, texts)

    def _time(self, time_ns: int, before_ns: int | None) -> str:
        if self.time_mode is TimeMode.ABSOLUTE:
            second, rest_ns = divmod(time_ns, _NS_PER_S)
            # Rows of one screen mostly share their second; asking for local time is dear.
            if second != self._second:
                self._second, self._second_text = second, format_clock_time(time_ns, 0)
            return f"{self._second_text}.{rest_ns // 1000:06}"
        since_ns = self.base_ns if self.time_mode is TimeMode.RELATIVE else before_ns
        if since_ns is None:
            return NOTHING
        return _seconds(time_ns - since_ns)


def _seconds(span_ns: int) -> str:
    """A span in seconds with six digits, cut, with a sign."""
    sign = "−" if span_ns < 0 else "+"
    seconds, rest_ns = divmod(abs(span_ns), _NS_PER_S)
    return f"{sign}{seconds:,}.{rest_ns // 1000:06}"


def column_title(column: Column, time_mode: TimeMode) -> str:
    """What the header says."""
    match column:
        case Column.NUMBER:
            return "#"
        case Column.TIME:
            return _time_title(time_mode)
        case Column.DIRECTION:
            return ""
        case Column.SOCKET:
            return _tr("Socket")
        case Column.TOPIC:
            return _tr("Topic / envelope")
        case Column.FRAMES:
            return _tr("Frames")
        case Column.SIZE:
            return _tr("Bytes")
        case Column.PAYLOAD:
            return _tr("Payload")


def _size_text(size: int) -> str:
    """Exact below a million bytes; above, short enough for the column."""
    return format_count(size) if size < 1_000_000 else format_bytes(size)


def _time_title(time_mode: TimeMode) -> str:
    match time_mode:
        case TimeMode.ABSOLUTE:
            return _tr("Time")
        case TimeMode.RELATIVE:
            return _tr("Since first, s")
        case TimeMode.GAP:
            return _tr("Gap, s")


def column_name(column: Column) -> str:
    """What a menu and a screen reader call a column."""
    if column is Column.NUMBER:
        return _tr("Number")
    if column is Column.DIRECTION:
        return _tr("Direction")
    return column_title(column, TimeMode.ABSOLUTE)


def direction_words(direction: Direction) -> str:
    """A direction as a screen reader says it."""
    return _tr("received") if direction is Direction.RECEIVED else _tr("sent")


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageCells", text)
