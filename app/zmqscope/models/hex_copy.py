"""Bytes as text for the clipboard, in the forms that programs and people take. Pure, any thread."""

from __future__ import annotations

import base64
from collections.abc import Callable
from enum import Enum

from zmqscope.models.hex_model import HexModel
from zmqscope.models.hex_offset import OffsetBase

_C_LINE = 12
_PRINTABLE = {byte: chr(byte) for byte in range(0x20, 0x7F)}
_ESCAPED = {
    **{byte: f"\\x{byte:02x}" for byte in range(256)},
    **_PRINTABLE,
    **{ord('"'): '\\"', ord("\\"): "\\\\"},
    **{ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"},
}


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
    return f'"{data.decode("latin-1").translate(_ESCAPED)}"'


def _c_array(data: bytes) -> str:
    line = _C_LINE * len("0x00, ")
    body = f"0x{data.hex('-').replace('-', ', 0x')}" if data else ""
    lines = (body[at : at + line].rstrip() for at in range(0, len(body), line))
    inner = "".join(f"    {text}\n" for text in lines)
    return f"const uint8_t data[{len(data)}] = {{\n{inner}}};\n"


_WRITERS: dict[CopyForm, Callable[[bytes], str]] = {
    CopyForm.HEX: lambda data: data.hex(" "),
    CopyForm.HEX_PLAIN: lambda data: data.hex(),
    CopyForm.TEXT: _text,
    CopyForm.ESCAPED: _escaped,
    CopyForm.PYTHON: repr,
    CopyForm.C_ARRAY: _c_array,
    CopyForm.BASE64: lambda data: base64.b64encode(data).decode("ascii"),
}
