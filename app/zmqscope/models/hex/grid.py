"""Where each byte of a hex dump stands, in pixels. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

GROUP_BYTES = 4
"""Bytes that stand closer together."""

_GROUP_GAP = 0.5
_COLUMN_GAP = 1.5
_FITS = (16, 12, 8, 4)


class Side(Enum):
    """Which of the two columns."""

    DIGITS = "digits"
    CHARACTERS = "characters"


class Place(NamedTuple):
    """A byte of a line, and the column in which it was pointed at.

    Attributes:
        at: Which byte of the line, from 0.
        side: The column.
        is_on_it: Whether the point is on the byte, not beside the columns.
    """

    at: int
    side: Side
    is_on_it: bool


@dataclass(frozen=True, slots=True)
class HexGrid:
    """Columns of a dump.

    Attributes:
        bytes_per_line: Bytes in a line.
        offset_digits: Digits of each offset.
        char_px: Width of a character.
    """

    bytes_per_line: int
    offset_digits: int
    char_px: float

    @property
    def digits_left(self) -> float:
        """Where the first byte begins; offsets begin at 0."""
        return (self.offset_digits + _COLUMN_GAP) * self.char_px

    @property
    def characters_left(self) -> float:
        """Where the first character begins."""
        return self.digits_x(self.bytes_per_line - 1) + (2 + _COLUMN_GAP) * self.char_px

    @property
    def width(self) -> float:
        """Of a line."""
        return self.characters_left + self.bytes_per_line * self.char_px

    def digits_x(self, index: int) -> float:
        """Left edge of a byte's digits; they are two characters wide."""
        gaps = index // GROUP_BYTES * _GROUP_GAP
        return self.digits_left + (index * 3 + gaps) * self.char_px

    def characters_x(self, index: int) -> float:
        """Left edge of a byte's character."""
        return self.characters_left + index * self.char_px

    def span_x(self, side: Side, first: int, last: int) -> tuple[float, float]:
        """Left and right edge of bytes ``first`` to ``last``, both included."""
        if side is Side.CHARACTERS:
            return self.characters_x(first), self.characters_x(last + 1)
        return self.digits_x(first), self.digits_x(last) + 2 * self.char_px

    def place_at(self, x: float, side: Side | None = None) -> Place:
        """The byte nearest to a point.

        Args:
            x: From the left edge of the offsets.
            side: Only this column; whichever is pointed at if None.
        """
        edge = self.characters_left - self.char_px * _COLUMN_GAP / 2
        if side is None:
            side = Side.CHARACTERS if x >= edge else Side.DIGITS
        last = self.bytes_per_line - 1
        if side is Side.CHARACTERS:
            index = int((x - self.characters_left) // self.char_px)
            is_on_it = 0 <= index <= last
            return Place(max(0, min(index, last)), side, is_on_it)
        group_px = (GROUP_BYTES * 3 + _GROUP_GAP) * self.char_px
        # Half of the blank on either side belongs to a byte.
        group, rest = divmod(x - self.digits_left + self.char_px / 2, group_px)
        inner = min(GROUP_BYTES - 1, int(rest // (3 * self.char_px)))
        index = int(group) * GROUP_BYTES + inner
        return Place(max(0, min(index, last)), side, 0 <= index <= last and x < edge)


def fit_bytes(room_px: float, offset_digits: int, char_px: float) -> int:
    """The most bytes a line can take in so much room: 16, 12, 8 or 4."""
    for count in _FITS:
        if HexGrid(count, offset_digits, char_px).width <= room_px:
            return count
    return _FITS[-1]
