"""What the bytes at a place may mean: numbers, times, addresses, characters. Pure, any thread."""

from __future__ import annotations

import math
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from zmqscope.core.decode.field_path import NUMBER_FORMS
from zmqscope.models.format import one_line
from zmqscope.models.hex.byte_times import TIMES, Moment

READ_BYTES = 16
"""Bytes that all of it is read from."""

_Order = Literal["little", "big"]
_INT_BYTES = (1, 2, 4, 8)
_FLOATS = {"f16": "e", "f32": "f", "f64": "d"}
# What a measured value most likely is; anything else is rather something misread.
_USUAL_FLOATS = (1e-9, 1e12)
# An integer this many times larger than with its bytes the other way round is rather that one.
_RATHER = 256
# Up to here every whole number has digits of its own in single precision.
_WHOLE_FLOATS = 1 << 24
_MAX_VARINT_BYTES = 10
_RFC_4122_VERSIONS = range(1, 9)
_CLASS_D = 224


@dataclass(frozen=True, slots=True)
class ByteValue:
    """Bytes read one way.

    Attributes:
        text: In one line, harmless; what is copied as well.
        size: Bytes it takes; 0 where there are too few, or none that could be read so.
        is_likely: Whether it looks like something that was meant.
        form: One of ``NUMBER_FORMS`` if a field path can say it.
        full: The same with nothing left out; empty where ``text`` is all.
    """

    text: str
    size: int
    is_likely: bool = True
    form: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class ByteRow:
    """One way to read, in both byte orders where there are two.

    Attributes:
        name: Short: ``u16``.
        title: In words.
        little: Least significant byte first; the only one where there is no order.
        big: Most significant byte first; None where there is no order.
    """

    name: str
    title: str
    little: ByteValue
    big: ByteValue | None = None


NOTHING = ByteValue("–", 0, is_likely=False)
"""Too few bytes, or none that mean anything so."""


def read_bytes(data: bytes, offset: int) -> tuple[ByteRow, ...]:
    """Every way to read the bytes from an offset on; always the same rows in the same order."""
    part = data[offset : offset + READ_BYTES] if offset >= 0 else b""
    rows = [row for size in _INT_BYTES for row in _integers(part, size)]
    rows += [_floats(part, name) for name in _FLOATS]
    rows += _varints(part)
    rows += [
        ByteRow("utf-8", "character in UTF-8", _character(part)),
        ByteRow("bits", "bits, most significant first", _bits(part)),
    ]
    for time in TIMES:
        little = _time(time.read(part, "little"), time.size)
        big = _time(time.read(part, "big"), time.size) if time.has_order else None
        rows.append(ByteRow(time.name, time.title, little, big))
    rows += [
        _both(part, 4, "ipv4", "IPv4 address; big endian is network order", _ipv4),
        ByteRow("uuid", "UUID (RFC 9562)", _uuid(part, "big")),
        ByteRow("guid", "GUID as Microsoft stores it", _uuid(part, "little")),
    ]
    return tuple(rows)


def _both(
    part: bytes, size: int, name: str, title: str, read: Callable[[bytes], ByteValue]
) -> ByteRow:
    if len(part) < size:
        return ByteRow(name, title, NOTHING, NOTHING)
    return ByteRow(name, title, read(part[:size][::-1]), read(part[:size]))


# ---- numbers ------------------------------------------------------------------------------------


def _integers(part: bytes, size: int) -> list[ByteRow]:
    rows = []
    for letter, signed in (("u", False), ("i", True)):
        name = f"{letter}{size * 8}"
        title = f"{'signed' if signed else 'unsigned'} integer of {size * 8} bits"
        if len(part) < size:
            rows.append(ByteRow(name, title, NOTHING, NOTHING if size > 1 else None))
            continue
        little, big = (int.from_bytes(part[:size], order, signed=signed) for order in _ORDERS)
        if size == 1:
            rows.append(ByteRow(name, title, ByteValue(str(little), 1, form=name)))
            continue
        rows.append(
            ByteRow(
                name,
                title,
                ByteValue(str(little), size, _is_rather(little, big), _form(name, "little")),
                ByteValue(str(big), size, _is_rather(big, little), _form(name, "big")),
            )
        )
    return rows


