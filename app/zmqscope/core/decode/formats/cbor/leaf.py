"""CBOR items without children, and what well-known tags make of them. Pure, any thread.

RFC 8949 section 3, the IANA registry of CBOR tags, RFC 8746 for typed arrays. Types are named as in
RFC 8610: ``uint``, ``tstr``, ``bstr``.
"""

from __future__ import annotations

import functools
import math
import re
import struct
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.field_path import Index
from zmqscope.core.decode.formats.cbor.values import (
    bigfloat,
    epoch_time,
    fraction,
    int_text,
    loaded,
)
from zmqscope.core.decode.leaf_text import LARGE_NOTE, MAX_VALUE_BYTES, hex_text, large_text
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind, Span, Value, shorten

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:(?P<second>\d\d)(\.\d{1,60})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)

_FLOATS = {
    # Bytes: name, bits of the fraction.
    2: ("float16", 10),
    4: ("float32", 23),
    8: ("float64", 52),
}
_SIMPLE = {20: "false", 21: "true", 22: "null", 23: "undefined"}
_TAGS = {
    0: "date and time",
    1: "epoch time",
    2: "bignum",
    3: "negative bignum",
    4: "decimal fraction",
    5: "bigfloat",
    24: "encoded CBOR",
    30: "rational number",
    32: "URI",
    33: "base64url",
    34: "base64",
    35: "regular expression",
    36: "MIME message",
    37: "UUID",
    100: "epoch date",
    1004: "date",
}
_CONTENT_TAGS = (0, 1, 5, 24, 30, *range(32, 37))


class Leaf(NamedTuple):
    """What a field without children has; see ``Node``."""

    kind: NodeKind
    type: str
    text: str
    value: Value = None
    note: str = ""


class TypedArray(NamedTuple):
    """Numbers in a byte string (RFC 8746)."""

    type: str
    length: int
    children: Callable[[], Iterator[Node]]


# ---- without tags -------------------------------------------------------------------------------


def leaf_of(data: bytes, at: int, behind: int, stop: int) -> Leaf:
    """An item that is neither tagged nor a container.

    Args:
        data: The payload.
        at: Where it begins.
        behind: Offset behind its head.
        stop: Offset behind it.
    """
    major = data[at] >> 5
    if major in (2, 3):
        return _string(data, at, behind, stop, is_text=major == 3)
    try:
        value = loaded(data[at:stop])
    except ValueError as error:
        return Leaf(NodeKind.OTHER, "simple", data[at:stop].hex(" "), None, f"Not valid: {error}")
    if major < 2:
        return Leaf(NodeKind.NUMBER, ("uint", "nint")[major], str(value), value)
    if isinstance(value, float):
        return _float(value, data[behind - (stop - at - 1) : stop])
    word = _SIMPLE.get(data[at] & 31)
    if word is None:
        number = data[stop - 1] if stop - at > 1 else data[at] & 31
        return Leaf(NodeKind.OTHER, "simple", f"simple({number})")
    if word in ("true", "false"):
        return Leaf(NodeKind.BOOL, "bool", word, word == "true")
    return Leaf(NodeKind.NULL, word, word)


def _string(data: bytes, at: int, behind: int, stop: int, *, is_text: bool) -> Leaf:
    type_ = "tstr" if is_text else "bstr"
    kind = NodeKind.STRING if is_text else NodeKind.BYTES
    chunked = data[at] & 31 == 31
    note = "Of indefinite length" if chunked else ""
    if stop - at > MAX_VALUE_BYTES:
        text = large_text(data, behind, is_text=is_text)
        return Leaf(kind, type_, text, None, LARGE_NOTE)
    try:
        value = loaded(data[at:stop])
    except ValueError:
        if chunked:
            note = "Not UTF-8: its pieces as they stand, with their heads"
            return Leaf(NodeKind.BYTES, type_, hex_text(data[behind:stop]), None, note)
        content = data[behind:stop]
        note = "Not UTF-8, so it is shown as bytes"
        return Leaf(NodeKind.BYTES, type_, hex_text(content), content, note)
    text = shorten(value[: MAX_NODE_TEXT + 1]) if is_text else hex_text(value)
    return Leaf(kind, type_, text, value, note)


def _float(value: float, raw: bytes) -> Leaf:
    type_, fraction_bits = _FLOATS[len(raw)]
    note = ""
    if math.isnan(value):
        bits = int.from_bytes(raw, "big")
        payload = bits & ((1 << fraction_bits) - 1)
        if bits >> (8 * len(raw) - 1) or payload != 1 << (fraction_bits - 1):
            note = f"Not the usual NaN: its bits are 0x{raw.hex()}"
    text = repr(value) if type_ == "float64" else compact_float(value)
    return Leaf(NodeKind.NUMBER, type_, text, value, note)


# ---- tags ---------------------------------------------------------------------------------------


