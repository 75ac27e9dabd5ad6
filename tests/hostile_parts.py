"""What hostile payloads are made of."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

Maker = Callable[[], bytes]

DEEP = 100_000
MB = 1_000_000
FORBIDDEN_MODULE = "antigravity_of_a_payload"
"""A module that nothing of ours names: whoever imports it took a payload's word."""


def be(form: str, *values: int) -> bytes:
    """Numbers as bytes, the highest first."""
    return struct.pack(">" + form, *values)


def le(form: str, *values: int) -> bytes:
    """Numbers as bytes, the lowest first."""
    return struct.pack("<" + form, *values)


def varint(value: int) -> bytes:
    """A number as Protobuf writes it."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def zeros(megabytes: int) -> bytes:
    """Raw deflate of so many zeros: one block that stands for itself, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush()
