"""What most envelopes say of frames: names of the pattern's own, bodies in short. Any thread."""

from __future__ import annotations

import re

from zmqscope.core.envelopes.envelope import FrameName, Outline
from zmqscope.core.envelopes.summary import quote
from zmqscope.core.types import Direction, SocketType
from zmqscope.core.wording import counted

MOST_NAMED = 64
"""Frames of one message that get names at most."""

_TEXT_BYTES = 256
_ASKING = (SocketType.REQ, SocketType.DEALER)
_ANSWERING = (SocketType.REP, SocketType.ROUTER)
_FIRST = {
    **dict.fromkeys((SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB), "topic"),
    **dict.fromkeys((SocketType.RADIO, SocketType.DISH), "group"),
    SocketType.DGRAM: "address",
}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def front_names(outline: Outline, stop: int) -> list[FrameName]:
    """Names of the frames before ``stop``: what the socket's own pattern puts first."""
    label = _FIRST.get(outline.socket_type, "routing id") if outline.socket_type else "routing id"
    sizes = outline.sizes[: min(stop, MOST_NAMED)]
    return [FrameName(label if size else "delimiter") for size in sizes]


def body_names(outline: Outline, start: int, label: str = "body") -> list[FrameName]:
    """The same name for all frames from ``start`` on; what they hold is left to a guess."""
    return [FrameName(label)] * max(0, min(len(outline.sizes) - start, MOST_NAMED))


def is_request(outline: Outline) -> bool | None:
    """Whether a message goes from who asks to who answers, as far as its socket tells."""
    if outline.socket_type in _ASKING:
        return outline.direction is Direction.SENT
    if outline.socket_type in _ANSWERING:
        return outline.direction is Direction.RECEIVED
    return None


def text_of(data: bytes, *, is_cut: bool = False) -> str | None:
    """Bytes as text, at most their first 256; None if they are no text.

    Args:
        data: UTF-8, perhaps.
        is_cut: Whether more bytes follow, so that the last character may be cut in two.
    """
    if len(data) > _TEXT_BYTES:
        data, is_cut = data[:_TEXT_BYTES], True
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if not (is_cut and error.reason == "unexpected end of data" and error.end == len(data)):
            return None
        text = data[: error.start].decode()
    return None if _CONTROLS.search(text) else text


def plain(outline: Outline, index: int, most: int = 80) -> str:
    """A name, such as that of a service, as it is; quoted or as hex where it is no plain word."""
    if index >= len(outline.heads):
        return "…"
    head, size = outline.heads[index], outline.sizes[index]
    return plain_bytes(head, size, most)


def plain_bytes(head: bytes, size: int, most: int = 80) -> str:
    """The same of the first bytes of a frame."""
    text = text_of(head, is_cut=size > len(head))
    if text is None:
        return f"⟨{head[:8].hex()}{'…' if size > 8 else ''}⟩"
    if not text or len(text) > most or size > len(head) or not text.isprintable() or " " in text:
        return quote(text, most, is_cut=size > len(head))
    return text


def words(outline: Outline, index: int, most: int = 80) -> str:
    """A body in a few words: quoted text, or how many bytes; empty if there is no such frame."""
    if index >= outline.frame_count:
        return ""
    if index >= len(outline.heads):
        return "…"
    head, size = outline.heads[index], outline.sizes[index]
    is_cut = size > len(head)
    text = text_of(head, is_cut=is_cut)
    if text is None:
        return counted(size, "byte")
    return quote(text, most, is_cut=is_cut or size > _TEXT_BYTES)


def all_words(outline: Outline, start: int, most: int = 80) -> str:
    """Bodies from ``start`` on: the first in a few words, and how many follow."""
    more = outline.frame_count - start - 1
    text = words(outline, start, most)
    return f"{text} + {counted(more, 'frame')}" if more > 0 else text
