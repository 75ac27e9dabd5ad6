"""A small curve of an array: the least and the greatest number of each stretch. GUI thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.core.decode.array_stats import Envelope
from zmqscope.ui.theme import Theme

_HEIGHT_PX, _LEAST_HEIGHT_PX = 84, 34
_MARGIN_PX = 12
_TOP_PX = 6


class NumberPlot(QWidget):
    """Paints the outline of an array; flatter where there is little room.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lows: list[float] = []
        self._highs: list[float] = []
        self._low = self._high = math.nan
        self.setMinimumHeight(_LEAST_HEIGHT_PX)
        self.setMaximumHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Curve of the numbers"))
        theme.changed.connect(self.update)

    def set_outline(self, outline: Envelope | None) -> None:
        """Paint another curve, or none."""
        self._lows = [] if outline is None else outline.lows.tolist()
        self._highs = [] if outline is None else outline.highs.tolist()
        finite = [v for v in (*self._lows, *self._highs) if math.isfinite(v)]
        self._low, self._high = min(finite, default=math.nan), max(finite, default=math.nan)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._theme.color
        width = self.width() - 2 * _MARGIN_PX
        height = self.height() - 2 * _TOP_PX
        painter.setPen(color("border"))
        painter.drawRect(_MARGIN_PX, _TOP_PX, width, height)
        if math.isfinite(self._low) and width > 1:
            if self._low < 0 < self._high:
                y = self._y(0.0, height)
                painter.setPen(QPen(color("border"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(_MARGIN_PX, y, _MARGIN_PX + width, y))
            painter.setPen(QPen(color("received"), 1))
            painter.drawLines(self._lines(width, height))
        painter.end()

    def _y(self, value: float, height: int) -> float:
        # Halved before they are subtracted: the whole range of a double overflows.
        spread = self._high / 2 - self._low / 2
        share = 0.5 if not spread else (value / 2 - self._low / 2) / spread
        return _TOP_PX + 3 + (1 - share) * (height - 6)

    def _lines(self, width: int, height: int) -> list[QLineF]:
        count = len(self._lows)
        step = width / (count - 1) if count > 1 else 0.0
        lines: list[QLineF] = []
        last: tuple[float, float, float] | None = None
        for at, (low, high) in enumerate(zip(self._lows, self._highs, strict=True)):
            if math.isnan(low):
                last = None
                continue
            x = _MARGIN_PX + at * step
            below, above = self._y(low, height), self._y(high, height)
            if below - above >= 1:
                lines.append(QLineF(x, below, x, above))
            if last is not None:
                # From one stretch to the next by the shorter way.
                is_low = abs(last[1] - below) < abs(last[2] - above)
                lines.append(
                    QLineF(last[0], last[1 if is_low else 2], x, below if is_low else above)
                )
            elif below - above < 1:
                lines.append(QLineF(x, below, x + 1, below))
            last = (x, below, above)
        return lines
