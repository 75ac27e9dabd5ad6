"""Foreign text made harmless for a text view, nothing of it hidden. Pure, any thread."""

from __future__ import annotations

import re

from zmqscope.models.format import one_line

MAX_LINE_CHARS = 16_384
"""A longer line is broken for display: laying it out in one would stop the window."""


# Nearly all text is printable ASCII, for which nothing needs to be done.
_ODD = re.compile(r"[^\t\n -~]")


class LineGuard:
    """Makes foreign text harmless for a text view without changing what can be read.

    Tabs and line feeds stay. Other controls and what reorders or hides text become visible signs,
    as in one line; lines without end are broken.

    Args:
        column: Characters of the line so far.

    Attributes:
        escaped: Whether a sign stands for a character that cannot be shown.
        broken: Whether a long line was broken.
        column: Characters of the line so far.
    """

    def __init__(self, column: int = 0) -> None:
        self.escaped = False
        self.broken = False
        self.column = column

    def feed(self, text: str) -> str:
        """The next piece as it can be shown."""
        lines = text.split("\n")
        if not _ODD.search(text) and self.column + max(map(len, lines)) <= MAX_LINE_CHARS:
            self.column = len(lines[-1]) + (self.column if len(lines) == 1 else 0)
            return text
        shown = [self._line(lines[0])]
        for line in lines[1:]:
            self.column = 0
            shown.append(self._line(line))
        return "\n".join(shown)

    def _line(self, line: str) -> str:
        if not line.isprintable() or not line.isascii():
            safe = "\t".join(map(one_line, line.split("\t")))
            self.escaped |= safe != line
            line = safe
        if self.column + len(line) <= MAX_LINE_CHARS:
            self.column += len(line)
            return line
        self.broken = True
        parts = []
        while len(line) > (room := MAX_LINE_CHARS - self.column):
            parts.append(line[:room])
            line, self.column = line[room:], 0
        self.column = len(line)
        return "\n".join([*parts, line])
