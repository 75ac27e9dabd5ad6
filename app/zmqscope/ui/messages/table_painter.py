"""Paints a part of the message table, layer by layer. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from zmqscope.models.messages.cells import RowCells
from zmqscope.models.messages.find_marks import MarkFinder
from zmqscope.ui.messages.marks import HitPainter
from zmqscope.ui.messages.painter import ColumnSpan, RowPainter
from zmqscope.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a part of the viewport; lines count from its top.

    Attributes:
        rows: Texts of the rows; None for those that have just gone.
        line: The line of the first row.
        hits: Row ids of those that a search has found.
        selected: First and one past the last line of each selected stretch, wherever it is.
        current: The line that the keyboard is on; None if it is on none of these.
        spans: The columns.
    """

    rows: list[RowCells | None]
    line: int
    hits: set[int]
    selected: list[tuple[int, int]]
    current: int | None
    spans: list[ColumnSpan]


class TablePainter:
    """Knows fonts and colours; made anew when the theme changes.

    Args:
        theme: Where they come from.
        marks: See below.

    Attributes:
        marks: What to mark in rows that a search has found.
    """

    def __init__(self, theme: Theme, marks: MarkFinder) -> None:
        self._rows = RowPainter(theme)
        self._hits = HitPainter(theme)
        self.marks = marks

    def paint(self, painter: QPainter, dirty: QRect, content: Content, *, grounds: bool) -> None:
        """Paint rows.

        Args:
            painter: On the viewport.
            dirty: The part of the viewport.
            content: What stands there.
            grounds: Whether hits stand on a ground of their own.
        """
        rows, line, hits = content.rows, content.line, content.hits
        if grounds:
            self._hits.paint_ground(painter, rows, line, hits, dirty)
        for low, high in content.selected:
            top, end = max(low, line), min(high, line + len(rows))
            self._rows.paint_selection(painter, top, end - top, dirty)
        if content.current is not None:
            self._rows.paint_current(painter, content.current)
        self._rows.paint(painter, rows, line, content.spans)
        found = [cells if cells is not None and cells.row in hits else None for cells in rows]
        self._hits.paint_lines(painter, found, line, content.spans, self.marks)
