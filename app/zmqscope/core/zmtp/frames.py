"""Frames of ZMTP 3.x: a flags byte, a length of one or eight bytes, a body. Any thread."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.zmtp.errors import ZmtpError

MORE, LONG, COMMAND = 1, 2, 4
"""Bits of the flags byte (RFC 23, Framing)."""

RESERVED = 0xFF & ~(MORE | LONG | COMMAND)
"""Bits that must be zero."""

MAX_LENGTH = (1 << 63) - 1
"""Of a body, in bytes."""

SHORT_HEADER, LONG_HEADER = 2, 9
"""Bytes of a header."""

_LONGEST_SHORT = 255


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What stands before a body.

    Attributes:
        flags: Of MORE, LONG and COMMAND.
        length: Bytes of the body.
        size: Bytes of the header itself.
    """

    flags: int
    length: int
    size: int


def read_header(buffer: bytes | bytearray | memoryview, at: int = 0) -> FrameHeader | None:
    """The header that begins at a place in a buffer.

    Returns:
        The header; None if more bytes are needed.

    Raises:
        ZmtpError: Reserved flags are set, a command says that more follows, or the length is above
            2^63 - 1.
    """
    left = len(buffer) - at
    if left < 1:
        return None
    flags = buffer[at]
    if flags & RESERVED:
        raise ZmtpError(f"A frame has reserved flags: 0x{flags:02X}.")
    if flags & COMMAND and flags & MORE:
        raise ZmtpError(f"A command says that more frames follow: flags 0x{flags:02X}.")
    if not flags & LONG:
        return FrameHeader(flags, buffer[at + 1], SHORT_HEADER) if left >= SHORT_HEADER else None
    if left < LONG_HEADER:
        return None
    length = int.from_bytes(buffer[at + 1 : at + LONG_HEADER], "big")
    if length > MAX_LENGTH:
        raise ZmtpError(f"A frame claims a length of {length} bytes, more than 2^63 - 1.")
    return FrameHeader(flags, length, LONG_HEADER)


def encode_header(flags: int, length: int) -> bytes:
    """The header of a frame, in the short form wherever the length allows it.

    Args:
        flags: Of MORE and COMMAND; LONG follows from the length, and asks for the long form of a
            short length.
        length: Bytes of the body.

    Raises:
        ZmtpError: Reserved flags, a command with MORE, or a length that cannot be.
    """
    if flags & ~(MORE | LONG | COMMAND) or (flags & COMMAND and flags & MORE):
        raise ZmtpError(f"No frame can have the flags 0x{flags:02X}.")
    if not 0 <= length <= MAX_LENGTH:
        raise ZmtpError(f"No frame can have a length of {length} bytes.")
    if length > _LONGEST_SHORT or flags & LONG:
        return bytes([flags | LONG]) + length.to_bytes(8, "big")
    return bytes([flags, length])


def encode_frame(flags: int, body: bytes) -> bytes:
    """A whole frame; see ``encode_header``."""
    return encode_header(flags, len(body)) + body
