"""Bodies of commands: RFC 23, RFC 37, RFC 24."""

from __future__ import annotations

import pytest

from zmqscope.core.zmtp import commands as cmd
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import COMMAND, encode_frame

# The worked example of RFC 23 and RFC 37 says 41 bytes, and so it is.
READY_OF_DEALER = (
    b"\x04\x29\x05READY"
    b"\x0bSocket-Type\x00\x00\x00\x06DEALER"
    b"\x08Identity\x00\x00\x00\x00"
)  # fmt: skip
READY_OF_ROUTER = b"\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06ROUTER"


@pytest.mark.parametrize(
    ("written", "pairs"),
    [
        (READY_OF_DEALER, (("Socket-Type", b"DEALER"), ("Identity", b""))),
        (READY_OF_ROUTER, (("Socket-Type", b"ROUTER"),)),
    ],
)
def test_ready_of_the_worked_example(written: bytes, pairs: cmd.Metadata) -> None:
    assert encode_frame(COMMAND, cmd.encode_ready(pairs)) == written
    name, data = cmd.split_command(written[2:])
    assert name == b"READY"
    assert cmd.read_metadata(data) == pairs


def test_names_and_data() -> None:
    assert cmd.encode_command(b"PING", b"\0\0") == b"\x04PING\0\0"
    assert cmd.split_command(b"\x04PING\0\0") == (b"PING", b"\0\0")
    assert cmd.split_command(b"\x01X") == (b"X", b"")
    longest = b"N" * 255
    assert cmd.split_command(cmd.encode_command(longest, b"d")) == (longest, b"d")


@pytest.mark.parametrize("body", [b"", b"\0", b"\0rest", b"\x05PING", b"\xff" + b"x" * 254])
def test_what_is_no_command(body: bytes) -> None:
    with pytest.raises(ZmtpError, match="name"):
        cmd.split_command(body)


def test_error_as_the_plain_server_of_libzmq_spells_it() -> None:
    assert cmd.split_command(b"^RROR\x03400") == (b"ERROR", b"\x03400")
    longest = b"RROR" + b"x" * 90
    assert cmd.split_command(b"^" + longest) == (longest, b"")


@pytest.mark.parametrize("name", [b"", b"x" * 256])
def test_names_that_cannot_be(name: bytes) -> None:
    with pytest.raises(ZmtpError, match="name"):
        cmd.encode_command(name)


def test_metadata_keeps_names_as_written_and_finds_them_in_any_case() -> None:
    pairs = (("socket-TYPE", b"PUB"), ("X-Any", bytes(300)), ("x-any", b"second"), ("é", b""))
    read = cmd.read_metadata(cmd.write_metadata(pairs))
    assert read == pairs
    assert cmd.find(read, "Socket-Type") == b"PUB"
    assert cmd.find(read, "X-ANY") == bytes(300)
    assert cmd.find(read, "Identity") is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\0\0\0\0\0", "empty name"),
        (b"\x01", "in the middle"),
        (b"\x01a\0\0\0", "in the middle"),
        (b"\x01a\0\0\0\x02b", "claims 2 bytes, 1 are there"),
        (b"\x01a\xff\xff\xff\xff", "claims 4294967295 bytes, 0 are there"),
        (b"\xff" + b"a" * 200, "in the middle"),
    ],
)
def test_metadata_that_is_cut_or_nameless(data: bytes, reason: str) -> None:
    with pytest.raises(ZmtpError, match=reason):
        cmd.read_metadata(cmd.write_metadata([("good", b"1")]) + data)


def test_ten_thousand_properties() -> None:
    pairs = tuple((f"X-{number}", b"v") for number in range(10_000))
    assert cmd.read_metadata(cmd.write_metadata(pairs)) == pairs


@pytest.mark.parametrize("name", ["", "x" * 256, "€"])
def test_properties_that_cannot_be(name: str) -> None:
    with pytest.raises(ZmtpError, match="metadata property"):
        cmd.write_metadata([(name, b"")])


def test_ping_and_pong() -> None:
    assert cmd.encode_ping(30, b"ctx") == b"\x04PING\x00\x1ectx"
    assert cmd.read_ping(b"\x00\x1ectx") == cmd.Heartbeat(30, b"ctx")
    assert cmd.encode_ping(65_535)[5:] == b"\xff\xff"
    assert cmd.encode_pong(b"ctx") == b"\x04PONGctx"
    assert cmd.answer_ping(b"\0\0" + b"c" * 20) == b"\x04PONG" + b"c" * 16
    for wrong in (-1, 65_536):
        with pytest.raises(ZmtpError, match="time to live"):
            cmd.encode_ping(wrong)
    with pytest.raises(ZmtpError, match="context"):
        cmd.encode_ping(0, bytes(17))
    with pytest.raises(ZmtpError, match="context"):
        cmd.encode_pong(bytes(17))
    with pytest.raises(ZmtpError, match="time to live"):
        cmd.read_ping(b"\0")


def test_subscriptions_and_groups() -> None:
    assert cmd.encode_subscribe(b"A") == b"\x09SUBSCRIBEA"
    assert cmd.encode_cancel(b"") == b"\x06CANCEL"
    assert cmd.encode_join(b"g") == b"\x04JOINg"
    assert cmd.encode_leave(b"g" * 255) == b"\x05LEAVE" + b"g" * 255
    for group in (b"g" * 256, b"a\0b"):
        with pytest.raises(ZmtpError, match="A group cannot"):
            cmd.encode_join(group)
        with pytest.raises(ZmtpError, match="A group cannot"):
            cmd.encode_leave(group)


def test_error() -> None:
    assert cmd.encode_error(b"400") == b"\x05ERROR\x03400"
    assert cmd.read_error(b"\x03400") == b"400"
    assert cmd.read_error(b"\0") == b""
    for data in (b"", b"\x04400"):
        with pytest.raises(ZmtpError, match="ERROR"):
            cmd.read_error(data)
    with pytest.raises(ZmtpError, match="reason"):
        cmd.encode_error(bytes(256))


def test_hello_of_plain_and_its_limits() -> None:
    assert cmd.encode_plain_hello(b"bob", b"sesame") == b"\x05HELLO\x03bob\x06sesame"
    with pytest.raises(ZmtpError, match="password"):
        cmd.encode_plain_hello(b"bob", bytes(256))
    assert cmd.encode_initiate([("a", b"b")]) == b"\x08INITIATE\x01a\0\0\0\x01b"
