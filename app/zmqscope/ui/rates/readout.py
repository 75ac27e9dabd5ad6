"""The crosshair: a dashed line, the time there and each visible curve's rate. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from zmqscope.models.format import format_clock_time
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import Curve
from zmqscope.models.rates.rates import Reading, rate_text
from zmqscope.ui.rates.curve_colors import curve_color
from zmqscope.ui.rates.frame import MARGIN_TOP_PX
from zmqscope.ui.theme import Theme

NAME_CHARS = 18
_GAP_CHARS = 2
_RATE_CHARS = 9
_DASH = (4.0, 3.0)
_LINE_PX = 17.0
_PAD_PX = 5.0
_MOST_COVERED = 0.3


@dataclass(frozen=True, slots=True)
class Value:
    """One curve's rate at the crosshair.

    Attributes:
        curve: The curve.
        per_s: Its rate in the bin there.
        text: The rate as shown.
    """

    curve: Curve
    per_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Readout:
    """What the crosshair says.

    Attributes:
        time_ns: Where it stands.
        time_text: The same as local time.
        values: The visible curves that have a rate there.
        nearest: The one closest to the mouse, if any.
    """

    time_ns: int
    time_text: str
    values: tuple[Value, ...] = ()
    nearest: Curve | None = None

    def as_text(self) -> str:
        """One line for each curve, for the clipboard."""
        lines = [f"{value.curve.label}\t{value.text}" for value in self.values]
        return "\n".join([self.time_text, *lines])


def read_out(
    time_ns: int, reading: Reading, curves: list[Curve], unit: RateUnit, nearest: Curve | None
) -> Readout:
    """The rates in the bin that a time lies in.

    Args:
        time_ns: The time.
        reading: The points.
        curves: The visible curves, in order.
        unit: What they count.
        nearest: The curve closest to the mouse.
    """
    index = reading.index_at(time_ns)
    digits = 1 if reading.bin_ns < 1_000_000_000 else 0
    values = []
    for curve in curves:
        rates = reading.rates.get(curve.key)
        if rates is not None and 0 <= index < len(rates):
            per_s = float(rates[index])
            values.append(Value(curve, per_s, rate_text(per_s, unit)))
    return Readout(time_ns, format_clock_time(time_ns, digits), tuple(values), nearest)


class _Field(NamedTuple):
    """A curve in the readout."""

    name: str
    rate: str
    color: QColor
    is_nearest: bool


class ReadoutPainter:
    """Paints a readout in the colours of the theme.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.take_theme()

    def take_theme(self) -> None:
        """Use the theme's fonts and colours as they are now."""
        self._font = self._theme.data_font(size_px=11.5)
        self._metrics = QFontMetricsF(self._font)
        self._ground = self._theme.color("panel")
        self._muted = self._theme.color("muted")
        self._text = self._theme.color("text")
        self._border = self._theme.color("border")

    def paint(self, painter: QPainter, rect: QRectF, x: float, readout: Readout) -> None:
        """Paint the line and the rates.

        Args:
            painter: Where, in pixels of the picture.
            rect: Where the curves are drawn.
            x: Where the line stands.
            readout: What to say.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(self._muted, 1)
        pen.setDashPattern(_DASH)
        painter.setPen(pen)
        painter.drawLine(QPointF(round(x), rect.top()), QPointF(round(x), rect.bottom()))
        painter.setFont(self._font)
        self._paint_words(painter, rect, readout)

    def _paint_words(self, painter: QPainter, rect: QRectF, readout: Readout) -> None:
        """Words flow in lines, ending at the right; more than one line gets a ground."""
        fields, widths = self._fields(readout)
        lines = _flow(widths, rect.width() - 2 * _PAD_PX)
        most = max(1, int((rect.height() * _MOST_COVERED + MARGIN_TOP_PX) // _LINE_PX))
        if len(lines) > most:
            fields, widths = self._fields(readout, nearest_first=True)
            lines = _flow(widths, rect.width() - 2 * _PAD_PX)
            left_out = sum(map(len, lines[most:])) + 1
            lines = lines[:most]
            last = lines[-1][-1]
            fields[last] = _Field(f"+{left_out}", "", self._muted, False)
        width = max(sum(widths[i] for i in line) for line in lines)
        left, top = rect.right() - width, rect.top() - _LINE_PX - 4
        if len(lines) > 1:
            ground = QRectF(left - _PAD_PX, top, width + _PAD_PX, len(lines) * _LINE_PX + _PAD_PX)
            painter.setPen(self._border)
            painter.setBrush(self._ground)
            painter.drawRect(ground)
        for number, line in enumerate(lines):
            x = left
            baseline = top + number * _LINE_PX + (_LINE_PX + self._metrics.capHeight()) / 2
            for i in line:
                self._paint_field(painter, QPointF(x, baseline), fields[i])
                x += widths[i]

    def _fields(
        self, readout: Readout, *, nearest_first: bool = False
    ) -> tuple[list[_Field], list[float]]:
        """The time and the curves as words, and the width that each takes."""
        values = list(readout.values)
        if nearest_first:
            values.sort(key=lambda value: value.curve != readout.nearest)
        fields = [_Field(readout.time_text + " →", "", self._muted, False)]
        for value in values:
            color = curve_color(value.curve, self._theme.palette)
            is_nearest = value.curve == readout.nearest
            fields.append(_Field(clip(value.curve.label), value.text, color, is_nearest))
        char = self._metrics.horizontalAdvance("0")
        widths = [
            (len(field.name) + (_GAP_CHARS + 1 + _RATE_CHARS if field.rate else 1)) * char
            for field in fields
        ]
        return fields, widths

    def _paint_field(self, painter: QPainter, at: QPointF, field: _Field) -> None:
        painter.setPen(field.color)
        painter.drawText(at, field.name)
        painter.setPen(self._text if field.is_nearest else self._muted)
        after = self._metrics.horizontalAdvance(field.name + " ")
        painter.drawText(QPointF(at.x() + after, at.y()), field.rate)

    def paint_box(self, painter: QPainter, box: QRectF) -> None:
        """Paint the box that is being drawn to zoom."""
        accent = self._theme.color("accent")
        ground = QColor(accent)
        ground.setAlpha(40)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(accent, 1, Qt.PenStyle.SolidLine))
        painter.setBrush(ground)
        painter.drawRect(box)


def clip(label: str) -> str:
    """A curve's label with a long name cut in its middle; the whole is in the tooltip."""
    name, arrow = label[:-2], label[-1]
    if len(name) > NAME_CHARS:
        half = (NAME_CHARS - 1) // 2
        name = f"{name[:half]}…{name[-half:]}"
    return f"{name} {arrow}"


def _flow(widths: list[float], most: float) -> list[list[int]]:
    lines: list[list[int]] = []
    room = -1.0
    for i, width in enumerate(widths):
        if width > room or not lines:
            lines.append([])
            room = most
        lines[-1].append(i)
        room -= width
    return lines
