"""Percent-encoding of values in a spec."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.errors import SpecError
from zmqscope.core.percent import decode, encode


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"", ""),
        (b"EUR/USD", "EUR/USD"),
        (b"a,b", "a%2Cb"),
        (b"100%", "100%25"),
        (b" a b ", "%20a b%20"),
        (b" ", "%20"),
        (b"\0\x1f\x7f", "%00%1F%7F"),
        (b"\xff", "%FF"),
        ("Börse ☃".encode(), "Börse ☃"),
        ("\u202e".encode(), "%E2%80%AE"),
        ("\u2028\xa0".encode(), "%E2%80%A8%C2%A0"),
        (b"\xc3,", "%C3%2C"),
    ],
)
def test_encodes_only_what_a_spec_cannot_carry(value: bytes, text: str) -> None:
    assert encode(value) == text
    assert decode(text) == value


@given(st.binary())
def test_any_bytes_come_back(value: bytes) -> None:
    text = encode(value)
    assert decode(text) == decode(text, lenient=True) == value
    assert text.isprintable()
    assert text == text.strip()
    assert "," not in text


@pytest.mark.parametrize("text", ["%", "%2", "%zz", "5%of", "%25%"])
def test_a_loose_percent_sign_is_an_error_unless_lenient(text: str) -> None:
    with pytest.raises(SpecError, match="as %25"):
        decode(text)
    assert decode(text, lenient=True) == text.replace("%25", "%").encode()


def test_bytes_of_the_command_line_pass() -> None:
    assert decode("a\udcff") == b"a\xff"


def test_half_a_character_does_not() -> None:
    with pytest.raises(SpecError, match="lone surrogate"):
        decode("\ud800")
