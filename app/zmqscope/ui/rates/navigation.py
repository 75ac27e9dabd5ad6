"""Zoom and pan: what mouse and keyboard want becomes another stretch of time. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Signal, Slot

from zmqscope.core.clock import CaptureClock
from zmqscope.models.rates.axis import ValueAxis
from zmqscope.models.rates.rates import RatesModel
from zmqscope.ui.rates.plot import RatesPlot


class PlotNavigation(QObject):
    """Moves the model's view and the value axis.

    Args:
        model: Whose view moves.
        axis: The value axis; a box zooms it too.
        plot: Where gestures and keys come from.
        clock: The capture clock.
        parent: Owner.
    """

    moved = Signal()
    """Another stretch of time, or of values, is to be shown."""

    def __init__(
        self,
        model: RatesModel,
        axis: ValueAxis,
        plot: RatesPlot,
        clock: CaptureClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._axis = axis
        self._plot = plot
        self._clock = clock
        plot.moved.connect(self.on_plot_moved)
        plot.zoomed.connect(self.on_plot_zoomed)
        plot.gestures.zoomed.connect(self.on_gestures_zoomed)
        plot.gestures.panned.connect(self.on_gestures_panned)
        plot.gestures.box_selected.connect(self.on_gestures_box_selected)

    def _now_ns(self) -> int:
        return self._model.time_ns(self._clock.now_ns())

    @Slot(float, QPointF)
    def on_gestures_zoomed(self, factor: float, at: QPointF) -> None:
        """Zoom time about the mouse."""
        frame = self._plot.frame
        about_ns = frame.time_ns(self._plot.rect_px, at.x())
        self._model.view.zoom(frame.shown, factor, about_ns, self._now_ns())
        self.moved.emit()

    @Slot(QPointF)
    def on_gestures_panned(self, by: QPointF) -> None:
        """Drag the picture; up and down only if a box chose the range of values."""
        rect = self._plot.rect_px
        shown = self._plot.frame.shown
        by_ns = -round(by.x() / rect.width() * shown.width_ns)
        self._model.view.pan(shown, by_ns, self._now_ns())
        if self._axis.is_held:
            by_position = by.y() / rect.height() * (self._axis.top - self._axis.bottom)
            self._axis.hold(self._axis.bottom + by_position, self._axis.top + by_position)
        self.moved.emit()

    @Slot(QRectF)
    def on_gestures_box_selected(self, box: QRectF) -> None:
        """Show what is in the box."""
        rect, frame = self._plot.rect_px, self._plot.frame
        inside = box & rect
        if inside.isEmpty():
            return
        start_ns, end_ns = frame.time_ns(rect, inside.left()), frame.time_ns(rect, inside.right())
        bottom, top = frame.position(rect, inside.bottom()), frame.position(rect, inside.top())
        self._model.view.select(start_ns, end_ns, self._now_ns())
        self._axis.hold(bottom, top)
        self.moved.emit()

    @Slot(float)
    def on_plot_moved(self, share: float) -> None:
        """Pan from the keyboard."""
        shown = self._plot.frame.shown
        self._model.view.pan(shown, round(share * shown.width_ns), self._now_ns())
        self.moved.emit()

    @Slot(float)
    def on_plot_zoomed(self, factor: float) -> None:
        """Zoom from the keyboard, about the middle."""
        shown = self._plot.frame.shown
        about_ns = (shown.start_ns + shown.end_ns) // 2
        self._model.view.zoom(shown, factor, about_ns, self._now_ns())
        self.moved.emit()
