"""The frame around the nodes of a lane of the topology, with its title. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from zmqscope.models.topology.graph import Lane
from zmqscope.models.topology.words import lane_title
from zmqscope.ui.topology.look import RADIUS, Look, crisp

_PAD, _TITLE = 14.0, 24.0


class FrameItem(QGraphicsItem):
    """The frame of a lane, with its title.

    Args:
        lane: Which one.
        look: Fonts and colours.
    """

    def __init__(self, lane: Lane, look: Look) -> None:
        super().__init__()
        self._lane = lane
        self.look = look
        self._rect = QRectF()
        self.setZValue(-3)

    def surround(self, rects: list[QRectF]) -> None:
        """Frame these nodes; none hides it."""
        self.setVisible(bool(rects))
        if not rects:
            return
        whole = rects[0]
        for rect in rects[1:]:
            whole = whole.united(rect)
        pad = _PAD
        framed = whole.adjusted(-pad, -pad - _TITLE + 6, pad, pad)
        if framed != self._rect:
            self.prepareGeometryChange()
            self._rect = framed

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-1, -1, 1, 1)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        look = self.look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("border"), 1.0))
        painter.setBrush(look.color("window"))
        painter.drawRoundedRect(crisp(self._rect), RADIUS, RADIUS)
        painter.setFont(look.title)
        painter.setPen(look.color("muted"))
        place = QRectF(self._rect.left() + _PAD, self._rect.top() + 6, 300.0, 18.0)
        painter.drawText(
            place,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            lane_title(self._lane),
        )
