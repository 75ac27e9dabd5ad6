"""Where topics end, in words."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import UserError
from zmqscope.models.topics.separator import parse_separator, separator_text


@pytest.mark.parametrize(
    ("text", "byte"),
    [("|", 0x7C), (" ", 0x20), (r"\t", 9), (r"\0", 0), ("0x1F", 0x1F), (r"\xff", 255)],
)
def test_reads_a_character_or_a_byte(text: str, byte: int) -> None:
    assert parse_separator(text) == byte


@pytest.mark.parametrize("text", ["", "ab", "ü", "0x1", "😀"])
def test_says_what_cannot_be_one(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_separator(text)
    assert caught.value.problem.hint


@pytest.mark.parametrize(
    ("separator", "words"),
    [
        (None, "the whole first frame"),
        (0x20, "a space"),
        (0x2F, "“/”"),
        (0x1F, "byte 1f"),
        (0xFF, "byte ff"),
    ],
)
def test_words(separator: int | None, words: str) -> None:
    assert separator_text(separator) == words
