"""A pickle's opcodes, one after the other, never executed. Pure, any thread.

The table of opcodes is the standard library's (``pickletools``); arguments are walked here, since
its reader copies each of them and does not tell where they are.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from functools import cache
from pickletools import (
    TAKEN_FROM_ARGUMENT1,
    TAKEN_FROM_ARGUMENT4,
    TAKEN_FROM_ARGUMENT4U,
    TAKEN_FROM_ARGUMENT8U,
    UP_TO_NEWLINE,
    OpcodeInfo,
    opcodes,
)
from typing import NamedTuple

from zmqscope.core.decode.broken import BrokenError

MAX_LINE = 1_000_000
"""Bytes of an argument that ends with its line, at most."""

_MAX_DIGITS = 300
_MAX_INT_BYTES = 4_096
_SIZES = {
    TAKEN_FROM_ARGUMENT1: ("<B", 1),
    TAKEN_FROM_ARGUMENT4: ("<i", 4),
    TAKEN_FROM_ARGUMENT4U: ("<I", 4),
    TAKEN_FROM_ARGUMENT8U: ("<Q", 8),
}
_NUMBERS = {
    "uint1": "<B",
    "uint2": "<H",
    "int4": "<i",
    "uint4": "<I",
    "uint8": "<Q",
    "float8": ">d",
}
_UTF8_FORMS = ("unicodestring1", "unicodestring4", "unicodestring8")
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"v": b"\v",
}


class OpError(BrokenError):
    """Bytes that are no opcode."""


class Op(NamedTuple):
    """An opcode.

    Attributes:
        name: Its name, such as ``BINUNICODE``.
        form: The name of its argument's form in ``pickletools``; empty without one.
        start: Where it begins.
        arg: Where the bytes of its argument begin, behind their length.
        arg_stop: Where they end; without the end of the line.
        stop: One past it.
    """

    name: str
    form: str
    start: int
    arg: int
    arg_stop: int
    stop: int


class _Shape(NamedTuple):
    name: str
    form: str
    size: int


@cache
def _table() -> tuple[_Shape | None, ...]:
    known: list[_Shape | None] = [None] * 256
    for each in opcodes:
        known[ord(each.code)] = _shape(each)
    return tuple(known)


def _shape(info: OpcodeInfo) -> _Shape:
    if info.arg is None:
        return _Shape(info.name, "", 0)
    return _Shape(info.name, info.arg.name, info.arg.n)


def read_op(data: bytes, at: int) -> Op:
    """The opcode at a byte.

    Raises:
        OpError: There is none.
    """
    shape = _table()[data[at]]
    if shape is None:
        raise OpError(f"Byte {at}: {data[at]:#04x} is no opcode", at)
    name, form, size = shape
    start = at + 1
    if size >= 0:
        stop = start + size
        if stop > len(data):
            raise OpError(f"The bytes end inside {name}", at, is_cut=True)
        return Op(name, form, at, start, stop, stop)
    if size == UP_TO_NEWLINE:
        return _line_op(data, at, name, form)
    letter, width = _SIZES[size]
    if start + width > len(data):
        raise OpError(f"The bytes end inside {name}", at, is_cut=True)
    (length,) = struct.unpack_from(letter, data, start)
    start += width
    if length < 0:
        raise OpError(f"Byte {at}: {name} of {length:,} bytes", at)
    if start + length > len(data):
        text = f"{name} is to have {length:,} bytes, but {len(data) - start:,} are left"
        raise OpError(text, at, is_cut=True)
    return Op(name, form, at, start, start + length, start + length)


def _line_op(data: bytes, at: int, name: str, form: str) -> Op:
    stop = at
    for _ in range(2 if form == "stringnl_noescape_pair" else 1):
        end = data.find(b"\n", stop + 1, stop + 1 + MAX_LINE)
        if end < 0:
            raise OpError(f"The line of {name} does not end", at, is_cut=True)
        stop = end
    return Op(name, form, at, at + 1, stop, stop + 1)


def ops(data: bytes) -> Iterator[Op]:
    """All opcodes up to STOP.

    Raises:
        OpError: From there on the bytes are no pickle.
    """
    at = 0
    while at < len(data):
        op = read_op(data, at)
        yield op
        if op.name == "STOP":
            return
        at = op.stop
    raise OpError("The pickle has no end", len(data), is_cut=True)


def argument(data: bytes, op: Op) -> int | float | str | bytes | bool | None:
    """The argument of an opcode as Python has it; None where that is too long or broken."""
    form = op.form
    if form == "uint1":
        return data[op.arg]
    if form in _UTF8_FORMS:
        part = data[op.arg : op.arg_stop]
        try:
            return part.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return part.decode("utf-8", "replace")
    letter = _NUMBERS.get(form)
    if letter is not None:
        number: int | float = struct.unpack_from(letter, data, op.arg)[0]
        return number
    if form.startswith("long"):
        return long_value(data, op.arg, op.arg_stop)
    return _line_value(data[op.arg : op.arg_stop], form)


def long_value(data: bytes, start: int, stop: int) -> int | None:
    """A little-endian signed integer; None if it is too long to be written."""
    if stop - start > _MAX_INT_BYTES:
        return None
    return int.from_bytes(data[start:stop], "little", signed=True)


def _line_value(part: bytes, form: str) -> int | float | str | bytes | bool | None:
    if form in ("decimalnl_short", "decimalnl_long"):
        return _decimal(part, is_short=form == "decimalnl_short")
    if form == "floatnl":
        try:
            return float(part)
        except ValueError:
            return None
    if form == "unicodestringnl":
        try:
            return part.decode("raw-unicode-escape")
        except UnicodeDecodeError:
            return part.decode("latin-1")
    if form == "stringnl":
        return unescape(part)
    if form.startswith("stringnl"):
        return part.decode("utf-8", "replace").replace("\n", " ")
    return part


def _decimal(part: bytes, *, is_short: bool) -> int | bool | None:
    if is_short and part in (b"00", b"01"):
        return part == b"01"
    digits = part.removesuffix(b"L")
    if not 0 < len(digits) <= _MAX_DIGITS:
        return None
    try:
        return int(digits)
    except ValueError:
        return None


def unescape(part: bytes) -> bytes:
    """The bytes of a quoted string as Python 2 wrote it."""
    if len(part) >= 2 and part[:1] == part[-1:] and part[:1] in b"'\"":
        part = part[1:-1]
    return _ESCAPE.sub(_unescaped, part)


def _unescaped(found: re.Match[bytes]) -> bytes:
    code: bytes = found[1]
    if code[:1] == b"x" and len(code) == 3:
        return bytes([int(code[1:], 16)])
    if code[:1].isdigit() and code[:1] < b"8":
        return bytes([int(code, 8) & 0xFF])
    return _LETTERS.get(code, code if code in (b"\\", b"'", b'"') else found[0])
