"""CURVE (RFC 26): lengths, nonces and the one key that is in clear."""

from __future__ import annotations

import pytest

from zmqscope.core.zmtp import curve
from zmqscope.core.zmtp.errors import ZmtpError

KEY = bytes(range(32))


def nonce(number: int) -> bytes:
    return number.to_bytes(8, "big")


def test_hello() -> None:
    data = b"\x01\x00" + bytes(72) + KEY + nonce(1) + bytes(80)
    assert len(b"\x05HELLO" + data) == 200
    assert curve.read_curve_hello(data) == curve.CurveHello((1, 0), KEY, 1)
    for wrong in (b"", data[:-1], data + b"\0"):
        with pytest.raises(ZmtpError, match="HELLO"):
            curve.read_curve_hello(wrong)


def test_welcome() -> None:
    data = KEY[:16] + bytes(144)
    assert len(b"\x07WELCOME" + data) == 168
    assert curve.read_curve_welcome(data) == curve.CurveWelcome(KEY[:16])
    with pytest.raises(ZmtpError, match="WELCOME"):
        curve.read_curve_welcome(data[1:])


def test_initiate() -> None:
    least = bytes(96) + nonce(2) + bytes(144)
    assert len(b"\x08INITIATE" + least) == 257
    assert curve.read_curve_initiate(least) == curve.CurveInitiate(2, 0)
    assert curve.read_curve_initiate(least + bytes(19)) == curve.CurveInitiate(2, 19)
    with pytest.raises(ZmtpError, match="INITIATE"):
        curve.read_curve_initiate(least[1:])


def test_ready() -> None:
    least = nonce(1) + bytes(16)
    assert len(b"\x05READY" + least) == 30
    assert curve.read_curve_ready(least) == curve.CurveReady(1, 0)
    assert curve.read_curve_ready(least + bytes(7)) == curve.CurveReady(1, 7)
    with pytest.raises(ZmtpError, match="READY"):
        curve.read_curve_ready(least[1:])


def test_box() -> None:
    head = b"\x07MESSAGE" + nonce(3)
    assert curve.read_box(head, 33) == (3, 0)
    assert curve.read_box(head + b"rest", 1_033) == (3, 1_000)
    with pytest.raises(ZmtpError, match="33 are needed"):
        curve.read_box(head, 32)
    with pytest.raises(ZmtpError, match="not encrypted"):
        curve.read_box(b"\x04PING\0\0", 7)
