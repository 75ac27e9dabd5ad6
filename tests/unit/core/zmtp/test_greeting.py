"""The greeting of RFC 23 and RFC 37."""

from __future__ import annotations

import pytest

from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.greeting import (
    GREETING_BYTES,
    Greeting,
    Mechanism,
    encode_greeting,
    is_signature,
    known_mechanism,
    parse_greeting,
)

SIGNATURE = b"\xff" + bytes(8) + b"\x7f"
WORKED_EXAMPLE = SIGNATURE + b"\x03\x01NULL" + bytes(16) + b"\0" + bytes(31)


def test_the_worked_example_of_the_rfc() -> None:
    greeting = Greeting(3, 1, b"NULL")
    assert encode_greeting(greeting) == WORKED_EXAMPLE
    assert parse_greeting(WORKED_EXAMPLE) == greeting
    assert len(WORKED_EXAMPLE) == GREETING_BYTES
    assert encode_greeting(Greeting(3, 0, b"NULL"))[11] == 0


@pytest.mark.parametrize(
    "greeting",
    [
        Greeting(3, 0, b"CURVE", as_server=True),
        Greeting(4, 7, b"PLAIN"),
        Greeting(255, 255, b"X" * 20, as_server=True),
        Greeting(3, 1, b""),
        Greeting(3, 1, b"A\0B"),
    ],
)
def test_any_greeting_there_and_back(greeting: Greeting) -> None:
    assert parse_greeting(encode_greeting(greeting)) == greeting


def test_padding_and_filler_mean_nothing() -> None:
    data = b"\xff" + b"\x12" * 8 + b"\x7f\x03\x01NULL" + bytes(16) + b"\0" + b"\x55" * 31
    assert parse_greeting(data) == Greeting(3, 1, b"NULL")


def test_mechanisms_that_are_known() -> None:
    assert [known_mechanism(each.value) for each in Mechanism] == list(Mechanism)
    assert Greeting(3, 1, b"CURVE").known_mechanism is Mechanism.CURVE
    assert Greeting(3, 1, b"BEARER").known_mechanism is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WORKED_EXAMPLE[:-1],
        WORKED_EXAMPLE + b"\0",
        b"\xfe" + WORKED_EXAMPLE[1:],
        WORKED_EXAMPLE[:9] + b"\x7e" + WORKED_EXAMPLE[10:],
        WORKED_EXAMPLE[:10] + b"\x02" + WORKED_EXAMPLE[11:],
    ],
)
def test_what_is_no_greeting(data: bytes) -> None:
    with pytest.raises(ZmtpError, match="greeting"):
        parse_greeting(data)


@pytest.mark.parametrize(
    "greeting",
    [
        Greeting(2, 0, b"NULL"),
        Greeting(256, 0, b"NULL"),
        Greeting(3, -1, b"NULL"),
        Greeting(3, 1, b"X" * 21),
        Greeting(3, 1, b"NULL\0"),
    ],
)
def test_what_no_greeting_can_say(greeting: Greeting) -> None:
    with pytest.raises(ZmtpError, match="A greeting cannot"):
        encode_greeting(greeting)


def test_only_two_bits_make_a_signature() -> None:
    assert is_signature(b"\xff" + b"abcdefgh" + b"\x01")
    assert not is_signature(b"\xff" + bytes(8) + b"\0")
