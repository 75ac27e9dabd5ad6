"""Wrapped words whose height only grows while they stay about the same thing. GUI thread.

A waiting time or a count changes many times a minute; a line more or less each time would make
everything below jump.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from zmqscope.ui.enter_key import click_on_enter
from zmqscope.ui.sockets.labels import breakable
from zmqscope.ui.theme import Theme

_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_ONE_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_FIGURES = re.compile(r"[\d.,:]+")
_ENDLESS = 100_000
_SMALLEST = 60
_WIDTHS = 16


class _Steady:
    """Words, their font, and the most that they have taken at each width."""

    def __init__(self) -> None:
        self.words = ""
        self.drawn = ""
        self.font = QFont()
        self._most: dict[int, int] = {}

    def set_words(self, words: str) -> bool:
        """Take other words; returns whether they are others."""
        if words == self.words:
            return False
        if _figureless(words) != _figureless(self.words):
            # It speaks of something else now: what the old words took is no measure.
            self._most.clear()
        self.words = words
        self.drawn = breakable(words)
        return True

    def set_font(self, font: QFont) -> None:
        """Take a font; figures of one width keep the words behind them still."""
        font.setFeature(QFont.Tag("tnum"), 1)
        self.font = font
        self._most.clear()

    def height(self, width: int) -> int:
        """Pixels that the words take at a width, or once took there."""
        room = QRect(0, 0, max(width, 1), _ENDLESS)
        needed = QFontMetrics(self.font).boundingRect(room, _WRAP, self.drawn).height()
        most = max(self._most.get(width, 0), needed if self.words else 0)
        if width not in self._most and len(self._most) >= _WIDTHS:
            self._most.clear()
        self._most[width] = most
        return most


def _figureless(words: str) -> str:
    return _FIGURES.sub("0", words)


class SteadyText(QWidget):
    """A muted paragraph; takes no room while it is empty.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._steady = _Steady()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @property
    def words(self) -> str:
        """What it says."""
        return self._steady.words

    def set_words(self, words: str) -> None:
        """Say something else."""
        if self._steady.set_words(words):
            self.setAccessibleName(words)
            self.setVisible(bool(words))
            self.updateGeometry()
            self.update()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font and colour."""
        self._steady.set_font(self._theme.ui_font())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._steady.height(width)

    def sizeHint(self) -> QSize:
        return QSize(_SMALLEST, self._steady.height(max(self.width(), _SMALLEST)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._steady.font)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(QRect(0, 0, self.width(), _ENDLESS), _WRAP, self._steady.drawn)


class SteadyTitle(QAbstractButton):
    """A heading that can be pressed: by mouse, or by Space and Enter.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._token = "text"
        self._is_folded = False
        self._steady = _Steady()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @property
    def words(self) -> str:
        """What it says."""
        return self._steady.words

    def set_words(self, words: str) -> None:
        """Say something else."""
        if self._steady.set_words(words):
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def set_folded(self, folded: bool) -> None:
        """Take one line, whatever it says, or as many as it needs."""
        if folded != self._is_folded:
            self._is_folded = folded
            self.updateGeometry()
            self.update()

    def full_height(self, width: int) -> int:
        """Pixels that all of it takes at a width."""
        return self._steady.height(width)

    def _height(self, width: int) -> int:
        if self._is_folded:
            return QFontMetrics(self._steady.font).height()
        return self._steady.height(width)

    def set_token(self, token: str) -> None:
        """Show the words in another colour of the theme."""
        if token != self._token:
            self._token = token
            self.update()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font and colour."""
        self._steady.set_font(self._theme.ui_font(QFont.Weight.DemiBold))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._height(width)

    def sizeHint(self) -> QSize:
        return QSize(_SMALLEST, self._height(max(self.width(), _SMALLEST)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        # One of many lines it is calm: the icon beside it says how bad it is.
        font = self._theme.ui_font() if self._is_folded else QFont(self._steady.font)
        font.setUnderline(self.isEnabled() and (self.hasFocus() or self.underMouse()))
        painter.setFont(font)
        is_calm = self._is_folded and self._token != "muted"
        painter.setPen(self._theme.color("text" if is_calm else self._token))
        if self._is_folded:
            shown = QFontMetrics(font).elidedText(
                self._steady.words, Qt.TextElideMode.ElideRight, self.width()
            )
            painter.drawText(self.rect(), _ONE_LINE, shown)
        else:
            painter.drawText(QRect(0, 0, self.width(), _ENDLESS), _WRAP, self._steady.drawn)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not click_on_enter(self, event):
            super().keyPressEvent(event)
