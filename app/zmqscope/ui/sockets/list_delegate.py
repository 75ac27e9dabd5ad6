"""Paints a list whose items are a word and a sentence, with sections. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from zmqscope.ui.stylesheet import faint_color
from zmqscope.ui.theme import Theme

MEANING_ROLE = Qt.ItemDataRole.UserRole + 1
"""str: the sentence beside the word."""
SECTION_ROLE = Qt.ItemDataRole.UserRole + 2
"""bool: whether the item is the title of a section."""

_ROW_HEIGHT = 23
_PAD = 8
_RADIUS = 4
_Index = QModelIndex | QPersistentModelIndex


class MeaningDelegate(QStyledItemDelegate):
    """A column of words in the data font, beside it what each means; titles stand alone.

    Args:
        theme: Colours and fonts.
        word_px: Width of the first column.
        parent: The view.
    """

    def __init__(self, theme: Theme, word_px: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._word_px = word_px

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self.width_of(index), _ROW_HEIGHT)

    def width_of(self, index: _Index) -> int:
        """What an item needs."""
        if index.data(SECTION_ROLE):
            metrics = QFontMetrics(self._theme.ui_font(QFont.Weight.DemiBold, 11.5))
            return 2 * _PAD + metrics.horizontalAdvance(_text(index)) + self._meaning_px(index)
        return 2 * _PAD + self._word_px + self._meaning_px(index)

    def _meaning_px(self, index: _Index) -> int:
        metrics = QFontMetrics(self._theme.ui_font())
        return _PAD + metrics.horizontalAdvance(str(index.data(MEANING_ROLE) or ""))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected and not index.data(SECTION_ROLE):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("selection"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), _RADIUS, _RADIUS)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if index.data(SECTION_ROLE):
            self._paint_section(painter, inner, index)
        else:
            self._paint_item(painter, inner, index)
        painter.restore()

    def _paint_section(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        painter.setPen(self._theme.color("muted"))
        painter.setFont(self._theme.ui_font(QFont.Weight.DemiBold, 11.5))
        painter.drawText(rect, _LEFT, _text(index))
        left = painter.fontMetrics().horizontalAdvance(_text(index)) + _PAD
        self._paint_meaning(painter, rect.adjusted(left, 0, 0, 0), index)

    def _paint_item(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        can_be_chosen = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        faint = QColor(faint_color(self._theme.palette))
        painter.setPen(self._theme.color("text") if can_be_chosen else faint)
        painter.setFont(self._theme.data_font())
        painter.drawText(rect, _LEFT, _text(index))
        self._paint_meaning(painter, rect.adjusted(self._word_px + _PAD, 0, 0, 0), index)

    def _paint_meaning(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        painter.setPen(self._theme.color("muted"))
        painter.setFont(self._theme.ui_font())
        words = str(index.data(MEANING_ROLE) or "")
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _LEFT, elided)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _text(index: _Index) -> str:
    return str(index.data() or "")
