"""JSON laid out over lines, token by token, so that numbers and repeated keys stay as they came.

Pure, any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_INDENT = "  "
# Deeper levels are not pushed further to the right: the text would grow with the square of depth.
_MAX_INDENT = 64
_PIECE_TOKENS = 4_096
_CLOSING = {"{": "}", "[": "]"}


class PrettyStart(NamedTuple):
    """Where laying out can begin, and go on as it did the first time.

    Attributes:
        position: Characters of the text laid out before.
        depth: Objects and arrays that are open.
        opened: The bracket that was the last token; empty if it was none.
    """

    position: int = 0
    depth: int = 0
    opened: str = ""


_BEGINNING = PrettyStart()


class PrettyPieces:
    """Checked JSON as indented lines, laid out as far as it is asked for.

    Args:
        text: One JSON value, known to be valid.
        start: Where to begin.

    Attributes:
        start: Where the next piece begins.
        at_end: Whether everything was given out.
    """

    def __init__(self, text: str, start: PrettyStart = _BEGINNING) -> None:
        self._text = text
        self.start = start
        self._lines = self._lay_out(start)
        self.at_end = False

    @property
    def position(self) -> int:
        """Characters of the text laid out so far."""
        return self.start.position

    def next_piece(self) -> str:
        """Some more text; empty at the end."""
        piece = next(self._lines, None)
        if piece is None:
            self.at_end = True
            self.start = PrettyStart(len(self._text))
            return ""
        return piece

    def _lay_out(self, start: PrettyStart) -> Iterator[str]:
        parts: list[str] = []
        _, depth, opened = start
        for match in JSON_TOKEN.finditer(self._text, start.position):
            token = match.group()
            if token in ("}", "]"):
                depth -= 1
                # An empty object or array stays in one piece.
                parts.append(token if _CLOSING.get(opened) == token else _break(depth) + token)
                opened = ""
            else:
                if opened:
                    parts.append(_break(depth))
                opened = token if token in _CLOSING else ""
                depth += bool(opened)
                if token == ",":
                    token += _break(depth)
                elif token == ":":
                    token = ": "
                parts.append(token)
            if len(parts) >= _PIECE_TOKENS:
                self.start = PrettyStart(match.end(), depth, opened)
                yield "".join(parts)
                parts.clear()
        self.start = PrettyStart(len(self._text))
        yield "".join(parts)


def _break(depth: int) -> str:
    return "\n" + _INDENT * min(depth, _MAX_INDENT)


def pretty_json(text: str) -> str:
    """All of it at once."""
    pieces = PrettyPieces(text)
    parts = []
    while not pieces.at_end:
        parts.append(pieces.next_piece())
    return "".join(parts)
