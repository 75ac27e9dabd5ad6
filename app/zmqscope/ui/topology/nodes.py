"""Nodes of the topology: sockets of this app, and cards of all others. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from zmqscope.core.types import SocketId, SocketSnapshot
from zmqscope.models.doctor import finding_words
from zmqscope.models.sockets import socket_words
from zmqscope.models.topology.air import (
    CARD_WIDTH,
    HEAD_HEIGHT,
    ROW_HEIGHT,
    SOCKET_HEIGHT,
    SOCKET_WIDTH,
)
from zmqscope.models.topology.flow import IDLE, Flow
from zmqscope.models.topology.graph import Card, Graph, NodeKind, Row, socket_key
from zmqscope.models.topology.layout import card_height
from zmqscope.models.topology.words import (
    CardWords,
    RowWords,
    address_line,
    card_tip,
    card_words,
    rate_words,
    row_words,
    socket_tip,
    spoken_card,
    spoken_socket,
)
from zmqscope.ui.topology.look import Look, crisp
from zmqscope.ui.topology.node import DOT, ICON_PX, PAD, NodeItem

_LEAST_DETAIL = 38.0


class SocketItem(NodeItem):
    """A socket of this app.

    Args:
        socket: The socket.
        graph: What is found about it.
        look: Fonts and colours.
        moved: Called with the item while the user moves it.
        pointed: Called with the item and whether the mouse is on it.
    """

    def __init__(
        self,
        socket: SocketSnapshot,
        graph: Graph,
        look: Look,
        moved: Callable[[NodeItem], None],
        pointed: Callable[[NodeItem, bool], None],
    ) -> None:
        super().__init__(socket_key(socket.socket_id), look, moved, pointed)
        self.socket = socket
        self.graph = graph
        self.flow = IDLE
        self.set_socket(socket, graph)

    @property
    def size(self) -> tuple[float, float]:
        return SOCKET_WIDTH, SOCKET_HEIGHT

    def set_socket(self, socket: SocketSnapshot, graph: Graph) -> None:
        """Show it as it is now."""
        before = self.graph.findings.get(socket.socket_id)
        is_other = socket != self.socket or before != graph.findings.get(socket.socket_id)
        self.socket, self.graph = socket, graph
        if is_other:
            self.update()

    def tip(self) -> str:
        return socket_tip(self.socket, self.graph)

    def spoken(self) -> str:
        return spoken_socket(self.socket, self.graph, self.flow)

    def port(self, socket_id: SocketId, *, is_right: bool) -> QPointF:
        return self.pos() + QPointF(SOCKET_WIDTH if is_right else 0.0, SOCKET_HEIGHT / 2)

    def _paint_content(self, painter: QPainter) -> None:
        look, socket = self.look, self.socket
        findings = self.graph.findings.get(socket.socket_id, ())
        self._paint_dot(painter, SOCKET_HEIGHT / 2, socket_words.state_token(socket, findings))
        left, right = PAD + DOT + 9.0, SOCKET_WIDTH - PAD
        if findings:
            mark = finding_words.look(findings[0].severity)
            self._paint_icon(painter, mark.icon, mark.token, right - ICON_PX + 2, 7.0)
            right -= ICON_PX + 4
        kind = socket.spec.type
        badge = QRectF(left, 6.0, look.width(look.badge, kind.name) + 12.0, 16.0)
        painter.setPen(look.pen("border"))
        painter.setBrush(look.color("panel"))
        painter.drawRoundedRect(crisp(badge), 4.0, 4.0)
        painter.setFont(look.badge)
        painter.setPen(look.color("accent" if kind.can_receive else "sent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, kind.name)
        room = QRectF(badge.right() + 7.0, 5.0, right - badge.right() - 7.0, 18.0)
        token = "text" if socket.is_open else "muted"
        self._draw(painter, room, socket_words.shown_name(socket), look.name, token)
        below = QRectF(left, 24.0, SOCKET_WIDTH - PAD - left, 15.0)
        text = address_line(socket)
        if look.width(look.data, text) > below.width():
            text = text.replace("tcp://", "", 1)
        self._draw(painter, below, text, look.data, "muted")


class CardItem(NodeItem):
    """Whoever is at the other end, with a row for each socket of this app.

    Args:
        card: The card.
        graph: Names of the sockets.
        look: Fonts and colours.
        moved: Called with the item while the user moves it.
        pointed: Called with the item and whether the mouse is on it.
    """

    def __init__(
        self,
        card: Card,
        graph: Graph,
        look: Look,
        moved: Callable[[NodeItem], None],
        pointed: Callable[[NodeItem, bool], None],
    ) -> None:
        super().__init__(card.key, look, moved, pointed)
        self.card = card
        self.graph = graph
        self._flows: dict[SocketId, Flow | None] = {}
        self._words: tuple[CardWords, tuple[RowWords, ...]] | None = None
        self.set_card(card, graph)

    @property
    def size(self) -> tuple[float, float]:
        return CARD_WIDTH, card_height(len(self.card.rows))

    def set_card(self, card: Card, graph: Graph) -> None:
        """Show it as it is now."""
        if len(card.rows) != len(self.card.rows):
            self.prepareGeometryChange()
        self.card, self.graph = card, graph
        words = (card_words(card), tuple(row_words(card, row) for row in card.rows))
        if words != self._words:
            self._words = words
            self.update()

    def tip(self) -> str:
        return card_tip(self.card, self.graph)

    def set_flow(self, socket_id: SocketId, flow: Flow | None) -> None:
        """Show what goes over a row."""
        if self._flows.get(socket_id) != flow:
            self._flows[socket_id] = flow
            self.update()

    def spoken(self) -> str:
        return spoken_card(self.card, self.graph)

    def port(self, socket_id: SocketId, *, is_right: bool) -> QPointF:
        numbers = [row.socket_id for row in self.card.rows]
        number = numbers.index(socket_id) if socket_id in numbers else 0
        y = HEAD_HEIGHT + (number + 0.5) * ROW_HEIGHT
        return self.pos() + QPointF(CARD_WIDTH if is_right else 0.0, y)

    @property
    def _is_dashed(self) -> bool:
        return self.card.is_absent or self.card.kind is NodeKind.MORE

    def _paint_content(self, painter: QPainter) -> None:
        if self._words is None:
            return
        look, (words, rows) = self.look, self._words
        self._paint_icon(painter, words.icon, "muted", PAD - 2, 6.0)
        left, right = PAD + ICON_PX + 4.0, CARD_WIDTH - PAD
        font = look.data if words.is_data else look.name
        detail = look.width(look.data, words.detail) + 8.0 if words.detail else 0.0
        room = QRectF(left, 2.0, right - left - detail, HEAD_HEIGHT - 3.0)
        token = "muted" if self._is_dashed else "text"
        taken = self._draw(painter, room, words.title, font, token)
        if words.detail:
            place = QRectF(left + taken + 8.0, 3.0, detail, HEAD_HEIGHT - 3.0)
            self._draw(painter, place, words.detail, look.data, "muted")
        for number, (row, said) in enumerate(zip(self.card.rows, rows, strict=True)):
            self._paint_row(painter, HEAD_HEIGHT + number * ROW_HEIGHT, row, said)

    def _paint_row(self, painter: QPainter, top: float, row: Row, words: RowWords) -> None:
        look = self.look
        self._paint_dot(painter, top + ROW_HEIGHT / 2, words.token)
        left, right = PAD + ICON_PX + 4.0, CARD_WIDTH - PAD
        right = self._paint_flow(painter, top, right, self._flows.get(row.socket_id))
        token = words.token if row.is_absent else "text"
        room = QRectF(left, top, right - left, ROW_HEIGHT)
        left += self._draw(painter, room, words.text, look.small, token) + 7.0
        if words.detail and right - left >= _LEAST_DETAIL:
            room = QRectF(left, top, right - left, ROW_HEIGHT)
            self._draw(painter, room, words.detail, look.small, "muted")

    def _paint_flow(self, painter: QPainter, top: float, right: float, flow: Flow | None) -> float:
        """What goes over a row, at its right end; returns where its texts have to stop."""
        if flow is None or flow.is_idle:
            return right
        for rate, arrow, token in ((flow.sent, "↑", "sent"), (flow.received, "↓", "received")):
            if rate <= 0:
                continue
            text = f"{arrow} {rate_words(rate).removesuffix('/s')}"
            width = self.look.width(self.look.small, text)
            room = QRectF(right - width - 1, top, width + 1, ROW_HEIGHT)
            self._draw(painter, room, text, self.look.small, token, is_right=True)
            right -= width + 7.0
        return right
