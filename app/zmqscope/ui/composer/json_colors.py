"""Colours JSON lightly while it is typed, and underlines where a frame goes wrong. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from zmqscope.models.composer.json_check import JsonKind, json_spans
from zmqscope.ui.theme import Theme

_MAX_LINE_CHARS = 20_000
"""Longer lines stay plain: colouring them would be felt at each key."""

_TOKENS: dict[JsonKind, str] = {
    JsonKind.STRING: "sent",
    JsonKind.NUMBER: "received",
    JsonKind.WORD: "received",
}


class JsonColors(QSyntaxHighlighter):
    """The colours of the design: strings amber, numbers and words green, keys as text.

    Args:
        theme: Colours.
        document: What to colour.
    """

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        super().__init__(document)
        self._theme = theme
        self._is_on = False
        theme.changed.connect(self.on_theme_changed)

    def set_on(self, is_on: bool) -> None:
        """Colour the document as JSON, or not at all."""
        if is_on != self._is_on:
            self._is_on = is_on
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if not self._is_on or len(text) > _MAX_LINE_CHARS:
            return
        for span in json_spans(text):
            token = _TOKENS.get(span.kind)
            if token is not None:
                form = QTextCharFormat()
                form.setForeground(self._theme.color(token))
                self.setFormat(span.start, span.length, form)

    @Slot()
    def on_theme_changed(self) -> None:
        """Colour anew."""
        if self._is_on:
            self.rehighlight()
