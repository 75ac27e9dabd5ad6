"""Protobuf without a schema in one line, made sixty times a refresh. Pure, any thread."""

from __future__ import annotations

import struct

from zmqscope.core.decode.compact import CUT, Verbatim, compact_float, compact_line
from zmqscope.core.decode.formats.protobuf.guess import Content, content_of, plausible_float
from zmqscope.core.decode.formats.protobuf.wire import (
    FIXED64,
    GROUP,
    LENGTH,
    VARINT,
    Field,
    WireError,
    fields,
    read_varint,
)
from zmqscope.core.decode.payload import Payload

_FIELDS = 10
_INNER = 5
_ITEMS = 6
_DEPTH = 3
_TEXT = 200


def plain_preview(payload: Payload) -> str:
    """The first fields by number."""
    data = payload.data
    values, count = _message(data, 0, len(data), 0)
    if payload.is_cut:
        # It may be cut between two fields.
        values[CUT], count = CUT, None
    head = "protobuf message" if count is None else f"protobuf message({count})"
    return compact_line(head, values)


def _message(
    data: bytes, start: int, stop: int, depth: int
) -> tuple[dict[object, object], int | None]:
    """The first fields, and how many there are if these are all."""
    found: dict[object, object] = {}
    seen: dict[int, int] = {}
    count, most = 0, _INNER if depth else _FIELDS
    try:
        for field in fields(data, start, stop):
            if len(found) >= most:
                found[CUT] = CUT
                return found, None
            count += 1
            nth = seen[field.number] = seen.get(field.number, 0) + 1
            label = field.number if nth == 1 else Verbatim(f"{field.number}#{nth}")
            found[label] = _value(data, field, depth)
    except WireError:
        found[CUT] = CUT
        return found, None
    return found, count


def _value(data: bytes, field: Field, depth: int) -> object:
    start, stop = field.start, field.stop
    if field.wire == VARINT:
        return field.raw
    if field.wire == GROUP:
        return Verbatim("{…}") if depth >= _DEPTH else _message(data, start, stop, depth + 1)[0]
    if field.wire != LENGTH:
        letter, whole = ("<d", "<Q") if field.wire == FIXED64 else ("<f", "<I")
        (value,) = struct.unpack_from(letter, data, start)
        if not plausible_float(value):
            return struct.unpack_from(whole, data, start)[0]
        return value if field.wire == FIXED64 else Verbatim(compact_float(value))
    return _content(data, start, stop, depth)


def _content(data: bytes, start: int, stop: int, depth: int) -> object:
    content = content_of(data, start, stop)
    if content is Content.MESSAGE:
        return Verbatim("{…}") if depth >= _DEPTH else _message(data, start, stop, depth + 1)[0]
    part = data[start : min(stop, start + _TEXT)]
    if content is Content.TEXT:
        return part.decode(errors="ignore")
    if content is Content.VARINTS:
        return _varints(data, start, stop)
    if content in (Content.FLOATS, Content.DOUBLES):
        letter, width = ("d", 8) if content is Content.DOUBLES else ("f", 4)
        count = (stop - start) // width
        shown = struct.unpack_from(f"<{min(count, _ITEMS)}{letter}", data, start)
        return [*shown, CUT] if count > _ITEMS else list(shown)
    return part


def _varints(data: bytes, start: int, stop: int) -> list[object]:
    items: list[object] = []
    while start < stop:
        if len(items) >= _ITEMS:
            return [*items, CUT]
        value, start = read_varint(data, start, stop)
        items.append(value)
    return items
