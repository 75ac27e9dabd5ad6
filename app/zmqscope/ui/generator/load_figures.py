"""What a load really reaches, large enough to be read from afar. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.models.composer.load_line import LoadLine
from zmqscope.ui.theme import Theme

_HEIGHT_PX = 64
_PAD_PX = 12
_DOT_PX = 8
_BAR_PX = 3
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LoadFigures(QWidget):
    """The pace, all figures below it, and how much is done; its size never changes.

    Args:
        theme: Colours and fonts.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line: LoadLine | None = None
        self._idle = ""
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_line(self, line: LoadLine | None, idle: str) -> None:
        """Show a load.

        Args:
            line: The load; None if there is none.
            idle: What to say then.
        """
        self._line, self._idle = line, idle
        words = idle if line is None else f"{line.state_words()}: {line.pace()}. {line.figures()}"
        self.setAccessibleName(words)
        self.setToolTip("" if line is None else f"{line.figures()}\n\n{line.figures_meaning()}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, line = self._theme, self._line
        painter.setPen(theme.color("border"))
        painter.setBrush(theme.color("window"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        room = self.rect().adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        if line is None:
            painter.setPen(theme.color("muted"))
            painter.setFont(theme.ui_font())
            painter.drawText(room, _LEFT, self._idle)
            return
        self._paint_pace(painter, line, QRect(room.left(), 8, room.width(), 26))
        painter.setFont(theme.data_font(size_px=11.5))
        painter.setPen(theme.color("muted"))
        second = QRect(room.left(), 33, room.width(), 20)
        elided = painter.fontMetrics().elidedText(
            line.figures(), Qt.TextElideMode.ElideRight, second.width()
        )
        painter.drawText(second, _LEFT, elided)
        self._paint_bar(painter, line)

    def _paint_pace(self, painter: QPainter, line: LoadLine, place: QRect) -> None:
        theme = self._theme
        state_font = theme.ui_font(size_px=11.5)
        width = QFontMetrics(state_font).horizontalAdvance(line.state_words())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(line.tone))
        top = place.center().y() - _DOT_PX / 2 + 0.5
        painter.drawEllipse(QRectF(place.right() - _DOT_PX, top, _DOT_PX, _DOT_PX))
        painter.setFont(state_font)
        painter.setPen(theme.color("muted"))
        words = place.adjusted(0, 0, -_DOT_PX - 7, 0)
        painter.drawText(words, _RIGHT, line.state_words())
        painter.setFont(theme.data_font(QFont.Weight.Medium, 17))
        painter.setPen(theme.color("text"))
        pace = words.adjusted(0, 0, -width - 10, 0)
        elided = painter.fontMetrics().elidedText(
            line.pace(), Qt.TextElideMode.ElideRight, pace.width()
        )
        painter.drawText(pace, _LEFT, elided)

    def _paint_bar(self, painter: QPainter, line: LoadLine) -> None:
        share = line.share()
        if share is None:
            return
        width = self.width() - 2 * _PAD_PX
        top = _HEIGHT_PX - _BAR_PX - 5
        painter.setPen(Qt.PenStyle.NoPen)
        for token, length in (("border", float(width)), (line.tone, width * share)):
            painter.setBrush(self._theme.color(token))
            painter.drawRoundedRect(QRectF(_PAD_PX, top, length, _BAR_PX), 1.5, 1.5)
