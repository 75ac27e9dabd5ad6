"""Selecting bytes with the mouse: click, drag, scroll on beyond the edge. GUI thread."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent

from zmqscope.models.hex.grid import Place, Side

_DRAG_MS = 40
_MAX_DRAG_LINES = 40
_DRAG_PX = 4


class MouseTarget(Protocol):
    """What the mouse selects in."""

    def place_at(self, point: QPoint, side: Side | None = None) -> Place:
        """The byte of a line nearest to a point."""
        ...

    def offset_at(self, point: QPoint, side: Side | None = None) -> int:
        """The byte nearest to a point."""
        ...

    def selects(self, offset: int) -> bool:
        """Whether a byte is selected."""
        ...

    def go_to(self, offset: int, *, extend: bool, side: Side | None = None) -> None:
        """Put the cursor on a byte, in a column."""
        ...

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        ...

    def area(self) -> QRect:
        """Where bytes are, in whole lines."""
        ...


class HexMouse(QObject):
    """Turns presses and drags into selections.

    Args:
        target: What it selects in.
        line_px: Height of a line.
        parent: Owner.
    """

    def __init__(self, target: MouseTarget, line_px: int, parent: QObject) -> None:
        super().__init__(parent)
        self._target = target
        self._line_px = line_px
        self._pressed = QPoint()
        self._point: QPoint | None = None
        self._side = Side.DIGITS
        self._drags = False
        self._timer = QTimer(self)
        self._timer.setInterval(_DRAG_MS)
        self._timer.timeout.connect(self.on_timeout)

    @property
    def is_down(self) -> bool:
        """Whether the left button is held."""
        return self._point is not None

    def press(self, event: QMouseEvent) -> None:
        """A button goes down: the cursor goes there, the right one keeps a selection it is on."""
        point = event.position().toPoint()
        offset, self._side = self._target.offset_at(point), self._target.place_at(point).side
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._point = point
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._drags = extend
            self._target.go_to(offset, extend=extend, side=self._side)
        elif event.button() == Qt.MouseButton.RightButton and not self._target.selects(offset):
            self._target.go_to(offset, extend=False, side=self._side)

    def move(self, event: QMouseEvent) -> None:
        """The mouse is dragged."""
        if self._point is None:
            return
        self._point = event.position().toPoint()
        self._drags |= (self._point - self._pressed).manhattanLength() >= _DRAG_PX
        if self._drags:
            self._extend(self._point)
            if self._beyond(self._point) and not self._timer.isActive():
                self._timer.start()

    def release(self) -> None:
        """The button goes up, or there is nothing to drag over any more."""
        self._point, self._drags = None, False
        self._timer.stop()

    @Slot()
    def on_timeout(self) -> None:
        """Scroll on while the mouse is held above or below, the faster the farther."""
        beyond = 0 if self._point is None else self._beyond(self._point)
        if self._point is None or not beyond:
            self._timer.stop()
            return
        lines = min(_MAX_DRAG_LINES, abs(beyond) // self._line_px + 1)
        self._target.scroll_lines(lines if beyond > 0 else -lines)
        self._extend(self._point)

    def _beyond(self, point: QPoint) -> int:
        """How far below the bytes a point is, or above as a negative number."""
        area = self._target.area()
        return point.y() - max(area.top(), min(point.y(), area.bottom()))

    def _extend(self, point: QPoint) -> None:
        inside = QPoint(point.x(), point.y() - self._beyond(point))
        self._target.go_to(self._target.offset_at(inside, self._side), extend=True)
