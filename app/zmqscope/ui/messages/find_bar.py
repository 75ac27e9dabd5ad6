"""The find bar above the message table: what to look for, and what was found. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import Direction
from zmqscope.models.format import plain_tip
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import action_button
from zmqscope.ui.messages.find_words import ResultWords
from zmqscope.ui.theme import Theme

MAX_CHARS = 4_096
"""Characters that can be searched for at most."""

_MARGIN_PX = 8
_LINE_PX = 20
_MENU_ARROW_PX = 22
_PADDING_PX = 8
_NARROW_PX = 470
_VERY_NARROW_PX = 370


class FindField(QLineEdit):
    """Where one types; Enter and Shift+Enter go from hit to hit."""

    next_wanted = Signal()
    previous_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            backwards = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.previous_wanted if backwards else self.next_wanted).emit()
        else:
            super().keyPressEvent(event)


class ResultLine(QWidget):
    """One line about the search, shortened where there is little room.

    Args:
        theme: Colours and fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = ResultWords("", "", "muted", False)
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def words(self) -> ResultWords:
        """What it says."""
        return self._words

    def set_words(self, words: ResultWords) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self.setAccessibleName(words.text)
            self.setToolTip(plain_tip(words.text))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, words = self._theme, self._words
        painter = QPainter(self)
        font = theme.data_font(size_px=11.5) if words.is_data else theme.ui_font(size_px=12.0)
        painter.setFont(font)
        painter.setPen(theme.color(words.tone))
        metrics, room = QFontMetrics(font), self.rect()
        fits = metrics.horizontalAdvance(words.text) <= room.width()
        text = words.text if fits else words.short
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


class DirectionButton(QPushButton):
    """Chooses a direction, or both.

    Args:
        theme: Its font.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.direction: Direction | None = None
        self.setProperty("kind", "flat")
        self.setProperty("menu", "true")
        self.setToolTip(self.tr("Find messages that were received, that were sent, or both"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        group = QActionGroup(menu)
        words = (self.tr("Both ways"), self.tr("Received"), self.tr("Sent"))
        for word, way in zip(words, (None, *Direction), strict=True):
            entry = menu.addAction(word)
            entry.setCheckable(True)
            entry.setChecked(way is None)
            entry.setData(way)
            group.addAction(entry)
        self.setMenu(menu)
        # As wide as the longest of its words: nothing moves when another one is chosen.
        metrics = QFontMetrics(theme.ui_font())
        widest = max(map(metrics.horizontalAdvance, words))
        self.setFixedWidth(widest + 2 * _PADDING_PX + _MENU_ARROW_PX)
        self._show(words[0])
        menu.triggered.connect(self.on_menu_triggered)

    def _show(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(self.tr("Direction: {0}").format(words))

    @Slot(QAction)
    def on_menu_triggered(self, entry: QAction) -> None:
        """A direction was chosen."""
        way = entry.data()
        self.direction = None if way is None else Direction(way)
        self._show(entry.text())
        self.changed.emit()


class FindBar(QFrame):
    """A field, what it means, the way from hit to hit, and a line about the search.

    Args:
        theme: Colours, fonts, icons.
        actions: Where the actions of the search are registered.

    Attributes:
        field: Where one types.
        result: The line below.
    """

    direction_changed = Signal()
    """Another direction was chosen."""

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "find")
        self.field = FindField()
        self.field.setAccessibleName(self.tr("Find in messages"))
        self.field.setMaxLength(MAX_CHARS)
        self.field.setClearButtonEnabled(False)
        self.field.setFont(theme.data_font())
        self.field.setMinimumWidth(80)
        self._glass = self.field.addAction(
            theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.result = ResultLine(theme)
        self._way = DirectionButton(theme)
        self._way.changed.connect(self.direction_changed)
        self._lay_out(actions)
        # It makes do with any width: the panel is not made wider for it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.on_theme_changed)

    def _lay_out(self, actions: ActionRegistry) -> None:
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(3)
        first.addWidget(self.field, 1)
        first.addWidget(self._word_button(actions, "find_hex", self.tr("Hex")))
        self._topic = self._word_button(actions, "find_topic", self.tr("Topic"))
        first.addWidget(self._topic)
        first.addWidget(self._way)
        first.addWidget(self._word_button(actions, "only_hits", self.tr("Only hits")))
        for name in ("find_previous", "find_next", "find_close"):
            first.addWidget(action_button(actions.qaction(f"messages.{name}")))
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, 5, _MARGIN_PX - 2, 3)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self.result)

    def _word_button(self, actions: ActionRegistry, name: str, words: str) -> QToolButton:
        button, action = QToolButton(), actions.qaction(f"messages.{name}")
        font = self._theme.ui_font(QFont.Weight.Normal)
        action.setIconText(words)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        # The style adds room for an icon that is not there.
        button.setFixedWidth(QFontMetrics(font).horizontalAdvance(words) + 2 * _PADDING_PX)
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def direction(self) -> Direction | None:
        """Which way messages have to go; None for both."""
        return self._way.direction

    def set_problem(self, has_problem: bool) -> None:
        """Mark the field as one whose content cannot be used, or no longer."""
        if bool(self.field.property("problem")) != has_problem:
            self.field.setProperty("problem", has_problem)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What is used least goes first; the menu has topics, too.
        is_narrow = self.width() < _NARROW_PX and self.direction is None
        self._way.setVisible(not is_narrow)
        self._topic.setVisible(self.width() >= _VERY_NARROW_PX)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the new colours."""
        self._glass.setIcon(self._theme.icon("search"))
