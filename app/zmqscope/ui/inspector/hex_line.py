"""One line of words that is shortened where there is little room. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.models.format import plain_tip
from zmqscope.ui.theme import Theme

_LINE_PX = 20
_GAP_PX = 12


class HexLine(QWidget):
    """Words at the left, and others at the right where there is room for both.

    Args:
        theme: Colours and fonts.
        is_data: Whether it is set in the data font.
    """

    def __init__(self, theme: Theme, *, is_data: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._choices: tuple[str, ...] = ("",)
        self._aside = ""
        self._tone = "muted"
        self.setFont(theme.data_font(size_px=11.0) if is_data else theme.ui_font(size_px=12.0))
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What it says, whole."""
        return self._choices[0]

    @property
    def aside(self) -> str:
        """What it says at the right."""
        return self._aside

    def say(self, text: str, *shorter: str, tone: str = "muted") -> None:
        """Say something else.

        Args:
            text: The words.
            shorter: The same in fewer words, for less room.
            tone: A token.
        """
        if ((text, *shorter), tone) != (self._choices, self._tone):
            self._choices, self._tone = (text, *shorter), tone
            self.setAccessibleName(text)
            self.setToolTip(plain_tip(text))
            self.update()

    def say_aside(self, text: str) -> None:
        """Say something else at the right."""
        if text != self._aside:
            self._aside = text
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, room = self.fontMetrics(), self.width()
        aside_px = metrics.horizontalAdvance(self._aside) + _GAP_PX if self._aside else 0
        fits = [text for text in self._choices if metrics.horizontalAdvance(text) <= room]
        text = fits[0] if fits else self._choices[-1]
        # What is said at the right never leaves the bare minimum at the left.
        worthy = self._choices[: max(1, len(self._choices) - 1)]
        shorter = [one for one in worthy if metrics.horizontalAdvance(one) + aside_px <= room]
        middle = Qt.AlignmentFlag.AlignVCenter
        if shorter and aside_px:
            text = shorter[0]
            painter.setPen(self._theme.color("muted"))
            painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignRight, self._aside)
        painter.setPen(self._theme.color(self._tone))
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
