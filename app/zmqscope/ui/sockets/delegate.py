"""Paints a socket's row in the list: state, type, name, sparkline, endpoint, rates. GUI thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from zmqscope.core.types import Direction
from zmqscope.models.doctor import finding_words
from zmqscope.models.format import format_rate
from zmqscope.models.sockets import socket_words
from zmqscope.models.sockets.socket_list import SPARK_BINS, SocketItem, SocketRole
from zmqscope.ui.sockets.labels import paint_dot
from zmqscope.ui.theme import Theme

ROW_HEIGHT = 46
_MARGIN = 12
_DOT = 8
_TEXT_LEFT = _MARGIN + _DOT + 9
_LINE_1 = (7, 18)
_LINE_2 = (26, 15)
_SPARK_SIZE = QSize(62, 16)
_GAP = 8
_MARK_STEP = 15
_NARROW = 260
_WIDEST_RATE = "↓ 8.8 M/s"
_WIDEST_SHORT_RATE = "↓ 8.8 M"

_Index = QModelIndex | QPersistentModelIndex


class _Fonts(NamedTuple):
    """Fonts of the row, made once for each theme."""

    name: QFont
    badge: QFont
    data: QFont
    small: QFontMetrics
    rate_width: int
    short_rate_width: int
    badge_metrics: QFontMetrics


class SocketDelegate(QStyledItemDelegate):
    """Draws rows from ``SocketItem`` alone; edits the name in place.

    Args:
        theme: Colours and fonts, read when painting.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = self._make_fonts()
        theme.changed.connect(self.on_theme_changed)

    @Slot()
    def on_theme_changed(self) -> None:
        """Make the fonts anew; the view repaints by itself."""
        self._fonts = self._make_fonts()

    def _make_fonts(self) -> _Fonts:
        name = self._theme.ui_font(QFont.Weight.DemiBold)
        badge = self._theme.data_font(size_px=10.0)
        data = self._theme.data_font(size_px=11.0)
        small = QFontMetrics(data)
        wide = small.horizontalAdvance(_WIDEST_RATE)
        narrow = small.horizontalAdvance(_WIDEST_SHORT_RATE)
        return _Fonts(name, badge, data, small, wide, narrow, QFontMetrics(badge))

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item = index.data(SocketRole.ITEM)
        if not isinstance(item, SocketItem):
            return
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, option)
        self._paint_dot(painter, rect, item)
        self._paint_name_line(painter, rect, item)
        self._paint_endpoint_line(painter, rect, item)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Name of the socket"))
        editor.setToolTip(self.tr("Enter renames the socket, Esc leaves it as it was"))
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        rect: QRect = option.rect
        left = _TEXT_LEFT - 4
        editor.setGeometry(rect.adjusted(left, 3, -_MARGIN, -(ROW_HEIGHT - 28)))

    # ---- parts of the row -------------------------------------------------------------------

    def _paint_ground(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem) -> None:
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, self._theme.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._theme.color("raised"))
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, self._theme.color("border"))
        if selected and state & QStyle.StateFlag.State_HasFocus:
            bar = QRect(rect.left(), rect.top(), 2, rect.height() - 1)
            painter.fillRect(bar, self._theme.color("accent"))

    def _paint_dot(self, painter: QPainter, rect: QRect, item: SocketItem) -> None:
        token = socket_words.state_token(item.snapshot, item.findings)
        top = rect.top() + (rect.height() - 1 - _DOT) / 2
        circle = QRectF(rect.left() + _MARGIN, top, _DOT, _DOT)
        paint_dot(painter, circle, self._theme, token)

    def _paint_name_line(self, painter: QPainter, rect: QRect, item: SocketItem) -> None:
        top, height = rect.top() + _LINE_1[0], _LINE_1[1]
        spark = QRect(
            rect.right() - _MARGIN - _SPARK_SIZE.width() + 1,
            top + 1,
            _SPARK_SIZE.width(),
            _SPARK_SIZE.height(),
        )
        self._paint_spark(painter, spark, item)
        badge = self._paint_badge(painter, QRect(rect.left() + _TEXT_LEFT, top, 0, height), item)
        left, right = badge.right() + 1 + _GAP, spark.left() - _GAP
        right -= _MARK_STEP * (bool(item.findings) + item.paused)
        painter.setFont(self._fonts.name)
        painter.setPen(self._theme.color("text" if item.snapshot.is_open else "muted"))
        room = QRect(left, top, max(0, right - left), height)
        name = socket_words.shown_name(item.snapshot)
        width = _draw_elided(painter, room, name, Qt.TextElideMode.ElideRight)
        self._paint_marks(painter, QRect(left + width + 4, top + 3, 12, 12), item)

    def _paint_marks(self, painter: QPainter, place: QRect, item: SocketItem) -> None:
        """Behind the name: what the doctor has found, and whether the display is paused."""
        if item.findings:
            look = finding_words.look(item.findings[0].severity)
            self._theme.icon(look.icon, look.token).paint(painter, place)
            place = place.translated(_MARK_STEP, 0)
        if item.paused:
            self._theme.icon("pause", "waiting").paint(painter, place)

    def _paint_badge(self, painter: QPainter, place: QRect, item: SocketItem) -> QRect:
        kind = item.snapshot.spec.type
        width = self._fonts.badge_metrics.horizontalAdvance(kind.name) + 12
        badge = QRect(place.left(), place.top() + 1, width, place.height() - 2)
        painter.setPen(QPen(self._theme.color("border"), 1))
        painter.setBrush(self._theme.color("panel"))
        painter.drawRoundedRect(QRectF(badge).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self._fonts.badge)
        painter.setPen(self._theme.color("accent" if kind.can_receive else "sent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, kind.name)
        return badge

    def _paint_spark(self, painter: QPainter, place: QRect, item: SocketItem) -> None:
        traffic = item.traffic
        peak = max(traffic.spark, default=0.0)
        if peak <= 0:
            y = place.bottom() + 0.5
            painter.setPen(QPen(self._theme.color("border"), 1))
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right() + 1, y))
            return
        painter.setPen(QPen(self._spark_color(item), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(_spark_line(place, traffic.spark, peak))

    def _spark_color(self, item: SocketItem) -> QColor:
        sent = item.traffic.spark_direction is Direction.SENT
        return self._theme.color("sent" if sent else "received")

    def _paint_endpoint_line(self, painter: QPainter, rect: QRect, item: SocketItem) -> None:
        top, height = rect.top() + _LINE_2[0], _LINE_2[1]
        painter.setFont(self._fonts.data)
        right = self._paint_rates(painter, rect, item)
        left = rect.left() + _TEXT_LEFT
        line = socket_words.endpoint_line(item.snapshot)
        painter.setPen(self._theme.color("muted"))
        if line.more:
            more = f"+{line.more}"
            width = self._fonts.small.horizontalAdvance(more)
            place = QRect(right - width, top, width, height)
            full = self._fonts.small.horizontalAdvance(f"{line.role} {line.address} ")
            place.moveLeft(min(place.left(), left + full))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, more)
            right = place.left() - 4
        room = QRect(left, top, max(0, right - left), height)
        _draw_elided(painter, room, _endpoint_text(line, room.width(), painter.fontMetrics()))

    def _paint_rates(self, painter: QPainter, rect: QRect, item: SocketItem) -> int:
        """Draw the rates at the right end; returns where the endpoint has to stop."""
        short = rect.width() < _NARROW
        width = self._fonts.short_rate_width if short else self._fonts.rate_width
        right = rect.right() + 1 - _MARGIN
        for rate, arrow, token in (
            (item.sent_per_s, "↑", "sent"),
            (item.received_per_s, "↓", "received"),
        ):
            if rate is None:
                continue
            place = QRect(right - width, rect.top() + _LINE_2[0], width, _LINE_2[1])
            painter.setPen(self._theme.color(token if item.snapshot.is_open else "muted"))
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            words = format_rate(rate).removesuffix("/s") if short else format_rate(rate)
            painter.drawText(place, align, f"{arrow} {words}")
            right -= width + 4
        return right - 2


def _draw_elided(
    painter: QPainter, room: QRect, text: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
) -> int:
    """Draw text in one line, elided if need be; returns the width taken."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, mode, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
    return metrics.horizontalAdvance(shown)


def _endpoint_text(line: socket_words.EndpointLine, width: int, metrics: QFontMetrics) -> str:
    """Role and address; where it is tight, what says least goes first."""
    full = f"{line.role} {line.address}".strip()
    short = f"@{line.address}" if line.is_bind else line.address
    candidates = (full, short, short.replace("tcp://", "", 1))
    return next(
        (text for text in candidates if metrics.horizontalAdvance(text) <= width), candidates[-1]
    )


def _spark_line(place: QRect, values: tuple[float, ...], peak: float) -> QPolygonF:
    """Points of the curve: zero on the lower edge, the peak on the upper one."""
    step = place.width() / (SPARK_BINS - 1)
    scale = (place.height() - 2) / peak
    bottom = place.bottom() + 0.5
    return QPolygonF(
        [QPointF(place.left() + i * step, bottom - value * scale) for i, value in enumerate(values)]
    )
