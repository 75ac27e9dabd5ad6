"""Paints a socket's lines together: where they share their way there is one line. GUI thread.

Painted one by one they would look bolder there, for each pixel would be covered several times.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from zmqscope.core.types import SocketId
from zmqscope.models.topology.routes import Curve, Point
from zmqscope.ui.topology.lines import LineItem, LineLook, add_curve, paint_heads


class BundleItem(QGraphicsItem):
    """All lines of a socket; where several run along the same way, one is painted.

    Args:
        socket_id: Whose they are.
    """

    def __init__(self, socket_id: SocketId) -> None:
        super().__init__()
        self.socket_id = socket_id
        self._lines: list[LineItem] = []
        self._bounds = QRectF()
        self._paths: list[tuple[LineLook, QPainterPath]] | None = None
        self.setZValue(-2)

    @property
    def lines(self) -> list[LineItem]:
        """Its lines."""
        return self._lines

    def add(self, line: LineItem) -> None:
        """One more."""
        self._lines.append(line)
        line.changed = self.on_line_changed
        self.on_line_changed(is_led=True)

    def remove(self, line: LineItem) -> None:
        """One less."""
        self._lines.remove(line)
        self.on_line_changed(is_led=True)

    def on_line_changed(self, *, is_led: bool = False) -> None:
        """A line looks another way, or runs another way."""
        self._paths = None
        if is_led:
            self.prepareGeometryChange()
            self._bounds = QRectF()
            for line in self._lines:
                self._bounds = self._bounds.united(line.bounds)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def _grouped(self) -> list[tuple[LineLook, QPainterPath]]:
        """What lies uppermost first: below it nothing is painted along the same way."""
        paths: dict[LineLook, QPainterPath] = {}
        painted: set[tuple[Point, Curve]] = set()
        for look, line in sorted(
            ((line.line_look(), line) for line in self._lines), key=lambda pair: -pair[0].rank
        ):
            _add_new(paths.setdefault(look, QPainterPath()), line, painted)
        return list(reversed(paths.items()))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._paths is None:
            self._paths = self._grouped()
        for look, path in self._paths:
            pen = QPen(look.color, 1.0)
            if look.is_dashed:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawPath(path)
        paint_heads(painter, self._lines)


def _add_new(path: QPainterPath, line: LineItem, painted: set[tuple[Point, Curve]]) -> None:
    """Add those parts of a line's way that no other has taken yet."""
    here, is_there = line.start, False
    for curve in line.curves:
        if (here, curve) in painted:
            is_there = False
        else:
            painted.add((here, curve))
            if not is_there:
                path.moveTo(QPointF(*here))
                is_there = True
            add_curve(path, curve)
        here = curve.end
