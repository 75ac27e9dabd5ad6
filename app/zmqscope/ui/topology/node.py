"""What nodes of the topology have in common: mouse, ground, texts. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from zmqscope.core.types import SocketId
from zmqscope.models.format import plain_tip
from zmqscope.models.topology.graph import NodeKey
from zmqscope.ui.sockets.labels import paint_dot
from zmqscope.ui.topology.look import RADIUS, Look, crisp

PAD, DOT, ICON_PX = 10.0, 7.0, 13
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class NodeItem(QGraphicsItem):
    """A node that can be chosen, moved and pointed at.

    Args:
        key: Which node it is.
        look: Fonts and colours.
        moved: Called with the item while the user moves it.
        pointed: Called with the item and whether the mouse is on it.
    """

    def __init__(
        self,
        key: NodeKey,
        look: Look,
        moved: Callable[[NodeItem], None],
        pointed: Callable[[NodeItem, bool], None],
    ) -> None:
        super().__init__()
        self.key = key
        self.look = look
        self._moved = moved
        self._pointed = pointed
        self._is_dragged = False
        self.is_current = False
        self.is_hovered = False
        self.setAcceptHoverEvents(True)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        raise NotImplementedError

    def spoken(self) -> str:
        """What a screen reader says."""
        raise NotImplementedError

    def tip(self) -> str:
        """What it says when the mouse rests on it."""
        raise NotImplementedError

    def port(self, socket_id: SocketId, *, is_right: bool) -> QPointF:
        """Where the line of a socket ends, on one of the sides."""
        raise NotImplementedError

    @property
    def rect(self) -> QRectF:
        """Itself, in its own coordinates."""
        return QRectF(0.0, 0.0, *self.size)

    @property
    def scene_rect(self) -> QRectF:
        """Where it stands."""
        return self.rect.translated(self.pos())

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-3, -3, 3, 3)

    def set_current(self, is_current: bool) -> None:
        """Mark it as the one that the keyboard is on."""
        if is_current != self.is_current:
            self.is_current = is_current
            self.update()

    # ---- mouse ------------------------------------------------------------------------------

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self.setToolTip(plain_tip(self.tip()))
        self._point(True)
        super().hoverEnterEvent(event)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._point(False)
        super().hoverLeaveEvent(event)

    def _point(self, is_hovered: bool) -> None:
        self.is_hovered = is_hovered
        self.update()
        self._pointed(self, is_hovered)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        before = self.pos()
        super().mouseMoveEvent(event)
        if self.pos() != before:
            self._is_dragged = True
            self._moved(self)

    @property
    def was_dragged(self) -> bool:
        """Whether the user has moved it; asked once."""
        was, self._is_dragged = self._is_dragged, False
        return was

    # ---- painting ---------------------------------------------------------------------------

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_content(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        look = self.look
        if self.is_current:
            ground, edge = "selection", "accent"
        else:
            ground, edge = "raised", "muted" if self.is_hovered else "border"
        pen = look.pen(edge)
        if self._is_dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(look.color(ground))
        painter.drawRoundedRect(crisp(self.rect), RADIUS, RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @property
    def _is_dashed(self) -> bool:
        return False

    def _paint_content(self, painter: QPainter) -> None:
        raise NotImplementedError

    def _paint_dot(self, painter: QPainter, middle_y: float, token: str) -> None:
        circle = QRectF(PAD, middle_y - DOT / 2, DOT, DOT)
        paint_dot(painter, circle, self.look.theme, token)

    def _paint_icon(self, painter: QPainter, name: str, token: str, x: float, y: float) -> None:
        icon = self.look.theme.icon(name, token)
        icon.paint(painter, QRect(round(x), round(y), ICON_PX, ICON_PX))

    def _draw(
        self,
        painter: QPainter,
        room: QRectF,
        text: str,
        font: QFont,
        token: str,
        *,
        is_right: bool = False,
    ) -> float:
        """Draw text in one line, elided if need be; returns the width taken."""
        metrics = self.look.metrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(0.0, room.width()))
        painter.setFont(font)
        painter.setPen(self.look.color(token))
        painter.drawText(room, _RIGHT if is_right else _LEFT, shown)
        return metrics.horizontalAdvance(shown)
