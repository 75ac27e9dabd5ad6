"""Commands as typed values, by mechanism and by how far the handshake is."""

from __future__ import annotations

import pytest

from zmqscope.core.zmtp import command_reader as typed
from zmqscope.core.zmtp.command_reader import ends_handshake, read_command
from zmqscope.core.zmtp.commands import write_metadata
from zmqscope.core.zmtp.curve import CurveReady
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.greeting import Mechanism
from zmqscope.core.zmtp.plain import PlainHello, PlainWelcome

PAIRS = (("Socket-Type", b"SUB"), ("Identity", b"me"))
METADATA = write_metadata(PAIRS)


@pytest.mark.parametrize(
    ("mechanism", "name", "data", "expected"),
    [
        (Mechanism.NULL, b"READY", METADATA, typed.Ready(PAIRS)),
        (Mechanism.NULL, b"ERROR", b"\x02no", typed.Refusal(b"no")),
        (Mechanism.NULL, b"HELLO", b"\x01a\x01b", typed.OtherCommand(b"HELLO", 4, None)),
        (Mechanism.PLAIN, b"HELLO", b"\x01a\x01b", PlainHello(b"a", has_password=True)),
        (Mechanism.PLAIN, b"WELCOME", b"", PlainWelcome()),
        (Mechanism.PLAIN, b"INITIATE", METADATA, typed.Initiate(PAIRS)),
        (Mechanism.PLAIN, b"READY", b"", typed.Ready(())),
        (Mechanism.PLAIN, b"TOKEN", b"xyz", typed.OtherCommand(b"TOKEN", 3, None)),
        (Mechanism.CURVE, b"READY", bytes(24), CurveReady(0, 0)),
        (Mechanism.CURVE, b"PING", b"\0\0", typed.OtherCommand(b"PING", 2, None)),
        (Mechanism.GSSAPI, b"INITIATE", b"token", typed.OtherCommand(b"INITIATE", 5, None)),
        (None, b"READY", b"token", typed.OtherCommand(b"READY", 5, None)),
    ],
)
def test_in_the_handshake(
    mechanism: Mechanism | None, name: bytes, data: bytes, expected: typed.Command
) -> None:
    assert read_command(mechanism, name, data, in_handshake=True) == expected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (b"PING", b"\x00\x0actx", typed.Ping(10, b"ctx")),
        (b"PONG", b"ctx", typed.Pong(b"ctx")),
        (b"SUBSCRIBE", b"A", typed.Subscribe(b"A")),
        (b"CANCEL", b"", typed.Cancel(b"")),
        (b"JOIN", b"g", typed.Join(b"g")),
        (b"LEAVE", b"g", typed.Leave(b"g")),
        (b"ERROR", b"\x02no", typed.Refusal(b"no")),
        (b"CREDIT", b"\x01", typed.OtherCommand(b"CREDIT", 1, b"\x01")),
        (b"HELLO", b"\x01a\x01b", typed.OtherCommand(b"HELLO", 4, None)),
    ],
)
def test_in_traffic(name: bytes, data: bytes, expected: typed.Command) -> None:
    assert read_command(Mechanism.NULL, name, data, in_handshake=False) == expected


def test_of_a_mechanism_of_somebodys_own_only_what_everybody_knows() -> None:
    assert read_command(None, b"PONG", b"c", in_handshake=False) == typed.Pong(b"c")
    assert read_command(None, b"TOKEN", b"c", in_handshake=False) == typed.OtherCommand(
        b"TOKEN", 1, None
    )


@pytest.mark.parametrize(
    ("name", "data"), [(b"READY", b"\x05a"), (b"ERROR", b""), (b"READY", b"\0\0\0\0\0")]
)
def test_wrong_data(name: bytes, data: bytes) -> None:
    with pytest.raises(ZmtpError):
        read_command(Mechanism.NULL, name, data, in_handshake=True)


def test_what_ends_a_handshake() -> None:
    for mechanism in (Mechanism.NULL, Mechanism.PLAIN, Mechanism.CURVE):
        assert ends_handshake(mechanism, b"READY")
        assert not ends_handshake(mechanism, b"HELLO")
    assert ends_handshake(Mechanism.GSSAPI, b"INITIATE")
    assert ends_handshake(None, b"ANY")
