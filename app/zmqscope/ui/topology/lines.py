"""Lines between nodes of the topology, with arrows, and the rates beside them. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.topology_flow import IDLE, Flow
from zmqscope.models.topology_graph import NodeKey
from zmqscope.models.topology_routes import Curve, Point
from zmqscope.models.topology_words import rate_words
from zmqscope.ui.topology.look import Look

_ARROW_LONG, _ARROW_WIDE = 7.0, 3.2
_LABEL_START, _LABEL_WIDTH, _LABEL_HEIGHT = 21.0, 66.0, 15.0
_LABEL_OFF = 1.0


class Ends(NamedTuple):
    """What a line joins.

    Attributes:
        socket_id: A socket of this app.
        other: A card, or another socket of this app.
    """

    socket_id: SocketId
    other: NodeKey


class LineItem(QGraphicsItem):
    """A line from a socket to whoever is at the other end.

    Args:
        ends: What it joins.
        kind: The socket's type: which ways anything can go.
        look: Fonts and colours.
    """

    def __init__(self, ends: Ends, kind: SocketType, look: Look) -> None:
        super().__init__()
        self.ends = ends
        self.look = look
        self._kind = kind
        self._path = QPainterPath()
        self._token = "received"
        self._flow = IDLE
        self._is_lit = False
        self.setZValue(-2)

    def set_route(self, start: Point, curves: Sequence[Curve]) -> None:
        """Run along these curves."""
        path = QPainterPath(QPointF(*start))
        for curve in curves:
            if curve.is_line:
                path.lineTo(QPointF(*curve.end))
            else:
                path.cubicTo(QPointF(*curve.first), QPointF(*curve.second), QPointF(*curve.end))
        self.prepareGeometryChange()
        self._path = path

    def set_state(self, token: str, flow: Flow) -> None:
        """Show how it stands, and which way something goes."""
        moves = (token, flow.received > 0, flow.sent > 0)
        if moves != (self._token, self._flow.received > 0, self._flow.sent > 0):
            self.update()
        self._token, self._flow = token, flow

    def set_lit(self, is_lit: bool) -> None:
        """Make it stand out, because the mouse is on one of its ends."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self.setZValue(-1 if is_lit else -2)
            self.update()

    def boundingRect(self) -> QRectF:
        pad = _ARROW_WIDE + 2
        return self._path.boundingRect().adjusted(-pad, -pad, pad, pad)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._color(), 1.0)
        if self._token in ("waiting", "broken"):
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._kind.can_receive and self._token not in ("waiting", "broken"):
            self._paint_arrow(painter, 0, self._flow.received > 0, "received")
        if self._kind.can_send and self._token not in ("waiting", "broken"):
            self._paint_arrow(painter, self._path.elementCount() - 1, self._flow.sent > 0, "sent")

    def _color(self) -> QColor:
        if self._is_lit:
            return self.look.color("text")
        if self._token != "received":
            return self.look.color(self._token)
        if self._flow.is_idle:
            return self.look.quiet()
        token = "received" if self._flow.received >= self._flow.sent else "sent"
        return self.look.color(token)

    def _paint_arrow(self, painter: QPainter, element: int, is_live: bool, token: str) -> None:
        """A head that points at an end of the line; lines leave and arrive horizontally."""
        last = self._path.elementCount() - 1
        end, before = (
            self._path.elementAt(element),
            self._path.elementAt(1 if element == 0 else last - 1),
        )
        back = 1.0 if before.x > end.x else -1.0
        tip = QPointF(end.x + back * 1.0, end.y)
        base = tip.x() + back * _ARROW_LONG
        head = QPolygonF(
            [tip, QPointF(base, tip.y() - _ARROW_WIDE), QPointF(base, tip.y() + _ARROW_WIDE)]
        )
        if self._is_lit:
            painter.setBrush(self.look.color("text"))
        else:
            painter.setBrush(self.look.color(token) if is_live else self._color())
        painter.drawPolygon(head)


class RateItem(QGraphicsItem):
    """What goes over a socket, beside where its lines begin: sent above, received below.

    Args:
        kind: The socket's type: which ways anything can go.
        look: Fonts and colours.
    """

    def __init__(self, kind: SocketType, look: Look) -> None:
        super().__init__()
        self.look = look
        self._kind = kind
        self._is_right = True
        self._texts: tuple[str, str] = ("", "")
        self._flow = IDLE
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def place(self, port: QPointF, *, is_right: bool) -> None:
        """Stand beside this port."""
        self._is_right = is_right
        x = port.x() + _LABEL_START if is_right else port.x() - _LABEL_START - _LABEL_WIDTH
        self.setPos(x, port.y())

    def set_flow(self, flow: Flow) -> None:
        """Say what goes over the socket."""
        texts = (
            f"↑ {rate_words(flow.sent)}" if self._kind.can_send else "",
            f"↓ {rate_words(flow.received)}" if self._kind.can_receive else "",
        )
        self._flow = flow
        if texts != self._texts:
            self._texts = texts
            self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(0.0, -_LABEL_HEIGHT - 1, _LABEL_WIDTH, 2 * _LABEL_HEIGHT + 3)

    @property
    def scene_rect(self) -> QRectF:
        """Where its words stand."""
        bottom = _LABEL_HEIGHT if all(self._texts) else 0.0
        return QRectF(0.0, -_LABEL_HEIGHT, _LABEL_WIDTH, _LABEL_HEIGHT + bottom).translated(
            self.pos()
        )

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        sent, received = self._texts
        above, below = (sent, received) if sent and received else (sent or received, "")
        rates = {sent: (self._flow.sent, "sent"), received: (self._flow.received, "received")}
        align = Qt.AlignmentFlag.AlignLeft if self._is_right else Qt.AlignmentFlag.AlignRight
        painter.setFont(self.look.small)
        for text, top in ((above, -_LABEL_HEIGHT - _LABEL_OFF), (below, _LABEL_OFF)):
            if text:
                rate, token = rates[text]
                painter.setPen(self.look.color(token if rate > 0 else "muted"))
                room = QRectF(0.0, top, _LABEL_WIDTH, _LABEL_HEIGHT)
                painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, text)
