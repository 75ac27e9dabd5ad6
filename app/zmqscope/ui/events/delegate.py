"""Paints a line of the event list: when, where, what, how often. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from zmqscope.core.events import EventKind
from zmqscope.core.types import Severity
from zmqscope.models.events.events import EventRole
from zmqscope.models.events.words import SEVERITY_TOKENS, Event, kind_word, shown_address
from zmqscope.models.format import format_clock_time, format_count, one_line
from zmqscope.ui.theme import Theme

ROW_PX = 24
_MARGIN_PX = 12
_DOT_PX = 7
_GAP_PX = 14
_SOCKET_PX = 110
_KIND_PX = 48
# Below these widths milliseconds, the kind, and since when something counts are left out.
_WITH_MS_PX = 480
_WITH_KIND_PX = 620
_WITH_SINCE_PX = 760

_Index = QModelIndex | QPersistentModelIndex


class EventDelegate(QStyledItemDelegate):
    """Draws lines from ``Event`` alone.

    Args:
        theme: Colours and fonts, read when painting.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text_font = theme.ui_font()
        self._name_font = theme.ui_font(QFont.Weight.DemiBold)
        self._data_font = theme.data_font(size_px=11.5)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        event = index.data(EventRole.EVENT)
        if not isinstance(event, Event):
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._theme.color("raised"))
        room = QRect(rect).adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        self._paint_dot(painter, room, self._theme.color(SEVERITY_TOKENS[event.line.severity]))
        self._paint_time(painter, room, event, 3 if rect.width() >= _WITH_MS_PX else 0)
        self._paint_count(painter, room, event, has_since=rect.width() >= _WITH_SINCE_PX)
        if rect.width() >= _WITH_KIND_PX:
            self._paint_kind(painter, room, event)
        self._paint_socket(painter, room, event, rect.width())
        self._paint_words(painter, room, event)
        painter.restore()

    def _paint_dot(self, painter: QPainter, room: QRect, color: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        top = room.top() + (room.height() - _DOT_PX) / 2
        painter.drawEllipse(QRectF(room.left(), top, _DOT_PX, _DOT_PX))
        room.setLeft(room.left() + _DOT_PX + _GAP_PX - 4)

    def _paint_time(self, painter: QPainter, room: QRect, event: Event, digits: int) -> None:
        painter.setFont(self._data_font)
        words = format_clock_time(event.line.last_ns, digits)
        taken = self._draw(painter, room, words, "muted")
        room.setLeft(room.left() + taken + _GAP_PX)

    def _paint_count(
        self, painter: QPainter, room: QRect, event: Event, *, has_since: bool
    ) -> None:
        line = event.line
        if line.count < 2:
            return
        painter.setFont(self._data_font)
        words = f"× {format_count(line.count)}"
        if has_since:
            since = QCoreApplication.translate("Events", "since {time}")
            words = f"{words} {since.format(time=format_clock_time(line.first_ns, 0))}"
        # A pixel more: what fits exactly would be elided.
        width = painter.fontMetrics().horizontalAdvance(words) + 1
        place = QRect(room.right() + 1 - width, room.top(), width, room.height())
        self._draw(painter, place, words, "muted")
        room.setRight(place.left() - _GAP_PX)

    def _paint_kind(self, painter: QPainter, room: QRect, event: Event) -> None:
        painter.setFont(self._text_font)
        place = QRect(room.left(), room.top(), _KIND_PX, room.height())
        self._draw(painter, place, kind_word(event.line.kind), "muted")
        room.setLeft(place.right() + 1 + _GAP_PX)

    def _paint_socket(self, painter: QPainter, room: QRect, event: Event, whole_px: int) -> None:
        painter.setFont(self._name_font)
        width = min(_SOCKET_PX, whole_px // 5)
        place = QRect(room.left(), room.top(), width, room.height())
        self._draw(painter, place, one_line(event.socket_name), "text")
        room.setLeft(place.right() + 1 + _GAP_PX)

    def _paint_words(self, painter: QPainter, room: QRect, event: Event) -> None:
        line, text_font, data_font = event.line, self._text_font, self._data_font
        is_calm = line.severity is Severity.INFO or line.kind is EventKind.MONITOR
        token = "text" if is_calm else SEVERITY_TOKENS[line.severity]
        for words, font, color in (
            (one_line(line.text), text_font, token),
            (shown_address(line), data_font, "muted"),
            (one_line(line.hint), text_font, "muted"),
        ):
            if not words or room.width() < 3 * _GAP_PX:
                continue
            painter.setFont(font)
            taken = self._draw(painter, room, words, color)
            room.setLeft(room.left() + taken + 8)

    def _draw(self, painter: QPainter, place: QRect, words: str, token: str) -> int:
        """Draw in one line, its end elided if need be; returns the width taken."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(self._theme.color(token))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)
