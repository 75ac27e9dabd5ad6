"""What surrounds the curves: where they are drawn, grid, labels; painted with plain QPainter.

GUI thread.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from zmqscope.models.rates.axis import Tick, ValueAxis, time_ticks
from zmqscope.models.rates.view import TimeRange
from zmqscope.ui.theme import Theme

AXIS_FONT_PX = 11.0
MARGIN_LEFT_PX = 52.0
MARGIN_RIGHT_PX = 12.0
MARGIN_TOP_PX = 24.0
MARGIN_BOTTOM_PX = 22.0
_LABEL_GAP_PX = 8.0
_TIME_LABEL_PX = 116.0
_VALUE_LABEL_PX = 24.0
_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The stretch of time and the range of values shown, with their grid.

    Attributes:
        shown: Stretch of time.
        bottom: Lower end of the value axis, a position.
        top: Upper end, a position.
        value_ticks: Horizontal lines.
        time_ticks: Vertical lines.
    """

    shown: TimeRange
    bottom: float
    top: float
    value_ticks: list[Tick] = field(default_factory=list)
    time_ticks: list[Tick] = field(default_factory=list)

    def x(self, rect: QRectF, time_ns: float) -> float:
        """Where a time lies."""
        return rect.left() + (time_ns - self.shown.start_ns) * rect.width() / self.shown.width_ns

    def y(self, rect: QRectF, position: float) -> float:
        """Where a position of the value axis lies."""
        return rect.bottom() - (position - self.bottom) * rect.height() / (self.top - self.bottom)

    def time_ns(self, rect: QRectF, x: float) -> int:
        """The time at a place."""
        share = (x - rect.left()) / max(rect.width(), 1.0)
        return self.shown.start_ns + round(share * self.shown.width_ns)

    def position(self, rect: QRectF, y: float) -> float:
        """The position on the value axis at a place."""
        share = (rect.bottom() - y) / max(rect.height(), 1.0)
        return self.bottom + share * (self.top - self.bottom)


def plot_rect(size: QSizeF) -> QRectF:
    """Where the curves are drawn in a picture of this size."""
    return QRectF(
        MARGIN_LEFT_PX,
        MARGIN_TOP_PX,
        max(size.width() - MARGIN_LEFT_PX - MARGIN_RIGHT_PX, 1.0),
        max(size.height() - MARGIN_TOP_PX - MARGIN_BOTTOM_PX, 1.0),
    )


def make_frame(shown: TimeRange, axis: ValueAxis, rect: QRectF) -> Frame:
    """A frame whose ticks suit the size."""
    offset_s = time.localtime(shown.end_ns // _S).tm_gmtoff
    return Frame(
        shown,
        axis.bottom,
        axis.top,
        axis.ticks(max(2, int(rect.height() // _VALUE_LABEL_PX))),
        time_ticks(
            shown.start_ns, shown.end_ns, max(1, int(rect.width() // _TIME_LABEL_PX)), offset_s
        ),
    )


class FramePainter:
    """Paints grid and labels in the colours of the theme.

    Args:
        theme: Colours and fonts, read when painting.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._font = QFont()
        self._metrics = QFontMetricsF(self._font)
        self.take_theme()

    def take_theme(self) -> None:
        """Use the theme's fonts and colours as they are now."""
        self._font = self._theme.data_font(size_px=AXIS_FONT_PX)
        self._metrics = QFontMetricsF(self._font)
        self._ground = self._theme.color("panel")
        self._grid = self._theme.color("border")
        self._label = self._theme.color("muted")

    def paint(self, painter: QPainter, rect: QRectF, frame: Frame, width: float) -> None:
        """Paint everything that lies behind the curves.

        Args:
            painter: Where, in pixels of the picture.
            rect: Where the curves are drawn.
            frame: What is shown.
            width: Width of the whole picture.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._font)
        painter.setPen(self._grid)
        for tick in frame.value_ticks:
            y = round(frame.y(rect, tick.position))
            painter.drawLine(round(rect.left()), y, round(rect.right()), y)
        for tick in frame.time_ticks:
            x = round(frame.x(rect, tick.position))
            painter.drawLine(x, round(rect.top()), x, round(rect.bottom()))
        painter.setPen(self._label)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        height = self._metrics.height()
        for tick in frame.value_ticks:
            y = round(frame.y(rect, tick.position))
            painter.drawText(
                QRectF(0, y - height / 2, rect.left() - _LABEL_GAP_PX, height), right, tick.label
            )
        baseline = rect.bottom() + 6 + self._metrics.ascent()
        for tick in frame.time_ticks:
            half = self._metrics.horizontalAdvance(tick.label) / 2
            x = round(frame.x(rect, tick.position))
            # A label that would be cut off at the side is left out; its line stays.
            if x - half >= rect.left() - _LABEL_GAP_PX and x + half <= width - 2:
                painter.drawText(QPointF(round(x - half), baseline), tick.label)
