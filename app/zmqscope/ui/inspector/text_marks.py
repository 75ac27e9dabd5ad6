"""Colours of JSON and marks of hits, only for the text that is in sight. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from zmqscope.models.composer.json_check import JsonKind, json_spans
from zmqscope.models.inspector.text_places import units
from zmqscope.models.inspector.text_search import lowered
from zmqscope.ui.stylesheet import mix
from zmqscope.ui.theme import Theme

# What can be seen at once is far less; a line of one-digit numbers must not stop the window.
_MAX_MARKS = 3_000
_HIT_SHARE = 0.28
_TOKENS = {JsonKind.STRING: "sent", JsonKind.NUMBER: "received", JsonKind.WORD: "accent"}


class TextMarks:
    """What stands out in a text.

    Args:
        theme: Colours.

    Attributes:
        is_json: Whether its tokens have colours.
        words: What was searched for; empty for nothing.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.is_json = False
        self.words = ""

    def over(
        self, edit: QPlainTextEdit, blocks: Iterator[QTextBlock]
    ) -> list[QTextEdit.ExtraSelection]:
        """The marks over some lines; no more than can be painted in a moment."""
        colors = {kind: _ink(self._theme.color(token)) for kind, token in _TOKENS.items()}
        hit = self._hit_format()
        marks: list[QTextEdit.ExtraSelection] = []
        for block in blocks:
            text = block.text()
            # Qt counts in UTF-16, where some characters are two.
            is_short = units(text) == len(text)
            spans = [
                (span.start, span.start + span.length, colors[span.kind])
                for span in (json_spans(text) if self.is_json else ())
                if span.kind in colors
            ]
            spans.extend((start, stop, hit) for start, stop in self._hits(text))
            for start, stop, form in spans[: _MAX_MARKS - len(marks)]:
                first = start if is_short else units(text[:start])
                length = stop - start if is_short else units(text[start:stop])
                marks.append(_mark(edit, block.position() + first, length, form))
            if len(marks) >= _MAX_MARKS:
                break
        return marks

    def _hit_format(self) -> QTextCharFormat:
        tones = self._theme.palette
        form = QTextCharFormat()
        form.setBackground(QColor(mix(tones.panel, tones.waiting, _HIT_SHARE)))
        return form

    def _hits(self, text: str) -> Iterator[tuple[int, int]]:
        words = self.words
        if not words:
            return
        text = text if words != words.lower() else lowered(text)
        at = text.find(words)
        while at >= 0:
            yield at, at + len(words)
            at = text.find(words, at + len(words))


def _ink(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form


def _mark(
    edit: QPlainTextEdit, start: int, length: int, form: QTextCharFormat
) -> QTextEdit.ExtraSelection:
    cursor = QTextCursor(edit.document())
    cursor.setPosition(start)
    cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
    extra = QTextEdit.ExtraSelection()
    extra.cursor, extra.format = cursor, form
    return extra
