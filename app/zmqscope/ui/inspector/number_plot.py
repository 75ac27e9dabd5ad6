"""A small curve of an array: the least and the greatest number of each stretch. GUI thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.models.number_facts import NumberFacts
from zmqscope.ui.theme import Theme

_HEIGHT_PX = 84
_MARGIN_PX = 12
_TOP_PX = 6
_FONT_PX = 10.0


class NumberPlot(QWidget):
    """Paints what ``NumberFacts`` has of a curve.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._facts: NumberFacts | None = None
        self.setFont(theme.data_font(size_px=_FONT_PX))
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Curve of the numbers"))
        theme.changed.connect(self.update)

    def set_facts(self, facts: NumberFacts | None) -> None:
        """Paint another curve, or none."""
        self._facts = facts
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._theme.color
        width = self.width() - 2 * _MARGIN_PX
        height = _HEIGHT_PX - 2 * _TOP_PX
        painter.setPen(color("border"))
        painter.drawRect(_MARGIN_PX, _TOP_PX, width, height)
        facts = self._facts
        if facts is None or math.isnan(facts.low) or width < 2:
            painter.end()
            return
        if facts.low < 0 < facts.high:
            y = self._y(0.0, facts, height)
            painter.setPen(QPen(color("border"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(_MARGIN_PX, y, _MARGIN_PX + width, y))
        painter.setPen(QPen(color("received"), 1))
        painter.drawLines(self._lines(facts, width, height))
        painter.end()

    def _y(self, value: float, facts: NumberFacts, height: int) -> float:
        # Halved before they are subtracted: the whole range of a double overflows.
        spread = facts.high / 2 - facts.low / 2
        share = 0.5 if not spread else (value / 2 - facts.low / 2) / spread
        return _TOP_PX + 3 + (1 - share) * (height - 6)

    def _lines(self, facts: NumberFacts, width: int, height: int) -> list[QLineF]:
        count = len(facts.lows)
        step = width / max(1, count - 1) if count > 1 else 0.0
        lines: list[QLineF] = []
        last: tuple[float, float, float] | None = None
        for at, (low, high) in enumerate(zip(facts.lows, facts.highs, strict=True)):
            if math.isnan(low):
                last = None
                continue
            x = _MARGIN_PX + at * step
            below, above = self._y(low, facts, height), self._y(high, facts, height)
            if below - above >= 1:
                lines.append(QLineF(x, below, x, above))
            if last is not None:
                # From one stretch to the next by the shorter way.
                before = last[1] if abs(last[1] - below) < abs(last[2] - above) else last[2]
                after = below if before == last[1] else above
                lines.append(QLineF(last[0], before, x, after))
            elif count == 1 or below - above < 1:
                lines.append(QLineF(x, below, x + 1, below))
            last = (x, below, above)
        return lines
