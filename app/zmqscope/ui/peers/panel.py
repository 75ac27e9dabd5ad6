"""The peers panel: who is at the other end, and who wants what. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QFont, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.peers import SocketPeers
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.peers.cells import PeerColumn
from zmqscope.models.peers.panel_words import (
    count_words,
    no_peer_words,
    no_want_words,
    wants_words,
)
from zmqscope.models.peers.subscriptions import SubscriptionTableModel, WantColumn
from zmqscope.models.peers.table import PeerTableModel
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.overlay import EmptyWords, NoteStrip
from zmqscope.ui.peers.bar import PeersBar
from zmqscope.ui.peers.columns import ColumnPlan, KeptColumns
from zmqscope.ui.peers.commands import PeerCommands
from zmqscope.ui.peers.finding import PeerFinder
from zmqscope.ui.peers.view import CellView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_LIVE_MS = 250
_IDLE_MS = 500
_ONLY_SELECTED, _SUBSCRIPTIONS = "peers/only_selected", "peers/subscriptions"
# The numbers at the end go up when columns change, so that old widths are not taken for new ones.
_PEER_PLAN = ColumnPlan(
    "peers/columns-3",
    (10, 15, 14, 8, 8, 9, 5, 8, 8, 10, 10, 9, 10, 9, 8),
    {
        **{PeerColumn.SOCKET: 5, PeerColumn.ADDRESS: 1, PeerColumn.PROCESS: 3},
        **{PeerColumn.TYPE: 1, PeerColumn.IDENTITY: 3},
    },
    # Nearly always the same for all; shown once they are not.
    frozenset((PeerColumn.MECHANISM, PeerColumn.VERSION, PeerColumn.USER, PeerColumn.RECONNECTS)),
    PeerColumn.SINCE,
    (
        *(PeerColumn.UNSENT, PeerColumn.VERSION, PeerColumn.SENT_BYTES, PeerColumn.RECEIVED_BYTES),
        *(PeerColumn.SINCE, PeerColumn.RECONNECTS, PeerColumn.MECHANISM, PeerColumn.USER),
        *(PeerColumn.SENT, PeerColumn.RECEIVED, PeerColumn.IDENTITY),
    ),
)
_WANT_PLAN = ColumnPlan(
    "peers/subscription-columns-3",
    (16, 10, 9, 14, 8, 20),
    {WantColumn.TOPIC: 2, WantColumn.WHO: 2, WantColumn.NOTE: 3},
    frozenset(),
    WantColumn.TOPIC,
    (WantColumn.SINCE, WantColumn.WHO),
)
_PUBLISHERS = (SocketType.PUB, SocketType.XPUB, SocketType.RADIO)


class PeersPanel(QWidget):
    """Lists the peers of one socket or of all; or their subscriptions.

    Args:
        store: The topics that were sent.
        controller: Peers, and names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        settings: Where columns and choices are kept, and where topics end.

    Attributes:
        peers: The table of peers.
        peer_columns: Its columns.
        want_columns: Those of the subscriptions.
        wants: The table of subscriptions.
        bar: Count, field and choices, for the title strip.
        commands: What its actions do.
        finder: Looks for what is typed.
    """

    socket_wanted = Signal(object)
    """SocketId to be selected in the list."""
    messages_wanted = Signal(object, object)
    """SocketId, and the routing id that its messages have to begin with."""
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
        self._actions = actions
        self._settings = settings
        self._selected: SocketId | None = None
        self._is_live = False
        self.model = PeerTableModel(self)
        self.want_model = SubscriptionTableModel(store.topics, self)
        self.peers = CellView(self.model, theme, self.tr("Peers"))
        self.wants = CellView(self.want_model, theme, self.tr("Subscriptions"))
        self.peer_columns = KeptColumns(self.peers, self.model.columns, _PEER_PLAN, settings, theme)
        self.want_columns = KeptColumns(
            self.wants, self.want_model.columns, _WANT_PLAN, settings, theme
        )
        self.commands = PeerCommands(self.peers, self.wants, actions, self)
        self.bar = PeersBar(theme, self._action("subscriptions"), self._action("scope"))
        self._pages = QStackedWidget()
        self._empty = {view: EmptyWords(view, theme) for view in (self.peers, self.wants)}
        self._note = NoteStrip(self)
        self.finder = PeerFinder(self.peers, self.bar.field, self)
        self._lay_out(theme)
        self._connect()
        self._restore()

    def _action(self, name: str) -> QAction:
        return self._actions.qaction(f"view.peers.{name}")

    def _lay_out(self, theme: Theme) -> None:
        for view in (self.peers, self.wants):
            view.horizontalHeader().setFont(theme.ui_font(QFont.Weight.DemiBold))
            self._pages.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self._note)

    def _connect(self) -> None:
        commands, controller = self.commands, self._controller
        commands.socket_wanted.connect(self.socket_wanted)
        commands.messages_wanted.connect(self.messages_wanted)
        commands.said.connect(self.on_commands_said)
        commands.find_asked.connect(self.on_commands_find_asked)
        self.finder.found.connect(self.on_finder_found)
        commands.scope_changed.connect(self.on_commands_scope_changed)
        commands.subscriptions_wanted.connect(self.on_commands_subscriptions_wanted)
        commands.columns_asked.connect(self.on_commands_columns_asked)
        controller.peers_changed.connect(self.on_controller_peers_changed)
        controller.socket_changed.connect(self.on_sockets_changed)
        controller.socket_removed.connect(self.on_controller_socket_removed)
        self._settings.changed.connect(self.on_settings_changed)

    def _restore(self) -> None:
        for peers in self._controller.peers.values():
            self.on_controller_peers_changed(peers)
        self.want_model.set_separator(self._settings.topic_separator)
        self.on_sockets_changed()
        scope, wants = self._action("scope"), self._action("subscriptions")
        scope.setChecked(self._settings.get_text(_ONLY_SELECTED) == "yes")
        wants.setChecked(self._settings.get_text(_SUBSCRIPTIONS) == "yes")
        self._show_scope()
        self._show_page()

    def corner_widget(self) -> QWidget:
        """Count, field and choices, for the panel's title strip."""
        return self.bar

    # ---- news -------------------------------------------------------------------------------

    @property
    def view(self) -> CellView:
        """The table that is shown."""
        return self.wants if self._action("subscriptions").isChecked() else self.peers

    def refresh(self, now_ns: int) -> None:
        """Show what is new; ``now_ns`` on the capture clock."""
        view = self.view
        model = self.want_model if view is self.wants else self.model
        hold = view.is_held
        self._is_live = view.update_rows(lambda: model.refresh(now_ns, hold=hold))
        if self._is_live:
            self.commands.update_actions()
            self._update_words()
            if view is self.peers:
                _offer_columns(self.model, self.peer_columns)

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again."""
        return _LIVE_MS if self._is_live else _IDLE_MS

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The display's clock may be half a second away: what came meanwhile is there at once.
        self.refresh(self._controller.clock.now_ns())

    @Slot(object)
    def on_controller_peers_changed(self, peers: SocketPeers) -> None:
        """Peers came, went or changed; shown at the next refresh."""
        self.model.take(peers)
        self.want_model.take(peers)

    @Slot()
    def on_sockets_changed(self) -> None:
        """A socket may have another name now."""
        self.model.set_sockets(self._controller.snapshots)
        self.want_model.set_sockets(self._controller.snapshots)
        self._update_words()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """A socket is gone, and its peers with it."""
        self.model.forget(socket_id)
        self.want_model.forget(socket_id)
        self._update_words()

    @Slot(str)
    def on_settings_changed(self, name: str) -> None:
        """Topics end elsewhere."""
        if name == "topic_separator":
            self.want_model.set_separator(self._settings.topic_separator)

    def _update_words(self) -> None:
        snapshots, only = self._controller.snapshots, self._only
        model, wants = self.model, self.want_model
        if self.view is self.peers:
            shown = model.rowCount()
            self.bar.set_count(count_words(shown, model.known, model.more))
            snapshot = None if only is None else snapshots.get(only)
            words = no_peer_words(model.known, model.typed, snapshot, len(snapshots))
            self._empty[self.peers].set_words(*(("", "") if shown else words))
            return
        shown = wants.rowCount()
        self.bar.set_count(wants_words(*wants.figures()))
        publishers = [
            one
            for socket_id, one in snapshots.items()
            if one.spec.type in _PUBLISHERS and only in (None, socket_id)
        ]
        words = no_want_words(wants.known, wants.typed, len(publishers))
        self._empty[self.wants].set_words(*(("", "") if shown else words))

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def _only(self) -> SocketId | None:
        return self._selected if self._action("scope").isChecked() else None

    @Slot(object)
    def set_socket(self, socket_id: SocketId | None) -> None:
        """Another socket is selected in the list, or none."""
        if socket_id != self._selected:
            self._selected = socket_id
            self._show_scope()

    def show_socket(self, socket_id: SocketId) -> None:
        """Show the peers of one socket, whatever was shown before."""
        self._selected = socket_id
        for name, on in (("subscriptions", False), ("scope", True)):
            if self._action(name).isChecked() is not on:
                self._action(name).trigger()
        self.bar.field.clear()
        self._show_scope()

    def _show_scope(self) -> None:
        self.model.set_socket(self._only)
        self.want_model.set_socket(self._only)
        if self.isVisible():
            self.refresh(self._controller.clock.now_ns())
        self._update_words()

    @Slot(bool)
    def on_commands_scope_changed(self, only: bool) -> None:
        """Show the selected socket alone, or all; remembered."""
        self._settings.set_text(_ONLY_SELECTED, "yes" if only else "")
        self._show_scope()

    @Slot(bool)
    def on_commands_subscriptions_wanted(self, on: bool) -> None:
        """Show subscriptions, or peers; remembered."""
        self._settings.set_text(_SUBSCRIPTIONS, "yes" if on else "")
        self.front_wanted.emit()
        self._show_page()

    def _show_page(self) -> None:
        self._pages.setCurrentWidget(self.view)
        self.setFocusProxy(self.view)
        self.finder.set_view(self.view)
        if self.isVisible():
            self.refresh(self._controller.clock.now_ns())
        self.commands.update_actions()
        self._update_words()

    @Slot()
    def on_commands_find_asked(self) -> None:
        """Go to the field, wherever the panel is."""
        self.front_wanted.emit()
        self.bar.field.setFocus()
        self.bar.field.selectAll()

    @Slot()
    def on_commands_columns_asked(self) -> None:
        """Show the choice of columns, wherever the panel is."""
        self.front_wanted.emit()
        columns = self.want_columns if self.view is self.wants else self.peer_columns
        columns.pop_up_below()

    @Slot()
    def on_finder_found(self) -> None:
        """Other rows are shown."""
        self._update_words()

    @Slot(str, bool)
    def on_commands_said(self, words: str, warning: bool) -> None:
        """Something was done, or could not be."""
        self._note.say(words, warning=warning, passing=True)


def _offer_columns(model: PeerTableModel, columns: KeptColumns) -> None:
    """Show columns in which peers differ from what is usual."""
    for differs, column in (
        (model.has_locked, PeerColumn.MECHANISM),
        (model.has_users, PeerColumn.USER),
        (model.has_reconnects, PeerColumn.RECONNECTS),
    ):
        if differs:
            columns.offer(column)
