"""The head of the compare panel: which two messages, and how many changes. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zmqscope.models.compare.sides import Mode, Sides
from zmqscope.models.compare.words import gap_words, side_words
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.action_list import MODE_ACTIONS
from zmqscope.ui.fact_line import FONT_PX, FactLine
from zmqscope.ui.icon_button import action_button
from zmqscope.ui.theme import Theme


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
        self.before = FactLine(theme, "−", "broken")
        self.after = FactLine(theme, "+", "received")
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setFont(theme.data_font(size_px=FONT_PX))
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
            first.addWidget(action_button(actions.qaction(f"compare.{name}")))
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
            row.addWidget(action_button(actions.qaction(f"compare.{name}")))
            column.addLayout(row)

    def show_sides(self, sides: Sides) -> None:
        """Say which two messages these are."""
        gap = "" if sides.lack else gap_words(sides.before, sides.after)
        for line, name, words in (
            (self.before, self.tr("Before"), side_words(sides.before)),
            (self.after, self.tr("After"), side_words(sides.after, gap)),
        ):
            said = f"{name}: {words}"
            line.set_text(words, said, said)

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
            row.addWidget(action_button(actions.qaction(f"compare.{name}")))


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