_ORDERS: tuple[_Order, _Order] = ("little", "big")


def _is_rather(number: int, turned: int) -> bool:
    return abs(number) < _RATHER or abs(number) < abs(turned) * _RATHER


def _form(name: str, order: _Order) -> str:
    form = name + ("le" if order == "little" else "be")
    return form if form in NUMBER_FORMS else ""


def _floats(part: bytes, name: str) -> ByteRow:
    size, title = int(name[1:]) // 8, f"floating point of {name[1:]} bits (IEEE 754)"
    if len(part) < size:
        return ByteRow(name, title, NOTHING, NOTHING)
    values = []
    for order, sign in zip(_ORDERS, "<>", strict=True):
        number: float = struct.unpack(sign + _FLOATS[name], part[:size])[0]
        likely = _is_usual(number, is_zero=not any(part[:size]))
        values.append(ByteValue(_float_text(number, name), size, likely, _form(name, order)))
    return ByteRow(name, title, values[0], values[1])


def _is_usual(number: float, *, is_zero: bool) -> bool:
    if not math.isfinite(number):
        return False
    low, high = _USUAL_FLOATS
    return is_zero or low <= abs(number) < high


def _float_text(number: float, name: str) -> str:
    """The shortest text that reads back as the same bits in its own width; whole numbers whole."""
    is_whole = number.is_integer() and abs(number) < _WHOLE_FLOATS
    if name == "f64" or is_whole or not math.isfinite(number):
        return repr(number)
    letter = _FLOATS[name]
    for digits in range(1, 10):
        text = f"{number:.{digits}g}"
        try:
            if struct.pack(letter, float(text)) == struct.pack(letter, number):
                return repr(float(text))
        except OverflowError:  # rounded up beyond the largest there is
            continue
    return repr(number)


def _varints(part: bytes) -> list[ByteRow]:
    """Base 128 as in LEB128 (DWARF 5, 7.6) and Protocol Buffers; ten bytes at most."""
    number, size = 0, 0
    for at, byte in enumerate(part[:_MAX_VARINT_BYTES]):
        number |= (byte & 0x7F) << 7 * at
        if byte < 0x80:
            size = at + 1
            break
    if not size:
        values = [NOTHING] * 3
    else:
        # A last byte of nothing but zeros says nothing: nobody writes it.
        likely = size == 1 or part[size - 1] != 0
        signed = number - (1 << 7 * size) if part[size - 1] & 0x40 else number
        zigzag = number >> 1 ^ -(number & 1)
        values = [ByteValue(str(value), size, likely) for value in (number, zigzag, signed)]
    return [
        ByteRow("varint", "unsigned LEB128, Protobuf varint", values[0]),
        ByteRow("zigzag", "Protobuf sint: varint in zigzag", values[1]),
        ByteRow("sleb", "signed LEB128", values[2]),
    ]


# ---- characters, times, addresses ---------------------------------------------------------------


def _character(part: bytes) -> ByteValue:
    for size in range(1, 5):
        try:
            char = part[:size].decode()
        except UnicodeDecodeError:
            continue
        if not char:
            break
        shown = one_line(char)
        code = f"U+{ord(char):04X}"
        has_shape = code not in shown and shown.isprintable()
        text = f"{shown}  {code}" if has_shape else code
        return ByteValue(text, size, char.isprintable())
    return NOTHING


def _bits(part: bytes) -> ByteValue:
    if not part:
        return NOTHING
    text = f"{part[0]:08b}"
    return ByteValue(f"{text[:4]} {text[4:]}", 1)


def _time(moment: Moment | None, size: int) -> ByteValue:
    if moment is None:
        return NOTHING
    return ByteValue(moment.text, size, moment.is_likely, full=moment.full)


def _ipv4(part: bytes) -> ByteValue:
    return ByteValue(".".join(map(str, part)), 4, 0 < part[0] < _CLASS_D)


def _uuid(part: bytes, order: _Order) -> ByteValue:
    if len(part) < READ_BYTES:
        return NOTHING
    value = uuid.UUID(bytes=part) if order == "big" else uuid.UUID(bytes_le=part)
    likely = value.variant == uuid.RFC_4122 and value.version in _RFC_4122_VERSIONS
    return ByteValue(str(value), READ_BYTES, likely)
