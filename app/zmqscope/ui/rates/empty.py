"""The sentence over a plot that has nothing to show. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from zmqscope.ui.theme import Theme


class EmptyNote(QLabel):
    """Words in the middle of the plot, on a ground of their own.

    Args:
        theme: Its ground, read when painting.
        parent: The plot.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("tone", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setContentsMargins(10, 6, 10, 6)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def place(self, area: QRect) -> None:
        """Stand in the middle of an area, no larger than the words need."""
        metrics = self.fontMetrics()
        words = metrics.boundingRect(
            QRect(0, 0, max(area.width() - 24, 1), area.height()),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self.text(),
        )
        box = QRect(0, 0, words.width() + 24, words.height() + 12)
        box.moveCenter(area.center())
        self.setGeometry(box)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.end()
        super().paintEvent(event)
