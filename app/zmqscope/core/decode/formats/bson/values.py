"""BSON values by the library, and how they look as fields. Pure, any thread."""

from __future__ import annotations

import functools
import struct
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from zmqscope.core.decode.compact import write_type
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.node import MAX_NODE_TEXT, NodeKind, Value, shorten
from zmqscope.core.decode.utc_text import moment

TYPE_NAMES = {
    0x01: "double",
    0x02: "string",
    0x03: "document",
    0x04: "array",
    0x05: "binary",
    0x06: "undefined",
    0x07: "objectId",
    0x08: "bool",
    0x09: "date",
    0x0A: "null",
    0x0B: "regex",
    0x0C: "dbPointer",
    0x0D: "javascript",
    0x0E: "symbol",
    0x0F: "javascriptWithScope",
    0x10: "int32",
    0x11: "timestamp",
    0x12: "int64",
    0x13: "decimal128",
    0x7F: "maxKey",
    0xFF: "minKey",
}
_KINDS = {
    **dict.fromkeys((0x01, 0x10, 0x12, 0x13), NodeKind.NUMBER),
    **dict.fromkeys((0x02, 0x0E), NodeKind.STRING),
    **dict.fromkeys((0x06, 0x0A), NodeKind.NULL),
    **dict.fromkeys((0x09, 0x11), NodeKind.TIME),
    0x05: NodeKind.BYTES,
    0x08: NodeKind.BOOL,
}
_SUBTYPES = {
    **{1: "function", 2: "old", 3: "old UUID", 4: "UUID", 5: "MD5", 6: "encrypted"},
    **{7: "column", 8: "sensitive", 9: "vector"},
}
_OLD, _UUID = 2, 4
_INT32 = struct.Struct("<i")


class Shown(NamedTuple):
    """A value as a field shows it; see ``Node``."""

    kind: NodeKind
    type: str
    text: str
    value: Value = None
    note: str = ""


def decoded(document: bytes) -> dict[str, Any]:
    """A whole document as the library reads it.

    Raises:
        ValueError: It is none.
    """
    bson = library("bson")
    _know_types()
    try:
        return dict(bson.decode(document, codec_options=_options()))
    except (bson.InvalidBSON, bson.errors.BSONError, ArithmeticError, RecursionError) as error:
        raise ValueError(str(error)) from None


@functools.cache
def _know_types() -> None:
    """Have a line say what the tree says, not what Python calls it."""
    from bson.datetime_ms import DatetimeMS
    from bson.max_key import MaxKey
    from bson.min_key import MinKey
    from bson.timestamp import Timestamp

    write_type(DatetimeMS, lambda time: _milliseconds(int(time))[0])
    write_type(Timestamp, lambda time: f"{moment(time.time)[0]} #{time.inc}")
    write_type(MinKey, lambda _key: TYPE_NAMES[0xFF])
    write_type(MaxKey, lambda _key: TYPE_NAMES[0x7F])


def _milliseconds(count: int) -> tuple[str, datetime | None]:
    return moment(count // 1000, count % 1000 * 10**6)


def value_of(type_: int, content: bytes) -> Any:
    """One value as the library reads it.

    Args:
        type_: Its element type.
        content: Its bytes, without type and name.

    Raises:
        ValueError: It is none.
    """
    return decoded(_INT32.pack(len(content) + 7) + bytes((type_, 0)) + content + b"\0")[""]


@functools.lru_cache(maxsize=1)
def _options() -> Any:
    from bson.codec_options import CodecOptions, DatetimeConversion

    return CodecOptions(
        tz_aware=True, tzinfo=UTC, datetime_conversion=DatetimeConversion.DATETIME_AUTO
    )


def shown(type_: int, content: bytes) -> Shown:
    """A value without children."""
    name = TYPE_NAMES[type_]
    kind = _KINDS.get(type_, NodeKind.OTHER)
    try:
        value = value_of(type_, content)
    except ValueError as error:
        note = f"Not valid: {str(error)[:120]}"
        return Shown(NodeKind.BYTES, name, hex_text(content), content, note)
    if type_ == 0x05:
        return _binary(content)
    if value is None:
        return Shown(kind, name, name)
    if isinstance(value, bool):
        return Shown(kind, name, "true" if value else "false", value)
    if type_ in (0x02, 0x0D, 0x0E):
        return Shown(kind, name, shorten(str(value)[: MAX_NODE_TEXT + 1]), str(value))
    if type_ in (0x10, 0x12):
        return Shown(kind, name, str(int(value)), int(value))
    if type_ == 0x01:
        return Shown(kind, name, repr(value), value)
    return _special(type_, kind, name, value, content)


def _special(type_: int, kind: NodeKind, name: str, value: Any, content: bytes) -> Shown:
    if type_ == 0x09:
        if isinstance(value, datetime):
            milliseconds = value.microsecond // 1000
            text, time = moment(int(value.replace(microsecond=0).timestamp()), milliseconds * 10**6)
            return Shown(kind, name, text, time)
        text, time = _milliseconds(int(value))
        return Shown(kind, name, text, time)
    if type_ == 0x11:
        text, time = moment(value.time)
        return Shown(kind, name, f"{text} #{value.inc}", time)
    if type_ == 0x13:
        number = value.to_decimal()
        # A signaling NaN cannot become a float.
        return Shown(kind, name, str(value), float("nan") if number.is_nan() else float(number))
    if type_ == 0x0B:
        # As they stand: the library drops options that it does not know.
        pattern, options = (part.decode(errors="replace") for part in content.split(b"\0")[:2])
        return Shown(kind, name, shorten(f"/{pattern}/{options}"))
    if type_ == 0x07:
        return Shown(kind, name, str(value), str(value))
    if type_ == 0x0C:
        return Shown(kind, name, shorten(f"{value.collection} {value.id}"))
    return Shown(kind, name, name)


def _binary(content: bytes) -> Shown:
    """Bytes: four of length, one of subtype, the bytes themselves."""
    subtype, data = content[4], content[5:]
    word = _SUBTYPES.get(subtype)
    type_ = "binary" if not subtype else f"binary {subtype}" + (f" ({word})" if word else "")
    if subtype == _OLD and len(data) >= 4 and _INT32.unpack_from(data)[0] == len(data) - 4:
        # It has its length a second time.
        data = data[4:]
    if subtype == _UUID and len(data) == 16:
        return Shown(NodeKind.BYTES, type_, str(UUID(bytes=data)), data)
    return Shown(NodeKind.BYTES, type_, hex_text(data), data)
