"""Paints the lines of a hex dump. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from zmqscope.models.hex.grid import GROUP_BYTES, HexGrid, Side
from zmqscope.models.hex.model import HexModel
from zmqscope.ui.stylesheet import faint_color, mix
from zmqscope.ui.theme import Theme

LINE_PX = 17
_FONT_PX = 11.0
_FIELD_SHARE = 0.5
_HIT_SHARE = 0.28


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


_ZERO, _LIT, _OTHER, _PRINTABLE = range(4)
_TONES = ("faint", "muted", "muted", "text")
_CHARACTER_TONES = ("faint", "muted", "faint", "text")


def _kind_of(byte: int) -> int:
    """Zeros recede, printable ASCII stands out."""
    if not byte:
        return _ZERO
    return _PRINTABLE if 0x20 <= byte < 0x7F else _OTHER


_KINDS = [_kind_of(byte) for byte in range(256)]
_DIGITS = [f"{byte:02x}" for byte in range(256)]
_CHARACTERS = [chr(byte) if _KINDS[byte] == _PRINTABLE else "." for byte in range(256)]


class HexPainter:
    """Draws offsets, digits and characters, a line at a time.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._tones: dict[str, QColor] = {}
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
        self._tones = {
            "faint": QColor(faint_color(tones)),
            "text": QColor(tones.text),
            "muted": QColor(tones.muted),
        }
        for spans, color in grounds:
            for box in _boxes(grid, lines, spans):
                painter.fillRect(box, color)
        lit = self._lit(grid, lines, marks)
        for index in lines:
            self._write(painter, model, grid, index, (index - lines.start) * LINE_PX, lit)
        self._outline(painter, grid, lines, marks)

    def _lit(self, grid: HexGrid, lines: range, marks: HexMarks) -> set[int]:
        """Bytes in sight that stand on a coloured ground: faint would be next to nothing there."""
        low, high = lines.start * grid.bytes_per_line, lines.stop * grid.bytes_per_line
        lit: set[int] = set()
        for span in (marks.selection, *marks.hits):
            lit.update(range(max(low, span.start), min(high, span.stop)))
        return lit

    def _write(
        self,
        painter: QPainter,
        model: HexModel,
        grid: HexGrid,
        index: int,
        top: int,
        lit: set[int],
    ) -> None:
        start, base = index * grid.bytes_per_line, top + self._baseline
        part = model.data[start : start + grid.bytes_per_line]
        painter.setPen(self._theme.color("muted"))
        painter.drawText(QPointF(0, base), model.base.write(start, grid.offset_digits))
        kinds = [_KINDS[byte] for byte in part]
        if lit:
            kinds = [
                max(kind, _LIT) if start + at in lit else kind for at, kind in enumerate(kinds)
            ]
        for kind in sorted(set(kinds)):
            shown = [at for at, own in enumerate(kinds) if own == kind]
            painter.setPen(self._tones[_TONES[kind]])
            self._write_digits(painter, grid, base, part, set(shown))
            painter.setPen(self._tones[_CHARACTER_TONES[kind]])
            characters = "".join(
                _CHARACTERS[byte] if own == kind else " "
                for byte, own in zip(part, kinds, strict=True)
            )
            painter.drawText(QPointF(grid.characters_left, base), characters)

    def _write_digits(
        self, painter: QPainter, grid: HexGrid, base: int, part: bytes, shown: set[int]
    ) -> None:
        for first in range(0, len(part), GROUP_BYTES):
            group = range(first, min(first + GROUP_BYTES, len(part)))
            if shown.isdisjoint(group):
                continue
            words = " ".join([_DIGITS[part[at]] if at in shown else "  " for at in group])
            painter.drawText(QPointF(grid.digits_x(first), base), words)

    def _outline(self, painter: QPainter, grid: HexGrid, lines: range, marks: HexMarks) -> None:
        """A frame around what is read as a value, and the cursor."""
        painter.setPen(self._theme.color("muted"))
        for box in _boxes(grid, lines, (marks.reading,)):
            painter.drawRect(box.adjusted(-0.5, 0.5, -0.5, -0.5))
        cursor = Span(marks.caret, marks.caret + 1)
        for side, box in zip(Side, _boxes(grid, lines, (cursor,)), strict=False):
            focused = marks.has_focus and side is marks.side
            painter.setPen(self._theme.color("accent" if focused else "muted"))
            y = box.bottom() - 1.5
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right() - 1, y))
            if focused:
                painter.drawRect(box.adjusted(-1.5, 0.5, 0.5, -1.5))


def _boxes(grid: HexGrid, lines: range, spans: Iterable[Span]) -> Iterator[QRectF]:
    """Where bytes stand, line by line: among the digits, then among the characters."""
    per_line = grid.bytes_per_line
    for span in spans:
        if span.is_empty:
            continue
        first_line = max(lines.start, span.start // per_line)
        last_line = min(lines.stop - 1, (span.stop - 1) // per_line)
        for index in range(first_line, last_line + 1):
            start = index * per_line
            first = max(0, span.start - start)
            last = min(per_line, span.stop - start) - 1
            for side in Side:
                left, right = grid.span_x(side, first, last)
                top = (index - lines.start) * LINE_PX
                yield QRectF(round(left), top, round(right) - round(left), LINE_PX)