def tagged_leaf(tag: int, tagged: bytes, content: bytes) -> Leaf | None:
    """An item whose tag says what it is; None if it says nothing that is known here.

    Args:
        tag: The tag next to the item.
        tagged: The item with that tag.
        content: The item without it.
    """
    name = _TAGS.get(tag)
    if name is None:
        return None
    type_ = f"tag {tag} ({name})"
    try:
        leaf = (
            _by_content(tag, loaded(content))
            if tag in _CONTENT_TAGS
            else _by_library(tag, loaded(tagged))
        )
    except (ValueError, ArithmeticError, TypeError):
        leaf = None
    if leaf is not None:
        return leaf._replace(type=type_)
    if content[0] >> 5 in (4, 5, 6):
        return None
    head = 1 if content[0] & 31 < 24 or content[0] & 31 == 31 else 1 + (1 << (content[0] & 31) - 24)
    plain = leaf_of(content, 0, head, len(content))
    return plain._replace(type=f"tag {tag} {plain.type}", note=f"Tagged as {name}, which it is not")


def _by_content(tag: int, value: Any) -> Leaf | None:
    """What a tag makes of an item for which the library has no type."""
    if tag == 0:
        return _written_time(value)
    if tag == 1:
        return _epoch_time(value)
    if tag in (5, 30):
        found = bigfloat(value) if tag == 5 else fraction(value)
        return None if found is None else Leaf(NodeKind.NUMBER, "", shorten(found[0]), found[1])
    if tag == 24:
        is_bytes = isinstance(value, bytes)
        return Leaf(NodeKind.BYTES, "", hex_text(value), value) if is_bytes else None
    return Leaf(NodeKind.STRING, "", shorten(value), value) if isinstance(value, str) else None


def _written_time(text: Any) -> Leaf | None:
    """A time of RFC 3339, as it stands: Python knows no nanoseconds and no leap seconds."""
    found = _RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    is_leap = found["second"] == "60"
    start, stop = found.span("second")
    plain = f"{text[:start]}59{text[stop:]}" if is_leap else text
    # Raises a ValueError for the 30th of February.
    time = datetime.fromisoformat(plain.upper())
    note = "A leap second" if is_leap else ""
    return Leaf(NodeKind.TIME, "", text, None if is_leap else time, note)


def _epoch_time(seconds: Any) -> Leaf | None:
    found = epoch_time(seconds)
    return None if found is None else Leaf(NodeKind.TIME, "", *found)


def _by_library(tag: int, value: Any) -> Leaf | None:
    """What a tag makes of an item for which the library has a type."""
    if isinstance(value, date):
        return Leaf(NodeKind.TIME, "", value.isoformat().replace("+00:00", "Z"), value)
    if tag in (2, 3):
        return Leaf(NodeKind.NUMBER, "", shorten(int_text(value)), value)
    if tag == 4:
        return Leaf(NodeKind.NUMBER, "", shorten(str(value)), float(value))
    return Leaf(NodeKind.OTHER, "", str(value), value.bytes) if tag == 37 else None


# ---- typed arrays -------------------------------------------------------------------------------


def typed_array(tag: int, data: bytes, at: int, stop: int) -> TypedArray | None:
    """Numbers in a byte string, if the tag says so (64 to 87) and they fit.

    Args:
        tag: The tag next to the byte string.
        data: The payload.
        at: Where its content begins.
        stop: Where it ends.
    """
    if not 64 <= tag <= 87 or tag in (76, 83, 87):
        # 76 is reserved; Python has no floats of 128 bits.
        return None
    is_float, is_signed, is_little = tag & 16, tag & 8, tag & 4
    size = 1 << ((tag & 3) + (1 if is_float else 0))
    if (stop - at) % size:
        return None
    if tag == 68:
        # Unsigned bytes that are clamped, not little-endian ones.
        is_little = 0
    letter = {2: "e", 4: "f", 8: "d"}[size] if is_float else "BHIQ"[tag & 3]
    name = f"float{8 * size}" if is_float else f"uint{8 * size}"
    if is_signed and not is_float:
        letter, name = letter.lower(), f"int{8 * size}"
    if size > 1:
        name += "le" if is_little else "be"
    form = struct.Struct(("<" if is_little else ">") + letter)
    children = functools.partial(_numbers, form, name, data, at, stop)
    return TypedArray(f"{name} array", (stop - at) // size, children)


def _numbers(form: struct.Struct, type_: str, data: bytes, at: int, stop: int) -> Iterator[Node]:
    for index, start in enumerate(range(at, stop, form.size)):
        value = form.unpack_from(data, start)[0]
        text = compact_float(value) if isinstance(value, float) else str(value)
        span = Span(start, start + form.size)
        yield Node(Index(index), NodeKind.NUMBER, type_, text, value, span=span)
