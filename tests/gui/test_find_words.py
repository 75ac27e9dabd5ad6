"""What the find bar says."""

from __future__ import annotations

import pytest

from zmqscope.core.types import Problem
from zmqscope.ui.messages.find_words import FindState, result_words

FOUND = FindState(is_active=True, hits=1_234, searched=5_000_000)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (FindState(), "Type text to find in any frame"),
        (FindState(is_topic=True), "Type what topics start with"),
        (FindState(is_hex=True), "Type bytes to find in any frame, two hex digits each: 00 6b"),
        (FOUND, "1,234 hits in 5,000,000 messages"),
        (FindState(is_active=True, searched=12), "no hit in 12 messages"),
        (FindState(is_active=True, searched=12, is_topic=True), "no hit by topic in 12 messages"),
        (FindState(is_active=True, hits=1, searched=1), "1 hit in 1 message"),
        (
            FindState(is_active=True, hits=1_234, searched=42, left=58),
            "1,234 hits · searching 42 %",
        ),
        (FindState(is_active=True, left=58), "no hit · searching 0 %"),
        (
            FindState(is_active=True, hits=2, searched=9, missed=12_000),
            "2 hits in 9 messages · 12,000 rows had left memory before they were searched",
        ),
        (
            FindState(is_active=True, hits=2, searched=9, note="went on from the oldest"),
            "2 hits in 9 messages · went on from the oldest",
        ),
    ],
)
def test_words(state: FindState, text: str) -> None:
    assert result_words(state).text == text


def test_what_is_missing_is_said_in_little_room_too() -> None:
    words = result_words(FindState(is_active=True, hits=2, searched=9, missed=12_000))
    assert words.short == "2 hits in 9 messages · 12,000 not searched"
    assert words.tone == "waiting"


def test_problems_say_what_to_do() -> None:
    words = result_words(FindState(problem=Problem("This is no hex.", "Use 0–9 and a–f.")))
    assert words.text == "This is no hex. Use 0–9 and a–f."
    assert words.tone == "broken"
    assert "try again" in result_words(FindState(is_active=True, failed=True)).text
