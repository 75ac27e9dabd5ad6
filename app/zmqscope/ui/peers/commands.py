"""What one can do with a peer: the slots behind the peer actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from zmqscope.core.peers import Peer
from zmqscope.core.types import SocketId
from zmqscope.models.format import format_count
from zmqscope.models.peers.subscriptions import SubscriptionTableModel
from zmqscope.models.peers.table import PeerTableModel
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.peers.action_list import CONTEXT_MENU, peer_actions
from zmqscope.ui.peers.view import CellView


class PeerCommands(QObject):
    """Registers the peer actions and carries them out on the table that is shown.

    Args:
        peers: The table of peers.
        wants: The table of subscriptions.
        actions: Where the actions go.
        parent: Owner.
    """

    said = Signal(str, bool)
    """A sentence for the reader, and whether it is a warning."""
    find_asked = Signal()
    """The field is wanted."""
    scope_changed = Signal(bool)
    """Whether the selected socket alone is to be shown."""
    columns_asked = Signal()
    """The choice of columns is wanted."""
    subscriptions_wanted = Signal(bool)
    """Whether subscriptions are to be shown instead of peers."""
    socket_wanted = Signal(object)
    """SocketId to be selected in the list."""
    messages_wanted = Signal(object, object)
    """SocketId, and the routing id that its messages have to begin with."""

    def __init__(
        self, peers: CellView, wants: CellView, actions: ActionRegistry, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tables = (peers, wants)
        self._actions = actions
        self._register()
        for view in self._tables:
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self.on_view_menu_requested)
            view.current_changed.connect(self.update_actions)
            view.row_activated.connect(self.on_socket)
            view.copy_wanted.connect(self.on_copy)
            view.find_wanted.connect(self.on_find)
        self.update_actions()

    def _register(self) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "view.peers.find": self.on_find,
            "view.peers.scope": self.on_scope,
            "view.peers.subscriptions": self.on_subscriptions,
            "view.peers.columns": self.on_columns,
            "view.peers.socket": self.on_socket,
            "view.peers.other_end": self.on_other_end,
            "view.peers.messages": self.on_messages,
            "view.peers.copy": self.on_copy,
            "view.peers.copy_address": self.on_copy_address,
            "view.peers.copy_pid": self.on_copy_pid,
        }
        for action in peer_actions():
            self._actions.add(action, callbacks[action.id])

    # ---- which row --------------------------------------------------------------------------

    @property
    def _view(self) -> CellView:
        peers, wants = self._tables
        return wants if self._actions.qaction("view.peers.subscriptions").isChecked() else peers

    def _peer(self) -> Peer | None:
        model = self._view.model()
        return model.peer(self._view.current) if isinstance(model, PeerTableModel) else None

    def _socket(self) -> SocketId | None:
        peer, model = self._peer(), self._view.model()
        if peer is not None:
            return peer.socket_id
        if isinstance(model, SubscriptionTableModel):
            row = model.row(self._view.current)
            return None if row is None else row.socket_id
        return None

    def _routing_id(self) -> tuple[SocketId, bytes] | None:
        peer, model = self._peer(), self._view.model()
        if peer is None or not peer.identity or not isinstance(model, PeerTableModel):
            return None
        kind = model.kind(peer.socket_id)
        if kind is None or not kind.routes_by_identity:
            return None
        return peer.socket_id, peer.identity

    @Slot()
    def update_actions(self) -> None:
        """Offer what can be done with the current row."""
        peer, socket_id = self._peer(), self._socket()
        for name, can in (
            ("socket", socket_id is not None),
            ("copy", socket_id is not None),
            ("other_end", peer is not None and peer.own_socket is not None),
            ("messages", self._routing_id() is not None),
            ("copy_address", peer is not None and bool(peer.address)),
            ("copy_pid", peer is not None and peer.process is not None),
        ):
            self._actions.qaction(f"view.peers.{name}").setEnabled(can)

    @Slot(QPoint)
    def on_view_menu_requested(self, place: QPoint) -> None:
        """Show what can be done with the row."""
        view = self._view
        menu = QMenu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._actions, CONTEXT_MENU)
        menu.popup(view.viewport().mapToGlobal(place))

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_find(self) -> None:
        """Go to where one types."""
        self.find_asked.emit()

    @Slot(bool)
    def on_scope(self, only: bool) -> None:
        """Show the selected socket alone, or all."""
        self.scope_changed.emit(only)

    @Slot(bool)
    def on_subscriptions(self, on: bool) -> None:
        """Show subscriptions, or peers."""
        self.subscriptions_wanted.emit(on)

    @Slot()
    def on_columns(self) -> None:
        """Offer the choice of columns."""
        self.columns_asked.emit()

    @Slot()
    def on_socket(self) -> None:
        """Go to the socket that the row belongs to."""
        socket_id = self._socket()
        if socket_id is not None:
            self.socket_wanted.emit(socket_id)

    @Slot()
    def on_other_end(self) -> None:
        """Go to the socket that is the peer."""
        peer = self._peer()
        if peer is not None and peer.own_socket is not None:
            self.socket_wanted.emit(peer.own_socket)

    @Slot()
    def on_messages(self) -> None:
        """Find the messages of the peer's routing id."""
        found = self._routing_id()
        if found is not None:
            self.messages_wanted.emit(*found)

    @Slot()
    def on_copy(self) -> None:
        """Copy the selected rows as lines of fields, titles first."""
        view, model = self._view, self._view.model()
        rows = view.selected_rows()
        if not rows or not isinstance(model, (PeerTableModel, SubscriptionTableModel)):
            return
        lines = ["\t".join(column.title for column in model.columns)]
        lines += ["\t".join(model.cells(row, row + 1)[0].texts) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
        count = len(rows)
        words = self.tr("Copied 1 row.") if count == 1 else self.tr("Copied {0} rows.")
        self.said.emit(words.format(format_count(count)), False)

    @Slot()
    def on_copy_address(self) -> None:
        """Copy the peer's address."""
        peer = self._peer()
        if peer is not None and peer.address:
            QGuiApplication.clipboard().setText(peer.address)
            self.said.emit(self.tr("Copied the address."), False)

    @Slot()
    def on_copy_pid(self) -> None:
        """Copy the number of the peer's process."""
        peer = self._peer()
        if peer is not None and peer.process is not None:
            QGuiApplication.clipboard().setText(str(peer.process.pid))
            self.said.emit(self.tr("Copied the process id."), False)
