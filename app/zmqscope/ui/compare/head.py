"""The head of the compare panel: which two messages, and how many changes. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zmqscope.models.compare_sides import Mode, Sides
from zmqscope.models.compare_words import gap_words, side_words
from zmqscope.models.format import plain_tip
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.action_list import MODE_ACTIONS
from zmqscope.ui.theme import Theme

_LINE_PX = 18
_MARGIN_PX = 12
_FONT_PX = 11.5
_SIGN_CHARS = 2


class SideLine(QWidget):
    """One of the two messages, behind the sign and in the colour that its values have.

    Args:
        theme: Colours and font.
        sign: Stands before it.
        token: The sign's colour.
        name: What the message is, for a screen reader.
    """

    def __init__(self, theme: Theme, sign: str, token: str, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._sign = sign
        self._token = token
        self._name = name
        self._text = ""
        self.setFont(theme.data_font(size_px=_FONT_PX))
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What it says, whole."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(f"{self._name}: {text}")
            self.setToolTip(plain_tip(f"{self._name}: {text}"))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.rect().adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(self._theme.color(self._token))
        painter.drawText(room, left, self._sign)
        indent = self.fontMetrics().horizontalAdvance("0") * _SIGN_CHARS
        rest = QRect(room.adjusted(indent, 0, 0, 0))
        painter.setPen(self._theme.color("muted"))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, left, text)
        painter.end()


class CompareHead(QWidget):
    """Ways to choose the two messages, what they are, steps between changes.

    Args:
        theme: Colours and fonts.
        actions: Where the panel's actions are registered.

    Attributes:
        before: The one message.
        after: The other one.
        count: How many changes there are.
    """

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self.before = SideLine(theme, "−", "broken", self.tr("Before"))
        self.after = SideLine(theme, "+", "received", self.tr("After"))
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setFont(theme.data_font(size_px=_FONT_PX))
        self.count.setProperty("tone", "muted")
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = {
            Mode.PREVIOUS: self.tr("Previous"),
            Mode.PINNED: self.tr("Pinned"),
            Mode.TWO: self.tr("Two"),
        }
        font = theme.ui_font(size_px=12.0)
        first = QHBoxLayout()
        first.setContentsMargins(8, 0, 6, 0)
        first.setSpacing(2)
        for mode, action_id in MODE_ACTIONS.items():
            first.addWidget(_word_button(actions.qaction(action_id), words[mode], font))
        first.addWidget(self.count, 1)
        first.addSpacing(4)
        for name in ("back", "next"):
            first.addWidget(icon_button(actions.qaction(f"compare.{name}")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(1)
        column.addLayout(first)
        column.addSpacing(2)
        # What pins a message stands beside the one to compare with, what follows beside the newest.
        for line, name in ((self.before, "pin"), (self.after, "follow")):
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 6, 0)
            row.addWidget(line, 1)
            row.addWidget(icon_button(actions.qaction(f"compare.{name}")))
            column.addLayout(row)

    def show_sides(self, sides: Sides) -> None:
        """Say which two messages these are."""
        gap = "" if sides.lack else gap_words(sides.before, sides.after)
        self.before.set_text(side_words(sides.before))
        self.after.set_text(side_words(sides.after, gap))

    def set_count(self, words: str) -> None:
        """Say how many changes there are."""
        if words != self.count.text():
            self.count.setText(words)
            self.count.setAccessibleName(words)


class CompareCorner(QWidget):
    """What one can switch, for the right end of the panel's title strip.

    Args:
        actions: Where the panel's actions are registered.
    """

    def __init__(self, actions: ActionRegistry) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name in ("only_changes", "bytes", "swap"):
            row.addWidget(icon_button(actions.qaction(f"compare.{name}")))


def icon_button(action: QAction) -> QToolButton:
    """A button for an action that has an icon."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(14, 14))
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _word_button(action: QAction, words: str, font: QFont) -> QToolButton:
    button = QToolButton()
    button.setFont(font)
    # The style adds room for an icon that is not there.
    button.setFixedWidth(QFontMetrics(font).horizontalAdvance(words) + 12)
    action.setIconText(words)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
