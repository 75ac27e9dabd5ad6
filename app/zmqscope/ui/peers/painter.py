"""Paints rows of a table straight from their texts. GUI thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHeaderView

from zmqscope.models.peers_rows import TableCells, TableColumn
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
        self._font = theme.data_font()
        # As in the message table: shaping plain ASCII costs more than drawing it.
        self._plain = QFont(self._font)
        self._plain.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        self._metrics = QFontMetricsF(self._font)
        self.char_px = self._metrics.horizontalAdvance("0")
        self._baseline = round(
            (ROW_HEIGHT_PX + self._metrics.ascent() - self._metrics.descent()) / 2
        )
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
        painter.setFont(self._plain)
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
                    self._paint_text(painter, cells.texts[span.column], place, is_right=is_right)
                top += ROW_HEIGHT_PX

    def _paint_mark(self, painter: QPainter, token: str, left: int, top: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color(token))
        painter.drawEllipse(QRectF(left, top + (ROW_HEIGHT_PX - _DOT_PX) / 2, _DOT_PX, _DOT_PX))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_text(self, painter: QPainter, text: str, place: QRect, *, is_right: bool) -> None:
        room, is_plain = place.width(), text.isascii()
        if is_plain:
            fits = int(room / self.char_px)
            if len(text) > fits:
                text = text[: fits - 1] + "…"
            width = len(text) * self.char_px
        else:
            # No character is narrower than a third of a digit: measuring more would be in vain.
            bounded = text[: int(room / self.char_px * 3) + 1]
            text = self._metrics.elidedText(bounded, Qt.TextElideMode.ElideRight, float(room))
            width = self._metrics.horizontalAdvance(text)
            painter.setFont(self._font)
        x = place.left() + (room - round(width) if is_right else 0)
        painter.drawText(x, place.top() + self._baseline, text)
        if not is_plain:
            painter.setFont(self._plain)
