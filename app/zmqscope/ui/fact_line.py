"""One line of facts in the data font, elided. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.models.format import plain_tip
from zmqscope.ui.theme import Theme

LINE_PX = 18
FONT_PX = 11.5
MARGIN_PX = 12

_SIGN_CHARS = 2


class FactLine(QWidget):
    """Says something muted, behind a sign in a colour of its own where there is one.

    Args:
        theme: Colours and font.
        sign: Stands before it.
        token: The sign's colour.
    """

    def __init__(self, theme: Theme, sign: str = "", token: str = "muted") -> None:
        super().__init__()
        self._theme = theme
        self._sign = sign
        self._token = token
        self._text = ""
        self.setFont(theme.data_font(size_px=FONT_PX))
        self.setFixedHeight(LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What it says, whole."""
        return self._text

    def set_text(self, text: str, spoken: str = "", tip: str = "") -> None:
        """Say something else.

        Args:
            text: What is painted.
            spoken: What a screen reader says, where that differs.
            tip: What the tooltip says, where that differs.
        """
        self.setAccessibleName(spoken or text)
        self.setToolTip(plain_tip(tip or text))
        if text != self._text:
            self._text = text
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), self.fontMetrics()
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        room = self.rect().adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        if self._sign:
            painter.setPen(self._theme.color(self._token))
            painter.drawText(room, left, self._sign)
            room = room.adjusted(metrics.horizontalAdvance("0") * _SIGN_CHARS, 0, 0, 0)
        painter.setPen(self._theme.color("muted"))
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, left, text)
        painter.end()
