"""The plot itself: curves on pyqtgraph, everything else painted here. GUI thread.

The one place where pyqtgraph is imported and configured. Its axes cost 17 ms a frame, and its
mouse handling swallows exceptions: only its view, its transform and its curves are used.
"""

from __future__ import annotations

import time

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QTransform
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget

from zmqscope.core.types import Direction
from zmqscope.models.rates.curves import Curve, CurveKey
from zmqscope.models.rates.view import TimeRange
from zmqscope.ui.rates.curve_colors import curve_color
from zmqscope.ui.rates.frame import Frame, FramePainter, plot_rect
from zmqscope.ui.rates.gestures import PlotGestures
from zmqscope.ui.rates.marks import PlotMarks
from zmqscope.ui.rates.readout import Readout, ReadoutPainter
from zmqscope.ui.theme import Theme

# Cleaning up at exit means to search all objects of the process for graphics items: slow, and
# the window takes care of its own.
pg.setConfigOptions(antialias=True, exitCleanup=False)

_DIMMED_ALPHA = 60
_DASH_PX = (6.0, 3.0)
_S = 1_000_000_000
_EVERYWHERE = QRectF(-1e9, -1e9, 2e9, 2e9)
# Of the newest paintings; one alone may have been held up by something else.
_COST_WEIGHT = 0.1
_FLAT = Frame(TimeRange(0, _S), 0.0, 1.0)


class CurveItem(pg.PlotCurveItem):
    """A curve one and a half pixels wide.

    A wider pen takes Qt's general stroker, which costs twenty times as much as two strokes of a
    one-pixel pen, the second half a pixel below the first.
    """

    _BELOW = QTransform.fromTranslate(0, 0.5)

    def __init__(self) -> None:
        super().__init__(antialias=True, skipFiniteCheck=True)
        self._first_bin = 0
        self._times_s = self._y = np.empty(0)
        self._dash_offset_px = 0.0

    def set_points(
        self,
        first_bin: int,
        times_s: NDArray[np.float64],
        y: NDArray[np.float64],
        pixel: tuple[float, float],
    ) -> None:
        """Take new points.

        Args:
            first_bin: Number of the first point's bin since the epoch.
            times_s: float64[n].
            y: float64[n].
            pixel: Pixels in a second and in a unit of ``y``.
        """
        gone = first_bin - self._first_bin
        if 0 < gone < len(self._y):
            dx, dy = np.diff(self._times_s[: gone + 1]), np.diff(self._y[: gone + 1])
            length_px = float(np.hypot(dx * pixel[0], dy * pixel[1]).sum())
            self._dash_offset_px = (self._dash_offset_px + length_px) % sum(_DASH_PX)
        self._first_bin, self._times_s, self._y = first_bin, times_s, y
        self.updateData(times_s, y)

    def boundingRect(self) -> QRectF:
        """Everywhere: pyqtgraph looks at all points for it, many times in a frame."""
        return _EVERYWHERE

    def set_look(self, color: QColor, *, is_dashed: bool) -> None:
        """Draw in this colour; dashes stay where they are on the curve as it moves on."""
        pen = QPen(color, 1)
        pen.setCosmetic(True)
        if is_dashed:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern(_DASH_PX)
            pen.setDashOffset(self._dash_offset_px)
        self.setPen(pen)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, /, widget: QWidget | None = None
    ) -> None:
        super().paint(painter, option, widget)
        transform = painter.transform()
        painter.setTransform(transform * self._BELOW)
        super().paint(painter, option, widget)
        painter.setTransform(transform)


