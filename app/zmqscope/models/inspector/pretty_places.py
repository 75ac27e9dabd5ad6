"""From a place in laid-out JSON to the character it came from, and back. Pure, any thread."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.models.inspector.json_pretty import JSON_TOKEN, PrettyPieces, PrettyStart
from zmqscope.models.inspector.line_guard import LineGuard
from zmqscope.models.inspector.text_places import units

_BLANK = re.compile(r"[ \n]*")


class _Piece(NamedTuple):
    """Some laid-out text: where it began, and the characters of its first line before it."""

    start: PrettyStart
    column: int


class _Token(NamedTuple):
    """One token: where it stands in the JSON that came and in a piece, and how long it is."""

    source: int
    shown: int
    length: int


class PrettyPlaces:
    """Remembers where pieces began, and lays one of them out anew to look closer.

    Only what stands between tokens changes when JSON is laid out, so tokens pair up.

    Args:
        text: The JSON.

    Attributes:
        shown_units: UTF-16 units shown so far.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[_Piece] = []
        self._positions: list[int] = []
        self._units: list[int] = []
        self.shown_units = 0

    def add(self, start: PrettyStart, column: int, shown: str) -> None:
        """A further piece is shown.

        Args:
            start: Where it began.
            column: Characters of the line before it.
            shown: What is shown of it.
        """
        self._pieces.append(_Piece(start, column))
        self._positions.append(start.position)
        self._units.append(self.shown_units)
        self.shown_units += units(shown)

    def units_of(self, start: int, stop: int) -> tuple[int, int]:
        """Where characters are shown, in UTF-16 units; blanks between tokens are left out.

        Args:
            start: The first one.
            stop: One past the last, and behind ``start``.
        """
        first = self._unit_at(start, is_stop=False)
        return first, max(first, self._unit_at(stop - 1, is_stop=True))

    def _unit_at(self, char: int, *, is_stop: bool) -> int:
        """Where a character begins, or ends; for a blank, the token after it, or before."""
        if not self._pieces:
            return 0
        index = max(bisect_right(self._positions, char) - 1, 0)
        text = self._lay_out(index)
        place = 0 if is_stop else len(text)
        for token in self._tokens(index, text):
            if char < token.source:
                place = place if is_stop else token.shown
                break
            if char < token.source + token.length:
                place = token.shown + char - token.source + is_stop
                break
            if is_stop:
                place = token.shown + token.length
        return self._units[index] + self._shown(index, text[:place])

    def span_at(self, start: int, stop: int) -> tuple[int, int]:
        """The characters that stand between two places in UTF-16 units, from token to token.

        Equal places are for the one character there, or the first one of the next token.
        """
        first = self._char_at(start, is_stop=False)
        if stop <= start:
            return first, min(first + 1, len(self._text)) if self._pieces else first
        return first, max(first, self._char_at(stop, is_stop=True))

    def _char_at(self, unit: int, *, is_stop: bool) -> int:
        if not self._pieces:
            return 0
        index = max(bisect_right(self._units, unit - is_stop) - 1, 0)
        text = self._lay_out(index)
        place = self._place(index, text, unit - self._units[index])
        last = self._positions[index]
        for token in self._tokens(index, text):
            if is_stop and token.shown >= place:
                return last
            if place < token.shown + token.length or (
                is_stop and place == token.shown + token.length
            ):
                return token.source + max(0, place - token.shown)
            last = token.source + token.length
        return last

    def _place(self, index: int, text: str, unit: int) -> int:
        """The last place in a piece that is shown at a unit or before."""
        low, high = 0, len(text)
        if self._shown(index, text) == high:
            return max(0, min(unit, high))
        while low < high:
            middle = (low + high + 1) // 2
            if self._shown(index, text[:middle]) <= unit:
                low = middle
            else:
                high = middle - 1
        return low

    def _lay_out(self, index: int) -> str:
        return PrettyPieces(self._text, self._pieces[index].start).next_piece()

    def _shown(self, index: int, text: str) -> int:
        """Units that are shown of the beginning of a piece."""
        return units(LineGuard(self._pieces[index].column).feed(text))

    def _tokens(self, index: int, text: str) -> Iterator[_Token]:
        place = 0
        for match in JSON_TOKEN.finditer(self._text, self._positions[index]):
            blank = _BLANK.match(text, place)
            place = place if blank is None else blank.end()
            if place >= len(text):
                return
            length = match.end() - match.start()
            yield _Token(match.start(), place, length)
            place += length
