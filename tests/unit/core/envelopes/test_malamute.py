"""Malamute's commands, built as mlm_proto's codec writes them: no package has a broker."""

from __future__ import annotations

import pytest

from tests.envelope_cases import SENT, Case, check_case, samples
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.envelopes.malamute import Malamute
from zmqscope.core.types import SocketType as T

ID = b"\0\x80\0\0\x41"


def command(number: int, *parts: str | bytes) -> bytes:
    """A command frame: texts get their length, bytes stay as they are."""
    body = b""
    for part in parts:
        body += part if isinstance(part, bytes) else bytes((len(part),)) + part.encode()
    return b"\xaa\xa8" + bytes((number,)) + body


OPEN = command(1, "MALAMUTE", b"\0\1", "alice")
MAILBOX = command(9, "bob", "invoice", "t-17", (3_000).to_bytes(4))

CASES = (
    Case((OPEN,), T.DEALER, "CONNECTION OPEN alice", SENT),
    Case((command(2),), T.DEALER, "CONNECTION PING", SENT),
    Case((ID, command(3)), T.ROUTER, "CONNECTION PONG", SENT, ("routing id", "command")),
    Case((command(4),), T.DEALER, "CONNECTION CLOSE", SENT),
    Case((command(5, "weather"),), T.DEALER, "STREAM WRITE weather", SENT),
    Case((command(6, "weather", "temp.*"),), T.DEALER, "STREAM READ weather temp.*", SENT),
    Case((command(7, "temp.moscow"), b"10"), T.DEALER, 'STREAM SEND temp.moscow "10"', SENT),
    Case(
        (ID, command(8, "weather", "alice", "temp.moscow"), b"10"),
        T.ROUTER,
        'STREAM DELIVER weather temp.moscow from alice "10"',
        SENT,
        ("routing id", "command", "content"),
    ),
    Case(
        (MAILBOX, b"body"),
        T.DEALER,
        'MAILBOX SEND bob invoice tracker t-17 within 3,000 ms "body"',
        SENT,
    ),
    Case(
        (command(10, "alice", "bob", "invoice", ""), b"body"),
        T.DEALER,
        'MAILBOX DELIVER bob invoice from alice "body"',
    ),
    Case(
        (command(11, "printer", "two words", "", bytes(4)), b"\0\1", b"x"),
        T.DEALER,
        'SERVICE SEND printer "two words" 2 bytes + 1 frame',
        SENT,
    ),
    Case((command(12, "printer", ".*"),), T.DEALER, "SERVICE OFFER printer .*", SENT),
    Case(
        (command(13, "alice", "printer", "page", "t"), b"x"),
        T.DEALER,
        'SERVICE DELIVER printer page from alice tracker t "x"',
    ),
    Case((command(14, b"\0\xc8", ""),), T.DEALER, "OK 200"),
    Case((command(15, b"\1\xf4", "Not allowed"),), T.DEALER, "ERROR 500 Not allowed"),
    Case((command(16, b"\0\x0a"),), T.DEALER, "CREDIT 10", SENT),
    Case((command(17, "t-17", b"\0\xc8", ""),), T.DEALER, "CONFIRM tracker t-17 200", SENT),
    Case((command(18, "weather"),), T.DEALER, "STREAM CANCEL weather", SENT),
    Case((command(1, "OTHER", b"\0\1", "alice"),), T.DEALER, ""),
    Case((command(19),), T.DEALER, ""),
    Case((command(2), b"more"), T.DEALER, ""),
    Case((b"\xaa\xa8",), T.DEALER, ""),
)

SAMPLES = samples(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_summaries(case: Case) -> None:
    check_case(Malamute(), case)


def test_a_command_is_read_field_by_field() -> None:
    found = fields(Malamute().decode(0, MAILBOX))
    assert found["address"].value == "bob"
    assert found["timeout"].value == 3_000
    assert found["timeout"].type == "uint32"
    with pytest.raises(DecodeError):
        Malamute().decode(0, b"hello")
