"""The topics panel: every topic with live figures. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.models.topics.table import TopicTableModel
from zmqscope.models.topics.words import count_words, empty_words, others_words
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.overlay import EmptyWords, NoteStrip
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme
from zmqscope.ui.topics.bar import TopicsBar
from zmqscope.ui.topics.columns import TopicColumns
from zmqscope.ui.topics.commands import TopicCommands
from zmqscope.ui.topics.separator import SeparatorChoice
from zmqscope.ui.topics.view import TopicView

_LIVE_MS = 200
_IDLE_MS = 500
_TYPING_MS = 80


class TopicsPanel(QWidget):
    """Lists topics, the busiest first, as far as they contain what was typed.

    Args:
        store: Where topics and messages are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        settings: Where columns and the end of topics are kept.

    Attributes:
        model: The table's model.
        view: The table.
        bar: Count, field and choice, for the title strip.
        commands: What its actions do.
    """

    row_activated = Signal(object)
    """RowId of a message to be shown."""
    show_only_requested = Signal(object)
    """SocketId to show alone."""
    front_wanted = Signal()
    """The panel has to be seen."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._settings = settings
        self._is_live = False
        self.model = TopicTableModel(store, self)
        self.view = TopicView(self.model, theme)
        self.bar = TopicsBar(theme)
        self.commands = TopicCommands(self.model, self.view, actions)
        self._columns = TopicColumns(self.view.horizontalHeader(), theme, settings)
        self._separator = SeparatorChoice(store.topics, settings, theme, self)
        self._empty = EmptyWords(self.view, theme)
        self._others = _OthersLine(theme)
        self._note = NoteStrip(self)
        # One look at all names for a word that is typed quickly, not one for each letter.
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._lay_out(theme)
        self._connect()
        self.bar.ends.setToolTip(actions.qaction("view.topics.ends").toolTip())
        self.bar.ends.setAccessibleName(actions.action("view.topics.ends").title)
        self.bar.set_separator(settings.topic_separator)
        self.on_sockets_changed()
        self._update_words()

    def _lay_out(self, theme: Theme) -> None:
        self.view.horizontalHeader().setFont(theme.ui_font(QFont.Weight.DemiBold))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self._others)
        column.addWidget(self._note)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        commands, field = self.commands, self.bar.field
        commands.row_activated.connect(self.row_activated)
        commands.show_only_requested.connect(self.show_only_requested)
        commands.said.connect(self.on_commands_said)
        commands.find_asked.connect(self.on_commands_find_asked)
        commands.ends_asked.connect(self.on_commands_ends_asked)
        self.view.find_wanted.connect(self.on_view_find_wanted)
        field.textChanged.connect(self.on_field_text_changed)
        field.left.connect(self.on_field_left)
        self._typing.timeout.connect(self.on_typing_timeout)
        self.bar.ends.clicked.connect(self.on_commands_ends_asked)
        self._controller.socket_changed.connect(self.on_sockets_changed)
        self._controller.socket_removed.connect(self.on_sockets_changed)
        self._settings.changed.connect(self.on_settings_changed)

    def corner_widget(self) -> QWidget:
        """Count, field and choice, for the panel's title strip."""
        return self.bar

    # ---- news -------------------------------------------------------------------------------

    def refresh(self, now_ns: int) -> None:
        """Show what is new; ``now_ns`` on the capture clock."""
        self._is_live = self.model.refresh(now_ns, hold=self.view.is_held)
        if self._is_live:
            self.view.viewport().update()
            self._update_words()

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again."""
        return _LIVE_MS if self._is_live else _IDLE_MS

    def _update_words(self) -> None:
        rows = self.model.rows
        is_filtered = not rows.finder.finds_all
        self.bar.set_count(count_words(len(rows), rows.known, is_filtered=is_filtered))
        self._empty.set_words(*empty_words(len(rows), rows.known, rows.finder.typed))
        self._others.set_words(others_words(self.model.others()))

    @Slot()
    def on_sockets_changed(self) -> None:
        """A socket may have another name now, or be gone."""
        if self.model.set_sockets(self._controller.snapshots):
            self.view.viewport().update()

    @Slot(str)
    def on_settings_changed(self, name: str) -> None:
        """Topics end elsewhere."""
        if name == "topic_separator":
            self.bar.set_separator(self._settings.topic_separator)

    # ---- finding ----------------------------------------------------------------------------

    @Slot(str)
    def on_field_text_changed(self, _text: str) -> None:
        """Look once the typing pauses."""
        self._typing.start()

    @Slot()
    def on_typing_timeout(self) -> None:
        """Show the topics that contain what is typed; the selection stays if it is among them."""
        self._typing.stop()
        topic = self.view.topic
        self.model.set_filter(self.bar.field.text())
        index = self.model.index_of(topic)
        if index.isValid() and topic != self.view.topic:
            self.view.select(index)
        self._update_words()

    @Slot()
    def on_field_left(self) -> None:
        """The keyboard goes on to the table."""
        self.on_typing_timeout()
        self.view.setFocus()
        if self.view.topic is None:
            self.view.select(self.model.index(0, 0))

    @Slot()
    def on_view_find_wanted(self) -> None:
        """The keyboard leaves the table upwards."""
        self.bar.field.setFocus()

    @Slot()
    def on_commands_find_asked(self) -> None:
        """Go to the field, wherever the panel is."""
        self.front_wanted.emit()
        self.bar.field.setFocus()
        self.bar.field.selectAll()

    # ---- where topics end -------------------------------------------------------------------

    @Slot()
    def on_commands_ends_asked(self) -> None:
        """Offer where topics end, below the button that says it."""
        self.front_wanted.emit()
        button = self.bar.ends
        place = button.below if button.isVisible() else self.mapToGlobal(QPoint(0, 0))
        self._separator.pop_up(place)

    @Slot(str, bool)
    def on_commands_said(self, words: str, warning: bool) -> None:
        """Something was done, or could not be."""
        self._note.say(words, warning=warning, passing=True)


class _OthersLine(QFrame):
    """What has no row of its own, below the table; no room while there is nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "details")
        self._label = QLabel()
        self._label.setProperty("tone", "muted")
        self._label.setFont(theme.data_font(size_px=11.0))
        self._label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.addWidget(self._label)
        self.hide()

    def set_words(self, words: str) -> None:
        """Say something else, or nothing."""
        if words != self._label.text():
            self._label.setText(words)
            self.setAccessibleName(words)
        self.setVisible(bool(words))
