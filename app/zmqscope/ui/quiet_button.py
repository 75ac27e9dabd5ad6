"""A button that is only words, for bars that should stay calm. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from zmqscope.ui.enter_key import click_on_enter
from zmqscope.ui.theme import Theme

_PAD_X_PX = 4
_PAD_Y_PX = 3
_BOX_PX = 12
_CHEVRON_PX = 10
_GAP_PX = 5


class QuietButton(QAbstractButton):
    """Muted words that light up under the mouse; with a chevron or a tick box on wish.

    Args:
        theme: Colours and icons, read when painting.
        font: The words' font.
        parent: Owner.
    """

    def __init__(self, theme: Theme, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = "muted"
        self._has_chevron = False
        self._reserved = ""
        self.setFont(font)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.on_theme_changed)

    def set_token(self, token: str) -> None:
        """Colour of the words while nothing happens to them."""
        self._token = token
        self.update()

    def set_chevron(self) -> None:
        """Show that a menu opens."""
        self._has_chevron = True
        self.updateGeometry()

    def reserve(self, words: str) -> None:
        """Be at least as wide as these words need, so that other ones move nothing."""
        self._reserved = words
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        words = (self.text(), self._reserved)
        width = max(metrics.horizontalAdvance(text) for text in words) + 2 * _PAD_X_PX
        if self._has_chevron:
            width += _CHEVRON_PX + _GAP_PX
        if self.isCheckable():
            width += _BOX_PX + _GAP_PX
        return QSize(width, metrics.height() + 2 * _PAD_Y_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def below(self) -> QPoint:
        """Where a menu of this button belongs, on the screen."""
        return self.mapToGlobal(QPoint(0, self.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not click_on_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_lit = self.underMouse() or self.isDown()
        painter.setFont(self.font())
        painter.setPen(self._theme.color("text" if is_lit else self._token))
        metrics = painter.fontMetrics()
        baseline = (self.height() + metrics.capHeight()) // 2
        painter.drawText(_PAD_X_PX, baseline, self.text())
        x = self.width() - _PAD_X_PX
        if self._has_chevron:
            icon = self._theme.icon("chevron-down", "text" if is_lit else self._token)
            y = (self.height() - _CHEVRON_PX) // 2 + 1
            icon.paint(painter, x - _CHEVRON_PX, y, _CHEVRON_PX, _CHEVRON_PX)
        if self.isCheckable():
            self._paint_box(painter, x - _BOX_PX)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _paint_box(self, painter: QPainter, x: int) -> None:
        box = QRectF(x + 0.5, (self.height() - _BOX_PX) // 2 + 0.5, _BOX_PX - 1, _BOX_PX - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent" if self.isChecked() else "muted"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 2, 2)
        if self.isChecked():
            tick = box.toRect().adjusted(1, 1, 0, 0)
            self._theme.icon("check", "accent").paint(painter, tick)

    @Slot()
    def on_theme_changed(self) -> None:
        """Wear the new colours."""
        self.update()
