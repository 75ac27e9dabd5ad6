"""The crosshair: follows the mouse and reads every shown curve out. GUI thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Signal, Slot

from zmqscope.models.rates.curves import Curve, CurveKey
from zmqscope.models.rates.rates import RatesModel, Reading
from zmqscope.ui.rates.plot import RatesPlot
from zmqscope.ui.rates.readout import Readout, read_out

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Times in seconds since some origin, and positions on the value axis."""

_REACH_PX = 24
_S = 1_000_000_000


class Crosshair(QObject):
    """Knows where the mouse is and what the curves are there.

    Args:
        model: Which curves are shown, and what they count.
        plot: Where it is painted.
        parent: Owner.

    Attributes:
        readout: What it says now; None when there is no crosshair.
    """

    changed = Signal()
    """There is a crosshair now, or none any more."""

    def __init__(self, model: RatesModel, plot: RatesPlot, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._plot = plot
        self.readout: Readout | None = None
        self._mouse: QPointF | None = None
        self._is_held = False
        self._reading = Reading(0, _S)
        self._points: dict[CurveKey, Points] = {}
        self._origin_ns = 0
        plot.gestures.hovered.connect(self.on_gestures_hovered)

    def follow(self, reading: Reading, points: dict[CurveKey, Points], origin_ns: int) -> None:
        """Read out what is below the mouse now that the picture has moved.

        Args:
            reading: The rates.
            points: The same as they are drawn.
            origin_ns: What the points' times count from.
        """
        self._reading, self._points, self._origin_ns = reading, points, origin_ns
        self._read_out()

    def hold(self, held: bool) -> None:
        """Stay while a menu speaks of it; then go."""
        self._is_held = held
        if not held:
            self.on_gestures_hovered(None)

    @Slot(object)
    def on_gestures_hovered(self, at: QPointF | None) -> None:
        """Follow the mouse; a little above or below the curves is near enough."""
        if self._is_held:
            return
        around = self._plot.rect_px.adjusted(0, -_REACH_PX, 0, _REACH_PX)
        self._mouse = at if at is not None and around.contains(at) else None
        self._read_out()

    def _read_out(self) -> None:
        had = self.readout is not None
        self.readout = None
        if self._mouse is not None:
            time_ns = self._plot.frame.time_ns(self._plot.rect_px, self._mouse.x())
            nearest = self._nearest(self._mouse, time_ns)
            curves = self._model.curves.shown
            self.readout = read_out(time_ns, self._reading, curves, self._model.unit, nearest)
        x = self._mouse.x() if self._mouse is not None else 0.0
        self._plot.set_crosshair(x, self.readout)
        if had != (self.readout is not None):
            self.changed.emit()

    def _nearest(self, at: QPointF, time_ns: int) -> Curve | None:
        """The shown curve whose line is closest above or below a place."""
        time_s = (time_ns - self._origin_ns) / _S
        best: tuple[float, Curve] | None = None
        for curve in self._model.curves.shown:
            times_s, positions = self._points.get(curve.key, ((), ()))
            if not len(positions):
                continue
            position = float(np.interp(time_s, times_s, positions))
            distance = abs(self._plot.frame.y(self._plot.rect_px, position) - at.y())
            if best is None or distance < best[0]:
                best = (distance, curve)
        return best[1] if best else None
