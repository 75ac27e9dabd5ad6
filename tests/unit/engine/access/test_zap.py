"""ZAP frames (RFC 27): the good ones, and everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.security.keys import encode_z85
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.zap import (
    ReturnTo,
    ZapFault,
    ZapRequest,
    ZapStatus,
    parse_request,
    reply_frames,
)

PID = 4711
KEY = bytes(range(32))
HEAD = [b"route", b"", b"1.0", b"9", b"a # b#12"]


def request(*rest: bytes) -> ZapRequest | ZapFault:
    return parse_request([*HEAD, *rest], PID)


def test_plain() -> None:
    found = request(b"10.0.0.1", b"own id", b"PLAIN", "änn".encode(), b"hush")
    assert isinstance(found, ZapRequest)
    assert found.return_to == ReturnTo(b"route", b"9")
    assert (found.access, found.socket_id) == ("a # b", SocketId(12))
    assert (found.seen.user, found.seen.password) == ("änn", b"hush")
    assert "hush" not in repr(found)


def test_curve() -> None:
    found = request(b"::1", b"", b"CURVE", KEY)
    assert isinstance(found, ZapRequest)
    assert found.seen.key == encode_z85(KEY)
    assert found.seen.mechanism is Mechanism.CURVE


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        (b"localhost:0:0:4711", True),
        (b"localhost:0:0:47", False),
        (b"localhost", False),
        (b"4711", False),
        (b"10.0.0.1", False),
        (b"", False),
    ],
)
def test_connections_of_our_own(address: bytes, is_own: bool) -> None:
    found = request(address, b"", b"NULL")
    assert isinstance(found, ZapRequest)
    assert found.seen.is_own is is_own


@pytest.mark.parametrize(
    "rest",
    [
        (b"", b"", b"PLAIN", b"user"),
        (b"", b"", b"PLAIN", b"user", b"password", b"more"),
        (b"", b"", b"NULL", b"something"),
        (b"", b"", b"CURVE", b"short"),
        (b"", b"", b"CURVE"),
        (b"", b"", b"GSSAPI", b"principal"),
    ],
)
def test_credentials_that_do_not_fit_are_refused(rest: tuple[bytes, ...]) -> None:
    found = request(*rest)
    assert isinstance(found, ZapFault)
    assert found.status is ZapStatus.REFUSED


def test_what_is_no_request() -> None:
    for frames in ([], [b"r"], [b"r", b"", b"1.0"], [b"r", b"x", b"1.0", b"9"]):
        found = parse_request(frames, PID)
        assert isinstance(found, ZapFault)
        assert found.return_to is None
    for frames in ([b"r", b"", b"2.0", b"9"], HEAD, [*HEAD, b"", b"", b"x" * 256]):
        found = parse_request(frames, PID)
        assert isinstance(found, ZapFault)
        assert found.status is ZapStatus.BROKEN
        assert found.return_to is not None


@given(st.lists(st.binary(max_size=300), max_size=12))
def test_nothing_raises(frames: list[bytes]) -> None:
    parse_request(frames, PID)
    parse_request([*HEAD, *frames], PID)
    parse_request([*HEAD, b"", b"", b"PLAIN", *frames], PID)


def test_a_reply_fits_its_request() -> None:
    frames = reply_frames(ReturnTo(b"route", b"9"), ZapStatus.REFUSED, "“why”", "\udcff")
    assert frames == [b"route", b"", b"1.0", b"9", b"400", "“why”".encode(), b"\xff", b""]
    assert len(reply_frames(ReturnTo(b"", b""), ZapStatus.SUCCESS, "x" * 999, "y" * 999)[5]) == 255
