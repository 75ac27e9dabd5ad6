"""Fuzzy matching for the command palette. Pure; any thread."""

from __future__ import annotations

from typing import NamedTuple

_WORD_START = 8
_IN_A_ROW = 8
_FIRST = 6
_GAP_COST = 1
_MAX_GAP_COST = 6


class Match(NamedTuple):
    """How well a text fits what was typed.

    Attributes:
        score: The higher, the better.
        positions: Indices of the matched characters.
    """

    score: int
    positions: tuple[int, ...]


def match(typed: str, text: str) -> Match | None:
    """Find the typed characters in a text, in order, other characters between them allowed.

    Beginnings of words and runs count more; blanks in what was typed are ignored.

    Returns:
        The match, or None if a character is missing.
    """
    wanted = [char for char in typed.casefold() if not char.isspace()]
    if not wanted:
        return Match(0, ())
    # casefold may lengthen a text ("ß"); lower() keeps positions for all that titles hold.
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    best: Match | None = None
    start = lowered.find(wanted[0])
    while start >= 0:
        candidate = _match_from(wanted, lowered, start)
        if candidate is None:
            break
        if best is None or candidate.score > best.score:
            best = candidate
        start = lowered.find(wanted[0], start + 1)
    return best


def _match_from(wanted: list[str], text: str, start: int) -> Match | None:
    """Match greedily from a first character, preferring beginnings of words."""
    positions = [start]
    for char in wanted[1:]:
        following = text.find(char, positions[-1] + 1)
        if following < 0:
            return None
        if following != positions[-1] + 1:
            following = _word_start(text, char, following) or following
        positions.append(following)
    return Match(_score(text, positions), tuple(positions))


def _word_start(text: str, char: str, start: int) -> int | None:
    index = start
    while index >= 0:
        if _starts_word(text, index):
            return index
        index = text.find(char, index + 1)
    return None


def _starts_word(text: str, index: int) -> bool:
    return index == 0 or not text[index - 1].isalnum()


def _score(text: str, positions: list[int]) -> int:
    score = _FIRST if positions[0] == 0 else 0
    before = None
    for index in positions:
        if _starts_word(text, index):
            score += _WORD_START
        if before is not None:
            gap = index - before - 1
            score += _IN_A_ROW if gap == 0 else -min(gap * _GAP_COST, _MAX_GAP_COST)
        before = index
    return score - len(text) // 20
