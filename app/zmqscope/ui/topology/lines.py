"""Lines between nodes of the topology, with arrows, and the rates beside them. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.topology.flow import IDLE, Flow
from zmqscope.models.topology.graph import NodeKey
from zmqscope.models.topology.routes import Curve, Point
from zmqscope.models.topology.words import rate_words
from zmqscope.ui.topology.look import Look

_ARROW_LONG, _ARROW_WIDE = 7.0, 3.2
_LABEL_START, _LABEL_WIDTH, _LABEL_HEIGHT = 16.0, 60.0, 15.0
_LABEL_OFF = 1.0
_NOTHING_GOES = ("waiting", "broken")


class Ends(NamedTuple):
    """What a line joins.

    Attributes:
        socket_id: A socket of this app.
        other: A card, or another socket of this app.
    """

    socket_id: SocketId
    other: NodeKey


class LineLook(NamedTuple):
    """How a line looks.

    Attributes:
        rank: What lies over what.
        rgba: Its colour.
        is_dashed: Whether nothing can go over it now.
    """

    rank: int
    rgba: int
    is_dashed: bool

    @property
    def color(self) -> QColor:
        """Its colour."""
        return QColor.fromRgba(self.rgba)


class LineItem:
    """A line from a socket to whoever is at the other end; painted with all of its socket.

    Args:
        ends: What it joins.
        kind: The socket's type: which ways anything can go.
        look: Fonts and colours.

    Attributes:
        path: Where it runs.
        bounds: What it takes, with its arrows.
        start: Where it begins, at the socket.
        curves: How it goes on from there.
        changed: Called when it looks or runs another way.
    """

    def __init__(self, ends: Ends, kind: SocketType, look: Look) -> None:
        self.ends = ends
        self.look = look
        self.changed: Callable[..., None] = _nobody
        self.path = QPainterPath()
        self.bounds = QRectF()
        self.start = Point(0.0, 0.0)
        self.curves: tuple[Curve, ...] = ()
        self._kind = kind
        self._token = "received"
        self._flow = IDLE
        self._is_lit = False

    def set_route(self, start: Point, curves: Sequence[Curve]) -> None:
        """Run along these curves."""
        path = QPainterPath(QPointF(*start))
        for curve in curves:
            add_curve(path, curve)
        self.path, self.start, self.curves = path, start, tuple(curves)
        pad = _ARROW_WIDE + 2
        self.bounds = path.boundingRect().adjusted(-pad, -pad, pad, pad)
        self.changed(is_led=True)

    def set_state(self, token: str, flow: Flow) -> None:
        """Show how it stands, and which way something goes."""
        before = self._signs()
        self._token, self._flow = token, flow
        if self._signs() != before:
            self.changed()

    def _signs(self) -> tuple[str, bool, bool, bool]:
        received, sent = self._flow
        return (self._token, received > 0, sent > 0, received >= sent)

    def set_look(self, look: Look) -> None:
        """Take the new colours."""
        self.look = look
        self.changed()

    @property
    def is_lit(self) -> bool:
        """Whether it stands out, because the mouse is on one of its ends."""
        return self._is_lit

    def set_lit(self, is_lit: bool) -> None:
        """Make it stand out, or no longer."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self.changed()

    def line_look(self) -> LineLook:
        """How it looks now."""
        is_dashed = self._token in _NOTHING_GOES
        return LineLook(self._rank(), self._color().rgba(), is_dashed)

    def _rank(self) -> int:
        if self._is_lit:
            return 2
        return 0 if self._token == "received" and self._flow.is_idle else 1

    def _color(self) -> QColor:
        if self._is_lit:
            return self.look.color("text")
        if self._token != "received":
            return self.look.color(self._token)
        if self._flow.is_idle:
            return self.look.quiet()
        token = "received" if self._flow.received >= self._flow.sent else "sent"
        return self.look.color(token)

    def heads(self) -> list[Head]:
        """Its arrows: at the socket for what comes in, at the other end for what goes out."""
        if self._token in _NOTHING_GOES or self.path.isEmpty():
            return []
        last = self.path.elementCount() - 1
        found = []
        if self._kind.can_receive:
            found.append(self._head(0, 1, self._flow.received > 0, "received"))
        if self._kind.can_send:
            found.append(self._head(last, last - 1, self._flow.sent > 0, "sent"))
        return found

    def _head(self, element: int, neighbour: int, is_live: bool, token: str) -> Head:
        end, before = self.path.elementAt(element), self.path.elementAt(neighbour)
        back = 1.0 if before.x > end.x else -1.0
        is_colored = is_live and not self._is_lit
        color = self.look.color(token) if is_colored else self._color()
        rank = 2 if self._is_lit else int(is_live)
        return Head(end.x, end.y, back, rank, color.rgba())


class Head(NamedTuple):
    """An arrow's head at the end of a line; lines leave and arrive horizontally.

    Attributes:
        x: Where it points at.
        y: Where it points at.
        back: The way back along the line: 1 to the right, -1 to the left.
        rank: What lies over what.
        rgba: Its colour.
    """

    x: float
    y: float
    back: float
    rank: int
    rgba: int


def add_curve(path: QPainterPath, curve: Curve) -> None:
    """Go on along a curve."""
    if curve.is_line:
        path.lineTo(QPointF(*curve.end))
    else:
        path.cubicTo(QPointF(*curve.first), QPointF(*curve.second), QPointF(*curve.end))


def paint_heads(painter: QPainter, lines: Iterable[LineItem]) -> None:
    """Paint the arrows of lines; where several end, the one that lies over the others."""
    heads: dict[tuple[float, float], Head] = {}
    for head in (head for line in lines for head in line.heads()):
        there = heads.get((head.x, head.y))
        if there is None or head.rank > there.rank:
            heads[head.x, head.y] = head
    painter.setPen(Qt.PenStyle.NoPen)
    for head in heads.values():
        tip = QPointF(head.x + head.back, head.y)
        base = tip.x() + head.back * _ARROW_LONG
        painter.setBrush(QColor.fromRgba(head.rgba))
        painter.drawPolygon(
            QPolygonF(
                [tip, QPointF(base, tip.y() - _ARROW_WIDE), QPointF(base, tip.y() + _ARROW_WIDE)]
            )
        )


def _nobody(**_news: bool) -> None:
    """Whom a line tells that is in no bundle."""


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
