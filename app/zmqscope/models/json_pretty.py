"""JSON laid out over lines, token by token, so that numbers and repeated keys stay as they came.

Pure, any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_INDENT = "  "
# Deeper levels are not pushed further to the right: the text would grow with the square of depth.
_MAX_INDENT = 64
_PIECE_TOKENS = 4_096
_CLOSING = {"{": "}", "[": "]"}


class PrettyPieces:
    """Checked JSON as indented lines, laid out as far as it is asked for.

    Args:
        text: One JSON value, known to be valid.

    Attributes:
        position: Characters of ``text`` laid out so far.
        at_end: Whether everything was given out.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = self._lay_out()
        self.position = 0
        self.at_end = False

    def next_piece(self) -> str:
        """Some more text; empty at the end."""
        piece = next(self._lines, None)
        if piece is None:
            self.at_end = True
            self.position = len(self._text)
            return ""
        return piece

    def _lay_out(self) -> Iterator[str]:
        parts: list[str] = []
        depth, opened = 0, ""
        for match in _TOKEN.finditer(self._text):
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
                self.position = match.end()
                yield "".join(parts)
                parts.clear()
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
