"""Bytes of any size as displayable text, piece by piece, nothing lost. Pure, any thread."""

from __future__ import annotations

import codecs
import re

from zmqscope.models.format import one_line

PIECE_BYTES = 64 * 1024
"""Bytes decoded at a time."""

MAX_LINE_CHARS = 16_384
"""A longer line is broken for display: laying it out in one would stop the window."""


# Nearly all text is printable ASCII, for which nothing needs to be done.
_ODD = re.compile(r"[^\t\n -~]")


class LineGuard:
    """Makes foreign text harmless for a text view without changing what can be read.

    Tabs and line feeds stay. Other controls and what reorders or hides text become visible signs,
    as in one line; lines without end are broken.

    Attributes:
        escaped: Whether a sign stands for a character that cannot be shown.
        broken: Whether a long line was broken.
    """

    def __init__(self) -> None:
        self.escaped = False
        self.broken = False
        self._column = 0

    def feed(self, text: str) -> str:
        """The next piece as it can be shown."""
        lines = text.split("\n")
        if not _ODD.search(text) and self._column + max(map(len, lines)) <= MAX_LINE_CHARS:
            self._column = len(lines[-1]) + (self._column if len(lines) == 1 else 0)
            return text
        shown = [self._line(lines[0])]
        for line in lines[1:]:
            self._column = 0
            shown.append(self._line(line))
        return "\n".join(shown)

    def _line(self, line: str) -> str:
        if not line.isprintable() or not line.isascii():
            safe = "\t".join(map(one_line, line.split("\t")))
            self.escaped |= safe != line
            line = safe
        if self._column + len(line) <= MAX_LINE_CHARS:
            self._column += len(line)
            return line
        self.broken = True
        parts = []
        while len(line) > (room := MAX_LINE_CHARS - self._column):
            parts.append(line[:room])
            line, self._column = line[room:], 0
        self._column = len(line)
        return "\n".join([*parts, line])


class TextPieces:
    r"""A frame as UTF-8 text, decoded as far as it is asked for.

    Bytes that are not UTF-8 become ``\xNN``; carriage returns before line feeds are left out.

    Args:
        data: The frame.

    Attributes:
        position: Bytes decoded so far.
        first_invalid: Offset of the first byte that is not UTF-8; None if there is none so far.
        has_crlf: Whether lines end in CR LF.
        guard: What was done to show it.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0
        self.first_invalid: int | None = None
        self.has_crlf = False
        self.guard = LineGuard()

    @property
    def at_end(self) -> bool:
        """Whether everything was given out."""
        return self.position >= len(self._data)

    def next_piece(self) -> str:
        """Some more text; empty at the end."""
        raw = self._data[self.position : self.position + PIECE_BYTES]
        final = self.position + len(raw) >= len(self._data)
        text, used = self._decode(raw, final)
        if text.endswith("\r") and not final:
            # Its line feed may be the first byte of the next piece.
            text, used = text[:-1], used - 1
        self.position += used
        if "\r\n" in text:
            self.has_crlf = True
            text = text.replace("\r\n", "\n")
        return self.guard.feed(text)

    def _decode(self, raw: bytes, final: bool) -> tuple[str, int]:
        try:
            return codecs.utf_8_decode(raw, "strict", final)
        except UnicodeDecodeError as error:
            if self.first_invalid is None:
                self.first_invalid = self.position + error.start
            return codecs.utf_8_decode(raw, "backslashreplace", final)
