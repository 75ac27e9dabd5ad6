"""How bytes are written in a field, and what is too large to be copied out. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.node import MAX_NODE_TEXT, shorten

BYTES_SHOWN = 64
"""Bytes of a binary value that its text has."""

MAX_VALUE_BYTES = 8 * 1024 * 1024
"""Larger text and bytes are not copied out of the payload."""

LARGE_NOTE = "Only its beginning is shown, it is large: its bytes can be saved"


def hex_text(value: bytes) -> str:
    """The beginning of bytes as hex digits."""
    digits = value[:BYTES_SHOWN].hex(" ")
    return digits if len(value) <= BYTES_SHOWN else f"{digits} …"


def large_text(data: bytes, start: int, *, is_text: bool) -> str:
    """The beginning of a value that is too large to be copied out.

    Args:
        data: The payload.
        start: Where the value begins; it has more than ``MAX_VALUE_BYTES``.
        is_text: Whether it is UTF-8; else it is written as hex digits.
    """
    if is_text:
        return shorten(data[start : start + 4 * MAX_NODE_TEXT].decode(errors="replace"))
    return hex_text(data[start : start + BYTES_SHOWN + 1])
