"""Offsets as a person writes them."""

from __future__ import annotations

import pytest

from zmqscope.models.hex.offset import OffsetBase, OffsetError, parse_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("0", (0, 0)),
        ("31", (31, 31)),
        (" 0x1F ", (31, 31)),
        ("1fh", (31, 31)),
        ("1,0", (10, 10)),
        ("6_0", (60, 60)),
        ("+16", (36, 36)),
        ("-0x10", (4, 4)),
        ("+ 1", (21, 21)),
        ("start", (0, 0)),
        ("END", (99, 99)),
        ("50%", (50, 50)),
        ("100%", (99, 99)),
        ("4:8", (4, 8)),
        ("0x4..0x8", (4, 8)),
        (":8", (0, 8)),
        ("90:", (90, 100)),
        ("bytes[4:8]", (4, 8)),
        ("frame2.bytes[4:8].f32le", (4, 8)),
        ("8:8", (8, 8)),
    ],
)
def test_what_can_be_written(text: str, target: tuple[int, int]) -> None:
    assert parse_target(text, 20, 100) == target


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no offset"),
        ("abc", "is no offset"),
        ("0x", "is no offset"),
        ("--1", "is no offset"),
        ("1.5", "is no offset"),
        ("100", "There is no byte 100. The last one is 99 (0x63)."),
        ("+80", "There is no byte 100."),
        ("-21", "That is 1 before the first byte."),
        ("9:8", "ends before it begins"),
        ("9:101", "There is no byte 100."),
        ("\u202e1", "⟨U+202E⟩"),
    ],
)
def test_what_cannot(text: str, words: str) -> None:
    with pytest.raises(OffsetError) as raised:
        parse_target(text, 20, 100)
    assert words in str(raised.value)


def test_there_is_nowhere_to_go_in_no_bytes() -> None:
    with pytest.raises(OffsetError, match="no bytes"):
        parse_target("0", 0, 0)


def test_offsets_have_digits_for_the_last_one() -> None:
    assert OffsetBase.HEX.digits(0) == OffsetBase.DECIMAL.digits(0) == 4
    assert OffsetBase.HEX.digits(0x10001) == 6
    assert OffsetBase.DECIMAL.digits(200_000_000) == 9
    assert OffsetBase.HEX.write(31, 4) == "001f"
    assert OffsetBase.DECIMAL.write(31, 4) == "0031"
