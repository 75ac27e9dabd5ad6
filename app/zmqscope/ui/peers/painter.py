"""Paints rows of a table straight from their texts. GUI thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHeaderView

from zmqscope.models.peers.rows import TableCells, TableColumn
from zmqscope.ui.cell_text import CellText
from zmqscope.ui.theme import Theme

ROW_HEIGHT_PX = 23
PADDING_PX = 8

_DOT_PX = 6
_DOT_ROOM_PX = 14


class ColumnSpan(NamedTuple):
    """Where a column is painted, in pixels of the viewport."""

    column: int
    left: int
    width: int


def column_spans(header: QHeaderView, dirty: QRect) -> list[ColumnSpan]:
    """The columns that a part of the viewport shows."""
    spans = (
        ColumnSpan(column, header.sectionViewportPosition(column), header.sectionSize(column))
        for column in range(header.count())
        if not header.isSectionHidden(column)
    )
    return [s for s in spans if s.left <= dirty.right() and s.left + s.width >= dirty.left()]


class CellPainter:
    """Knows fonts and colours; made anew when the theme changes.

    Args:
        theme: Where they come from.
        columns: What is painted.
    """

    def __init__(self, theme: Theme, columns: tuple[TableColumn, ...]) -> None:
        self._theme = theme
        self._columns = columns
        self._text = CellText(theme, ROW_HEIGHT_PX)
        self.char_px = self._text.char_px
        self._colors: dict[str, QColor] = {}

    def _color(self, token: str) -> QColor:
        if token not in self._colors:
            self._colors[token] = self._theme.color(token)
        return self._colors[token]

    def paint_selection(self, painter: QPainter, line: int, dirty: QRect) -> None:
        """The ground of a selected row."""
        top = line * ROW_HEIGHT_PX
        place = QRect(dirty.left(), top, dirty.width(), ROW_HEIGHT_PX)
        painter.fillRect(place, self._color("selection"))

    def paint_focus(self, painter: QPainter, line: int) -> None:
        """The mark of the row that the keyboard is on."""
        painter.fillRect(QRect(0, line * ROW_HEIGHT_PX, 2, ROW_HEIGHT_PX), self._color("accent"))

    def paint(
        self, painter: QPainter, rows: list[TableCells], line: int, spans: list[ColumnSpan]
    ) -> None:
        """Paint rows one below the other.

        Args:
            painter: On the viewport.
            rows: Their texts.
            line: The line of the viewport that the first row stands on.
            spans: The columns to paint.
        """
        self._text.begin(painter)
        for span in spans:
            is_right = self._columns[span.column].is_figure
            top = line * ROW_HEIGHT_PX
            for cells in rows:
                left, room = span.left + PADDING_PX, span.width - 2 * PADDING_PX
                if span.column == 0 and cells.mark:
                    self._paint_mark(painter, cells.mark, left, top)
                    left, room = left + _DOT_ROOM_PX, room - _DOT_ROOM_PX
                if room >= self.char_px:
                    painter.setPen(self._color(cells.tokens[span.column]))
                    place = QRect(left, top, room, ROW_HEIGHT_PX)
                    self._text.paint(painter, cells.texts[span.column], place, is_right=is_right)
                top += ROW_HEIGHT_PX

    def _paint_mark(self, painter: QPainter, token: str, left: int, top: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color(token))
        painter.drawEllipse(QRectF(left, top + (ROW_HEIGHT_PX - _DOT_PX) / 2, _DOT_PX, _DOT_PX))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
