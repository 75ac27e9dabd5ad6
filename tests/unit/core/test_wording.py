"""How sentences quote, shorten and count, and what was meant by a word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.wording import counted, nearest, quoted, shortened, type_this


def test_quotes_on_one_line() -> None:
    assert quoted("a\nb\u202e\0") == "“a\\x0ab\\u202e\\x00”"


def test_shortens_what_is_long() -> None:
    shown = quoted("a" * 100 + "b" * 100)
    assert shown == f"“{'a' * 30}…{'b' * 30}”"


@given(st.text(st.characters(), max_size=200))
def test_a_quotation_always_prints(text: str) -> None:
    assert quoted(text).isprintable()
    assert len(quoted(text)) < 700


def test_says_what_to_type_when_it_can_be_typed() -> None:
    assert type_this("tcp://a:1", "No.") == "Type tcp://a:1."
    assert type_this("tcp://a\n:1", "No.") == "No."
    assert type_this("x" * 500, "No.") == "No."


def test_finds_the_nearest_word() -> None:
    assert nearest("SNDHW", ["rcvhwm", "sndhwm"]) == "sndhwm"
    assert nearest("banana", ["rcvhwm", "sndhwm"]) is None
    assert nearest("", ["rcvhwm"]) is None


def test_things_are_counted() -> None:
    assert counted(1, "byte") == "1 byte"
    assert counted(2_000, "byte") == "2,000 bytes"
    assert counted(2, "entry", "entries") == "2 entries"


def test_a_shortened_text_has_as_many_characters_as_it_may() -> None:
    assert shortened("abcd", 4) == "abcd"
    assert shortened("abcde", 4) == "abc…"
