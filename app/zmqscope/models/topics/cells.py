"""The texts of one row of the topic table. Pure, but for the names it remembers; GUI thread."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.store import RowView
from zmqscope.core.capture.topics import TopicKey
from zmqscope.core.types import Direction, RowId, SocketId, SocketType
from zmqscope.models.format import format_bytes, format_count, format_rate
from zmqscope.models.messages.cells import direction_words
from zmqscope.models.messages.message_text import frame_line, payload_texts

ARROWS = {Direction.RECEIVED: "↓", Direction.SENT: "↑"}
_TELLS_MORE = (SocketType.XPUB, SocketType.XSUB, SocketType.SERVER, SocketType.PEER)
"""Types whose first frame is more than a text: a subscription, a numbered routing id."""

_LEAST_SHOWN = 0.0005
_WHOLE_PERCENT_FROM = 0.0995


class TopicColumn(IntEnum):
    """The columns of the topic table, in their first order."""

    TOPIC = 0
    SOCKET = 1
    RATE = 2
    MESSAGES = 3
    SHARE = 4
    BYTES = 5
    LAST = 6


TEXT_COLUMNS = (TopicColumn.TOPIC, TopicColumn.SOCKET, TopicColumn.LAST)
"""Set from the left; the others are figures."""


class TopicCells(NamedTuple):
    """A row as it is painted.

    Attributes:
        topic: Topic id.
        key: What it stands for.
        texts: One text for each ``TopicColumn``; the socket's without its arrow.
        share: Share of all messages captured, 0 to 1.
        is_silent: Whether no message came in the last second.
        is_gone: Whether its newest message is no longer in memory.
        is_orphan: Whether its socket was removed.
    """

    topic: int
    key: TopicKey
    texts: tuple[str, ...]
    share: float
    is_silent: bool
    is_gone: bool
    is_orphan: bool


def topic_text(name: bytes, direction: Direction, socket_type: SocketType | None) -> str:
    """A topic in one line, as the message table writes it.

    Args:
        name: The first frame, or its beginning up to the separator.
        direction: Which way it went.
        socket_type: The type of its socket; None if it is not known.
    """
    if socket_type in _TELLS_MORE:
        view = RowView(RowId(0), 0, SocketId(0), direction, 1, len(name), (name,), (len(name),))
        return payload_texts(view, socket_type).topic
    return frame_line(name, len(name), brackets=True)


def figure_texts(
    per_s: int, messages: int, size: int, share: float, last: str
) -> tuple[str, str, str, str, str]:
    """The texts behind topic and socket."""
    return (
        format_rate(per_s),
        format_count(messages),
        share_text(share),
        format_bytes(size),
        last,
    )


def share_text(share: float) -> str:
    """A share in percent, two figures at most, never zero for something."""
    if 0 < share < _LEAST_SHOWN:
        return "<0.1 %"
    if share < _WHOLE_PERCENT_FROM:
        return f"{share * 100:.1f} %" if share else "0 %"
    return f"{share * 100:.0f} %"


def spoken_text(cells: TopicCells, column: TopicColumn) -> str:
    """A cell as a screen reader says it."""
    text = cells.texts[column]
    if column is not TopicColumn.SOCKET:
        return text
    words = f"{text}, {direction_words(cells.key.direction)}"
    return _tr("{0} (removed)").format(words) if cells.is_orphan else words


def tip_text(cells: TopicCells, column: TopicColumn) -> str | None:
    """What a cell says when the mouse rests on it: what may be cut, or needs a word more."""
    if column is TopicColumn.LAST:
        return gone_help() if cells.is_gone else None
    return spoken_text(cells, column) if column in TEXT_COLUMNS else None


def gone_text() -> str:
    """Stands where the newest message has left memory."""
    return _tr("gone from memory")


def gone_text_short() -> str:
    """The same where there is little room."""
    return _tr("gone")


def gone_help() -> str:
    """The same in a sentence."""
    return _tr("The newest message of this topic is no longer in memory.")


def column_title(column: TopicColumn) -> str:
    """What the header says."""
    match column:
        case TopicColumn.TOPIC:
            return _tr("Topic")
        case TopicColumn.SOCKET:
            return _tr("Socket")
        case TopicColumn.RATE:
            return _tr("Rate")
        case TopicColumn.MESSAGES:
            return _tr("Messages")
        case TopicColumn.SHARE:
            return _tr("Share")
        case TopicColumn.BYTES:
            return _tr("Bytes")
        case TopicColumn.LAST:
            return _tr("Last seen")


def column_help(column: TopicColumn) -> str:
    """What a column shows, in a sentence."""
    match column:
        case TopicColumn.TOPIC:
            return _tr("What the first frame says, up to where topics end")
        case TopicColumn.SOCKET:
            return _tr("The socket that carries it: ↓ received, ↑ sent")
        case TopicColumn.RATE:
            return _tr("Messages in the last whole second")
        case TopicColumn.MESSAGES:
            return _tr("Messages since the app was started")
        case TopicColumn.SHARE:
            return _tr("Share of all messages captured, those without a topic too")
        case TopicColumn.BYTES:
            return _tr("Payload of all frames since the app was started")
        case TopicColumn.LAST:
            return _tr("When its newest message came or went")


def _tr(text: str) -> str:
    return QCoreApplication.translate("TopicCells", text)
