"""Finds words in a text of any size, a slice at a time. Pure, one thread at a time."""

from __future__ import annotations

import codecs
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple, Protocol

from zmqscope.core.decode.encodings import decode_more
from zmqscope.models.inspector.json_pretty import PrettyPieces, PrettyStart
from zmqscope.models.inspector.line_guard import LineGuard
from zmqscope.models.inspector.text_places import units

MAX_HITS = 500_000
"""Hits that one search keeps, in 4 MB."""

_PIECE_BYTES = 16 * 1024
_STEP_BYTES = 1_024

_State = tuple[bytes, int]


class SearchedText(Protocol):
    """A text that is given out once, from its beginning, in pieces."""

    @property
    def at_end(self) -> bool:
        """Whether all was given out."""
        ...

    @property
    def share(self) -> float:
        """How much was given out, 0 to 1."""
        ...

    def next_piece(self) -> str:
        """Some more of it."""
        ...

    def place_of(self, char: int) -> int:
        """Where a character that was given out is, counted in what the text is shown by."""
        ...


class _Near(NamedTuple):
    """A byte up to which the decoder has read, its state there, and the characters before it."""

    byte: int
    state: _State
    char: int


class PlainText:
    r"""Bytes as text, not yet made harmless; what is not of the encoding stands as ``\xNN``.

    Places are bytes.

    Args:
        data: The bytes.
        encoding: Name of Python's codec.
        first: Where the text begins.
    """

    def __init__(self, data: bytes, encoding: str, first: int = 0) -> None:
        self._data = data
        self._encoding = encoding
        self._fed = min(first, len(data))
        self._state: _State = self._decoder().getstate()
        self._count = 0
        # The beginning of each piece, in characters, in bytes, and as the decoder has it.
        self._chars: list[int] = []
        self._bytes: list[int] = []
        self._states: list[_State] = []

    def _decoder(self) -> codecs.IncrementalDecoder:
        return codecs.getincrementaldecoder(self._encoding)("backslashreplace")

    @property
    def at_end(self) -> bool:
        """Whether all was given out."""
        return self._fed >= len(self._data)

    @property
    def share(self) -> float:
        """How much was given out, 0 to 1."""
        return self._fed / len(self._data) if self._data else 1.0

    def next_piece(self) -> str:
        """Some more of it."""
        self._chars.append(self._count)
        self._bytes.append(self._fed)
        self._states.append(self._state)
        stop = min(self._fed + _PIECE_BYTES, len(self._data))
        text, self._state = self._read(self._fed, self._state, stop)
        self._fed = stop
        self._count += len(text)
        return text

    def _read(self, start: int, state: _State, stop: int) -> tuple[str, _State]:
        """The text of some bytes, and the decoder's state behind them."""
        decoder = self._decoder()
        decoder.setstate(state)
        is_end = stop >= len(self._data)
        text = decode_more(decoder, self._data[start:stop], final=is_end)
        return text, decoder.getstate()

    def place_of(self, char: int) -> int:
        """The first byte of a character; the end for what is behind the last one."""
        if not self._chars or char >= self._count:
            return self._fed - len(self._state[0])
        index = bisect_right(self._chars, char) - 1
        near = _Near(self._bytes[index], self._states[index], self._chars[index])
        end = min(near.byte + _PIECE_BYTES, len(self._data))
        after = self._follow(near, min(near.byte + _STEP_BYTES, end))
        while after.char <= char and after.byte < end:
            near, after = after, self._follow(after, min(after.byte + _STEP_BYTES, end))
        # The byte with which it is complete, then the one with which all before it was.
        complete = _first(near.byte, after.byte, lambda byte: self._follow(near, byte).char > char)
        before = self._follow(near, complete - 1).char
        if before <= near.char:
            start = near.byte - len(near.state[0])
        else:
            start = _first(
                near.byte, complete - 1, lambda byte: self._follow(near, byte).char >= before
            )
        return start + self._refused(start, complete, char - before)

    def _refused(self, start: int, stop: int, chars: int) -> int:
        """Bytes before a character that came with it: UTF-8 that turned out to be none."""
        if chars <= 0 or self._encoding != "utf-8":
            return 0
        ends = range(start + 1, stop)
        read = (len(self._data[start:end].decode(errors="backslashreplace")) for end in ends)
        return sum(count <= chars for count in read)

    def _follow(self, near: _Near, stop: int) -> _Near:
        """A little further on."""
        text, state = self._read(near.byte, near.state, stop)
        return _Near(stop, state, near.char + len(text))


