"""The messages panel: table, what lies over it, and everything one can do with rows. GUI thread."""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QActionGroup, QFont
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import RowId, SocketId
from zmqscope.models.message_cells import TimeMode
from zmqscope.models.message_table import MessageTableModel
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.action_list import (
    CONTEXT_MENU,
    ONLY_IN_TABLE,
    TIME_ACTIONS,
    message_actions,
)
from zmqscope.ui.messages.columns import ColumnLayout
from zmqscope.ui.messages.copying import CopyForm, RowCopier
from zmqscope.ui.messages.overlay import EmptyWords, NewRowsPill, NoteStrip
from zmqscope.ui.messages.states import TableState, empty_words, pill_words, state_words
from zmqscope.ui.messages.strip import MessageStrip
from zmqscope.ui.messages.view import MessageView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_TIME_KEY = "messages/time"
_LIVE_MS = 33
_IDLE_MS = 500
_NOTE_MS = 6_000


class MessagesPanel(QWidget):
    """All messages captured, of every socket or of one.

    Args:
        store: Where they are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        settings: Where columns and the kind of time are kept.
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
    ) -> None:
        super().__init__()
        self._store = store
        self._controller = controller
        self._theme = theme
        self._actions = actions
        self._settings = settings
        self._only: SocketId | None = None
        self._paused_sockets: dict[SocketId, int] = {}
        self._is_live = False
        self.model = MessageTableModel(store, self)
        self.view = MessageView(self.model, theme, self)
        self._copier = RowCopier(store, self.model, self)
        self._pill = NewRowsPill(self.view)
        self._empty = EmptyWords(self.view, theme)
        self._note = NoteStrip(self)
        self._note_timer = QTimer(self)
        self._note_timer.setSingleShot(True)
        self._note_timer.setInterval(_NOTE_MS)
        self._register()
        self._strip = MessageStrip(actions)
        self._columns = ColumnLayout(self.view.horizontalHeader(), theme, settings)
        self._lay_out()
        self._connect()
        self._restore_time()
        self.on_sockets_changed()

    def _register(self) -> None:
        callbacks = {
            "pause": self.on_pause_triggered,
            "follow": self.on_follow_triggered,
            "clear": self.on_clear_triggered,
            "show_only": self.on_show_only_triggered,
            "show_all": self.on_show_all_triggered,
            "resend": self.on_resend_triggered,
            "copy": self.on_copy_triggered,
            "copy_payload": self.on_copy_payload_triggered,
            "copy_json": self.on_copy_json_triggered,
            "columns": self.on_columns_triggered,
        }
        self._times = QActionGroup(self)
        for action in message_actions():
            name = action.id.removeprefix("messages.")
            qaction = self._actions.add(action, callbacks.get(name, self.on_time_triggered))
            if name not in callbacks:
                self._times.addAction(qaction)
            if action.id in ONLY_IN_TABLE:
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self.view.addAction(qaction)

    def _lay_out(self) -> None:
        self.view.horizontalHeader().setFont(self._theme.ui_font(QFont.Weight.DemiBold))
        self.view.setFont(self._theme.data_font())
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self._note)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        view = self.view
        view.row_activated.connect(self.on_view_row_activated)
        view.following_changed.connect(self.on_view_following_changed)
        view.rows_lost.connect(self.on_view_rows_lost)
        view.pause_requested.connect(self._actions.qaction("messages.pause").trigger)
        view.customContextMenuRequested.connect(self.on_view_menu_requested)
        view.selectionModel().selectionChanged.connect(self.on_view_selection_changed)
        self._pill.clicked.connect(self.on_follow_triggered)
        self._strip.filter_dropped.connect(self.on_show_all_triggered)
        self._copier.finished.connect(self.on_copier_finished)
        self._note_timer.timeout.connect(self.on_note_timer_timeout)
        self._controller.socket_changed.connect(self.on_sockets_changed)
        self._controller.socket_removed.connect(self.on_sockets_changed)

    def corner_widget(self) -> QWidget:
        """State and controls, for the panel's title strip."""
        return self._strip

    # ---- news -------------------------------------------------------------------------------

    def refresh(self, now_ns: int) -> None:
        """Show what is new."""
        changed = self.view.refresh()
        self._is_live = changed or self.model.rows.behind > 0
        self._update_words()

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again; the display's clock slows down what is costly."""
        return _LIVE_MS if self._is_live else _IDLE_MS

    def _update_words(self) -> None:
        state = self._state()
        self._strip.set_state(state_words(state))
        self._pill.set_words(pill_words(state))
        self._empty.set_words(*empty_words(state))

    def _state(self) -> TableState:
        rows = self.model.rows
        return TableState(
            shown=len(rows),
            in_memory=int(self._store.end_row) - int(self._store.first_row),
            captured=int(self._store.end_row),
            sockets=len(self._controller.snapshots),
            only=self.model.writer.name(self._only) if self._only is not None else "",
            hides_paused=bool(self._paused_sockets),
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

    # ---- what is shown ----------------------------------------------------------------------

    @Slot(object)
    def show_only(self, socket_id: SocketId | None) -> None:
        """Show the messages of one socket alone, or of all again."""
        if socket_id == self._only:
            return
        self._only = socket_id
        self._filter()
        self.shown_only_changed.emit(socket_id)

    @Slot(object)
    def set_paused_sockets(self, from_row: dict[SocketId, int]) -> None:
        """Hide the messages of some sockets from a row on."""
        if dict(from_row) == self._paused_sockets:
            return
        self._paused_sockets = dict(from_row)
        self._filter()

    def _filter(self) -> None:
        self.model.set_filter(self._only, self._paused_sockets)
        self.view.restart()
        self._is_live = True
        self._show_filter()
        self._update_words()

    def _show_filter(self) -> None:
        self._strip.set_filter("" if self._only is None else self.model.writer.name(self._only))
        self._actions.qaction("messages.show_all").setEnabled(self._only is not None)

    def _restore_time(self) -> None:
        try:
            mode = TimeMode(self._settings.get_text(_TIME_KEY, TimeMode.ABSOLUTE.value))
        except ValueError:
            mode = TimeMode.ABSOLUTE
        self._set_time_mode(mode)
        self.on_view_selection_changed()
        self.on_view_row_activated(None)
        self._show_filter()

    def _set_time_mode(self, mode: TimeMode) -> None:
        self._actions.qaction(TIME_ACTIONS[mode]).setChecked(True)
        self.model.set_time_mode(mode)
        self._strip.set_time_mode(mode)
        self.view.viewport().update()
