"""Paints rows of the topic table straight from their texts. GUI thread."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHeaderView

from zmqscope.core.types import Direction
from zmqscope.models.topics.cells import (
    ARROWS,
    TEXT_COLUMNS,
    TopicCells,
    TopicColumn,
    gone_text_short,
)
from zmqscope.ui.cell_text import CellText
from zmqscope.ui.theme import Theme

ROW_HEIGHT_PX = 23
PADDING_PX = 8

_BAR_PX = 3
_BAR_GAP_PX = 8
_SHARE_CHARS = 6
_TOKENS = {
    TopicColumn.TOPIC: "accent",
    TopicColumn.SOCKET: "text",
    TopicColumn.RATE: "text",
    TopicColumn.MESSAGES: "muted",
    TopicColumn.SHARE: "muted",
    TopicColumn.BYTES: "muted",
    TopicColumn.LAST: "muted",
}


class ColumnSpan(NamedTuple):
    """Where a column is painted, in pixels of the viewport."""

    column: TopicColumn
    left: int
    width: int


def column_spans(header: QHeaderView, dirty: QRect) -> list[ColumnSpan]:
    """The columns that a part of the viewport shows."""
    spans = (
        ColumnSpan(column, header.sectionViewportPosition(column), header.sectionSize(column))
        for column in TopicColumn
    )
    return [s for s in spans if s.left <= dirty.right() and s.left + s.width >= dirty.left()]


class TopicPainter:
    """Knows fonts and colours; made anew when the theme changes.

    Args:
        theme: Where they come from.
    """

    def __init__(self, theme: Theme) -> None:
        self._text = CellText(theme, ROW_HEIGHT_PX)
        self.char_px = self._text.char_px
        self._colors = {column: theme.color(token) for column, token in _TOKENS.items()}
        self._arrows = {
            Direction.RECEIVED: theme.color("received"),
            Direction.SENT: theme.color("sent"),
        }
        self._muted = theme.color("muted")
        self._track = theme.color("border")
        self._selection = theme.color("selection")
        self._focus = theme.color("accent")

    def paint_selection(self, painter: QPainter, line: int, dirty: QRect, *, focused: bool) -> None:
        """The ground of the selected row, with a mark if the keyboard is on it."""
        top = line * ROW_HEIGHT_PX
        painter.fillRect(QRect(dirty.left(), top, dirty.width(), ROW_HEIGHT_PX), self._selection)
        if focused:
            painter.fillRect(QRect(0, top, 2, ROW_HEIGHT_PX), self._focus)

    def paint(
        self, painter: QPainter, rows: list[TopicCells], line: int, spans: list[ColumnSpan]
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
            top = line * ROW_HEIGHT_PX
            for cells in rows:
                self._paint_cell(painter, cells, span, top)
                top += ROW_HEIGHT_PX

    def _paint_cell(self, painter: QPainter, cells: TopicCells, span: ColumnSpan, top: int) -> None:
        left, room = span.left + PADDING_PX, span.width - 2 * PADDING_PX
        if span.column is TopicColumn.SOCKET:
            self._paint_arrow(painter, cells.key.direction, left, room, top)
            taken = round(2 * self.char_px)
            left, room = left + taken, room - taken
        elif span.column is TopicColumn.SHARE:
            taken = self._paint_share(painter, cells.share, left, room, top)
            left, room = left + taken, room - taken
        if room >= self.char_px:
            place = QRect(left, top, room, ROW_HEIGHT_PX)
            painter.setPen(self._color(cells, span))
            text = cells.texts[span.column]
            if span.column is TopicColumn.LAST and cells.is_gone:
                text = text if len(text) * self.char_px <= room else gone_text_short()
            is_right = span.column not in TEXT_COLUMNS
            self._text.paint(painter, text, place, is_right=is_right)

    def _color(self, cells: TopicCells, span: ColumnSpan) -> QColor:
        is_quiet = span.column is TopicColumn.RATE and cells.is_silent
        is_orphan = span.column is TopicColumn.SOCKET and cells.is_orphan
        return self._muted if is_quiet or is_orphan else self._colors[span.column]

    def _paint_arrow(
        self, painter: QPainter, direction: Direction, left: int, room: int, top: int
    ) -> None:
        if room >= self.char_px:
            painter.setPen(self._arrows[direction])
            painter.drawText(left, top + self._text.baseline, ARROWS[direction])

    def _paint_share(self, painter: QPainter, share: float, left: int, room: int, top: int) -> int:
        """A thin bar left of the figure; returns the width that it takes."""
        width = room - ceil(_SHARE_CHARS * self.char_px) - _BAR_GAP_PX
        if width < 2 * _BAR_GAP_PX:
            return 0
        y = top + (ROW_HEIGHT_PX - _BAR_PX) // 2
        painter.fillRect(left, y, width, _BAR_PX, self._track)
        painter.fillRect(left, y, max(1, round(width * share)), _BAR_PX, self._focus)
        return width + _BAR_GAP_PX
