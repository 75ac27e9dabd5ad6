"""Small controls of the composer that follow the theme. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from zmqscope.core.types import Problem
from zmqscope.models.format import one_line
from zmqscope.ui.theme import Theme


class ToneLabel(QLabel):
    """Plain sentences that wrap, in a colour of the theme; no room while there are none.

    Args:
        theme: Colours and font.
        token: The colour at first.
        size_px: Size of the font.
        parent: Owner.
    """

    def __init__(
        self,
        theme: Theme,
        token: str = "muted",
        size_px: float = 11.5,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = token
        self._size_px = size_px
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.hide()
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @property
    def token(self) -> str:
        """The theme token of its colour."""
        return self._token

    def set_words(self, words: str, token: str) -> None:
        """Say something, or nothing."""
        text = one_line(words)
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
        if token != self._token:
            self._token = token
            self.on_theme_changed()
        self.setVisible(bool(words))

    def set_problem(self, problem: Problem | None, token: str) -> None:
        """Say what is wrong and what to do, or nothing."""
        self.set_words(problem.sentence() if problem is not None else "", token)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's colour; the sheet is the label's own, since tones are few there."""
        self.setFont(self._theme.ui_font(size_px=self._size_px))
        self.setStyleSheet(f"color: {self._theme.color(self._token).name()};")


def keep_on_screen(popup: QWidget, place: QPoint) -> QPoint:
    """Where a popup may open so that all of it is seen, near ``place``."""
    screen = popup.screen().availableGeometry()
    x = max(screen.left(), min(place.x(), screen.right() - popup.width()))
    y = max(screen.top(), min(place.y(), screen.bottom() - popup.height()))
    return QPoint(x, y)
