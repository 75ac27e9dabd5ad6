"""Paints the lines of a hex dump. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from zmqscope.models.hex_grid import GROUP_BYTES, HexGrid, Side
from zmqscope.models.hex_model import HexModel
from zmqscope.ui.stylesheet import faint_color, mix
from zmqscope.ui.theme import Theme

LINE_PX = 17
_FONT_PX = 11.0
_FIELD_SHARE = 0.5
_HIT_SHARE = 0.28
_QUIET = ("faint", "text", "muted")


class Span(NamedTuple):
    """Bytes: first, and one past the last."""

    start: int
    stop: int

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return self.stop <= self.start


NO_BYTES = Span(0, 0)


@dataclass(slots=True)
class HexMarks:
    """What is marked in a dump.

    Attributes:
        selection: What the user has selected.
        field: What is selected elsewhere and stands here.
        reading: What is read as a value beside the dump; a frame around it.
        hits: What was searched for, as far as it is in sight.
        caret: The byte under the cursor.
        side: The column that the cursor is in.
        has_focus: Whether the keyboard is here.
    """

    selection: Span = NO_BYTES
    field: Span = NO_BYTES
    reading: Span = NO_BYTES
    hits: tuple[Span, ...] = ()
    caret: int = 0
    side: Side = Side.DIGITS
    has_focus: bool = False


def _class_of(byte: int) -> int:
    """Zeros recede, printable ASCII stands out."""
    if not byte:
        return 0
    return 1 if 0x20 <= byte < 0x7F else 2


# For each class of bytes: how every byte is written, blank where it is of another class.
_DIGITS = [
    [f"{byte:02x}" if _class_of(byte) == kind else "  " for byte in range(256)] for kind in range(3)
]
_CHARACTERS = [
    bytes(
        (byte if kind == 1 else 0x2E) if _class_of(byte) == kind else 0x20 for byte in range(256)
    )
    for kind in range(3)
]


class HexPainter:
    """Draws offsets, digits and characters, a line at a time.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._font = theme.data_font(size_px=_FONT_PX)
        self._font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        metrics = QFontMetricsF(self._font)
        self.char_px = metrics.horizontalAdvance("0")
        self._baseline = round((LINE_PX + metrics.ascent() - metrics.descent()) / 2)

    def paint(
        self, painter: QPainter, model: HexModel, grid: HexGrid, lines: range, marks: HexMarks
    ) -> None:
        """Draw some lines, the first of them at the painter's origin."""
        painter.setFont(self._font)
        tones = self._theme.palette
        grounds = (
            ((marks.field,), QColor(mix(tones.panel, tones.selection, _FIELD_SHARE))),
            (marks.hits, QColor(mix(tones.panel, tones.waiting, _HIT_SHARE))),
            ((marks.selection,), QColor(mix(tones.selection, tones.accent, 0.12))),
        )
        colors = {
            "faint": QColor(faint_color(tones)),
            "text": QColor(tones.text),
            "muted": QColor(tones.muted),
        }
        for place, index in enumerate(lines):
            top = place * LINE_PX
            for spans, color in grounds:
                self._fill(painter, grid, index, top, spans, color)
            self._write(painter, model, grid, index, top, colors)
        self._outline(painter, grid, lines, marks)

    def _write(
        self,
        painter: QPainter,
        model: HexModel,
        grid: HexGrid,
        index: int,
        top: int,
        colors: dict[str, QColor],
    ) -> None:
        start, base = index * grid.bytes_per_line, top + self._baseline
        part = model.data[start : start + grid.bytes_per_line]
        painter.setPen(colors["muted"])
        painter.drawText(QPointF(0, base), model.base.write(start, grid.offset_digits))
        for kind, tone in enumerate(_QUIET):
            shown = part.translate(_CHARACTERS[kind]).decode("ascii")
            if shown.isspace() and not (kind == 1 and b" " in part):
                continue
            painter.setPen(colors[tone])
            digits = _DIGITS[kind]
            for first in range(0, len(part), GROUP_BYTES):
                words = " ".join([digits[byte] for byte in part[first : first + GROUP_BYTES]])
                if not words.isspace():
                    painter.drawText(QPointF(grid.digits_x(first), base), words)
            if kind == 2:
                painter.setPen(colors["faint"])
            painter.drawText(QPointF(grid.characters_left, base), shown)

    def _fill(
        self,
        painter: QPainter,
        grid: HexGrid,
        index: int,
        top: int,
        spans: Iterable[Span],
        color: QColor,
    ) -> None:
        for span in spans:
            for box in _boxes(grid, index, top, span):
                painter.fillRect(box, color)

    def _outline(self, painter: QPainter, grid: HexGrid, lines: range, marks: HexMarks) -> None:
        """A frame around what is read as a value, and the cursor."""
        for place, index in enumerate(lines):
            top = place * LINE_PX
            painter.setPen(self._theme.color("muted"))
            for box in _boxes(grid, index, top, marks.reading):
                painter.drawRect(box.adjusted(-0.5, 0.5, -0.5, -0.5))
            cursor = Span(marks.caret, marks.caret + 1)
            for side, box in zip(Side, _boxes(grid, index, top, cursor), strict=False):
                focused = marks.has_focus and side is marks.side
                painter.setPen(self._theme.color("accent" if focused else "muted"))
                y = box.bottom() - 1.5
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right() - 1, y))
                if focused:
                    painter.drawRect(box.adjusted(-1.5, 0.5, 0.5, -1.5))


def _boxes(grid: HexGrid, index: int, top: int, span: Span) -> list[QRectF]:
    """Where bytes stand in a line: among the digits and among the characters."""
    start = index * grid.bytes_per_line
    first, last = max(0, span.start - start), min(grid.bytes_per_line, span.stop - start) - 1
    if first > last or span.is_empty:
        return []
    boxes = []
    for side in Side:
        left, right = grid.span_x(side, first, last)
        boxes.append(QRectF(round(left), top, round(right) - round(left), LINE_PX))
    return boxes
