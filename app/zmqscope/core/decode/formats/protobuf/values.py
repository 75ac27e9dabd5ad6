"""Protobuf's scalar types: from wire to value. Pure, any thread.

Source: protobuf.dev, "Encoding" and "Scalar Value Types". Types are the numbers of
``FieldDescriptorProto.Type``; a property test holds the values to the protobuf library's.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.field_path import Step
from zmqscope.core.decode.formats.protobuf.wire import (
    FIXED32,
    FIXED64,
    GROUP,
    LENGTH,
    VARINT,
    Field,
)
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, shorten

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

DOUBLE, FLOAT, INT64, UINT64, INT32, F64, F32, BOOL, STRING = range(1, 10)
GROUP_TYPE, MESSAGE, BYTES, UINT32, ENUM, SF32, SF64, SINT32, SINT64 = range(10, 19)

TYPE_NAMES = (
    *("", "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string"),
    *("group", "message", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"),
)

_FIXED_FORMATS = {DOUBLE: "<d", FLOAT: "<f", F64: "<Q", F32: "<I", SF32: "<i", SF64: "<q"}
_LENGTH_TYPES = (STRING, MESSAGE, BYTES)


class Scalar(NamedTuple):
    """What a scalar is made of.

    Attributes:
        field: The field of the schema; an element of it in packed arrays.
        span: Where its value stands.
        raw: A varint's value.
    """

    field: FieldDescriptor
    span: Span
    raw: int = 0


def wire_of(type_number: int) -> int:
    """The wire type of a field type."""
    if type_number in _FIXED_FORMATS:
        return FIXED64 if type_number in (DOUBLE, F64, SF64) else FIXED32
    if type_number in _LENGTH_TYPES:
        return LENGTH
    return GROUP if type_number == GROUP_TYPE else VARINT


def message_of(field: FieldDescriptor) -> Descriptor:
    """The type of a field that holds messages."""
    found = field.message_type
    if found is None:
        raise TypeError(f"{field.full_name} holds no messages")
    return found


def _enum_of(field: FieldDescriptor) -> EnumDescriptor:
    found = field.enum_type
    if found is None:
        raise TypeError(f"{field.full_name} is no enum")
    return found


def type_name(field: FieldDescriptor) -> str:
    """A field's type as the schema writes it."""
    if field.type == ENUM:
        return f"enum {_enum_of(field).name}"
    if field.type in (MESSAGE, GROUP_TYPE):
        return message_of(field).name
    return TYPE_NAMES[field.type]


def varint_value(type_number: int, raw: int) -> bool | int:
    """A varint as a number of a type; what is too long for it is cut as all libraries do."""
    if type_number == BOOL:
        return raw != 0
    if type_number == INT64:
        return raw - (1 << 64) if raw >> 63 else raw
    if type_number in (INT32, ENUM):
        low = raw & 0xFFFF_FFFF
        return low - (1 << 32) if low >> 31 else low
    if type_number == UINT32:
        return raw & 0xFFFF_FFFF
    if type_number == SINT32:
        raw &= 0xFFFF_FFFF
    if type_number in (SINT32, SINT64):
        return (raw >> 1) ^ -(raw & 1)
    return raw


def scalar_node(data: bytes, scalar: Scalar, step: Step, tag: int | None, note: str = "") -> Node:
    """A node for a value that is neither message nor group.

    Args:
        data: All bytes.
        scalar: Which value.
        step: How it is reached.
        tag: Where its tag begins; None in packed arrays.
        note: What there is to say already.
    """
    field, span = scalar.field, scalar.span
    key_span = None if tag is None else Span(tag, span.start)
    name = type_name(field)
    number = field.type
    if number in (STRING, BYTES):
        kind, text, part, remark = _text_or_bytes(data[span.start : span.stop], number)
        return Node(step, kind, name, text, part, None, span, key_span, _both(remark, note))
    if number in _FIXED_FORMATS:
        (value,) = struct.unpack_from(_FIXED_FORMATS[number], data, span.start)
        text = compact_float(value) if number == FLOAT else repr(value)
        return Node(step, NodeKind.NUMBER, name, text, value, None, span, key_span, note)
    whole = varint_value(number, scalar.raw)
    if number == BOOL:
        text = "true" if whole else "false"
        return Node(step, NodeKind.BOOL, name, text, whole, None, span, key_span, note)
    if number == ENUM:
        known = _enum_of(field).values_by_number.get(whole)
        if known is not None:
            note = _both(f"Number {whole}", note)
            text = str(known.name)
            return Node(step, NodeKind.OTHER, name, text, text, None, span, key_span, note)
        note = _both("The schema has no name for this number", note)
    return Node(step, NodeKind.NUMBER, name, str(whole), whole, None, span, key_span, note)


def _text_or_bytes(part: bytes, number: int) -> tuple[NodeKind, str, str | bytes, str]:
    """Kind, text, value and note of a string or of bytes."""
    if number == STRING:
        try:
            text = part.decode()
        except UnicodeDecodeError:
            remark = "No valid UTF-8, which a string has to be"
            return NodeKind.BYTES, hex_text(part), part, remark
        return NodeKind.STRING, shorten(text[:2_000]), text, ""
    return NodeKind.BYTES, hex_text(part), part, ""


def default_node(field: FieldDescriptor, step: Step, at: int) -> Node:
    """A value of a map that was not sent, since it is the default."""
    raw = field.default_value if field.type != ENUM else 0
    empty = raw if isinstance(raw, (str, bytes)) else None
    note = "Not on the wire: the default"
    if empty is not None:
        kind = NodeKind.STRING if isinstance(empty, str) else NodeKind.BYTES
        return Node(step, kind, type_name(field), "", empty, span=Span(at, at), note=note)
    if field.type in _FIXED_FORMATS:
        kind, text = NodeKind.NUMBER, repr(raw)
        return Node(step, kind, type_name(field), text, raw, span=Span(at, at), note=note)
    return scalar_node(b"", Scalar(field, Span(at, at), 0), step, None, note)


def scalar_of(field: FieldDescriptor, found: Field) -> Scalar:
    """A field on the wire as a scalar of the schema."""
    return Scalar(field, Span(found.start, found.stop), found.raw)


def _both(first: str, second: str) -> str:
    return ". ".join(filter(None, (first, second)))