class RatesPlot(pg.GraphicsView):
    """Draws what it is given; wishes of the mouse come out of ``gestures``.

    Args:
        theme: Colours and fonts.
        parent: Owner.

    Attributes:
        gestures: What the mouse wants.
        frame: What is shown now.
        paint_s: What painting costs at present, in seconds.
    """

    traffic_painted = Signal()
    """A curve with a rate above zero has been painted; emitted once."""
    live_requested = Signal()
    """The keyboard asks to go back to live."""
    moved = Signal(float)
    """The keyboard asks to pan by this share of the width."""
    zoomed = Signal(float)
    """The keyboard asks to zoom by this factor about the middle."""
    resized = Signal()
    """There is another number of pixels."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves: dict[CurveKey, Curve] = {}
        self._items: dict[CurveKey, CurveItem] = {}
        self._emphasised: CurveKey | None = None
        self._rect = QRectF(0, 0, 1, 1)
        self._crosshair: tuple[float, Readout] | None = None
        self._drawn_box: QRectF | None = None
        self._marks: PlotMarks | None = None
        self._first_traffic_ns: int | None = None
        self._has_painted_traffic = False
        self.frame = _FLAT
        self.paint_s = 0.0
        self._frame_painter = FramePainter(theme)
        self._readout_painter = ReadoutPainter(theme)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._box.disableAutoRange()
        self.addItem(self._box)
        self._place_box()
        self.gestures = PlotGestures(self.viewport())
        self.gestures.box_changed.connect(self.on_gestures_box_changed)
        # Every frame moves everything: finding out what changed costs more than painting it.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setMinimumSize(120, 60)
        self.setBackground(theme.color("panel"))
        theme.changed.connect(self.on_theme_changed)

    # ---- what to draw -----------------------------------------------------------------------

    def set_curves(self, curves: list[Curve]) -> None:
        """Draw these curves, the first one on top; points of those that stay are kept."""
        wanted = {curve.key: curve for curve in curves}
        for key in [key for key in self._items if key not in wanted]:
            self._box.removeItem(self._items.pop(key))
        self._curves = wanted
        for number, key in enumerate(wanted):
            if key not in self._items:
                self._items[key] = CurveItem()
                self._box.addItem(self._items[key], ignoreBounds=True)
            # What a socket sent lies on what it received, dashes over the line.
            is_sent = key.direction is Direction.SENT
            self._items[key].setZValue(-number + 2 * len(wanted) * is_sent)
        self._set_looks()

    def set_points(
        self, key: CurveKey, first_bin: int, times_s: NDArray[np.float64], y: NDArray[np.float64]
    ) -> None:
        """Give a curve its points.

        Args:
            key: The curve; ignored if it is not drawn.
            first_bin: Number of the first point's bin since the epoch.
            times_s: float64[n], seconds since ``origin_ns`` of ``set_frame``.
            y: float64[n], positions on the value axis.
        """
        item = self._items.get(key)
        if item is None:
            return
        frame = self.frame
        pixel = (
            self._rect.width() * _S / frame.shown.width_ns,
            self._rect.height() / (frame.top - frame.bottom),
        )
        item.set_points(first_bin, times_s, y, pixel)
        self._set_look(key)

    def set_frame(self, frame: Frame, origin_ns: int) -> None:
        """Show this stretch of time and this range of values.

        Args:
            frame: What to show.
            origin_ns: What the points' times count from.
        """
        self.frame = frame
        self._box.setRange(
            xRange=(
                (frame.shown.start_ns - origin_ns) / _S,
                (frame.shown.end_ns - origin_ns) / _S,
            ),
            yRange=(frame.bottom, frame.top),
            padding=0,
            disableAutoRange=False,
        )
        self.viewport().update()

    def set_first_traffic(self, time_ns: int) -> None:
        """Say where the first rate above zero lies, so that its painting can be told."""
        if self._first_traffic_ns is None:
            self._first_traffic_ns = time_ns

    def set_emphasised(self, key: CurveKey | None) -> None:
        """Step the other curves back; None brings them forward again."""
        if key != self._emphasised:
            self._emphasised = key
            self._set_looks()

    def set_crosshair(self, x: float, readout: Readout | None) -> None:
        """Show the crosshair at a place; no readout hides it."""
        if readout is None and self._crosshair is None:
            return
        self._crosshair = None if readout is None else (x, readout)
        self.viewport().update()

    def set_marks(self, marks: PlotMarks) -> None:
        """Paint these marks on the time axis; the mouse is theirs too."""
        self._marks = marks
        marks.changed.connect(self.on_marks_changed)
        self.gestures.hovered.connect(marks.on_gestures_hovered)
        self.gestures.clicked.connect(marks.on_gestures_clicked)

    @property
    def has_painted_traffic(self) -> bool:
        """Whether a rate above zero was ever painted."""
        return self._has_painted_traffic

    @property
    def rect_px(self) -> QRectF:
        """Where the curves are drawn, in pixels of the viewport."""
        return self._rect

    def _set_looks(self) -> None:
        for key in self._items:
            self._set_look(key)

    def _set_look(self, key: CurveKey) -> None:
        color = curve_color(self._curves[key], self._theme.palette)
        if self._emphasised not in (None, key):
            color.setAlpha(_DIMMED_ALPHA)
        self._items[key].set_look(color, is_dashed=key.direction is Direction.SENT)

    # ---- painting ---------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawBackground(painter, rect)
        self._frame_painter.paint(painter, self._rect, self.frame, self.viewport().width())

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self._marks is not None:
            self._marks.paint(painter, self._rect, self.frame)
        if self._crosshair is not None:
            self._readout_painter.paint(painter, self._rect, *self._crosshair)
        if self._marks is not None:
            self._marks.paint_words(painter)
        if self._drawn_box is not None:
            self._readout_painter.paint_box(painter, self._drawn_box)

    def paintEvent(self, event: QPaintEvent) -> None:
        began_s = time.perf_counter()
        super().paintEvent(event)
        self.paint_s += (time.perf_counter() - began_s - self.paint_s) * _COST_WEIGHT
        if self._has_painted_traffic or self._first_traffic_ns is None:
            return
        if self.frame.shown.end_ns > self._first_traffic_ns:
            self._has_painted_traffic = True
            self.traffic_painted.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        # pyqtgraph calls this from its constructor, before there is anything to place.
        if hasattr(self, "_box"):
            self._place_box()
            self.resized.emit()

    def _place_box(self) -> None:
        self._rect = plot_rect(QSizeF(self.viewport().size()))
        self._box.setGeometry(self._rect)

    # ---- what comes in ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.live_requested.emit()
            case Qt.Key.Key_Left:
                self.moved.emit(-0.1)
            case Qt.Key.Key_Right:
                self.moved.emit(0.1)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up:
                self.zoomed.emit(0.8)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down:
                self.zoomed.emit(1.25)
            case _:
                event.ignore()

    @Slot(object)
    def on_gestures_box_changed(self, box: QRectF | None) -> None:
        """Draw the box that the mouse is drawing."""
        self._drawn_box = None if box is None else box & self._rect
        self.viewport().update()

    @Slot()
    def on_marks_changed(self) -> None:
        """Paint other marks; over one of them the mouse says that it can be clicked."""
        is_hot = self._marks is not None and self._marks.hot is not None
        self.gestures.set_over_mark(is_hot)
        self.viewport().update()

    @Slot()
    def on_theme_changed(self) -> None:
        """Recolour everything at once."""
        self._frame_painter.take_theme()
        self._readout_painter.take_theme()
        self.setBackground(self._theme.color("panel"))
        self._set_looks()
        self.viewport().update()
