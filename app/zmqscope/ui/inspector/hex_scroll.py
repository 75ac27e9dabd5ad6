"""Lines of bytes that scroll: as many to a line as fit, any number of lines. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from zmqscope.models.hex.grid import HexGrid, Place, Side, fit_bytes
from zmqscope.models.hex.model import HexModel
from zmqscope.models.hex.offset import OffsetBase
from zmqscope.ui.inspector.hex_painter import LINE_PX

MARGIN_PX = 12
"""Left of the offsets, and right of the characters."""
# What a scroll bar can count: 8 GiB in lines of four bytes.
_MAX_LINES = 2**31 - 1


class HexScroll(QAbstractScrollArea):
    """Knows which byte stands where; scrolls by lines, so that no number of pixels limits it.

    Args:
        char_px: Width of a character.
    """

    def __init__(self, char_px: float) -> None:
        super().__init__()
        self._char_px = char_px
        self._model = HexModel(b"")
        self._grid = HexGrid(self._model.bytes_per_line, self._model.offset_digits, char_px)

    @property
    def model(self) -> HexModel:
        """The lines."""
        return self._model

    @property
    def grid(self) -> HexGrid:
        """Where bytes stand in a line, from ``MARGIN_PX`` on."""
        return self._grid

    @property
    def data(self) -> bytes:
        """The bytes."""
        return self._model.data

    def set_bytes(self, data: bytes) -> None:
        """Have other bytes; where one is, one stays."""
        self._model = HexModel(data, self._model.bytes_per_line, self._model.base)

    def set_offset_base(self, base: OffsetBase) -> None:
        """Write offsets so from now on."""
        self._model.base = base
        self.fit()

    @property
    def lines(self) -> range:
        """The lines in sight, the last perhaps in part."""
        first, height = self.verticalScrollBar().value(), self.viewport().height()
        return range(first, min(self._model.line_count, first + height // LINE_PX + 1))

    # ---- scrolling --------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()

    def fit(self) -> None:
        """As many bytes to a line as there is room for; the first byte in sight stays in sight."""
        model, bar, char_px = self._model, self.verticalScrollBar(), self._char_px
        first = bar.value() * model.bytes_per_line
        size, digits = self.viewport().size(), model.offset_digits
        model.bytes_per_line = fit_bytes(size.width() - 2 * MARGIN_PX, digits, char_px)
        self._grid = HexGrid(model.bytes_per_line, digits, char_px)
        page = max(1, size.height() // LINE_PX)
        bar.setPageStep(page)
        bar.setRange(0, max(0, min(model.line_count - page, _MAX_LINES)))
        bar.setValue(first // model.bytes_per_line)
        width = round(self._grid.width) + 2 * MARGIN_PX
        self.horizontalScrollBar().setPageStep(size.width())
        self.horizontalScrollBar().setRange(0, max(0, width - size.width()))

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 3 * LINE_PX)

    def reveal(self, start: int, stop: int) -> None:
        """Scroll as little as needed to see bytes; to their beginning if they are too many."""
        bar, per_line = self.verticalScrollBar(), self._model.bytes_per_line
        first, last, page = start // per_line, max(start, stop - 1) // per_line, bar.pageStep()
        top = bar.value()
        if first >= top and last < top + page:
            return
        # From afar: with a few lines before it, so that one sees where it stands.
        is_near = top - page <= first <= top + 2 * page
        before = 0 if is_near else page // 3
        if first < top or last - first >= page or not is_near:
            bar.setValue(first - before)
        else:
            bar.setValue(last - page + 1)

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + lines)

    # ---- which byte is where ----------------------------------------------------------------

    def place_at(self, point: QPoint, side: Side | None = None) -> Place:
        """The byte of a line nearest to a point of the viewport."""
        x = point.x() - MARGIN_PX + self.horizontalScrollBar().value()
        return self._grid.place_at(x, side)

    def offset_at(self, point: QPoint, side: Side | None = None) -> int:
        """The byte nearest to a point of the viewport."""
        line = self.verticalScrollBar().value() + point.y() // LINE_PX
        return line * self._model.bytes_per_line + self.place_at(point, side).at

    def area(self) -> QRect:
        """Where whole lines are."""
        size = self.viewport().size()
        return QRect(0, 0, size.width(), max(1, size.height() // LINE_PX) * LINE_PX)

    def byte_at(self, point: QPoint) -> int:
        """The byte right under a point; -1 for none."""
        offset = self.offset_at(point)
        return offset if self.place_at(point).is_on_it and offset < len(self.data) else -1
