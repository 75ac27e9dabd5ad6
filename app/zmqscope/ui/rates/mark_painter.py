"""Paints marks on the time axis, and the words of the one below the mouse. GUI thread."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from zmqscope.core.types import Severity
from zmqscope.models.events.marks import Mark
from zmqscope.models.events.words import SEVERITY_TOKENS
from zmqscope.models.format import format_count
from zmqscope.ui.rates.frame import Frame
from zmqscope.ui.theme import Theme

APART_PX = 26.0
"""Marks that lie closer together than this are one."""

HALF_PX = 4.5
PILL_PX = 13.0
_PAD_PX = 4.0
_LINE_PX = 17.0
_BOX_PAD_PX = 7.0
_MAX_SHOWN = 999
_LINE_ALPHA = 120
_RIM_PX = 1.5
_MOST_PICTURES = 500


def mark_words(mark: Mark) -> str:
    """What is written in a mark: how often something happened; nothing for once."""
    if mark.count < 2:
        return ""
    return format_count(mark.count) if mark.count <= _MAX_SHOWN else f"{_MAX_SHOWN}+"


def diamond(at: QPointF, half: float = HALF_PX) -> list[QPointF]:
    """The corners of a mark for what happened once."""
    x, y = at.x(), at.y()
    return [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)]


class MarkPainter:
    """Paints in the colours of the theme.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.take_theme()

    def take_theme(self) -> None:
        """Use the theme's fonts and colours as they are now."""
        self._pictures: dict[tuple[Severity, str, bool, float], QPixmap] = {}
        self._count_font = self._theme.data_font(QFont.Weight.DemiBold, size_px=10.0)
        self._count_metrics = QFontMetricsF(self._count_font)
        self._font = self._theme.ui_font(size_px=12.0)
        self._metrics = QFontMetricsF(self._font)
        self._colors = {s: self._theme.color(token) for s, token in SEVERITY_TOKENS.items()}
        self._panel = self._theme.color("panel")
        self._ground = self._theme.color("raised")
        self._border = self._theme.color("border")
        self._text = self._theme.color("text")
        self._muted = self._theme.color("muted")

    def place(self, mark: Mark, rect: QRectF, frame: Frame) -> QRectF:
        """Where a mark is painted, in pixels of the picture."""
        place = QRectF(QPointF(), self._size(mark_words(mark)))
        place.moveCenter(QPointF(frame.x(rect, mark.time_ns), rect.bottom()))
        return place

    def paint(
        self, painter: QPainter, rect: QRectF, frame: Frame, marks: list[Mark], hot: Mark | None
    ) -> None:
        """Paint marks.

        Args:
            painter: Where, in pixels of the picture.
            rect: Where the curves are drawn.
            frame: What is shown.
            marks: The marks.
            hot: The one below the mouse.
        """
        ratio = painter.device().devicePixelRatio()
        for mark in marks:
            picture = self._picture(mark.severity, mark_words(mark), mark == hot, ratio)
            size = picture.deviceIndependentSize()
            x = round(frame.x(rect, mark.time_ns) - size.width() / 2)
            painter.drawPixmap(x, round(rect.bottom() - size.height() / 2), picture)

    def _picture(self, severity: Severity, words: str, is_hot: bool, ratio: float) -> QPixmap:
        """A mark, drawn once: round corners and words cost most of a frame otherwise."""
        key = (severity, words, is_hot, ratio)
        picture = self._pictures.get(key)
        if picture is None:
            if len(self._pictures) >= _MOST_PICTURES:
                self._pictures.clear()
            picture = self._pictures[key] = self._draw(*key)
        return picture

    def _draw(self, severity: Severity, words: str, is_hot: bool, ratio: float) -> QPixmap:
        size = self._size(words)
        # Even sizes: the middle is then a whole pixel, for each of them the same.
        whole = QSize(2 * math.ceil(size.width() / 2 + _RIM_PX), 2 * math.ceil(PILL_PX / 2 + 1))
        picture = QPixmap(whole * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        middle = QPointF(whole.width() / 2, whole.height() / 2)
        place = QRectF(QPointF(), size)
        place.moveCenter(middle)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        # A rim in the colour of the ground keeps a mark apart from the curves behind it.
        painter.setPen(QPen(self._text if is_hot else self._panel, 1.5))
        painter.setBrush(self._colors[severity])
        if words:
            painter.drawRoundedRect(place, PILL_PX / 2, PILL_PX / 2)
            painter.setFont(self._count_font)
            painter.setPen(self._panel)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
        else:
            painter.drawPolygon(QPolygonF(diamond(middle)))
        painter.end()
        return picture

    def _size(self, words: str) -> QSizeF:
        if not words:
            return QSizeF(2 * HALF_PX, 2 * HALF_PX)
        return QSizeF(self._count_metrics.horizontalAdvance(words) + 2 * _PAD_PX, PILL_PX)

    def paint_words(
        self,
        painter: QPainter,
        rect: QRectF,
        frame: Frame,
        mark: Mark,
        words: list[tuple[str, QColor | None]],
    ) -> None:
        """Paint a line up from a mark, and a box with what happened.

        Args:
            painter: Where, in pixels of the picture.
            rect: Where the curves are drawn.
            frame: What is shown.
            mark: The mark.
            words: Lines, each with a colour of its dot; None for one without.
        """
        x = frame.x(rect, mark.time_ns)
        color = QColor(self._colors[mark.severity])
        color.setAlpha(_LINE_ALPHA)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(color)
        painter.drawLine(QPointF(round(x), rect.top()), QPointF(round(x), rect.bottom() - PILL_PX))
        most = max(1, int((rect.height() - PILL_PX - 2 * _BOX_PAD_PX) // _LINE_PX))
        words = words[:most]
        room = rect.width() - 2 * _BOX_PAD_PX - 12
        texts = [
            self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) for text, _ in words
        ]
        width = max(self._metrics.horizontalAdvance(text) for text in texts)
        box = QRectF(0, 0, width + 2 * _BOX_PAD_PX + 12, len(words) * _LINE_PX + _BOX_PAD_PX)
        left = min(max(x - box.width() / 2, rect.left()), rect.right() - box.width())
        box.moveTo(round(left), round(rect.bottom() - PILL_PX - box.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self._border)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(box.translated(0.5, 0.5), 5, 5)
        dots = [dot for _, dot in words]
        self._paint_lines(painter, box, list(zip(texts, dots, strict=True)))

    def _paint_lines(
        self, painter: QPainter, box: QRectF, lines: list[tuple[str, QColor | None]]
    ) -> None:
        painter.setFont(self._font)
        for number, (text, dot) in enumerate(lines):
            middle = box.top() + _BOX_PAD_PX / 2 + (number + 0.5) * _LINE_PX
            if dot is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(dot)
                painter.drawEllipse(QPointF(box.left() + _BOX_PAD_PX + 3, middle), 3, 3)
            painter.setPen(self._text if dot is not None else self._muted)
            baseline = middle + self._metrics.capHeight() / 2
            painter.drawText(QPointF(box.left() + _BOX_PAD_PX + 12, baseline), text)
