"""A hex dump of bytes of any size; only visible lines are ever made. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)

from zmqscope.models.hex.grid import Side
from zmqscope.models.hex.offset import OffsetBase
from zmqscope.models.hex.search import ByteSearch
from zmqscope.models.hex.selection import HexSelection, run_at
from zmqscope.models.inspector.frame_copy import MAX_COPIED_BYTES
from zmqscope.ui.inspector.hex_keys import key_target
from zmqscope.ui.inspector.hex_mouse import HexMouse
from zmqscope.ui.inspector.hex_painter import LINE_PX, NO_BYTES, HexMarks, HexPainter, Span
from zmqscope.ui.inspector.hex_scroll import MARGIN_PX, HexScroll
from zmqscope.ui.theme import Theme

_MAX_HITS = 4_096


class HexView(HexScroll):
    """Offset, bytes and ASCII; as many bytes to a line as fit, sixteen at most.

    Args:
        theme: Colours and font.
    """

    copied = Signal(int)
    """How many bytes were copied as hex."""
    selection_changed = Signal(int, int)
    """By the user: first selected byte, and one past the last; equal for a mere cursor."""
    moved = Signal()
    """Cursor or selection are elsewhere, whoever did it; or the bytes are others."""
    hovered = Signal(int)
    """The byte under the mouse; -1 for none."""

    def __init__(self, theme: Theme) -> None:
        painter = HexPainter(theme)
        super().__init__(painter.char_px)
        self._painter = painter
        self._cursor = HexSelection()
        self._marks = HexMarks()
        self._search: ByteSearch | None = None
        self._hovered = -1
        self._mouse = HexMouse(self, LINE_PX, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Bytes"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setMouseTracking(True)
        theme.changed.connect(self.viewport().update)

    def set_frame(self, frame: bytes, *, stay: bool = False) -> None:
        """Show bytes from their beginning, or where one is if as many as before are to stay."""
        self.set_bytes(frame)
        self._search = None
        if stay and len(frame) == self._cursor.size:
            self._show()
            return
        self._cursor = HexSelection(len(frame))
        self._marks.field = self._marks.reading = NO_BYTES
        self._mouse.release()
        self._set_hovered(-1)
        self.verticalScrollBar().setValue(0)
        self.fit()
        self.horizontalScrollBar().setValue(0)
        self._show()

    def set_base(self, base: OffsetBase) -> None:
        """Write offsets so from now on."""
        self.set_offset_base(base)
        self._show()

    # ---- marks ------------------------------------------------------------------------------

    def set_field(self, start: int, stop: int) -> None:
        """Mark bytes softly, where they are; equal for none."""
        self._marks.field = Span(start, stop)
        self.viewport().update()

    def set_reading(self, start: int, stop: int) -> None:
        """Draw a frame around bytes; equal for none."""
        self._marks.reading = Span(start, stop)
        self.viewport().update()

    def set_search(self, search: ByteSearch | None) -> None:
        """Mark its hits from now on."""
        self._search = search
        self.viewport().update()

    # ---- selection --------------------------------------------------------------------------

    @property
    def selection(self) -> tuple[int, int]:
        """Selected bytes as first and one past the last; equal for none."""
        return self._cursor.span

    @property
    def reach(self) -> tuple[int, int]:
        """Selected bytes, or the one under the cursor."""
        return self._cursor.reach

    @property
    def caret(self) -> int:
        """The byte under the cursor."""
        return self._cursor.caret

    def select(self, start: int, stop: int) -> None:
        """Select bytes and bring them into sight; the user has not done it."""
        self._cursor.select(start, stop)
        self.reveal(*self._cursor.reach)
        self._show()

    def choose(self, start: int, stop: int) -> None:
        """The same for the user, who is told of it."""
        self.select(start, stop)
        self.selection_changed.emit(*self.selection)

    @Slot()
    def select_all(self) -> None:
        """Select everything; what is in sight stays."""
        if self.data:
            self._cursor.select(0, len(self.data))
            self._show()
            self.selection_changed.emit(*self.selection)

    @Slot()
    def copy(self) -> None:
        """Copy the selected bytes, or the one under the cursor, as hex; not too many of them."""
        low, high = self.reach
        high = min(high, low + MAX_COPIED_BYTES)
        if high > low:
            QGuiApplication.clipboard().setText(self.data[low:high].hex(" "))
            self.copied.emit(high - low)

    def go_to(self, offset: int, *, extend: bool, side: Side | None = None) -> None:
        """Put the cursor on a byte for the user, in a column."""
        if side is not None:
            self._marks.side = side
        before = self._cursor.span
        self._cursor.move_to(offset, extend=extend)
        caret = self._cursor.caret
        self.reveal(caret, caret + 1)
        self._show()
        if self._cursor.span != before:
            self.selection_changed.emit(*self.selection)

    def _show(self) -> None:
        self.viewport().update()
        self.moved.emit()

    # ---- mouse ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._mouse.is_down:
            self._mouse.move(event)
        else:
            self._set_hovered(self.byte_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.data:
            self.choose(*run_at(self.data, self.offset_at(event.position().toPoint())))

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(-1)

    def _set_hovered(self, offset: int) -> None:
        if offset != self._hovered:
            self._hovered = offset
            self.hovered.emit(offset)

    def selects(self, offset: int) -> bool:
        """Whether a byte is selected."""
        low, high = self.selection
        return low <= offset < high

    # ---- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
            return
        page = self.verticalScrollBar().pageStep()
        place = key_target(event, self.caret, len(self.data), self.model.bytes_per_line, page)
        if place is None:
            event.ignore()
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.go_to(place, extend=shift)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        lines, marks = self.lines, self._marks
        marks.selection = Span(*self.selection)
        marks.caret, marks.has_focus = self.caret, self.hasFocus()
        marks.hits = self._hits_in(lines)
        painter = QPainter(self.viewport())
        painter.translate(MARGIN_PX - self.horizontalScrollBar().value(), 0)
        self._painter.paint(painter, self.model, self.grid, lines, marks)
        painter.end()

    def _hits_in(self, lines: range) -> tuple[Span, ...]:
        if self._search is None or not len(lines):
            return ()
        per_line, length = self.model.bytes_per_line, len(self._search.pattern)
        hits = self._search.hits_in(lines.start * per_line, lines.stop * per_line)
        spans: list[Span] = []
        for start in hits:
            if spans and start <= spans[-1].stop:
                # What touches is one stretch: a run of hits is painted once.
                spans[-1] = Span(spans[-1].start, start + length)
            else:
                spans.append(Span(start, start + length))
        return tuple(spans[:_MAX_HITS])
