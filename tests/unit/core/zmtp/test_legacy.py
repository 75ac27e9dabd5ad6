"""Frames and greetings of RFC 13 and RFC 15."""

from __future__ import annotations

import pytest

from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import LONG, MORE, FrameHeader
from zmqscope.core.zmtp.legacy import (
    encode_frame_v1,
    encode_frame_v2,
    encode_greeting_v2,
    read_header_v1,
    read_header_v2,
)


@pytest.mark.parametrize(
    ("flags", "body", "header"),
    [
        (0, b"", b"\x01\x00"),
        (MORE, b"hello", b"\x06\x01"),
        (0, bytes(253), b"\xfe\x00"),
        (0, bytes(254), b"\xff" + bytes(7) + b"\xff\x00"),
        (MORE, bytes(1_000), b"\xff" + bytes(6) + b"\x03\xe9\x01"),
    ],
)
def test_frames_of_1_0(flags: int, body: bytes, header: bytes) -> None:
    assert encode_frame_v1(flags, body) == header + body
    assert read_header_v1(b"?" + header, 1) == FrameHeader(flags, len(body), len(header))
    for cut in range(len(header)):
        assert read_header_v1(header[:cut]) is None


def test_flags_of_the_identity_mean_nothing_in_1_0() -> None:
    signature = b"\xff" + bytes(7) + b"\x04\x7f"
    assert read_header_v1(signature, is_first=True) == FrameHeader(0, 3, 10)
    with pytest.raises(ZmtpError, match="0x7F"):
        read_header_v1(signature)


@pytest.mark.parametrize("data", [b"\0", b"\xff" + bytes(8), b"\xff\x80" + bytes(7), b"\x01\x02"])
def test_what_is_no_frame_of_1_0(data: bytes) -> None:
    with pytest.raises(ZmtpError, match="frame"):
        read_header_v1(data)


def test_frames_of_2_0_have_no_commands() -> None:
    assert encode_frame_v2(MORE, b"x") == b"\x01\x01x"
    assert encode_frame_v2(LONG, b"") == b"\x02" + bytes(8)
    assert read_header_v2(b"\x03" + bytes(7) + b"\x09") == FrameHeader(MORE | LONG, 9, 9)
    assert read_header_v2(b"") is None
    for flags in (4, 8, 0x80):
        with pytest.raises(ZmtpError, match=r"2\.0"):
            read_header_v2(bytes([flags]))
        with pytest.raises(ZmtpError, match=r"2\.0"):
            encode_frame_v2(flags, b"")
        with pytest.raises(ZmtpError, match=r"1\.0"):
            encode_frame_v1(flags, b"")


def test_greeting_of_2_0() -> None:
    assert encode_greeting_v2(b"DEALER") == b"\xff" + bytes(7) + b"\x01\x7f\x01\x05\x00\x00"
    named = encode_greeting_v2(b"PUSH", b"me", major=3)
    assert named == b"\xff" + bytes(7) + b"\x03\x7f\x03\x08\x00\x02me"
    with pytest.raises(ZmtpError, match="socket type"):
        encode_greeting_v2(b"RADIO")
    with pytest.raises(ZmtpError, match="identity"):
        encode_greeting_v2(b"PUSH", bytes(256))
