"""Paints what a search has found: the ground of rows, a line below the text. GUI thread."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from zmqscope.models.messages.cells import RowCells
from zmqscope.models.messages.find_marks import MarkFinder
from zmqscope.ui.messages.painter import PADDING_PX, ROW_HEIGHT_PX, ColumnSpan
from zmqscope.ui.stylesheet import hit_color
from zmqscope.ui.theme import Theme

_LINE_PX = 2
_LINE_TOP_PX = ROW_HEIGHT_PX - 4


class HitPainter:
    """Knows the colours; made anew when the theme changes.

    Args:
        theme: Where they come from.
    """

    def __init__(self, theme: Theme) -> None:
        self._metrics = QFontMetricsF(theme.data_font())
        self._char_px = self._metrics.horizontalAdvance("0")
        self._ground = QColor(hit_color(theme.palette))
        self._line = theme.color("accent")

    def paint_ground(
        self,
        painter: QPainter,
        rows: list[RowCells | None],
        line: int,
        hits: Collection[int],
        dirty: QRect,
    ) -> None:
        """The ground of those rows that are hits.

        Args:
            painter: On the viewport.
            rows: The rows of the viewport from ``line`` on.
            line: The line of the viewport that the first one stands on.
            hits: Row ids.
            dirty: The part of the viewport to be painted.
        """
        for offset, cells in enumerate(rows):
            if cells is not None and cells.row in hits:
                top = (line + offset) * ROW_HEIGHT_PX
                ground = QRect(dirty.left(), top, dirty.width(), ROW_HEIGHT_PX)
                painter.fillRect(ground, self._ground)

    def paint_lines(
        self,
        painter: QPainter,
        rows: list[RowCells | None],
        line: int,
        spans: list[ColumnSpan],
        finder: MarkFinder,
    ) -> None:
        """A line below what was searched for, where it can be seen.

        Args:
            painter: On the viewport.
            rows: The rows of the viewport from ``line`` on; nothing is painted for None.
            line: The line of the viewport that the first one stands on.
            spans: Where columns stand.
            finder: Knows where it stands in the texts.
        """
        places = {span.column: span for span in spans}
        for offset, cells in enumerate(rows):
            if cells is None:
                continue
            top = (line + offset) * ROW_HEIGHT_PX + _LINE_TOP_PX
            for mark in finder.marks(cells):
                if mark.column in places:
                    span, text = places[mark.column], cells.texts[mark.column]
                    left = self._width(text[: mark.start])
                    right = left + self._width(text[mark.start : mark.start + mark.length])
                    right = min(right, span.width - 2 * PADDING_PX)
                    if right > left:
                        x = span.left + PADDING_PX + round(left)
                        painter.fillRect(x, top, round(right - left), _LINE_PX, self._line)

    def _width(self, text: str) -> float:
        if text.isascii():
            return len(text) * self._char_px
        return self._metrics.horizontalAdvance(text)
