"""Protobuf's wire format: where fields stand, without a schema. Pure, any thread.

Source: protobuf.dev, "Encoding". Values with a schema are turned in ``values.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.core.decode.broken import BrokenError

VARINT, FIXED64, LENGTH, GROUP, GROUP_END, FIXED32 = range(6)

WIRE_NAMES = ("varint", "fixed64", "length-delimited", "group", "end of group", "fixed32")

MAX_FIELD = (1 << 29) - 1
"""The largest field number."""

MAX_DEPTH = 100
"""Messages inside messages; protobuf's own libraries read no more either."""

MAX_GROUP_FIELDS = 20_000
"""Fields that are skipped at most to find the end of a group."""


class WireError(BrokenError):
    """Bytes that are no field; the text goes on after "Byte 5: "."""


class Field(NamedTuple):
    """A field on the wire.

    Attributes:
        number: Field number.
        wire: Wire type.
        tag: Where its tag begins.
        start: Where its value begins; behind the length.
        stop: One past the value; of a group, where its end tag begins.
        raw: The value of a varint.
    """

    number: int
    wire: int
    tag: int
    start: int
    stop: int
    raw: int = 0


def read_varint(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """A varint of at most ten bytes, and where it ends.

    Raises:
        WireError: There is none.
    """
    if at < stop and data[at] < 0x80:
        # Most of them take one byte.
        return data[at], at + 1
    value = shift = 0
    here = at
    while here < stop:
        byte = data[here]
        here += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, here
        shift += 7
        if shift > 63:
            raise WireError("a varint of more than ten bytes", at)
    raise WireError("the bytes end inside a varint", at, is_cut=True)


def read_field(data: bytes, at: int, stop: int) -> Field:
    """The field that begins at a byte.

    Raises:
        WireError: There is none, or it does not end before ``stop``.
    """
    tag = data[at]
    start = at + 1
    if tag >= 0x80:
        tag, start = read_varint(data, at, stop)
        if tag >> 3 > MAX_FIELD:
            raise WireError("no field number is so large", at)
    number, wire = tag >> 3, tag & 7
    if not number:
        raise WireError("field number 0", at)
    if wire == VARINT:
        raw, end = read_varint(data, start, stop)
        return Field(number, wire, at, start, end, raw)
    if wire == LENGTH:
        length, start = read_varint(data, start, stop)
        end = start + length
        if end > stop:
            text = f"field {number} is to have {length:,} bytes, but {stop - start:,} are left"
            raise WireError(text, at, is_cut=True)
        return Field(number, wire, at, start, end)
    if wire in (FIXED64, FIXED32):
        end = start + (8 if wire == FIXED64 else 4)
        if end > stop:
            raise WireError(f"the bytes end inside field {number}", at, is_cut=True)
        return Field(number, wire, at, start, end)
    if wire == GROUP:
        inner_stop, _ = end_of_group(data, start, stop, number)
        return Field(number, wire, at, start, inner_stop)
    if wire == GROUP_END:
        raise WireError(f"the end of a group {number} that did not begin", at)
    raise WireError(f"wire type {wire}, which there is not", at)


def end_of_group(data: bytes, at: int, stop: int, number: int) -> tuple[int, int]:
    """Where a group's fields end, and where its end tag does.

    Args:
        data: The bytes.
        at: Where the group's first field begins.
        stop: Where it has to end at the latest.
        number: The group's field number.

    Raises:
        WireError: It does not end, or is nested too deep.
    """
    open_groups = [number]
    for _ in range(MAX_GROUP_FIELDS):
        if at >= stop:
            raise WireError(f"group {number} does not end", at, is_cut=True)
        tag, start = read_varint(data, at, stop)
        wire = tag & 7
        if wire == GROUP:
            open_groups.append(tag >> 3)
            if len(open_groups) > MAX_DEPTH:
                raise WireError(f"groups nested more than {MAX_DEPTH} deep", at)
            at = start
        elif wire == GROUP_END:
            if open_groups.pop() != tag >> 3:
                raise WireError(f"the end of a group {tag >> 3} that did not begin", at)
            if not open_groups:
                return at, start
            at = start
        else:
            at = read_field(data, at, stop).stop
    raise WireError(f"group {number} has too many fields to find its end", at)


def next_tag(data: bytes, field: Field, stop: int) -> int:
    """Where the field behind a field begins."""
    if field.wire == GROUP:
        return read_varint(data, field.stop, stop)[1]
    return field.stop


def fields(data: bytes, start: int, stop: int) -> Iterator[Field]:
    """The fields of a message, one by one.

    Raises:
        WireError: From there on the bytes are no message.
    """
    at = start
    while at < stop:
        field = read_field(data, at, stop)
        yield field
        at = next_tag(data, field, stop)


def looks_like_message(data: bytes, start: int, stop: int, limit: int = 64) -> bool:
    """Whether bytes can be a message; of a long one, only the first fields are looked at."""
    try:
        for at, _ in enumerate(fields(data, start, stop), 1):
            if at >= limit:
                break
    except WireError:
        return False
    return start < stop
