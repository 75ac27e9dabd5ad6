"""A hex dump of a frame of any size; only visible lines are ever made. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea

from zmqscope.models.frame_copy import MAX_COPIED_BYTES
from zmqscope.models.hex_model import HexModel
from zmqscope.ui.theme import Theme

_LINE_PX = 17
_MARGIN_PX = 12
_FONT_PX = 11.0


class HexView(QAbstractScrollArea):
    """Offset, bytes and ASCII; as many bytes to a line as fit, sixteen at most.

    Args:
        theme: Colours and font.
    """

    copied = Signal(int)
    """How many bytes were copied as hex."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._model = HexModel(b"")
        self._anchor = self._caret = 0
        self._has_selection = False
        self._font = theme.data_font(size_px=_FONT_PX)
        self._font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        metrics = QFontMetricsF(self._font)
        self._char_px = metrics.horizontalAdvance("0")
        self._baseline = round((_LINE_PX + metrics.ascent() - metrics.descent()) / 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Frame as hex"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        theme.changed.connect(self.viewport().update)

    @property
    def model(self) -> HexModel:
        """The lines."""
        return self._model

    def set_frame(self, frame: bytes) -> None:
        """Show a frame from its beginning."""
        self._model = HexModel(frame, self._model.bytes_per_line)
        self._anchor = self._caret = 0
        self._has_selection = False
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    # ---- selection --------------------------------------------------------------------------

    @property
    def selection(self) -> tuple[int, int]:
        """Selected bytes as first and one past the last; equal for none."""
        if not self._has_selection:
            return self._caret, self._caret
        low, high = sorted((self._anchor, self._caret))
        return low, min(high + 1, len(self._model.data))

    @Slot()
    def select_all(self) -> None:
        """Select the whole frame."""
        if self._model.data:
            self._anchor, self._caret = 0, len(self._model.data) - 1
            self._has_selection = True
            self.viewport().update()

    @Slot()
    def copy(self) -> None:
        """Copy the selected bytes as hex, the first of them if there are too many."""
        low, high = self.selection
        high = min(high, low + MAX_COPIED_BYTES)
        if high > low:
            QGuiApplication.clipboard().setText(self._model.data[low:high].hex(" "))
            self.copied.emit(high - low)

    def _move_to(self, offset: int, *, extend: bool) -> None:
        self._caret = max(0, min(offset, len(self._model.data) - 1))
        if not extend:
            self._anchor = self._caret
        self._has_selection = extend
        self._show_caret()
        self.viewport().update()

    def _show_caret(self) -> None:
        bar, line = self.verticalScrollBar(), self._caret // self._model.bytes_per_line
        if line < bar.value():
            bar.setValue(line)
        elif line >= bar.value() + bar.pageStep():
            bar.setValue(line - bar.pageStep() + 1)

    # ---- input ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_to(self._offset_at(event.position().toPoint()), extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(self._offset_at(event.position().toPoint()), extend=True)

    def _offset_at(self, point: QPoint) -> int:
        model = self._model
        line = self.verticalScrollBar().value() + point.y() // _LINE_PX
        column = (point.x() - _MARGIN_PX + self.horizontalScrollBar().value()) / self._char_px
        if column >= model.characters_column:
            place = int(column - model.characters_column)
        else:
            place = int((column - model.digits_column) / 3)
        return line * model.bytes_per_line + max(0, min(place, model.bytes_per_line - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
            return
        step = self._step(event)
        if step is None:
            event.ignore()
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._move_to(self._caret + step, extend=shift)

    def _step(self, event: QKeyEvent) -> int | None:
        line, size = self._model.bytes_per_line, len(self._model.data)
        page = max(1, self.verticalScrollBar().pageStep()) * line
        return {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -line if self._caret >= line else 0,
            Qt.Key.Key_Down: line if self._caret + line < size else 0,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -size,
            Qt.Key.Key_End: size,
        }.get(Qt.Key(event.key()))

    # ---- geometry ---------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        """As many bytes to a line as there is room for; the first byte in sight stays in sight."""
        model, bar = self._model, self.verticalScrollBar()
        first = bar.value() * model.bytes_per_line
        size = self.viewport().size()
        model.bytes_per_line = model.fit(int((size.width() - 2 * _MARGIN_PX) / self._char_px))
        page = max(1, size.height() // _LINE_PX)
        bar.setPageStep(page)
        bar.setRange(0, max(0, model.line_count - page))
        bar.setValue(first // model.bytes_per_line)
        width = round(model.columns * self._char_px) + 2 * _MARGIN_PX
        self.horizontalScrollBar().setPageStep(size.width())
        self.horizontalScrollBar().setRange(0, max(0, width - size.width()))

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(self._font)
        model = self._model
        first = self.verticalScrollBar().value()
        last = min(model.line_count, first + self.viewport().height() // _LINE_PX + 1)
        left = _MARGIN_PX - self.horizontalScrollBar().value()
        digits = left + round(model.digits_column * self._char_px)
        characters = left + round(model.characters_column * self._char_px)
        muted, text = self._theme.color("muted"), self._theme.color("text")
        for index in range(first, last):
            top = (index - first) * _LINE_PX
            self._paint_selection(painter, index, top, digits, characters)
            line = model.line(index)
            painter.setPen(muted)
            painter.drawText(left, top + self._baseline, line.offset)
            painter.drawText(characters, top + self._baseline, line.characters)
            painter.setPen(text)
            painter.drawText(digits, top + self._baseline, line.digits)
        painter.end()

    def _paint_selection(
        self, painter: QPainter, index: int, top: int, digits: int, characters: int
    ) -> None:
        start = index * self._model.bytes_per_line
        low, high = self.selection
        low, high = max(low, start), min(high, start + self._model.bytes_per_line)
        if low < high:
            self._fill(painter, top, digits, (low - start) * 3, (high - start) * 3 - 1)
            self._fill(painter, top, characters, low - start, high - start)
        elif self.hasFocus() and start <= self._caret < start + self._model.bytes_per_line:
            place = self._caret - start
            self._fill(painter, top, digits, place * 3, place * 3 + 2)
            self._fill(painter, top, characters, place, place + 1)

    def _fill(self, painter: QPainter, top: int, left: int, low: int, high: int) -> None:
        x, width = left + round(low * self._char_px), round((high - low) * self._char_px)
        painter.fillRect(QRect(x, top, width, _LINE_PX), self._theme.color("selection"))
