"""From the model to the screen: reads what is new, moves the plot, fills the legend. GUI thread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.core.capture.rates import Span
from zmqscope.core.clock import CaptureClock
from zmqscope.models.rates.axis import RateUnit, ValueAxis
from zmqscope.models.rates.curves import CurveKey
from zmqscope.models.rates.rates import Figures, RatesModel, Reading
from zmqscope.models.rates.view import TimeRange
from zmqscope.ui.rates.crosshair import Crosshair, Points
from zmqscope.ui.rates.frame import make_frame
from zmqscope.ui.rates.legend import Legend
from zmqscope.ui.rates.marks import PlotMarks
from zmqscope.ui.rates.picture import Snapshot
from zmqscope.ui.rates.plot import RatesPlot

_FIGURES_EVERY_NS = 500_000_000
_MOVING_MS = 16
_EXPECTANT_MS = 250
# Of the GUI thread's time, what painting the plot may take.
_PAINT_SHARE = 0.2
_STILL_MS = 500
_SLOWEST_MS = 1_000
_S = 1_000_000_000
_SILENT_STEP_NS = 2 * _S
_MS = 1_000_000

_NOTHING = Figures()


class RatesDisplay(QObject):
    """Keeps plot and legend as the model says.

    Args:
        model: What there is to show.
        plot: Where curves are drawn.
        legend: Where figures are written.
        clock: The capture clock.
        parent: Owner.

    Attributes:
        axis: The value axis.
        crosshair: Follows the mouse.
        marks: Events on the time axis, for the exported picture; None for none.
    """

    state_changed = Signal()
    """Live or not, frozen or not."""

    def __init__(
        self,
        model: RatesModel,
        plot: RatesPlot,
        legend: Legend,
        clock: CaptureClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._plot = plot
        self._legend = legend
        self._clock = clock
        self.axis = ValueAxis(model.unit)
        self.crosshair = Crosshair(model, plot, self)
        self.marks: PlotMarks | None = None
        self._origin_ns = clock.now_ns() // _S * _S
        self._reading = Reading(0, _S)
        self._bounds = (0, 0, 0)
        self._extremes = (0.0, 0.0)
        self._points: dict[CurveKey, Points] = {}
        self._zero = self.axis.zero_position
        self._shown = TimeRange(0, _S)
        self._figures_ns = 0
        self._figures_are_zero = False
        self._has_new = True
        self._dirty = True
        model.curves.changed.connect(self.on_curves_changed)
        plot.resized.connect(self.on_plot_changed)
        plot.live_requested.connect(self.go_live)
        plot.gestures.live_requested.connect(self.go_live)
        legend.emphasised.connect(plot.set_emphasised)

    # ---- keeping up -------------------------------------------------------------------------

    def refresh(self, now_ns: int) -> None:
        """Show what is new; without anything new nothing is painted.

        Args:
            now_ns: The time now on the capture clock.
        """
        self._model.sync(now_ns)
        shown = self._range(now_ns)
        was_silent = self._is_silent
        self._has_new |= self._read(shown, now_ns)
        self.axis.fit(*self._extremes, now_ns)
        has_moved = self._moved(shown) or not self.axis.is_settled
        self.axis.ease(now_ns)
        # Silence after silence looks the same: its new bins can wait until something moves.
        if has_moved or self._dirty or (self._has_new and not (was_silent and self._is_silent)):
            if self._has_new or self._zero != self.axis.zero_position:
                self._give_points()
            self._show(shown)
        if self._dirty or self._figures_are_due(now_ns):
            self._write_figures(shown, now_ns)
        self._dirty = False

    def refresh_interval_ms(self) -> int:
        """As often as the picture moves by half a pixel; seldom when nothing does.

        Many curves cost more than few: less often, so that painting leaves time for the rest.
        """
        moving_ms = max(_MOVING_MS, round(self._plot.paint_s * 1_000 / _PAINT_SHARE))
        if self._dirty or not self.axis.is_settled:
            return moving_ms
        if self._is_silent and not self._plot.has_painted_traffic:
            # Looking costs next to nothing, and the first traffic should not wait for it.
            return _EXPECTANT_MS
        if not self._model.view.is_live or self._model.is_frozen or self._is_silent:
            return _STILL_MS
        half_pixel_ms = self._shown.width_ns / max(self._plot.rect_px.width(), 1.0) / 2 / _MS
        return round(min(max(half_pixel_ms, moving_ms), _SLOWEST_MS))

    @property
    def _is_silent(self) -> bool:
        return self._extremes[1] <= 0

    def _range(self, now_ns: int) -> TimeRange:
        return self._model.view.range(
            self._model.time_ns(now_ns), round(self._plot.rect_px.width())
        )

    def _moved(self, shown: TimeRange) -> bool:
        if shown == self._shown:
            return False
        # Lines at zero look the same wherever they are: only the times below them move.
        by_ns = abs(shown.end_ns - self._shown.end_ns)
        same_width = shown.width_ns == self._shown.width_ns
        return not (self._is_silent and same_width and by_ns < _SILENT_STEP_NS)

    def _read(self, shown: TimeRange, now_ns: int) -> bool:
        """Read the points again if there are others; whether there are."""
        bounds = self._model.reading_bounds(shown, now_ns)
        if bounds == self._bounds and not self._dirty:
            return False
        self._bounds = bounds
        self._reading = self._model.read(shown, now_ns)
        self._extremes = self._reading.extremes()
        return True

    def _give_points(self) -> None:
        reading = self._reading
        self._zero = self.axis.zero_position
        self._has_new = False
        first_bin = reading.start_ns // reading.bin_ns
        start_s = (reading.middle_ns(0) - self._origin_ns) / _S
        times_s = start_s + np.arange(reading.points, dtype=np.float64) * (reading.bin_ns / _S)
        self._points = {}
        for key, rates in reading.rates.items():
            positions = self.axis.positions(rates)
            self._points[key] = (times_s[: len(rates)], positions)
            self._plot.set_points(key, first_bin, *self._points[key])
        first = reading.first_traffic()
        if first is not None:
            self._plot.set_first_traffic(reading.middle_ns(first - 1))

    def _show(self, shown: TimeRange) -> None:
        self._shown = shown
        self._plot.set_frame(make_frame(shown, self.axis, self._plot.rect_px), self._origin_ns)
        self.crosshair.follow(self._reading, self._points, self._origin_ns)

    def _figures_are_due(self, now_ns: int) -> bool:
        curves = self._model.curves
        if self._figures_are_zero and self._is_silent and len(curves.shown) == len(curves.all):
            return False
        return abs(now_ns - self._figures_ns) >= _FIGURES_EVERY_NS

    def _write_figures(self, shown: TimeRange, now_ns: int) -> None:
        self._figures_ns = now_ns
        self._figures_are_zero = True
        for curve in self._model.curves.all:
            figures = self._model.figures(curve.key, shown, now_ns)
            self._figures_are_zero &= figures == _NOTHING
            self._legend.set_figures(curve.key, figures, self._model.unit)

    def redraw(self) -> None:
        """Show at once what a person just asked for."""
        self._dirty = True
        self.refresh(self._clock.now_ns())

    @Slot()
    def on_curves_changed(self) -> None:
        """Draw other curves from the next refresh on."""
        self._plot.set_curves(self._model.curves.shown)
        self._legend.set_curves(self._model.curves.all)
        self._dirty = True

    @Slot()
    def on_plot_changed(self) -> None:
        """The plot has another size."""
        self._dirty = True
        self._show(self._range(self._clock.now_ns()))

    # ---- what is shown ----------------------------------------------------------------------

    def set_unit(self, unit: RateUnit) -> None:
        """Count messages or bytes."""
        self._model.unit = unit
        self._legend.set_unit(unit)
        self.axis.reset(unit, self.axis.log)
        self.redraw()

    def set_log(self, log: bool) -> None:
        """Make the value axis logarithmic or linear."""
        self.axis.reset(self.axis.unit, log)
        self.redraw()

    def set_span(self, span: Span) -> None:
        """Look this far back, live."""
        self._model.view.go_live(span)
        self.axis.release()
        self._finish_move()

    def set_frozen(self, frozen: bool) -> None:
        """Let the picture stand still, or follow the traffic again."""
        if frozen:
            self._model.freeze(self._clock.now_ns())
        else:
            self._model.thaw()
        self._finish_move()

    @Slot()
    def go_live(self) -> None:
        """Back to the newest, all of the span, following."""
        self._model.thaw()
        self._model.view.go_live()
        self.axis.release()
        self._finish_move()

    @Slot()
    def on_navigation_moved(self) -> None:
        """The user zoomed or panned: follow at once, but leave the figures to their own pace."""
        self.refresh(self._clock.now_ns())
        self.state_changed.emit()

    def _finish_move(self) -> None:
        self.redraw()
        self.state_changed.emit()

    def snapshot(self) -> Snapshot:
        """What is plotted now, for a file."""
        now_ns = self._clock.now_ns()
        self.redraw()
        curves = self._model.curves.shown
        size = self._plot.viewport().size()
        return Snapshot(
            width=size.width(),
            height=size.height(),
            frame=self._plot.frame,
            reading=self._reading,
            positions={key: positions for key, (_, positions) in self._points.items()},
            curves=curves,
            figures={c.key: self._model.figures(c.key, self._shown, now_ns) for c in curves},
            unit=self._model.unit,
            marks=self.marks.within(self._plot.rect_px, self._plot.frame) if self.marks else [],
        )
