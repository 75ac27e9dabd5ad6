"""Values of any format as one bounded line, for a table's previews. Pure, any thread.

A line is made some sixty times a refresh, so it looks at no more of a value than it writes.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from json.encoder import encode_basestring
from typing import Any

LINE_CHARS = 400
"""Characters of a preview at most."""

MORE = "…"

_STRING_CHARS = 64
_BYTES_SHOWN = 12
_INNER_ITEMS = 8
_INNER_CHARS = 120
_MAX_DEPTH = 4
_SHORT_FLOAT = 10
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
    if isinstance(value, Mapping):
        text = _joined(map(_field, value.items()), " ", limit)
    elif isinstance(value, (list, tuple)):
        text = _joined(map(_inner, value), ", ", limit)
    else:
        text = _text(value, limit, 0)
    return _fitted(text, limit)


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


def _fitted(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + MORE


def _text(value: Any, room: int, depth: int) -> str:
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, Mapping):
        return _nested("{", map(_fields_at(depth), value.items()), "}", len(value), room, depth)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = (_text(item, _INNER_CHARS, depth + 1) for item in value)
        return _nested("[", items, "]", len(value), room, depth)
    for base, of_base in _WRITERS.items():
        if isinstance(value, base):
            return of_base(value)
    return str(value)[:_STRING_CHARS]


def _nested(
    opening: str, items: Iterable[str], closing: str, count: int, room: int, depth: int
) -> str:
    if not count:
        return opening + closing
    if depth >= _MAX_DEPTH:
        return opening + MORE + closing
    if depth:
        room, shown = min(room, _INNER_CHARS), _INNER_ITEMS
    else:
        shown = room
    text = _joined(islice(items, shown), ", ", room)
    if count > shown and not text.endswith(MORE):
        text += ", " + MORE
    return opening + text + closing


def _joined(items: Iterable[str], between: str, room: int) -> str:
    parts = []
    for item in items:
        room -= len(item) + len(between)
        parts.append(item)
        if room < 0:
            # One too many: whoever cuts the line puts the ellipsis.
            break
    text = between.join(parts)
    return text if room >= 0 or text.endswith(MORE) else text + MORE


def _fields_at(depth: int) -> Callable[[tuple[Any, Any]], str]:
    def field(item: tuple[Any, Any]) -> str:
        key, value = item
        if key is CUT:
            return MORE
        return f"{_key(key)}={_text(value, _INNER_CHARS, depth + 1)}"

    return field


_field = _fields_at(0)


def _inner(value: Any) -> str:
    return _text(value, _INNER_CHARS, 1)


def _key(key: Any) -> str:
    if type(key) is str:
        if len(key) <= _STRING_CHARS and (key.isidentifier() or _WORD.fullmatch(key)):
            return key
        return _string(key)
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
    Verbatim: lambda value: value.text,
    Cut: lambda _value: MORE,
}
