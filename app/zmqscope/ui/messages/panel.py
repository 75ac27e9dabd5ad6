"""The messages panel: the table, what lies over it and which rows it shows. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.search.query import Query
from zmqscope.core.types import SocketId
from zmqscope.models.formats import Formats
from zmqscope.models.messages.row_choice import RowChoice
from zmqscope.models.messages.row_reader import RowReader
from zmqscope.models.messages.table import MessageTableModel
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.columns import ColumnLayout
from zmqscope.ui.messages.commands import MessageCommands
from zmqscope.ui.messages.finding import MessageFinder
from zmqscope.ui.messages.places import TablePlaces
from zmqscope.ui.messages.signs import TableSigns
from zmqscope.ui.messages.states import TableState
from zmqscope.ui.messages.view import MessageView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_LIVE_MS = 33
_IDLE_MS = 500


class MessagesPanel(QWidget):
    """All messages captured, of every socket or of one.

    Args:
        store: Where they are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        settings: Where columns and the kind of time are kept.
        formats: Tells what messages mean; without it all is text or hex.

    Attributes:
        model: The table's model.
        view: The table.
        finder: Searches in it.
    """

    row_activated = Signal(object)
    """RowId of the current row, or None."""
    edit_requested = Signal(object)
    """tuple[bytes, ...]: frames to be edited and sent again."""
    shown_only_changed = Signal(object)
    """SocketId of the only socket shown, or None for all."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        settings: Settings,
        formats: Formats | None = None,
    ) -> None:
        super().__init__()
        self._store = store
        self._controller = controller
        self._formats = formats
        self._is_live = False
        self.model = MessageTableModel(
            store, controller.kernels, self, RowReader(formats, store.message)
        )
        self.view = MessageView(self.model, theme, self)
        columns = ColumnLayout(self.view.horizontalHeader(), theme, settings)
        self.commands = MessageCommands(store, self.model, self.view, columns, actions, settings)
        self._places = TablePlaces(self.model, self.view)
        self.finder = MessageFinder(self.model, self.view, self._places, theme, actions, self)
        self._signs = TableSigns(self.view, theme, actions, self)
        # The display's clock asks an idle panel twice a second and learns that it is busy only
        # then: until it does, the panel looks again by itself.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LIVE_MS)
        self._lay_out(theme)
        self._connect()
        self.commands.restore_time()
        self._show_filter()
        self.on_sockets_changed()

    def _lay_out(self, theme: Theme) -> None:
        self.view.setFont(theme.data_font())
        self.view.horizontalHeader().setFont(theme.ui_font(QFont.Weight.DemiBold))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.finder.bar)
        column.addWidget(self.view, 1)
        column.addWidget(self._signs.note)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.view.row_activated.connect(self.row_activated)
        self.view.following_changed.connect(self.on_view_following_changed)
        self.view.rows_lost.connect(self.on_view_rows_lost)
        commands = self.commands
        commands.said.connect(self.on_commands_said)
        commands.edit_requested.connect(self.edit_requested)
        commands.only_requested.connect(self.show_only)
        commands.pause_toggled.connect(self.on_commands_pause_toggled)
        commands.time_changed.connect(self._signs.strip.set_time_mode)
        commands.changed.connect(self.on_commands_changed)
        self.finder.query_changed.connect(self.on_finder_query_changed)
        self.finder.only_hits_changed.connect(self.on_finder_only_hits_changed)
        self.model.hits.woken.connect(self.on_hits_woken)
        self._signs.pill.clicked.connect(commands.on_follow)
        self._signs.strip.filter_dropped.connect(commands.on_show_all)
        self._soon.timeout.connect(self.on_soon_timeout)
        self._controller.socket_changed.connect(self.on_sockets_changed)
        self._controller.socket_removed.connect(self.on_sockets_changed)
        self._controller.woken.connect(self.on_controller_woken)
        if self._formats is not None:
            self._formats.choices.changed.connect(self.on_choices_changed)

    def corner_widget(self) -> QWidget:
        """State and controls, for the panel's title strip."""
        return self._signs.strip

    # ---- news -------------------------------------------------------------------------------

    def refresh(self, now_ns: int) -> None:
        """Show what is new; ``now_ns`` on the capture clock."""
        self._soon.stop()
        self._refresh()

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again; the display's clock slows down what is costly."""
        return _LIVE_MS if self._is_live else _IDLE_MS

    @Slot()
    def on_choices_changed(self) -> None:
        """Frames are to be read another way."""
        self.model.reread()
        self.view.viewport().update()

    @Slot()
    def on_controller_woken(self) -> None:
        """The first message after a silence is shown at once, not half a second later."""
        if not self._is_live and self.isVisible():
            self.on_soon_timeout()

    @Slot()
    def on_hits_woken(self) -> None:
        """The first hits after a silence are shown at once; while much comes, at the next tick."""
        if self.isVisible() and not self._is_live:
            self.on_soon_timeout()

    def stop_search(self) -> None:
        """End the search's thread, for good."""
        self.model.hits.stop()

    @Slot()
    def on_soon_timeout(self) -> None:
        """Look, and look again soon if there was something."""
        self._refresh()
        if self._is_live and self.isVisible():
            self._soon.start()

    def _refresh(self) -> None:
        self.finder.take_in()
        changed = self.view.refresh()
        searching = self.finder.go_on()
        rows = self.model.rows
        self._is_live = changed or searching or rows.behind > 0 or rows.are_waiting
        # What has come until now is looked at until the next tick, which then shows it.
        self.model.hits.nudge()
        self._update_words()

    def _update_words(self) -> None:
        self._signs.show_state(self._state())

    def _state(self) -> TableState:
        rows = self.model.rows
        return TableState(
            shown=len(rows),
            in_memory=rows.in_memory,
            captured=int(self._store.end_row),
            sockets=len(self._controller.snapshots),
            only=self._only_name() or "",
            hides_paused=bool(self.model.choice.hidden_from),
            shows_hits=rows.are_hits,
            is_paused=rows.is_frozen,
            is_following=self.view.is_following,
            new=rows.held_back if rows.is_frozen else self.view.unseen(),
            behind=rows.behind,
        )

    @Slot()
    def on_sockets_changed(self) -> None:
        """A socket may have another name now."""
        if self.model.set_sockets(self._controller.snapshots):
            self.view.viewport().update()
            self._show_filter()
        self._update_words()

    # ---- which rows are shown ---------------------------------------------------------------

    @Slot(object)
    def show_only(self, socket_id: SocketId | None) -> None:
        """Show the messages of one socket alone, or of all again."""
        if socket_id == self.model.choice.only:
            return
        self._choose(replace(self.model.choice, only=socket_id))
        self.shown_only_changed.emit(socket_id)

    @Slot(object)
    def set_paused_sockets(self, from_row: dict[SocketId, int]) -> None:
        """Hide the messages of some sockets, each from a row on."""
        if from_row != self.model.choice.hidden_from:
            self._choose(replace(self.model.choice, hidden_from=dict(from_row)))

    @Slot(object)
    def on_finder_query_changed(self, query: Query) -> None:
        """Something else is searched for."""
        self._choose(replace(self.model.choice, query=query))

    @Slot(bool)
    def on_finder_only_hits_changed(self, only_hits: bool) -> None:
        """Hits are to be shown alone, or among all messages."""
        self._choose(replace(self.model.choice, only_hits=only_hits))

    def _choose(self, choice: RowChoice, *, again: bool = False) -> None:
        place = self._places.here()
        if self.model.choose(choice, again=again):
            self._places.restart(place)
        self.view.viewport().update()
        self._is_live = True
        self._soon.start()
        self._show_filter()
        self._update_words()

    def _only_name(self) -> str | None:
        only = self.model.choice.only
        return None if only is None else self.model.writer.name(only)

    def _show_filter(self) -> None:
        self._signs.show_filter(self._only_name())

    @Slot(bool)
    def on_commands_pause_toggled(self, paused: bool) -> None:
        """Hold new rows back, or let them in."""
        self.model.rows.set_frozen(paused)
        self._refresh()

    @Slot()
    def on_commands_changed(self) -> None:
        """Rows were cleared, or the view follows again."""
        self._signs.note.say("")
        if not self.model.rows.in_memory and self.model.hits.is_active:
            # What was cleared is not what the search has missed.
            self._choose(self.model.choice, again=True)
        self._refresh()

    @Slot(bool)
    def on_view_following_changed(self, following: bool) -> None:
        """The reader left the end or came back."""
        if following:
            self._signs.note.say("")
        self._update_words()

    # ---- what the reader is told ------------------------------------------------------------

    @Slot()
    def on_view_rows_lost(self) -> None:
        """Rows under the reader's eye are gone."""
        self._signs.say_rows_lost()

    @Slot(str, bool)
    def on_commands_said(self, words: str, warning: bool) -> None:
        """Something was done, or could not be."""
        self._signs.note.say(words, warning=warning, passing=True)