class PrettyText:
    """JSON as it is laid out; places are UTF-16 units of what is shown of it.

    Args:
        text: One JSON value, known to be valid.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces = PrettyPieces(text)
        self._guard = LineGuard()
        self._count = self._shown = 0
        self._chars: list[int] = []
        self._units: list[int] = []
        self._starts: list[tuple[PrettyStart, int]] = []

    @property
    def at_end(self) -> bool:
        """Whether all was given out."""
        return self._pieces.at_end

    @property
    def share(self) -> float:
        """How much was given out, 0 to 1."""
        return self._pieces.position / len(self._text) if self._text else 1.0

    def next_piece(self) -> str:
        """Some more of it."""
        self._chars.append(self._count)
        self._units.append(self._shown)
        self._starts.append((self._pieces.start, self._guard.column))
        piece = self._pieces.next_piece()
        self._count += len(piece)
        self._shown += units(self._guard.feed(piece))
        return piece

    def place_of(self, char: int) -> int:
        """Where a character is shown."""
        if not self._chars or char >= self._count:
            return self._shown
        index = bisect_right(self._chars, char) - 1
        start, column = self._starts[index]
        piece = PrettyPieces(self._text, start).next_piece()
        return self._units[index] + units(
            LineGuard(column).feed(piece[: char - self._chars[index]])
        )


class TextSearch:
    """Looks for words; case is ignored unless there is a capital letter. Hits do not overlap.

    Args:
        source: Where to look.
        words: What for.

    Attributes:
        is_done: Whether it has come to its end or to a limit.
        is_cut: Whether that was a limit.
    """

    def __init__(self, source: SearchedText, words: str) -> None:
        self.source = source
        self._minds_case = words != words.lower()
        self._words = words
        self._hits = array("q")
        self._tail = ""
        # Characters before the tail, and the first one where the next hit may begin.
        self._before = 0
        self._free = 0
        self.is_done = not words
        self.is_cut = False

    @property
    def count(self) -> int:
        """Hits so far."""
        return len(self._hits)

    def run(self, limit_s: float) -> None:
        """Look on for so many seconds."""
        until_s = perf_counter() + limit_s
        while not self.is_done:
            self._look(self._tail + self.source.next_piece())
            self.is_cut = len(self._hits) >= MAX_HITS
            self.is_done = self.is_cut or self.source.at_end
            if perf_counter() > until_s:
                return

    def _look(self, text: str) -> None:
        low = text if self._minds_case else lowered(text)
        words, length = self._words, len(self._words)
        at = low.find(words, max(0, self._free - self._before))
        while at >= 0 and len(self._hits) < MAX_HITS:
            self._hits.append(self._before + at)
            self._free = self._before + at + length
            at = low.find(words, at + length)
        keep = min(length - 1, len(text))
        self._before += len(text) - keep
        self._tail = text[len(text) - keep :]

    def span(self, index: int) -> tuple[int, int]:
        """Where a hit is: its first place and one past its last, as its source counts."""
        char = self._hits[index]
        return self.source.place_of(char), self.source.place_of(char + len(self._words))

    def first_from(self, place: int) -> int:
        """The first hit that begins at a place or behind it; their number if there is none."""
        return bisect_left(self._hits, place, key=self.source.place_of)


def lowered(text: str) -> str:
    """In lower case, and as long as before."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number of a range for which something holds that goes on to hold."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
