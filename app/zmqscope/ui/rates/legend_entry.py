"""One entry of the legend: a button that paints a curve's line, name and figures. GUI thread."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QToolTip, QWidget

from zmqscope.core.types import Direction
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import Curve
from zmqscope.models.rates.rates import Figures, rate_text, short_rate_text
from zmqscope.ui.rates.curve_colors import curve_color
from zmqscope.ui.rates.readout import clip
from zmqscope.ui.theme import Theme

_PAD_PX = 6
_SWATCH_PX = 12
_SWATCH_GAP_PX = 7
_RATE_CHARS = 9
_SHORT_CHARS = {RateUnit.MESSAGES: 5, RateUnit.BYTES: 7}
_OFF_OPACITY = 0.45


class LegendStyle:
    """Fonts and colours of all entries.

    Args:
        theme: Where they come from.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.take_theme()

    def take_theme(self) -> None:
        """Use the theme's fonts and colours as they are now."""
        self.font = self._theme.data_font(size_px=11.5)
        self.strong_font = self._theme.data_font(QFont.Weight.Medium, 11.5)
        self.metrics = QFontMetricsF(self.font)
        self.char_px = self.metrics.horizontalAdvance("0")
        self.muted = self._theme.color("muted")
        self.waiting = self._theme.color("waiting")
        self.hover = self._theme.color("raised")
        self.focus = self._theme.color("accent")

    def curve_color(self, curve: Curve) -> QColor:
        """The colour of a curve."""
        return curve_color(curve, self._theme.palette)


class LegendEntry(QAbstractButton):
    """A curve in the legend.

    Args:
        curve: What it stands for.
        style: Fonts and colours.
        parent: Owner.

    Attributes:
        curve: What it stands for.
    """

    toggled_by_user = Signal(object, bool)
    """CurveKey, and whether it is to be shown."""
    entered = Signal(object)
    """CurveKey when mouse or focus come, None when they go."""
    menu_requested = Signal(object, QPoint)
    """CurveKey, and where on the screen."""

    def __init__(self, curve: Curve, style: LegendStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve = curve
        self._style = style
        self._figures = Figures()
        self._unit = RateUnit.MESSAGES
        self._texts: tuple[str, str, str] = ("", "", "")
        self._is_full = True
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.on_clicked)
        self.set_curve(curve)
        self.set_figures(self._figures, self._unit)

    # ---- what it shows ----------------------------------------------------------------------

    def set_curve(self, curve: Curve) -> None:
        """Show the curve as it is now."""
        self.curve = curve
        self.setChecked(curve.shown)
        way = direction_word(curve.key.direction)
        self.setAccessibleName(f"{curve.name}, {way}")
        self.setText(curve.label)
        self.update()

    def set_figures(self, figures: Figures, unit: RateUnit) -> None:
        """Show these figures; nothing is painted if they read the same."""
        texts = (
            rate_text(figures.current, unit),
            short_rate_text(figures.mean, unit),
            short_rate_text(figures.peak, unit),
        )
        self._figures, self._unit = figures, unit
        if texts != self._texts:
            self._texts = texts
            self.update()

    @property
    def figure_texts(self) -> tuple[str, str, str]:
        """Current, mean and peak as shown."""
        return self._texts

    def set_full(self, is_full: bool) -> None:
        """Show mean and peak too, or leave them to the tooltip."""
        self._is_full = is_full

    def width_px(self, unit: RateUnit, *, is_full: bool) -> int:
        """The width it needs, whatever its figures are."""
        chars = len(clip(self.curve.label)) + 1 + _RATE_CHARS
        if is_full:
            words = len(_mean_word()) + len(_peak_word())
            chars += words + 7 + 2 * _SHORT_CHARS[unit]
        return round(2 * _PAD_PX + _SWATCH_PX + _SWATCH_GAP_PX + chars * self._style.char_px)

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        style = self._style
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(style.focus if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(style.hover)
            painter.drawRoundedRect(area, 4, 4)
        painter.setOpacity(1.0 if self.curve.shown else _OFF_OPACITY)
        self._paint_swatch(painter, area)
        baseline = round((self.height() + style.metrics.capHeight()) / 2)
        color = style.curve_color(self.curve) if self.curve.shown else style.muted
        x = _PAD_PX + _SWATCH_PX + _SWATCH_GAP_PX
        painter.setFont(style.strong_font)
        painter.setPen(color)
        label = clip(self.curve.label)
        painter.drawText(round(x), baseline, label)
        at = x + (len(label) + 1) * style.char_px
        current, mean, peak = self._texts
        if self.curve.paused:
            painter.setPen(style.waiting)
            current = self.tr("paused")
        painter.drawText(round(at), baseline, current)
        if self._is_full:
            at += (_RATE_CHARS + 2) * style.char_px
            painter.setFont(style.font)
            painter.setPen(style.muted)
            for word, figure in ((_mean_word(), mean), (_peak_word(), peak)):
                painter.drawText(round(at), baseline, f"{word} {figure}")
                at += (len(word) + 2 + _SHORT_CHARS[self._unit]) * style.char_px
        painter.end()

    def _paint_swatch(self, painter: QPainter, area: QRectF) -> None:
        """A piece of the line as the plot draws it; hollow when it is switched off."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        y = round(area.center().y())
        pen = QPen(self._style.curve_color(self.curve), 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.curve.key.direction is Direction.SENT:
            pen.setDashPattern([2.5, 1.25])
        painter.setPen(pen)
        painter.drawLine(_PAD_PX, y, _PAD_PX + _SWATCH_PX, y)

    # ---- what comes in ----------------------------------------------------------------------

    @Slot()
    def on_clicked(self) -> None:
        """Ask for the curve to be switched."""
        self.toggled_by_user.emit(self.curve.key, self.isChecked())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tool_tip(), self)
            return True
        return super().event(event)

    def _tool_tip(self) -> str:
        current, mean, peak = (rate_text(f, self._unit) for f in self._each_figure())
        way = direction_word(self.curve.key.direction)
        words = self.tr("Click to hide") if self.curve.shown else self.tr("Click to show")
        figures = self.tr("now {current}, mean {mean}, peak {peak}").format(
            current=current, mean=mean, peak=peak
        )
        # Qt takes for rich text what looks like it; as rich text, escaped, a name stays a name.
        return f"<qt>{escape(self.curve.name)}, {way}: {figures}<br>{words}</qt>"

    def _each_figure(self) -> tuple[float, float, float]:
        return self._figures.current, self._figures.mean, self._figures.peak

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.entered.emit(self.curve.key if self.curve.shown else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.entered.emit(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.entered.emit(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.curve.key, event.globalPos())


def figures_text(entry: LegendEntry) -> str:
    """An entry's figures in one line."""
    current, mean, peak = entry.figure_texts
    return f"{current} · {_mean_word()} {mean} · {_peak_word()} {peak}"


def direction_word(direction: Direction) -> str:
    """The direction as a word."""
    if direction is Direction.RECEIVED:
        return QCoreApplication.translate("Rates", "received")
    return QCoreApplication.translate("Rates", "sent")


def _mean_word() -> str:
    return QCoreApplication.translate("Rates", "mean")


def _peak_word() -> str:
    return QCoreApplication.translate("Rates", "peak")
