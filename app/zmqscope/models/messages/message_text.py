"""What a row of the message table says about a payload: envelope and preview. Pure, any thread."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.store import RowView
from zmqscope.core.types import Direction, SocketType
from zmqscope.models.composer.routing_id import made_number
from zmqscope.models.format import one_line

NOTHING = "–"
"""Stands where a message has no topic and no envelope."""

HEAD_BYTES = 512
"""Bytes of each frame that a list asks the store for."""

MAX_FRAMES = 9
"""Frames of each message that a list asks the store for."""

PREVIEW_CHARS = 400
"""Characters of a preview at most; what is longer ends in an ellipsis."""

_HEX_BYTES = 64
_MORE = "…"
_BETWEEN_FRAMES = " · "
_SUBSCRIPTION_TYPES = (SocketType.XPUB, SocketType.XSUB)
_TOPIC_TYPES = (
    *(SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB),
    *(SocketType.RADIO, SocketType.DISH),
)
_ONE_HEAD = (SocketType.STREAM, SocketType.DGRAM)
_NUMBERED = (SocketType.SERVER, SocketType.PEER)
_ENVELOPE_TYPES = (SocketType.ROUTER, SocketType.DEALER, SocketType.REP)
# Controls that ordinary text contains; others make a frame look binary when there are many.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class PayloadTexts(NamedTuple):
    """The texts of the last columns.

    Attributes:
        topic: Topic, group, address, routing ids or subscription, in one line.
        preview: The other frames, in one line.
    """

    topic: str
    preview: str


def decode_text(data: bytes, *, cut: bool = False) -> str | None:
    """A frame as text, or None if it is not text.

    Text is valid UTF-8 without NUL and with few control characters.

    Args:
        data: The frame or its beginning.
        cut: Whether ``data`` is only the beginning, which may end inside a character.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        # Only a character cut in two by the end of what we hold is still text.
        if not (cut and error.reason == "unexpected end of data" and error.end >= len(data)):
            return None
        text = data[: error.start].decode()
    if text.isprintable():
        return text
    controls = len(_CONTROLS.findall(text))
    return None if "\0" in text or controls * 4 > len(text) else text


def payload_texts(view: RowView, socket_type: SocketType | None) -> PayloadTexts:
    """Envelope and preview of a message, as its socket's pattern reads it.

    Args:
        view: The row.
        socket_type: The type of its socket; None if it is not known any more.
    """
    topic, body = topic_and_body(view, socket_type)
    return PayloadTexts(topic, preview_text(view, body, frame_line))


def topic_and_body(view: RowView, socket_type: SocketType | None) -> tuple[str, int]:
    """The envelope's text, and the index of the first frame behind it.

    The index is -1 for a subscription, which has nothing behind it.
    """
    subscription = _subscription(view, socket_type)
    return (subscription, -1) if subscription else _envelope(view, socket_type)


def payload_start(view: RowView, socket_type: SocketType | None) -> int:
    """Index of the first frame behind topic or envelope; the frame count if there is none."""
    return 0 if _subscription(view, socket_type) else _envelope(view, socket_type)[1]


def _subscription(view: RowView, socket_type: SocketType | None) -> str:
    """A subscription message in words (RFC 29: first byte 1 subscribes, 0 cancels)."""
    if socket_type not in _SUBSCRIPTION_TYPES or view.frame_count != 1 or not view.heads[0]:
        return ""
    upstream = Direction.RECEIVED if socket_type is SocketType.XPUB else Direction.SENT
    if view.direction is not upstream or view.heads[0][0] > 1:
        return ""
    head, size = view.heads[0][1:], view.frame_sizes[0] - 1
    topic = frame_line(head, size, brackets=True) if size else _tr("everything")
    words = _tr("subscribe {0}") if view.heads[0][0] else _tr("cancel {0}")
    return words.format(topic)


def _envelope(view: RowView, socket_type: SocketType | None) -> tuple[str, int]:
    """The envelope's text and the index of the first frame behind it."""
    if socket_type in _TOPIC_TYPES:
        # A lone frame is topic and payload at once.
        return _bracketed(view, 0), 0 if view.frame_count == 1 else 1
    if socket_type in _ONE_HEAD:
        return _bracketed(view, 0), 1
    if socket_type in _NUMBERED:
        number = made_number(view.heads[0], socket_type)
        head = _bracketed(view, 0)
        # The number first: in a narrow column it is what tells peers apart.
        return head if number is None else f"{number} {head}", 1
    if socket_type not in _ENVELOPE_TYPES:
        return NOTHING, 0
    # RFC 28: an envelope is routing ids and an empty delimiter; a ROUTER's first frame is always
    # an id, with a delimiter (REQ, REP) or without (DEALER).
    ids = 1 if socket_type is SocketType.ROUTER else 0
    delimiter = _delimiter(view, ids)
    if delimiter is not None:
        ids = delimiter
    topic = " ".join(_bracketed(view, index) for index in range(ids)) or NOTHING
    return topic, ids if delimiter is None else delimiter + 1


def _delimiter(view: RowView, start: int) -> int | None:
    for index in range(start, len(view.frame_sizes)):
        if not view.frame_sizes[index]:
            return index
    return None


def _bracketed(view: RowView, index: int) -> str:
    return frame_line(view.heads[index], view.frame_sizes[index], brackets=True)


def preview_text(view: RowView, start: int, frame_text: Callable[[bytes, int], str]) -> str:
    """The frames from ``start`` on, in one line.

    Args:
        view: The row.
        start: The first of them; -1 for none.
        frame_text: One frame in one line, given its beginning and its size.
    """
    if start < 0:
        return NOTHING
    if start >= view.frame_count:
        # An envelope that ends in its delimiter carries an empty payload, a lone id none at all.
        return NOTHING if view.frame_sizes[-1] else _tr("(empty)")
    heads, sizes = view.heads[start:], view.frame_sizes[start:]
    if len(heads) == 1:
        text = frame_text(heads[0], sizes[0])
    else:
        text = _BETWEEN_FRAMES.join(map(frame_text, heads, sizes))
    missing = view.frame_count - max(start, len(view.heads))
    if len(text) > PREVIEW_CHARS:
        return text[:PREVIEW_CHARS] + _MORE
    if missing:
        return f"{text}{_BETWEEN_FRAMES}{_MORE}" if text else _MORE
    return text


def frame_line(head: bytes, size: int, *, brackets: bool = False) -> str:
    """One frame in one line: its text, or hex when it is not text.

    Args:
        head: The frame, or its first bytes.
        size: Bytes of the whole frame.
        brackets: Put hex into angle brackets, to tell it from text that looks like it.
    """
    if not size:
        return _tr("(empty)")
    cut = size > len(head)
    text = decode_text(head, cut=cut)
    if text is not None:
        return one_line(text) + (_MORE if cut else "")
    digits = head[:_HEX_BYTES].hex(" ")
    if size > _HEX_BYTES:
        digits += f" {_MORE}"
    return f"⟨{digits}⟩" if brackets else digits


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageText", text)
