"""One event in full, below the list. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from zmqscope.models.events.words import Event, kind_word, when_text
from zmqscope.models.format import one_line
from zmqscope.ui.theme import Theme


class EventDetails(QFrame):
    """What happened, the next step, and where and when.

    Args:
        theme: Fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "details")
        self._words, self._hint, self._facts = QLabel(), QLabel(), QLabel()
        self._words.setFont(theme.ui_font())
        self._facts.setFont(theme.data_font(size_px=11.0))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        for label in (self._words, self._hint, self._facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            column.addWidget(label)
        for label in (self._hint, self._facts):
            label.setProperty("tone", "muted")
        self.hide()

    def show_event(self, event: Event) -> None:
        """Show a line; labels change only if it did, so that selected text stays selected."""
        line = event.line
        facts = [kind_word(line.kind), event.socket_name, line.address, when_text(line)]
        for label, words in (
            (self._words, line.text),
            (self._hint, line.hint),
            (self._facts, " · ".join(fact for fact in facts if fact)),
        ):
            shown = one_line(words)
            if label.text() != shown:
                label.setText(shown)
        self._hint.setVisible(bool(line.hint))
        self.show()
