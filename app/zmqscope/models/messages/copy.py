"""Messages as text for the clipboard. Pure, any thread."""

from __future__ import annotations

import base64
import json
from collections.abc import Set
from datetime import UTC, datetime

from zmqscope.core.types import Direction, Message
from zmqscope.models.messages.cells import Column, RowCells
from zmqscope.models.messages.message_text import decode_text


def row_line(cells: RowCells, columns: list[Column]) -> str:
    """A row as the table shows it, columns apart by tabs."""
    return "\t".join(cells.texts[column] for column in columns)


NOT_COPIED = "(not copied: it may be a password)"


def payload_lines(message: Message, start: int, hidden: Set[int] = frozenset()) -> str:
    """The frames from ``start`` on, a line each: text as it is, everything else as hex.

    Args:
        message: The message.
        start: Index of the first frame wanted.
        hidden: Frames of which nobody is told what is in them.
    """
    lines = []
    for index, frame in enumerate(message.frames[start:], start):
        if index in hidden:
            lines.append(NOT_COPIED)
            continue
        text = decode_text(frame)
        lines.append(frame.hex(" ") if text is None else text)
    return "\n".join(lines)


def json_line(message: Message, socket_name: str, hidden: Set[int] = frozenset()) -> str:
    """A message as one JSON object; frames are text, or base64 where they are not UTF-8.

    Args:
        message: The message.
        socket_name: What its socket is called.
        hidden: Frames of which nobody is told what is in them.
    """
    return json.dumps(
        {
            "number": message.row + 1,
            "time": _iso_time(message.time_ns),
            "time_ns": message.time_ns,
            "socket": socket_name,
            "direction": "received" if message.direction is Direction.RECEIVED else "sent",
            "frames": [
                {"hidden": NOT_COPIED} if index in hidden else _json_frame(frame)
                for index, frame in enumerate(message.frames)
            ],
        },
        ensure_ascii=False,
    )


def _json_frame(frame: bytes) -> dict[str, str]:
    try:
        return {"text": frame.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(frame).decode("ascii")}


def _iso_time(time_ns: int) -> str:
    """UTC with nanoseconds (RFC 3339)."""
    seconds, rest_ns = divmod(time_ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return f"{moment.isoformat()}.{rest_ns:09}Z"
