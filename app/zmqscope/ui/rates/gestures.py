"""Mouse and wheel on the plot, told as what the user wants. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

_ZOOM_PER_NOTCH = 0.8
_NOTCH = 120


class PlotGestures(QObject):
    """Watches a plot's viewport and keeps its events to itself.

    Wheel zooms, drag pans, Shift and drag draws a box, double-click goes back to live.

    Args:
        viewport: What to watch; the owner.
    """

    hovered = Signal(object)
    """QPointF of the mouse; None when it left."""
    zoomed = Signal(float, QPointF)
    """Factor of the time shown, and about which place."""
    panned = Signal(QPointF)
    """Pixels that the picture was dragged since the last time."""
    clicked = Signal(QPointF)
    """Where the left button was pressed and released without a drag."""
    box_changed = Signal(object)
    """QRectF of the box being drawn; None when there is none any more."""
    box_selected = Signal(QRectF)
    """The box that was drawn."""
    live_requested = Signal()
    """Back to live."""
    menu_requested = Signal(object)
    """QPoint on the screen for a context menu."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._pressed_at: QPointF | None = None
        self._last: QPointF | None = None
        self._box_from: QPointF | None = None
        self._dragging = False
        viewport.installEventFilter(self)

    def set_over_mark(self, is_over: bool) -> None:
        """Show with the mouse's shape whether a click does something; a drag has its own."""
        if self._dragging:
            return
        if is_over:
            self._viewport.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._viewport.unsetCursor()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Wheel if isinstance(event, QWheelEvent):
                self._turn(event)
            case QEvent.Type.MouseButtonPress if isinstance(event, QMouseEvent):
                self._press(event)
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                self._move(event)
            case QEvent.Type.MouseButtonRelease if isinstance(event, QMouseEvent):
                self._release(event)
            case QEvent.Type.MouseButtonDblClick if isinstance(event, QMouseEvent):
                if event.button() is Qt.MouseButton.LeftButton:
                    self.live_requested.emit()
            case QEvent.Type.ContextMenu if isinstance(event, QContextMenuEvent):
                self.menu_requested.emit(event.globalPos())
            case QEvent.Type.Leave:
                self.hovered.emit(None)
                return False
            case _:
                return False
        event.accept()
        return True

    def _turn(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        # Alt turns the wheel sideways on some platforms, a touch pad scrolls both ways.
        if abs(delta.x()) > abs(delta.y()):
            self.panned.emit(QPointF(delta.x() / 2, 0))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.panned.emit(QPointF(delta.y() / 2, 0))
        elif delta.y():
            self.zoomed.emit(_ZOOM_PER_NOTCH ** (delta.y() / _NOTCH), event.position())

    def _press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._pressed_at = self._last = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._box_from = event.position()

    def _move(self, event: QMouseEvent) -> None:
        at = event.position()
        self.hovered.emit(at)
        if self._pressed_at is None or self._last is None:
            return
        if self._box_from is not None:
            self.box_changed.emit(QRectF(self._box_from, at).normalized())
            return
        if not self._dragging:
            moved = (at - self._pressed_at).manhattanLength()
            if moved < QApplication.startDragDistance() / 2:
                return
            self._dragging = True
            self._viewport.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.panned.emit(at - self._last)
        self._last = at

    def _release(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._box_from is not None:
            box = QRectF(self._box_from, event.position()).normalized()
            self.box_changed.emit(None)
            if box.width() > 3 and box.height() > 3:
                self.box_selected.emit(box)
        elif self._pressed_at is not None and not self._dragging:
            self.clicked.emit(event.position())
        self._pressed_at = self._last = self._box_from = None
        if self._dragging:
            self._dragging = False
            self._viewport.unsetCursor()
