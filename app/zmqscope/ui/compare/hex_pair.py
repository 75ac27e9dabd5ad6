"""Two frames as hex side by side; only visible lines are ever made. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from zmqscope.core.decode.compare.bytes import Run, RunKind
from zmqscope.models.compare.hex import Cell, Fold, HexPair
from zmqscope.models.format import format_count
from zmqscope.ui.theme import Theme

_LINE_PX = 17
_MARGIN_PX = 12
_FONT_PX = 11.0
_WIDTHS = (16, 12, 8, 6, 4)
_TOKENS = {
    RunKind.EQUAL: "muted",
    RunKind.REPLACED: "waiting",
    RunKind.INSERTED: "received",
    RunKind.DELETED: "broken",
}
_SIGNS = {RunKind.REPLACED: "~", RunKind.INSERTED: "+", RunKind.DELETED: "−"}
_BETWEEN = 3


class HexPairView(QAbstractScrollArea):
    """Offset and bytes of both frames; bytes that belong together stand in one line.

    Args:
        theme: Colours and font.
    """

    run_chosen = Signal()
    """Another change is the current one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pair = HexPair((b"", b""), ())
        self._folds = True
        self._current = -1
        self._font = theme.data_font(size_px=_FONT_PX)
        self._font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        metrics = QFontMetricsF(self._font)
        self._char_px = metrics.horizontalAdvance("0")
        self._baseline = round((_LINE_PX + metrics.ascent() - metrics.descent()) / 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Both frames as hex"))
        theme.changed.connect(self.viewport().update)

    @property
    def pair(self) -> HexPair:
        """The lines."""
        return self._pair

    @property
    def current(self) -> Run | None:
        """The change that is looked at."""
        return self._pair.runs[self._current] if self._current >= 0 else None

    def set_frames(self, data: tuple[bytes, bytes], runs: tuple[Run, ...]) -> None:
        """Show two frames from the beginning."""
        self._pair = HexPair(data, runs, folds=self._folds)
        self._current = -1
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()
        self._say()

    def set_folding(self, folds: bool) -> None:
        """Whether long equal stretches become one line."""
        if folds != self._folds:
            self._folds = folds
            self._fit()
            if self._current >= 0:
                self._show(self._current)
            self.viewport().update()

    def step(self, direction: int) -> bool:
        """Go to the next change, or with -1 to the one before; False if there is none."""
        found = self._pair.step(self._current, direction)
        if found is None:
            return False
        self._show(found)
        return True

    def go_to(self, before: int, after: int) -> None:
        """Go to the change at these offsets."""
        found = self._pair.run_at(before, after)
        if found >= 0:
            self._show(found)

    def _show(self, run: int) -> None:
        self._current = run
        line, bar = self._pair.line_of_run(run), self.verticalScrollBar()
        if not bar.value() <= line < bar.value() + max(1, bar.pageStep() - 1):
            bar.setValue(max(0, line - bar.pageStep() // 3))
        self.viewport().update()
        self._say()
        self.run_chosen.emit()

    def _say(self) -> None:
        run = self.current
        words = self.tr("Both frames as hex")
        if run is not None:
            old = self._pair.data[0][run.before[0] : min(run.before[1], run.before[0] + 16)].hex(
                " "
            )
            new = self._pair.data[1][run.after[0] : min(run.after[1], run.after[0] + 16)].hex(" ")
            words = self.tr("Change at byte {0}: {1} before, {2} after").format(
                run.after[0], old or self.tr("nothing"), new or self.tr("nothing")
            )
        self.setAccessibleName(words)

    # ---- input ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    # ---- geometry ---------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _columns(self, width: int) -> int:
        return 2 * (self._pair.offset_digits + 2 + width * 3) + _BETWEEN

    def _fit(self) -> None:
        """As many bytes to a line as there is room for."""
        bar, size = self.verticalScrollBar(), self.viewport().size()
        room = int((size.width() - 2 * _MARGIN_PX) / self._char_px)
        width = next((w for w in _WIDTHS if self._columns(w) <= room), _WIDTHS[-1])
        self._pair.set_layout(width, folds=self._folds)
        page = max(1, size.height() // _LINE_PX)
        bar.setPageStep(page)
        bar.setRange(0, max(0, self._pair.line_count - page))
        wide = round(self._columns(width) * self._char_px) + 2 * _MARGIN_PX
        self.horizontalScrollBar().setPageStep(size.width())
        self.horizontalScrollBar().setRange(0, max(0, wide - size.width()))

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(self._font)
        first = self.verticalScrollBar().value()
        count = self.viewport().height() // _LINE_PX + 2
        for number in range(first, min(self._pair.line_count, first + count)):
            top = (number - first) * _LINE_PX
            line = self._pair.line(number)
            if isinstance(line, Fold):
                self._paint_fold(painter, top, line)
            else:
                self._paint_line(painter, top, line)
        painter.end()

    def _x(self, column: float) -> int:
        left = _MARGIN_PX - self.horizontalScrollBar().value()
        return left + round(column * self._char_px)

    def _paint_fold(self, painter: QPainter, top: int, fold: Fold) -> None:
        painter.setPen(self._theme.color("muted"))
        words = self.tr("{0} equal bytes").format(format_count(fold.count))
        painter.fillRect(
            QRect(0, top, self.viewport().width(), _LINE_PX), self._theme.color("raised")
        )
        painter.drawText(self._x(0), top + self._baseline, f"⋯ {words}")

    def _paint_line(self, painter: QPainter, top: int, cells: list[Cell]) -> None:
        pair, digits = self._pair, self._pair.offset_digits
        half = digits + 2 + pair.bytes_per_line * 3 + _BETWEEN
        kind = next((c.kind for c in cells if c.kind is not RunKind.EQUAL), RunKind.EQUAL)
        if kind is not RunKind.EQUAL:
            painter.setPen(self._theme.color(_TOKENS[kind]))
            painter.drawText(self._x(half - _BETWEEN), top + self._baseline, _SIGNS[kind])
        for side in (0, 1):
            self._paint_side(painter, top, cells, side, side * half)

    def _paint_side(
        self, painter: QPainter, top: int, cells: list[Cell], side: int, base: int
    ) -> None:
        """One frame's part of a line: side 0 is the one before."""
        digits, data, current = self._pair.offset_digits, self._pair.data[side], self.current
        span = (0, 0) if current is None else (current.before, current.after)[side]
        sides = (cell.after if side else cell.before for cell in cells)
        start = next((offset for offset in sides if offset is not None), None)
        if start is not None:
            painter.setPen(self._theme.color("muted"))
            painter.drawText(self._x(base), top + self._baseline, f"{start:0{digits}x}")
        for place, cell in enumerate(cells):
            offset = cell.after if side else cell.before
            x = self._x(base + digits + 2 + place * 3)
            if offset is None:
                painter.setPen(self._theme.color("border"))
                painter.drawText(x, top + self._baseline, "··")
                continue
            if span[0] <= offset < span[1]:
                ground = QRect(x - 2, top, round(2 * self._char_px) + 4, _LINE_PX)
                painter.fillRect(ground, self._theme.color("selection"))
            token = "text" if cell.kind is RunKind.EQUAL else _TOKENS[cell.kind]
            painter.setPen(self._theme.color(token))
            painter.drawText(x, top + self._baseline, f"{data[offset]:02x}")
