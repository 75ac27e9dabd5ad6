"""Bytes as text for the clipboard, in the forms that programs and people take. Pure, any thread."""

from __future__ import annotations

import base64
from collections.abc import Callable
from enum import Enum

import numpy as np

from zmqscope.models.hex.model import HEX_DIGITS, HexModel
from zmqscope.models.hex.offset import OffsetBase

_C_LINE, _C_CHARS, _C_INDENT = 12, len("0x00, "), " " * 4
_C_FULL_LINE = (_C_INDENT + ("0x00, " * _C_LINE)[:-1] + "\n").encode()


class CopyForm(Enum):
    """How bytes are written."""

    HEX = "hex"
    """Two digits a byte, blanks between: ``de ad be ef``."""
    HEX_PLAIN = "hex_plain"
    """Nothing between: ``deadbeef``."""
    DUMP = "dump"
    """Lines of sixteen with offset and ASCII."""
    TEXT = "text"
    r"""UTF-8; what is none as ``\\xNN``."""
    ESCAPED = "escaped"
    r"""A literal in double quotes, ``\\xNN`` for all that is not printable ASCII."""
    PYTHON = "python"
    """A Python bytes literal."""
    C_ARRAY = "c_array"
    """An array of ``uint8_t``."""
    BASE64 = "base64"
    """RFC 4648, one line."""


def copy_text(
    data: bytes, form: CopyForm, first: int = 0, base: OffsetBase = OffsetBase.HEX
) -> str:
    """Write bytes in a form.

    Args:
        data: The bytes, no more than are to be copied.
        form: How.
        first: Offset of the first of them; a dump says it.
        base: How a dump writes offsets.
    """
    if form is CopyForm.DUMP:
        return HexModel(data, base=base, first=first).dump()
    return _WRITERS[form](data)


def _text(data: bytes) -> str:
    return data.decode(errors="backslashreplace")


def _escaped(data: bytes) -> str:
    plain = data.decode("latin-1").encode("unicode_escape").decode("ascii")
    return '"' + plain.replace('"', '\\"') + '"'


def _c_array(data: bytes) -> str:
    full = len(data) // _C_LINE * _C_LINE
    table = np.frombuffer(data[:full], np.uint8).reshape(-1, _C_LINE)
    page = np.tile(np.frombuffer(_C_FULL_LINE, np.uint8), (len(table), 1))
    for at in range(_C_LINE):
        column = len(_C_INDENT) + at * _C_CHARS + len("0x")
        page[:, column] = HEX_DIGITS[table[:, at] >> 4]
        page[:, column + 1] = HEX_DIGITS[table[:, at] & 0xF]
    body = page.tobytes().decode("ascii")
    if full < len(data):
        body += _C_INDENT + ", ".join(f"0x{byte:02x}" for byte in data[full:])
    return f"const uint8_t data[{len(data)}] = {{\n{body.rstrip(', ' + chr(10))}\n}};\n"


_WRITERS: dict[CopyForm, Callable[[bytes], str]] = {
    CopyForm.HEX: lambda data: data.hex(" "),
    CopyForm.HEX_PLAIN: lambda data: data.hex(),
    CopyForm.TEXT: _text,
    CopyForm.ESCAPED: _escaped,
    CopyForm.PYTHON: repr,
    CopyForm.C_ARRAY: _c_array,
    CopyForm.BASE64: lambda data: base64.b64encode(data).decode("ascii"),
}
