"""PLAIN (RFC 24): who, but never with which password."""

from __future__ import annotations

import pytest

from tests.zmtp_rig import command, decode, greeting
from zmqscope.core.zmtp.commands import encode_plain_hello, split_command
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.plain import PlainHello, PlainWelcome, read_plain_hello, read_plain_welcome

SECRET = b"s3same-open"


def test_hello_and_welcome() -> None:
    _, data = split_command(encode_plain_hello(b"bob", SECRET))
    assert read_plain_hello(data) == PlainHello(b"bob", has_password=True)
    assert read_plain_hello(b"\0\0") == PlainHello(b"", has_password=False)
    assert read_plain_welcome(b"") == PlainWelcome()
    # A client with libzmq 4.3.0 says HELLO so.
    assert read_plain_welcome(data) == PlainHello(b"bob", has_password=True)
    with pytest.raises(ZmtpError):
        read_plain_welcome(b"x")


WRONG = [
    b"",
    b"\x03bob",
    b"\x03bob\x0c" + SECRET,
    b"\x03bob\x0b" + SECRET + b"!",
    b"\x40" + SECRET,
]


@pytest.mark.parametrize("data", WRONG)
def test_a_wrong_hello_is_not_quoted(data: bytes) -> None:
    with pytest.raises(ZmtpError, match="HELLO") as caught:
        read_plain_hello(data)
    assert SECRET.decode() not in str(caught.value)


@pytest.mark.parametrize("mechanism", [b"PLAIN", b"NULL", b"BEARER", b"GSSAPI"])
@pytest.mark.parametrize("name", [b"HELLO", b"WELCOME", b"Hello", b"LOGIN"])
@pytest.mark.parametrize("data", [b"\x03bob\x0b" + SECRET, *WRONG, SECRET * 10_000])
def test_no_event_holds_the_password(mechanism: bytes, name: bytes, data: bytes) -> None:
    events = decode(greeting(mechanism) + command(name, data) * 2)
    assert len(events) >= 2
    assert SECRET.decode() not in repr(events)
