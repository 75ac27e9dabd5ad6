"""Cap'n Proto without a schema: segments and the words of the root struct. Pure, any thread.

Nothing in the bytes says what they mean, so this is modest: it shows the framing and where pointers
lead. Source: capnproto.org, "Encoding Spec".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.decode.node_values import preview_line
from zmqscope.core.decode.payload import DecodeOptions, Payload

_MAX_SEGMENTS = 512
_MAX_DEPTH = 64
_WORD = 8
_NOTE = "Read without a schema: words and pointers are sure, what they mean is not told."
_ELEMENTS = ("nothing", "bits", "bytes", "16-bit values", "32-bit values", "words", "pointers")
_BITS = (0, 1, 8, 16, 32, 64, 64)


class _Message(NamedTuple):
    """The segments of a message: where each begins and ends."""

    data: bytes
    segments: tuple[tuple[int, int], ...]
    stop: int


class _Place(NamedTuple):
    """A struct, or a list's element: its words of data, then its pointers."""

    segment: int
    at: int
    data_words: int
    pointers: int


class CapnpDecoder:
    """Cap'n Proto's stream framing."""

    name = "capnp"
    title = "Cap’n Proto"
    first_bytes = frozenset(range(16))

    def sniff(self, payload: Payload) -> float:
        """A segment table that fits exactly, and a root pointer that leads into it."""
        data = payload.data
        # Nobody writes more than a few segments: three zeros, which sorts most payloads out.
        if len(data) < 16 or data[1:4] != b"\0\0\0":
            return 0.0
        try:
            message = _read_table(data, payload.size)
        except DecodeError:
            return 0.0
        start, stop = message.segments[0]
        if payload.size != message.stop or start + _WORD > len(data):
            return 0.0
        (word,) = struct.unpack_from("<Q", data, start)
        offset, data_words, pointers = _signed30(word), word >> 32 & 0xFFFF, word >> 48
        if word & 3 or offset or not data_words + pointers:
            return 0.0
        if start + _WORD * (1 + data_words + pointers) > stop:
            return 0.0
        # A table that adds up to the frame's size and a root that fits: little else does.
        return 0.6 if data_words < 64 and pointers < 64 else 0.4

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Segments and the root struct.

        Raises:
            DecodeError: There is no segment table in front.
        """
        del options
        message = _read_table(payload.data, payload.size)
        root = Node(
            None,
            NodeKind.OBJECT,
            "message",
            count=2,
            span=Span(0, len(payload.data)),
            children=lambda: _message_children(message),
        )
        count = len(message.segments)
        notes = [_NOTE]
        if message.stop < len(payload.data):
            notes.append(f"{len(payload.data) - message.stop:,} bytes follow behind the message.")
        return Decoded((Tree(root),), f"{count:,} segment{'s' if count > 1 else ''}", tuple(notes))

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """The words of the root struct.

        Raises:
            DecodeError: As in ``decode``.
        """
        del options
        message = _read_table(payload.data, payload.size)
        node = _pointer_node(message, 0, message.segments[0][0], Name("root"), 0)
        return preview_line(f"capnp segments({len(message.segments)})", node)


def _read_table(data: bytes, size: int) -> _Message:
    """The segment table: their number less one, then the words of each, padded to a word."""
    if len(data) < _WORD:
        raise DecodeError("A Cap’n Proto message has at least eight bytes.", 0)
    count = int.from_bytes(data[:4], "little") + 1
    if count > _MAX_SEGMENTS:
        raise DecodeError(f"Byte 0: {count:,} segments are more than any reader takes.", 0)
    at = (4 + 4 * count + 7) // 8 * 8
    if at > len(data):
        raise DecodeError(f"Byte 4: the table of {count:,} segments does not fit.", 4)
    segments = []
    for words in struct.unpack_from(f"<{count}I", data, 4):
        segments.append((at, at + words * _WORD))
        at += words * _WORD
    if at > size:
        text = f"Byte 4: the segments are to have {at:,} bytes, but there are {size:,}."
        raise DecodeError(text, 4)
    return _Message(data, tuple(segments), at)


def _span(message: _Message, start: int, stop: int) -> Span:
    """A stretch of a message, as far as it is here."""
    size = len(message.data)
    return Span(max(0, min(start, size)), max(0, min(stop, size)))


def _missing(data: bytes, at: int) -> Node:
    at = min(at, len(data))
    return error_node(f"From byte {at} on it is not here", at)


def _signed30(word: int) -> int:
    offset = word >> 2 & 0x3FFF_FFFF
    return offset - (1 << 30) if offset >> 29 else offset


def _message_children(message: _Message) -> Iterator[Node]:
    yield Node(
        Name("segments"),
        NodeKind.ARRAY,
        "segments",
        count=len(message.segments),
        span=_span(message, 0, message.segments[0][0]),
        children=lambda: _segment_nodes(message),
    )
    start, stop = message.segments[0]
    if start == stop:
        yield error_node("The first segment is empty, so there is no root", start)
    else:
        yield _pointer_node(message, 0, start, Name("root"), 0)


def _segment_nodes(message: _Message) -> Iterator[Node]:
    for index, (start, stop) in enumerate(message.segments):
        text = f"{(stop - start) // _WORD:,} words"
        span = _span(message, start, stop)
        yield Node(Index(index), NodeKind.OTHER, "segment", text, span=span)


def _word_at(message: _Message, segment: int, at: int) -> int | None:
    """A word of a segment; None if it is outside or not here."""
    if not 0 <= segment < len(message.segments):
        return None
    start, stop = message.segments[segment]
    if not start <= at <= min(stop, len(message.data)) - _WORD:
        return None
    return int(struct.unpack_from("<Q", message.data, at)[0])


def _pointer_node(message: _Message, segment: int, at: int, step: Step, depth: int) -> Node:
    word = _word_at(message, segment, at)
    span = _span(message, at, at + _WORD)
    if word is None:
        return Node(
            step, NodeKind.ERROR, "", "A pointer that leads nowhere", span=_span(message, at, at)
        )
    if not word:
        return Node(step, NodeKind.NULL, "pointer", "null", span=span)
    kind = word & 3
    if kind == 2:
        return _far_node(message, word, step, span, depth)
    if kind == 3:
        return Node(step, NodeKind.OTHER, "capability", str(word >> 32), span=span)
    target = at + _WORD * (1 + _signed30(word))
    if depth >= _MAX_DEPTH:
        return Node(step, NodeKind.OTHER, "pointer", f"to byte {target}", span=span)
    if kind == 0:
        place = _Place(segment, target, word >> 32 & 0xFFFF, word >> 48)
        return _struct_node(message, place, step, span, depth)
    return _list_node(message, segment, target, word, step, span, depth)


def _far_node(message: _Message, word: int, step: Step, span: Span, depth: int) -> Node:
    """A pointer into another segment, where an ordinary one stands (or two words that tell)."""
    segment, offset = word >> 32, (word >> 3 & 0x1FFF_FFFF) * _WORD
    known = segment < len(message.segments)
    if word & 4 or not known or depth >= _MAX_DEPTH:
        text = f"to segment {segment}, byte {offset} of it"
        return Node(step, NodeKind.OTHER, "far pointer", text, span=span)
    start = message.segments[segment][0]
    return _pointer_node(message, segment, start + offset, step, depth + 1)


def _struct_node(message: _Message, place: _Place, step: Step, span: Span, depth: int) -> Node:
    size = _WORD * (place.data_words + place.pointers)
    if not _fits(message, place.segment, place.at, size):
        return Node(step, NodeKind.ERROR, "", "A struct outside of its segment", span=span)
    return Node(
        step,
        NodeKind.OBJECT,
        f"struct of {place.data_words} words, {place.pointers} pointers",
        count=place.data_words + place.pointers,
        span=_span(message, place.at, place.at + size),
        key_span=span,
        children=lambda: _struct_children(message, place, depth + 1),
    )


def _fits(message: _Message, segment: int, at: int, size: int) -> bool:
    start, stop = message.segments[segment]
    return start <= at and at + size <= stop


def _struct_children(message: _Message, place: _Place, depth: int) -> Iterator[Node]:
    for number in range(place.data_words):
        at = place.at + number * _WORD
        word = _word_at(message, place.segment, at)
        if word is None:
            yield _missing(message.data, at)
            return
        note = f"As a double {struct.unpack('<d', struct.pack('<Q', word))[0]!r}"
        span = _span(message, at, at + _WORD)
        yield Node(
            Name(f"word{number}"), NodeKind.NUMBER, "uint64", str(word), word, None, span, note=note
        )
    start = place.at + place.data_words * _WORD
    for number in range(place.pointers):
        step = Name(f"pointer{number}")
        yield _pointer_node(message, place.segment, start + number * _WORD, step, depth)


def _list_node(
    message: _Message, segment: int, at: int, word: int, step: Step, span: Span, depth: int
) -> Node:
    form, count = word >> 32 & 7, word >> 35
    if form == 7:
        return _composite_node(message, segment, at, count, step, span, depth)
    size = (count * _BITS[form] + 7) // 8
    if not _fits(message, segment, at, size):
        return Node(step, NodeKind.ERROR, "", "A list outside of its segment", span=span)
    where = _span(message, at, at + size)
    if form == 2:
        return _bytes_node(message.data[at : at + size], step, where, span)
    if form == 6:
        return Node(
            step,
            NodeKind.ARRAY,
            "list of pointers",
            count=count,
            span=where,
            key_span=span,
            children=lambda: (
                _pointer_node(message, segment, at + index * _WORD, Index(index), depth + 1)
                for index in range(count)
            ),
        )
    if form in (3, 4, 5):
        return Node(
            step,
            NodeKind.ARRAY,
            f"list of {_ELEMENTS[form]}",
            count=count,
            span=where,
            key_span=span,
            children=lambda: _numbers(message.data, at, count, _BITS[form] // 8),
        )
    text = f"{count:,} {_ELEMENTS[form]}"
    return Node(step, NodeKind.OTHER, "list", text, span=where, key_span=span)


def _numbers(data: bytes, at: int, count: int, width: int) -> Iterator[Node]:
    for index in range(count):
        start = at + index * width
        part = data[start : start + width]
        if len(part) < width:
            yield _missing(data, start)
            return
        value = int.from_bytes(part, "little")
        span = Span(start, start + width)
        yield Node(Index(index), NodeKind.NUMBER, f"uint{width * 8}", str(value), value, span=span)


def _bytes_node(part: bytes, step: Step, where: Span, key_span: Span) -> Node:
    """Text ends in a zero byte, which is not part of it; bytes need not."""
    if part[-1:] == b"\0":
        try:
            text = part[:-1].decode()
        except UnicodeDecodeError:
            pass
        else:
            if text.isprintable():
                short = shorten(text[:2_000])
                return Node(step, NodeKind.STRING, "text", short, text, None, where, key_span)
    shown = hex_text(part)
    return Node(step, NodeKind.BYTES, "bytes", shown, part, None, where, key_span)


def _composite_node(
    message: _Message, segment: int, at: int, words: int, step: Step, span: Span, depth: int
) -> Node:
    """A list of structs: a tag says how many and how large they are."""
    tag = _word_at(message, segment, at)
    if tag is None or tag & 3 or not _fits(message, segment, at, _WORD * (1 + words)):
        return Node(step, NodeKind.ERROR, "", "A list outside of its segment", span=span)
    count, data_words, pointers = tag >> 2 & 0x3FFF_FFFF, tag >> 32 & 0xFFFF, tag >> 48
    size = _WORD * (data_words + pointers)
    if count * (data_words + pointers) > words:
        return Node(step, NodeKind.ERROR, "", "A list longer than its bytes", span=span)

    def children() -> Iterator[Node]:
        for index in range(count):
            place = _Place(segment, at + _WORD + index * size, data_words, pointers)
            yield _struct_node(message, place, Index(index), span, depth + 1)

    where = _span(message, at, at + _WORD * (1 + words))
    return Node(
        step,
        NodeKind.ARRAY,
        "list of structs",
        count=count,
        span=where,
        key_span=span,
        children=children,
    )


CAPNP = CapnpDecoder()
