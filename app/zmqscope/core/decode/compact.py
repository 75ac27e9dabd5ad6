"""Values of any format as one bounded line, for a table's previews. Pure, any thread.

A line is made some sixty times a refresh, so it looks at no more of a value than it writes.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any

LINE_CHARS = 400
"""Characters of a preview at most."""

MORE = "…"

_STRING_CHARS = 64
_BYTES_SHOWN = 12
_KEY_CHARS = 60
_INNER_ITEMS = 8
_INNER_CHARS = 120
_MAX_DEPTH = 4
_SHORT_FLOAT = 13
_INT_BITS = 512
_WORD = re.compile(r"[^\W\d][\w.-]*")
_FLOAT32 = struct.Struct("<f")


class Verbatim:
    """A value that has its text already, such as an extension type.

    Args:
        text: The text, short.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Cut:
    """Stands last in a list, or as the last key of a map, whose other items are not there."""

    __slots__ = ()


CUT = Cut()


def compact(value: object, limit: int = LINE_CHARS) -> str:
    """A value in one line, such as ``{a=1, b=[2, 3, …]}``.

    Args:
        value: Anything that a parser made: containers, text, bytes, numbers, times.
        limit: Characters at most; what is longer ends in an ellipsis.
    """
    return _fitted(_text(value, limit, 0), limit)


def compact_fields(value: object, limit: int = LINE_CHARS) -> str:
    """The fields of a map or the items of a list without their brackets: ``a=1 b=[2, 3, …]``."""
    if type(value) is dict or isinstance(value, Mapping):
        return _fitted(_fields(value, " ", limit, limit, 1), limit)
    if isinstance(value, (list, tuple)):
        return _fitted(_items(value, limit, limit, 1), limit)
    return compact(value, limit)


def compact_line(head: str, value: object, limit: int = LINE_CHARS) -> str:
    """A whole preview: what it is, then its fields, such as ``msgpack map(2) a=1 b=2``."""
    fields = compact_fields(value, max(limit - len(head) - 1, 1))
    return f"{head} {fields}" if fields else head


def compact_float(value: float) -> str:
    """The shortest text of a number; one of 32 bits is not blown up to the digits of 64."""
    text = repr(value)
    if len(text) <= _SHORT_FLOAT or not math.isfinite(value):
        return text
    try:
        packed = _FLOAT32.pack(value)
    except OverflowError:
        return text
    if _FLOAT32.unpack(packed)[0] != value:
        return text
    for digits in (6, 7, 8, 9):
        short = f"{value:.{digits}g}"
        if len(short) < len(text) and _FLOAT32.pack(float(short)) == packed:
            return short
    return text


def write_type(kind: type, writer: Callable[[Any], str]) -> None:
    """Have values of a library's own type written in a way of their own.

    Args:
        kind: Their type.
        writer: Makes a short text of one.
    """
    _WRITERS[kind] = writer


def hashable_key(key: Any) -> Any:
    """A key that Python takes: itself, or its text where it is a container."""
    try:
        hash(key)
    except TypeError:
        return Verbatim(compact(key, _KEY_CHARS))
    return key


def field_again(key: object, fields: Mapping[Any, Any]) -> object:
    """A key for a field whose key stands in ``fields`` already, as 1 and true do for Python, too.

    Args:
        key: The key that came again.
        fields: The fields so far.
    """
    text = _key(key)
    again = sum(_key(other).partition(" #")[0] == text for other in fields if other is not CUT)
    return Verbatim(f"{text} #{again + 1}" if again else text)


def _fitted(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + MORE


def _text(value: Any, room: int, depth: int) -> str:
    kind = type(value)
    writer = _WRITERS.get(kind)
    if writer is not None:
        return writer(value)
    shown = _INNER_ITEMS if depth else room
    # To ask an abstract class takes longer than to write a short list.
    if kind is dict or (kind is not list and isinstance(value, Mapping)):
        if depth >= _MAX_DEPTH and value:
            return "{…}"
        return f"{{{_fields(value, ', ', room, shown, depth + 1)}}}"
    if isinstance(value, (list, tuple, set, frozenset)):
        if depth >= _MAX_DEPTH and value:
            return "[…]"
        return f"[{_items(value, room, shown, depth + 1)}]"
    for base, of_base in _WRITERS.items():
        if isinstance(value, base):
            return of_base(value)
    return _fitted(str(value), _STRING_CHARS)


def _fields(value: Mapping[Any, Any], between: str, room: int, shown: int, depth: int) -> str:
    parts: list[str] = []
    for key, item in value.items():
        if key is CUT or room < 0 or len(parts) >= shown:
            parts.append(MORE)
            break
        writer = _WRITERS.get(type(item))
        text = writer(item) if writer is not None else _text(item, _INNER_CHARS, depth)
        part = f"{key if type(key) is str and key.isidentifier() else _key(key)}={text}"
        room -= len(part) + len(between)
        parts.append(part)
    return between.join(parts)


def _items(value: Collection[Any], room: int, shown: int, depth: int) -> str:
    parts: list[str] = []
    for item in value:
        if room < 0 or len(parts) >= shown:
            parts.append(MORE)
            break
        writer = _WRITERS.get(type(item))
        part = writer(item) if writer is not None else _text(item, _INNER_CHARS, depth)
        room -= len(part) + 2
        parts.append(part)
    return ", ".join(parts)


def _key(key: Any) -> str:
    if type(key) is str:
        if len(key) <= _STRING_CHARS and (key.isidentifier() or _WORD.fullmatch(key)):
            return key
        return _string(key)
    if type(key) is int:
        return _int(key)
    return _text(key, _STRING_CHARS, _MAX_DEPTH - 1)


def _string(value: str) -> str:
    if len(value) > _STRING_CHARS:
        return encode_basestring(value[:_STRING_CHARS])[:-1] + MORE + '"'
    return encode_basestring(value)


def _bytes(value: bytes) -> str:
    if len(value) > _BYTES_SHOWN:
        return f"⟨{bytes(value[:_BYTES_SHOWN]).hex()}{MORE}⟩"
    return f"⟨{bytes(value).hex()}⟩"


def _int(value: int) -> str:
    # Python refuses to write integers of more than 4,300 digits, and long ones help nobody.
    bits = value.bit_length()
    return str(value) if bits <= _INT_BITS else f"{hex(value >> (bits - 64))}{MORE}"


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _bool(value: bool) -> str:
    return "true" if value else "false"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _string,
    bool: _bool,
    int: _int,
    float: compact_float,
    type(None): lambda _value: "null",
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
    datetime: _time,
    date: lambda value: value.isoformat(),
    Verbatim: lambda value: value.text,
    Cut: lambda _value: MORE,
}
