"""Small buttons of the sockets dock that follow the theme. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from zmqscope.ui.enter_key import click_on_enter
from zmqscope.ui.theme import Theme


class LinkButton(QAbstractButton):
    """Words that look and act like a link, reached by Tab, pressed by Space or Enter.

    Args:
        theme: Colours and font.
        words: What it says and does.
        help_words: Its tooltip.
        data: Whether the words are data, set in the data font.
    """

    def __init__(
        self, theme: Theme, words: str, help_words: str = "", *, data: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._data = data
        self.setText(words)
        self.setToolTip(help_words or words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font."""
        self.setFont(self._theme.data_font() if self._data else self._theme.ui_font())
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self.font()
        font.setUnderline(self.hasFocus() or self.underMouse())
        painter.setFont(font)
        painter.setPen(self._theme.color("accent" if self.isEnabled() else "muted"))
        place = QRect(0, 0, self.width(), self.height())
        painter.drawText(
            place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not click_on_enter(self, event):
            super().keyPressEvent(event)
