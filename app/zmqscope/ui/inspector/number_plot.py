"""A small plot of an array: the least and the greatest number of each stretch. GUI thread."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.core.decode.array_curves import Curve
from zmqscope.ui.theme import Theme

_HEIGHT_PX, _LEAST_HEIGHT_PX = 84, 34
_MARGIN_PX = 12
_TOP_PX = 6
_LEGEND_PX = 15
_DASH_PX = 12
_GAP_PX = 4


@dataclass(frozen=True, slots=True)
class _Line:
    """A curve as it is painted: its name, and the least and greatest number of each stretch."""

    name: str
    lows: list[float]
    highs: list[float]


class NumberPlot(QWidget):
    """Paints the outlines of an array; flatter where there is little room.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._font = theme.data_font(size_px=10.5)
        self._curves: list[_Line] = []
        self._low = self._high = math.nan
        self._top_px = _TOP_PX
        self.setMaximumHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Curve of the numbers"))
        self.set_curves(())
        theme.changed.connect(self.update)

    def set_curves(self, curves: tuple[Curve, ...]) -> None:
        """Paint other curves, or none; several have a legend."""
        self._curves = [
            _Line(one.name, one.outline.lows.tolist(), one.outline.highs.tolist()) for one in curves
        ]
        values = (v for one in self._curves for v in (*one.lows, *one.highs))
        finite = [v for v in values if math.isfinite(v)]
        self._low, self._high = min(finite, default=math.nan), max(finite, default=math.nan)
        self._top_px = _TOP_PX + (_LEGEND_PX if len(curves) > 1 else 0)
        self.setMinimumHeight(_LEAST_HEIGHT_PX + self._top_px - _TOP_PX)
        names = ", ".join(one.name for one in self._curves)
        title = self.tr("Curve of the numbers")
        if len(curves) > 1:
            title = self.tr("Curves of the numbers: {0}").format(names)
        self.setAccessibleName(title)
        self.update()

    @property
    def legend(self) -> list[str]:
        """The names of the curves, where there are several."""
        return [one.name for one in self._curves] if len(self._curves) > 1 else []

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._theme.color
        width = self.width() - 2 * _MARGIN_PX
        height = self.height() - _TOP_PX - self._top_px
        painter.setPen(color("border"))
        painter.drawRect(_MARGIN_PX, self._top_px, width, height)
        if math.isfinite(self._low) and width > 1:
            if self._low < 0 < self._high:
                y = self._y(0.0, height)
                painter.setPen(QPen(color("border"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(_MARGIN_PX, y, _MARGIN_PX + width, y))
            for number, curve in enumerate(self._curves):
                painter.setPen(QPen(self._color(number), 1))
                painter.drawLines(self._lines(curve, width, height))
        if len(self._curves) > 1:
            self._paint_legend(painter)
        painter.end()

    def _color(self, number: int) -> QColor:
        is_only = len(self._curves) == 1
        return self._theme.color("received") if is_only else self._theme.curve_color(number)

    def _paint_legend(self, painter: QPainter) -> None:
        """A dash and a name for each curve, in one line above them."""
        metrics = QFontMetrics(self._font)
        painter.setFont(self._font)
        x, middle = _MARGIN_PX, self._top_px - _LEGEND_PX // 2 - 1
        baseline = middle + (metrics.ascent() - metrics.descent()) // 2
        for number, curve in enumerate(self._curves):
            painter.setPen(QPen(self._color(number), 2))
            painter.drawLine(x, middle, x + _DASH_PX, middle)
            painter.setPen(self._theme.color("muted"))
            x += _DASH_PX + _GAP_PX
            painter.drawText(x, baseline, curve.name)
            x += metrics.horizontalAdvance(curve.name) + 3 * _GAP_PX

    def _y(self, value: float, height: int) -> float:
        # Halved before they are subtracted: the whole range of a double overflows.
        spread = self._high / 2 - self._low / 2
        share = 0.5 if not spread else (value / 2 - self._low / 2) / spread
        return self._top_px + 3 + (1 - share) * (height - 6)

    def _lines(self, curve: _Line, width: int, height: int) -> list[QLineF]:
        count = len(curve.lows)
        step = width / (count - 1) if count > 1 else 0.0
        lines: list[QLineF] = []
        last: tuple[float, float, float] | None = None
        for at, (low, high) in enumerate(zip(curve.lows, curve.highs, strict=True)):
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
