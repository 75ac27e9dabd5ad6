"""Text of table cells in the data font, elided where it is tight. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from zmqscope.ui.theme import Theme


class CellText:
    """Measures and paints; made anew when the theme changes.

    Args:
        theme: Where the font comes from.
        row_px: Height of a row.

    Attributes:
        char_px: Width of a digit.
        baseline: Of the text, below the upper edge of its row.
    """

    def __init__(self, theme: Theme, row_px: int) -> None:
        self._font = theme.data_font()
        # As in the message table: shaping plain ASCII costs more than drawing it.
        self._plain = QFont(self._font)
        self._plain.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        self._metrics = QFontMetricsF(self._font)
        self.char_px = self._metrics.horizontalAdvance("0")
        self.baseline = round((row_px + self._metrics.ascent() - self._metrics.descent()) / 2)

    def begin(self, painter: QPainter) -> None:
        """Give the painter the font that ``paint`` expects."""
        painter.setFont(self._plain)

    def paint(self, painter: QPainter, text: str, place: QRect, *, is_right: bool) -> None:
        """Paint one line into a cell, with the painter's pen."""
        room, is_plain = place.width(), text.isascii()
        if is_plain:
            fits = int(room / self.char_px)
            if len(text) > fits:
                text = text[: fits - 1] + "…"
            width = len(text) * self.char_px
        else:
            # No character is narrower than a third of a digit: measuring more would be in vain.
            bounded = text[: int(room / self.char_px * 3) + 1]
            text = self._metrics.elidedText(bounded, Qt.TextElideMode.ElideRight, float(room))
            width = self._metrics.horizontalAdvance(text)
            painter.setFont(self._font)
        x = place.left() + (room - round(width) if is_right else 0)
        painter.drawText(x, place.top() + self.baseline, text)
        if not is_plain:
            painter.setFont(self._plain)
