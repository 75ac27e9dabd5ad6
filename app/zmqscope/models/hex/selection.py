"""A cursor in bytes, and what is selected from it. Pure, any thread."""

from __future__ import annotations

_MAX_RUN = 65_536


class HexSelection:
    """A cursor that stands on a byte, and the byte where a selection began.

    Args:
        size: How many bytes there are.

    Attributes:
        caret: The byte under the cursor; 0 also where there is none.
        anchor: Where the selection began.
        is_open: Whether bytes are selected, from anchor to caret with both of them.
    """

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.caret = 0
        self.anchor = 0
        self.is_open = False

    @property
    def span(self) -> tuple[int, int]:
        """Selected bytes as first and one past the last; equal for a mere cursor."""
        if not self.is_open or not self.size:
            return self.caret, self.caret
        low, high = sorted((self.anchor, self.caret))
        return low, high + 1

    @property
    def reach(self) -> tuple[int, int]:
        """What is selected, or the byte under the cursor; empty only where there are no bytes."""
        low, high = self.span
        return (low, high) if high > low else (low, min(low + 1, self.size))

    def move_to(self, offset: int, *, extend: bool) -> None:
        """Put the cursor on a byte, or on the nearest there is."""
        self.caret = max(0, min(offset, self.size - 1))
        if extend:
            self.is_open = self.size > 0
        else:
            self.anchor, self.is_open = self.caret, False

    def select(self, start: int, stop: int) -> None:
        """Select bytes, cut to those there are; none: the cursor goes to ``start``."""
        start, stop = max(0, min(start, self.size)), max(0, min(stop, self.size))
        if stop <= start:
            self.move_to(start, extend=False)
        else:
            self.anchor, self.caret, self.is_open = start, stop - 1, True


def run_at(data: bytes, offset: int) -> tuple[int, int]:
    """The run of bytes like the one at an offset: a word, or the bytes between two words.

    In text that is a word of ASCII letters, digits and ``_``; else the same
    byte again and again. At most 65,536 bytes to either side.

    Returns:
        Its first byte, and one past its last; empty where there is no such byte.
    """
    if not 0 <= offset < len(data):
        return offset, offset
    byte = data[offset]
    like = _is_word if _is_word(byte) else byte.__eq__
    start, stop = offset, offset + 1
    while start > max(0, offset - _MAX_RUN) and like(data[start - 1]):
        start -= 1
    while stop < min(len(data), offset + _MAX_RUN) and like(data[stop]):
        stop += 1
    return start, stop


_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def _is_word(byte: int) -> bool:
    return byte in _WORD
