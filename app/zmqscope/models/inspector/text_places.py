"""From a place in shown text to the byte it stands for, and back. Pure, any thread."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from zmqscope.core.decode.encodings import decode_more
from zmqscope.models.inspector.line_guard import LineGuard

_STEP_BYTES = 1_024


class PieceStart(NamedTuple):
    """Where decoding a piece began.

    Attributes:
        fed: Bytes given to the decoder before.
        state: The decoder's own.
        held: A carriage return that was held back.
        column: Characters of the line so far.
    """

    fed: int
    state: tuple[bytes, int]
    held: str
    column: int


def units(text: str) -> int:
    """How long a text is for Qt, which counts in UTF-16."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class TextPlaces:
    """Remembers where pieces of shown text began, and decodes one of them anew to look closer.

    What is shown is not what came: escapes are longer, line ends shorter, long lines broken.

    Args:
        data: The frame.
        encoding: Name of Python's codec.

    Attributes:
        shown_units: UTF-16 units shown so far.
    """

    def __init__(self, data: bytes, encoding: str) -> None:
        self._data = data
        self._encoding = encoding
        self._starts: list[PieceStart] = []
        self._fed: list[int] = []
        self._units: list[int] = []
        self._read = 0
        self.shown_units = 0

    def add(self, start: PieceStart, stop: int, shown: str) -> None:
        """A further piece is shown.

        Args:
            start: Where it began.
            stop: Bytes given to the decoder after it.
            shown: What is shown of it.
        """
        self._read = stop
        self._starts.append(start)
        self._fed.append(start.fed)
        self._units.append(self.shown_units)
        self.shown_units += units(shown)

    def byte_at(self, unit: int) -> int:
        """The first byte of what stands at a place in the shown text; the end if none does.

        Args:
            unit: The place, in UTF-16 units as Qt counts.
        """
        if not self._starts or unit >= self.shown_units:
            return self._read
        index = max(bisect_right(self._units, unit) - 1, 0)
        near = _Near(self._starts[index], self._units[index])
        after = self._follow(near, self._end(index))
        while after.shown <= unit and after.start.fed < self._end(index):
            near, after = after, self._follow(after, self._end(index))
        first, stop = near.start.fed, after.start.fed
        # The last prefix that does not show it, then the first one that shows as much.
        last = _last(first, stop, lambda byte: self._shown(near, byte) <= unit)
        before = self._shown(near, last)
        if near.shown >= before:
            # It began with bytes that could not be completed before.
            waiting = near.start.held.encode(self._encoding)
            return first - len(near.start.state[0]) - len(waiting)
        return _last(first, last, lambda byte: self._shown(near, byte) < before) + 1

    def unit_at(self, byte: int) -> int:
        """Where a byte is shown, or would be if the text went on; in UTF-16 units."""
        if not self._starts:
            return 0
        index = max(bisect_right(self._fed, byte) - 1, 0)
        near = _Near(self._starts[index], self._units[index])
        return self._shown(near, min(max(byte, self._fed[index]), self._end(index)))

    def _end(self, index: int) -> int:
        if index + 1 < len(self._fed):
            return self._fed[index + 1]
        return self._read

    def _follow(self, near: _Near, end: int) -> _Near:
        """A little further on."""
        return self._decode(near, min(near.start.fed + _STEP_BYTES, end))

    def _shown(self, near: _Near, byte: int) -> int:
        """Units shown of everything up to a byte."""
        return self._decode(near, byte).shown

    def _decode(self, near: _Near, stop: int) -> _Near:
        """Go on as the text did; see ``TextPieces.next_piece``."""
        start = near.start
        decoder = codecs.getincrementaldecoder(self._encoding)("backslashreplace")
        decoder.setstate(start.state)
        is_end = stop >= len(self._data)
        text = start.held + decode_more(decoder, self._data[start.fed : stop], final=is_end)
        held = "\r" if text.endswith("\r") and not is_end else ""
        if held:
            text = text[:-1]
        guard = LineGuard(start.column)
        shown = near.shown + units(guard.feed(text.replace("\r\n", "\n")))
        return _Near(PieceStart(stop, decoder.getstate(), held, guard.column), shown)


class _Near(NamedTuple):
    """A place from which the text can be decoded on, and the units shown before it."""

    start: PieceStart
    shown: int


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The last number of a range for which something holds that stops to hold once."""
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
