"""What can be looked for in bytes, and what is said of the rest."""

from __future__ import annotations

import math
import struct

import pytest

from zmqscope.models.hex.pattern import (
    HEX,
    MAX_PATTERN_BYTES,
    PATTERN_KINDS,
    TEXT,
    TEXT_ANY_CASE,
    UTF16_BE,
    UTF16_LE,
    Pattern,
    PatternError,
    parse_pattern,
)


@pytest.mark.parametrize(
    "text",
    ["de ad be ef", "deadbeef", "DEADBEEF", "0xde, 0xad, 0xbe, 0xef", r"\xde\xad\xbe\xef",
     "de:ad:be:ef", "0xdeadbeef", "dead beef", "de-ad-be-ef", " de\tad\nbe ef "],
)  # fmt: skip
def test_hex_as_people_write_it(text: str) -> None:
    assert parse_pattern(text, HEX) == Pattern.exactly(b"\xde\xad\xbe\xef")


def test_wildcards_are_bytes_and_halves() -> None:
    assert parse_pattern("de ?? e? ?f", HEX) == Pattern(b"\xde\0\xe0\x0f", b"\xff\0\xf0\x0f")


def test_text() -> None:
    assert parse_pattern("kůň", TEXT) == Pattern.exactly("kůň".encode())
    assert parse_pattern("kůň", UTF16_LE) == Pattern.exactly("kůň".encode("utf-16-le"))
    assert parse_pattern("kůň", UTF16_BE) == Pattern.exactly("kůň".encode("utf-16-be"))
    assert parse_pattern(" ", TEXT) == Pattern.exactly(b" ")
    assert parse_pattern("aB1[", TEXT_ANY_CASE) == Pattern(b"AB1[", b"\xdf\xdf\xff\xff")


@pytest.mark.parametrize(
    ("text", "form", "values"),
    [
        ("1000", "u16le", b"\xe8\x03"),
        ("0x3e8", "u16be", b"\x03\xe8"),
        ("-1", "i32le", b"\xff" * 4),
        ("1_000", "u16le", b"\xe8\x03"),
        ("1.5", "f32be", struct.pack(">f", 1.5)),
        ("-3e8", "f64le", struct.pack("<d", -3e8)),
        ("inf", "f16le", struct.pack("<e", math.inf)),
        ("255", "u8", b"\xff"),
    ],
)
def test_numbers(text: str, form: str, values: bytes) -> None:
    assert parse_pattern(text, form) == Pattern.exactly(values)


@pytest.mark.parametrize("kind", PATTERN_KINDS)
def test_nothing_is_no_pattern(kind: str) -> None:
    assert parse_pattern("", kind) is None


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("de a", HEX, "“a” ends in half a byte. Write two digits"),
        ("xyz", HEX, "“x” is no hex digit. Write bytes such as de ad ?? ef, or look for text."),
        ("<b>", HEX, "“<” is no hex digit"),
        ("?? ??", HEX, "Nothing but wildcards"),
        (", ,", HEX, "Nothing but wildcards"),
        ("256", "u8", "256 does not fit into u8. It holds 0 to 255."),
        ("-1", "u32le", "does not fit into u32le. It holds 0 to 4,294,967,295."),
        ("40000", "i16be", "It holds -32,768 to 32,767."),
        ("1.5", "u8", "“1.5” is no number. Write it as 1000"),
        ("one", "f64le", "“one” is no number. Write it as 1.25"),
        ("1e9", "f16le", "1e9 is too large for f16le. Choose a wider form."),
        ("1e99", "f32be", "too large"),
        ("\ud800", TEXT, "cannot be written in UTF-8"),
        ("00" * (MAX_PATTERN_BYTES + 1), HEX, "That is 1,025 bytes. Up to 1,024"),
    ],
)
def test_what_cannot_be_looked_for(text: str, kind: str, words: str) -> None:
    with pytest.raises(PatternError) as raised:
        parse_pattern(text, kind)
    assert words in str(raised.value)
