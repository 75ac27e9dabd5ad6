"""Frames of RFC 23: short, long, with and without more."""

from __future__ import annotations

import pytest

from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import (
    COMMAND,
    LONG,
    MAX_LENGTH,
    MORE,
    FrameHeader,
    encode_frame,
    encode_header,
    read_header,
)


@pytest.mark.parametrize(
    ("flags", "length", "written"),
    [
        (0, 0, b"\x00\x00"),
        (MORE, 5, b"\x01\x05"),
        (0, 255, b"\x00\xff"),
        (0, 256, b"\x02" + bytes(6) + b"\x01\x00"),
        (MORE, 65_536, b"\x03" + bytes(5) + b"\x01\x00\x00"),
        (COMMAND, 41, b"\x04\x29"),
        (COMMAND, 300, b"\x06" + bytes(6) + b"\x01\x2c"),
        (LONG, 3, b"\x02" + bytes(7) + b"\x03"),
        (0, MAX_LENGTH, b"\x02\x7f" + b"\xff" * 7),
    ],
)
def test_headers_there_and_back(flags: int, length: int, written: bytes) -> None:
    assert encode_header(flags, length) == written
    assert read_header(written) == FrameHeader(written[0], length, len(written))
    assert read_header(memoryview(b"??" + written + b"body"), 2) == read_header(written)
    for cut in range(len(written)):
        assert read_header(bytearray(written[:cut])) is None


def test_a_whole_frame() -> None:
    assert encode_frame(MORE, b"topic") == b"\x01\x05topic"
    assert encode_frame(0, b"") == b"\x00\x00"
    assert encode_frame(0, bytes(256))[:9] == b"\x02" + bytes(6) + b"\x01\x00"


@pytest.mark.parametrize("flags", [0x08, 0x10, 0x80, 0xFF])
def test_reserved_flags_are_an_error_at_the_first_byte(flags: int) -> None:
    with pytest.raises(ZmtpError, match=f"reserved flags: 0x{flags:02X}"):
        read_header(bytes([flags]))
    with pytest.raises(ZmtpError, match="flags"):
        encode_header(flags, 0)


@pytest.mark.parametrize("flags", [COMMAND | MORE, COMMAND | MORE | LONG])
def test_a_command_is_a_single_frame(flags: int) -> None:
    with pytest.raises(ZmtpError, match="more frames follow"):
        read_header(bytes([flags]))
    with pytest.raises(ZmtpError, match="flags"):
        encode_header(flags, 0)


def test_lengths_that_cannot_be() -> None:
    with pytest.raises(ZmtpError, match="9223372036854775808 bytes"):
        read_header(b"\x02\x80" + bytes(7))
    for length in (-1, MAX_LENGTH + 1):
        with pytest.raises(ZmtpError, match="length"):
            encode_header(0, length)
