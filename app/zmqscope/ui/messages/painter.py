"""Paints rows of the message table straight from their texts. GUI thread.

Cell by cell through a delegate, a repaint of 40 rows makes two thousand calls of ``data``.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHeaderView

from zmqscope.core.types import Direction
from zmqscope.models.messages.cells import Column, RowCells
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.ui.theme import Theme

ROW_HEIGHT_PX = 23
PADDING_PX = 8

_RIGHT = (Column.NUMBER, Column.FRAMES, Column.SIZE)
_TOKENS = {
    Column.NUMBER: "muted",
    Column.TIME: "muted",
    Column.SOCKET: "text",
    Column.TOPIC: "accent",
    Column.FRAMES: "muted",
    Column.SIZE: "muted",
    Column.PAYLOAD: "text",
}
_ELLIPSIS = "…"


class ColumnSpan(NamedTuple):
    """Where a column is painted, in pixels of the viewport."""

    column: Column
    left: int
    width: int


def column_spans(header: QHeaderView, dirty: QRect) -> list[ColumnSpan]:
    """The columns that a part of the viewport shows."""
    spans = (
        ColumnSpan(column, header.sectionViewportPosition(column), header.sectionSize(column))
        for column in Column
        if not header.isSectionHidden(column)
    )
    return [s for s in spans if s.left <= dirty.right() and s.left + s.width >= dirty.left()]


class RowPainter:
    """Knows fonts and colours; made anew when the theme changes.

    Args:
        theme: Where they come from.
    """

    def __init__(self, theme: Theme) -> None:
        self._font = theme.data_font()
        # Foreign scripts need shaping; ASCII in a monospaced font does not, and shaping it costs
        # more than drawing it and would turn -> and != into ligatures.
        self._plain = QFont(self._font)
        self._plain.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        self._metrics = QFontMetricsF(self._font)
        self.char_px = self._metrics.horizontalAdvance("0")
        self._baseline = round(
            (ROW_HEIGHT_PX + self._metrics.ascent() - self._metrics.descent()) / 2
        )
        self._colors = {column: theme.color(token) for column, token in _TOKENS.items()}
        self._arrows = {
            Direction.RECEIVED: theme.color("received"),
            Direction.SENT: theme.color("sent"),
        }
        self._muted = theme.color("muted")
        self._selection = theme.color("selection")
        self._focus = theme.color("accent")

    def paint_selection(self, painter: QPainter, line: int, count: int, dirty: QRect) -> None:
        """The ground of so many selected rows from a line of the viewport on."""
        if count > 0:
            top, height = line * ROW_HEIGHT_PX, count * ROW_HEIGHT_PX
            painter.fillRect(QRect(dirty.left(), top, dirty.width(), height), self._selection)

    def paint_current(self, painter: QPainter, line: int) -> None:
        """The mark of the row that the keyboard is on."""
        painter.fillRect(QRect(0, line * ROW_HEIGHT_PX, 2, ROW_HEIGHT_PX), self._focus)

    def paint(
        self, painter: QPainter, rows: list[RowCells | None], line: int, spans: list[ColumnSpan]
    ) -> None:
        """Paint rows one below the other.

        Args:
            painter: On the viewport.
            rows: Their texts; nothing is painted for None.
            line: The line of the viewport that the first row stands on.
            spans: The columns to paint.
        """
        painter.setFont(self._plain)
        top = line * ROW_HEIGHT_PX
        for span in spans:
            if span.column is Column.DIRECTION:
                self._paint_arrows(painter, rows, top, span)
            else:
                self._paint_column(painter, rows, top, span)

    def _paint_arrows(
        self, painter: QPainter, rows: list[RowCells | None], top: int, span: ColumnSpan
    ) -> None:
        left = span.left + round((span.width - self.char_px) / 2)
        if span.width < self.char_px:
            return
        for direction, color in self._arrows.items():
            painter.setPen(color)
            baseline = top + self._baseline
            for cells in rows:
                if cells is not None and cells.direction is direction:
                    painter.drawText(left, baseline, cells.texts[Column.DIRECTION])
                baseline += ROW_HEIGHT_PX

    def _paint_column(
        self, painter: QPainter, rows: list[RowCells | None], top: int, span: ColumnSpan
    ) -> None:
        room = span.width - 2 * PADDING_PX
        fits = int(room / self.char_px)
        if fits < 1:
            return
        column, char_px, left = span.column, self.char_px, span.left + PADDING_PX
        right = left + room if column in _RIGHT else 0
        color = self._colors[column]
        painter.setPen(color)
        baseline = top + self._baseline
        for cells in rows:
            if cells is not None:
                text = cells.texts[column]
                if not text.isascii():
                    at = QPoint(left, baseline)
                    self._paint_foreign(painter, text, at, room, color)
                else:
                    if len(text) > fits:
                        text = text[: fits - 1] + _ELLIPSIS
                    x = right - round(len(text) * char_px) if right else left
                    painter.drawText(x, baseline, text)
            baseline += ROW_HEIGHT_PX

    def _paint_foreign(
        self, painter: QPainter, text: str, at: QPoint, room: int, color: QColor
    ) -> None:
        if text == NOTHING:
            painter.setPen(self._muted)
            painter.drawText(at, text)
            painter.setPen(color)
            return
        # No character is narrower than a third of a digit: measuring more would be in vain.
        bounded = text[: int(room / self.char_px * 3) + 1]
        painter.setFont(self._font)
        painter.drawText(
            at, self._metrics.elidedText(bounded, Qt.TextElideMode.ElideRight, float(room))
        )
        painter.setFont(self._plain)
