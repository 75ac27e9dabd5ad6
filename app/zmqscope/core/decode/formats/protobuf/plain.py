"""Protobuf without a schema as a tree: field numbers, wire types, likely readings. Any thread."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.formats.protobuf.guess import Content, likely_content, plausible_float
from zmqscope.core.decode.formats.protobuf.wire import (
    FIXED32,
    FIXED64,
    GROUP,
    MAX_DEPTH,
    VARINT,
    WIRE_NAMES,
    Field,
    WireError,
    fields,
    read_varint,
)
from zmqscope.core.decode.leaf_text import LARGE_NOTE, MAX_VALUE_BYTES, hex_text, large_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten

_COUNTED_BYTES = 4_096


class Place(NamedTuple):
    """A stretch of bytes that is read as a message.

    Attributes:
        data: All bytes.
        start: Where it begins.
        stop: Where it ends.
        is_cut: Whether its end is missing.
        depth: In how many messages it is.
    """

    data: bytes
    start: int
    stop: int
    is_cut: bool = False
    depth: int = 0

    def inner(self, start: int, stop: int) -> Place:
        """A message in it."""
        return Place(self.data, start, stop, False, self.depth + 1)


def plain_tree(data: bytes, *, is_cut: bool) -> Node:
    """The root of a message without a schema."""
    place = Place(data, 0, len(data), is_cut)
    return Node(
        None,
        NodeKind.OBJECT,
        "message",
        count=_count(place),
        span=Span(0, len(data)),
        children=lambda: plain_children(place),
    )


def plain_children(place: Place) -> Iterator[Node]:
    """The fields of a message, then a sentence if it is none from somewhere on."""
    seen: Counter[int] = Counter()
    try:
        for field in fields(place.data, place.start, place.stop):
            seen[field.number] += 1
            yield plain_node(place, field, Name(str(field.number), seen[field.number]))
    except WireError as error:
        yield wire_sentence(error, place)


def wire_sentence(error: WireError, place: Place) -> Node:
    """What stops a message from being read on, as a node."""
    if error.is_cut and place.is_cut:
        return error_node(f"From byte {error.at} on it is not here", error.at)
    return error_node(f"Byte {error.at}: {error.text}", error.at)


def plain_node(place: Place, field: Field, step: Step) -> Node:
    """A field of unknown type as a node."""
    if field.wire == VARINT:
        return varint_node(field, step)
    if field.wire == GROUP:
        inner = place.inner(field.start, field.stop)
        return message_node(inner, field, step, "group", "")
    if field.wire in (FIXED32, FIXED64):
        return _fixed_node(place.data, field, step)
    return _length_node(place, field, step)


def varint_node(field: Field, step: Step) -> Node:
    """A varint, unsigned, with what else it may mean in the note."""
    raw = field.raw
    readings = []
    if raw >> 63:
        readings.append(f"as a signed number {raw - (1 << 64):,}")
    zigzag = (raw >> 1) ^ -(raw & 1)
    if raw:
        readings.append(f"zigzag {zigzag:,}")
    if raw < 2:
        readings.append("as a bool true" if raw else "as a bool false")
    return Node(
        step,
        NodeKind.NUMBER,
        "varint",
        str(raw),
        raw,
        span=Span(field.start, field.stop),
        key_span=Span(field.tag, field.start),
        note=_sentence(readings),
    )


def _sentence(readings: list[str]) -> str:
    text = ", ".join(readings)
    return text[:1].upper() + text[1:]


def _fixed_node(data: bytes, field: Field, step: Step) -> Node:
    """Four or eight bytes: a float where that is plausible, since most such fields are floats."""
    part = data[field.start : field.stop]
    letter, whole = ("d", "q") if field.wire == FIXED64 else ("f", "i")
    real: float = struct.unpack("<" + letter, part)[0]
    signed: int = struct.unpack("<" + whole, part)[0]
    unsigned = int.from_bytes(part, "little")
    integers = f"{unsigned:,}" + (f", signed {signed:,}" if signed < 0 else "")
    # A float32 as Python writes it has nine digits more than the sender gave it.
    short = f"{real:.9g}" if field.wire == FIXED32 else repr(real)
    if plausible_float(real):
        text, value, note = short, real, f"A float; as an integer {integers}"
    else:
        text, value, note = str(unsigned), unsigned, f"An integer{_signed(signed)}; a float {short}"
    return Node(
        step,
        NodeKind.NUMBER,
        WIRE_NAMES[field.wire],
        text,
        value,
        span=Span(field.start, field.stop),
        key_span=Span(field.tag, field.start),
        note=note,
    )


def _signed(value: int) -> str:
    return f", signed {value:,}" if value < 0 else ""


def _length_node(place: Place, field: Field, step: Step) -> Node:
    data = place.data
    likely = likely_content(data, field.start, field.stop, deep=place.depth + 1 < MAX_DEPTH)
    content, why = likely
    if content is Content.MESSAGE:
        inner = place.inner(field.start, field.stop)
        return message_node(inner, field, step, "message", why)
    if content in _PACKED:
        return _packed_node(data, field, step, content, why)
    if field.stop - field.start > MAX_VALUE_BYTES:
        return long_leaf(data, field, step, "text" if content is Content.TEXT else "bytes")
    part = data[field.start : field.stop]
    if content is Content.TEXT:
        try:
            text = part.decode()
        except UnicodeDecodeError:
            why = "Bytes that begin like text"
        else:
            return leaf(field, step, NodeKind.STRING, "text", text, why)
    return leaf(field, step, NodeKind.BYTES, "bytes", part, why)


def leaf(
    field: Field, step: Step, kind: NodeKind, name: str, value: str | bytes, note: str = ""
) -> Node:
    """A node for text or bytes."""
    text = shorten(value[:2_000]) if isinstance(value, str) else hex_text(value)
    return Node(
        step,
        kind,
        name,
        text,
        value,
        span=Span(field.start, field.stop),
        key_span=Span(field.tag, field.start),
        note=note,
    )


def long_leaf(data: bytes, field: Field, step: Step, name: str) -> Node:
    """A node for text or bytes that are too long to be copied."""
    is_text = name != "bytes"
    return Node(
        step,
        NodeKind.STRING if is_text else NodeKind.BYTES,
        name,
        large_text(data, field.start, is_text=is_text),
        span=Span(field.start, field.stop),
        key_span=Span(field.tag, field.start),
        note=LARGE_NOTE,
    )


def message_node(inner: Place, field: Field, step: Step, name: str, note: str) -> Node:
    """A node for a message in a message."""
    return Node(
        step,
        NodeKind.OBJECT,
        name,
        count=_count(inner),
        span=Span(field.start, field.stop),
        key_span=Span(field.tag, field.start),
        note=note,
        children=lambda: plain_children(inner),
    )


def _count(place: Place) -> int | None:
    """How many fields a short message has; long ones are not counted."""
    if place.stop - place.start > _COUNTED_BYTES or place.is_cut:
        return None
    count = 0
    try:
        for _ in fields(place.data, place.start, place.stop):
            count += 1
    except WireError:
        return None
    return count


_PACKED = {
    Content.VARINTS: "packed varint",
    Content.FLOATS: "packed float",
    Content.DOUBLES: "packed double",
}


def _packed_node(data: bytes, field: Field, step: Step, content: Content, why: str) -> Node:
    start, stop = field.start, field.stop
    count = None
    if content is not Content.VARINTS:
        count = (stop - start) // (8 if content is Content.DOUBLES else 4)

    def children() -> Iterator[Node]:
        if content is Content.VARINTS:
            return packed_varints(data, start, stop)
        letter = "d" if content is Content.DOUBLES else "f"
        return _packed_floats(data, start, stop, letter)

    return Node(
        step,
        NodeKind.ARRAY,
        _PACKED[content],
        count=count,
        span=Span(start, stop),
        key_span=Span(field.tag, start),
        note=why,
        children=children,
    )


def packed_varints(data: bytes, start: int, stop: int) -> Iterator[Node]:
    """Varints that follow one another, unsigned."""
    at, index = start, 0
    try:
        while at < stop:
            value, end = read_varint(data, at, stop)
            yield Node(
                Index(index), NodeKind.NUMBER, "varint", str(value), value, span=Span(at, end)
            )
            at, index = end, index + 1
    except WireError as error:
        yield error_node(f"Byte {error.at}: {error.text}", error.at)


def _packed_floats(data: bytes, start: int, stop: int, letter: str) -> Iterator[Node]:
    width, name = (8, "double") if letter == "d" else (4, "float")
    for index, at in enumerate(range(start, stop, width)):
        (value,) = struct.unpack_from("<" + letter, data, at)
        text = repr(value) if width == 8 else f"{value:.9g}"
        yield Node(Index(index), NodeKind.NUMBER, name, text, value, span=Span(at, at + width))
