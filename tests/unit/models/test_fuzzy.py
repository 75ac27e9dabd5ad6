"""Fuzzy matching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.models.fuzzy import match


@pytest.mark.parametrize(
    ("typed", "text", "positions"),
    [
        ("", "Clear messages", ()),
        ("cm", "Clear messages", (0, 6)),
        ("clr", "Clear messages", (0, 1, 4)),
        ("CLEAR M", "Clear messages", (0, 1, 2, 3, 4, 6)),
        ("soc", "New socket…", (4, 5, 6)),
    ],
)
def test_positions(typed: str, text: str, positions: tuple[int, ...]) -> None:
    found = match(typed, text)
    assert found is not None
    assert found.positions == positions


def test_a_missing_letter_is_no_match() -> None:
    assert match("xyz", "Clear messages") is None
    assert match("mc", "Clear messages") is None


def test_better_matches_score_higher() -> None:
    def score(text: str) -> int:
        found = match("set", text)
        assert found is not None
        return found.score

    assert score("Settings…") > score("Reset layout") > score("Show events and rates, please")


@given(st.text(max_size=8), st.text(max_size=40))
def test_matched_positions_rise_and_hold_the_letters(typed: str, text: str) -> None:
    found = match(typed, text)
    if found is None:
        return
    assert list(found.positions) == sorted(set(found.positions))
    wanted = [char for char in typed.casefold() if not char.isspace()]
    lowered = text.lower() if len(text.lower()) == len(text) else text
    assert [lowered[position] for position in found.positions] == wanted


@given(st.text(min_size=1, max_size=20, alphabet="abcdef "))
def test_a_text_matches_itself(text: str) -> None:
    assert match(text, text) is not None
