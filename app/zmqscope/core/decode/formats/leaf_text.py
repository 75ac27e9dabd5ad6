"""How bytes are written in a field, and what is too large to be copied out. Pure, any thread."""

from __future__ import annotations

BYTES_SHOWN = 64
"""Bytes of a binary value that its text has."""

MAX_VALUE_BYTES = 8 * 1024 * 1024
"""Larger text and bytes are not copied out of the payload."""

LARGE_NOTE = "Only its beginning is shown, it is large: its bytes can be saved"


def hex_text(value: bytes) -> str:
    """The beginning of bytes as hex digits."""
    digits = value[:BYTES_SHOWN].hex(" ")
    return digits if len(value) <= BYTES_SHOWN else f"{digits} …"
