"""What is left of ZMTP 1.0 (RFC 13) and 2.0 (RFC 15): greetings and frames. Any thread."""

from __future__ import annotations

from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import (
    LONG,
    LONG_HEADER,
    MAX_LENGTH,
    MORE,
    SHORT_HEADER,
    FrameHeader,
    encode_header,
    read_header,
)
from zmqscope.core.zmtp.socket_types import NUMBERED

GREETING_V2_BYTES = 12
"""Signature, revision, socket type."""

MAX_IDENTITY_BYTES = 255

_ESCAPE = 0xFF
_LONG_HEADER_V1 = 10
_LONGEST_SHORT_V1 = 253


def read_header_v1(
    buffer: bytes | bytearray | memoryview, at: int = 0, *, is_first: bool = False
) -> FrameHeader | None:
    """The header of a frame of ZMTP 1.0; its length counts the flags byte, ours does not.

    Args:
        buffer: Where it stands.
        at: Where it begins.
        is_first: Whether it is the identity's, whose flags mean nothing: a peer of ZMTP 2.0 or
            later has put the end of its signature there.

    Returns:
        The header; None if more bytes are needed.

    Raises:
        ZmtpError: The length is 0 or above 2^63 - 1, or reserved flags are set. RFC 13 would have
            a length of 0 be passed over; every libzmq hangs up.
    """
    left = len(buffer) - at
    if left < 1:
        return None
    size, length = SHORT_HEADER, buffer[at]
    if length == _ESCAPE:
        if left < LONG_HEADER:
            return None
        size, length = _LONG_HEADER_V1, int.from_bytes(buffer[at + 1 : at + LONG_HEADER], "big")
    if length == 0:
        raise ZmtpError("A frame of ZMTP 1.0 has a length of 0, without even its flags.")
    if length > MAX_LENGTH:
        raise ZmtpError(f"A frame claims a length of {length} bytes, more than 2^63 - 1.")
    if left < size:
        return None
    flags = 0 if is_first else buffer[at + size - 1]
    if flags & ~MORE:
        raise ZmtpError(f"A frame of ZMTP 1.0 has reserved flags: 0x{flags:02X}.")
    return FrameHeader(flags, length - 1, size)


def read_header_v2(buffer: bytes | bytearray | memoryview, at: int = 0) -> FrameHeader | None:
    """The header of a frame of ZMTP 2.0: as in 3.x, but there are no commands.

    Raises:
        ZmtpError: Reserved flags are set, or the length is above 2^63 - 1.
    """
    if len(buffer) > at and buffer[at] & ~(MORE | LONG):
        raise ZmtpError(f"A frame of ZMTP 2.0 has reserved flags: 0x{buffer[at]:02X}.")
    return read_header(buffer, at)


def encode_frame_v1(flags: int, body: bytes) -> bytes:
    """A whole frame of ZMTP 1.0.

    Raises:
        ZmtpError: There are other flags than MORE.
    """
    if flags & ~MORE:
        raise ZmtpError(f"No frame of ZMTP 1.0 can have the flags 0x{flags:02X}.")
    if len(body) <= _LONGEST_SHORT_V1:
        return bytes([len(body) + 1, flags]) + body
    return bytes([_ESCAPE]) + (len(body) + 1).to_bytes(8, "big") + bytes([flags]) + body


def encode_frame_v2(flags: int, body: bytes) -> bytes:
    """A whole frame of ZMTP 2.0.

    Raises:
        ZmtpError: There are other flags than MORE and LONG.
    """
    if flags & ~(MORE | LONG):
        raise ZmtpError(f"No frame of ZMTP 2.0 can have the flags 0x{flags:02X}.")
    return encode_header(flags, len(body)) + body


def encode_greeting_v2(socket_type: bytes, identity: bytes = b"", major: int = 1) -> bytes:
    """What a peer of ZMTP 2.0 sends first: signature, revision, socket type, identity.

    Args:
        socket_type: One of ``NUMBERED``.
        identity: At most 255 bytes.
        major: 1 for a peer that knows ZMTP 2.0 only, 3 for one that meets such a peer.

    Raises:
        ZmtpError: There is no such type, or the identity is too long.
    """
    if socket_type not in NUMBERED:
        raise ZmtpError(f"ZMTP 2.0 has no socket type {socket_type!r}.")
    if len(identity) > MAX_IDENTITY_BYTES:
        raise ZmtpError(f"An identity cannot have {len(identity)} bytes; 255 are the most.")
    signature = b"\xff" + (len(identity) + 1).to_bytes(8, "big") + b"\x7f"
    return signature + bytes([major, NUMBERED.index(socket_type)]) + encode_frame_v2(0, identity)
