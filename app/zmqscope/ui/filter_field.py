"""The field above a table where one types what its rows have to contain. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from zmqscope.ui.claimed_keys import claims_escape
from zmqscope.ui.theme import Theme

_MAX_CHARS = 255


class FilterField(QLineEdit):
    """Esc empties it, Enter goes to the table.

    Args:
        theme: Its icon.
        narrow_px: Its width where there is little room.
        wide_px: Its width where there is much.
    """

    left = Signal()
    """The keyboard goes on to the table."""

    def __init__(self, theme: Theme, narrow_px: int, wide_px: int) -> None:
        super().__init__()
        self._theme = theme
        self._glass = self.addAction(theme.icon("search"), self.ActionPosition.LeadingPosition)
        self.setMaxLength(_MAX_CHARS)
        self.setMinimumWidth(narrow_px)
        self.setMaximumWidth(wide_px)
        # Lower than in a form, so that it does not touch the lines of the strip.
        self.setStyleSheet("QLineEdit { min-height: 16px; padding: 2px 6px; }")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.on_theme_changed)

    def set_words(self, words: str, tip: str) -> None:
        """Say what it looks for.

        Args:
            words: Shown while it is empty.
            tip: In a sentence.
        """
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setToolTip(tip)

    def event(self, event: QEvent) -> bool:
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Escape | Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the new colours."""
        self._glass.setIcon(self._theme.icon("search"))
