"""What one can do with the topology and its nodes: the slots behind its actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QMenu

from zmqscope.core.types import SocketId
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.topology.action_list import CONTEXT_MENU, topology_actions
from zmqscope.ui.topology.exporter import TopologyExporter
from zmqscope.ui.topology.nodes import CardItem, SocketItem
from zmqscope.ui.topology.scene import TopologyScene
from zmqscope.ui.topology.view import TopologyView


class TopologyCommands(QObject):
    """Registers the topology's actions and carries them out.

    Args:
        scene: The nodes.
        view: Where they are seen.
        exporter: Writes them to a file.
        actions: Where the actions go.
        parent: Owner.
    """

    socket_selected = Signal(object)
    """SocketId to be selected in the list."""
    details_wanted = Signal(object)
    """SocketId whose details are to be shown."""
    peers_wanted = Signal(object)
    """SocketId whose peers are to be listed."""
    arrange_asked = Signal()
    """Everything is to be placed anew."""

    def __init__(
        self,
        scene: TopologyScene,
        view: TopologyView,
        exporter: TopologyExporter,
        actions: ActionRegistry,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._scene = scene
        self._view = view
        self._actions = actions
        self._register(exporter)
        scene.current_changed.connect(self.update_actions)
        view.node_clicked.connect(self.on_view_node_clicked)
        view.node_opened.connect(self.on_view_node_opened)
        view.menu_asked.connect(self.on_view_menu_asked)
        self.update_actions()

    def _register(self, exporter: TopologyExporter) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "view.topology.fit": self._view.fit,
            "view.topology.zoom_in": self._view.zoom_in,
            "view.topology.zoom_out": self._view.zoom_out,
            "view.topology.arrange": self.on_arrange,
            "view.topology.export": exporter.ask,
            "view.topology.details": self.on_details,
            "view.topology.peers": self.on_peers,
        }
        for action in topology_actions():
            self._actions.add(action, callbacks[action.id])

    @Slot()
    def update_actions(self) -> None:
        """Offer what can be done with the chosen node."""
        current = self._scene.current
        self._actions.qaction("view.topology.details").setEnabled(isinstance(current, SocketItem))
        self._actions.qaction("view.topology.peers").setEnabled(current is not None)

    def _socket(self) -> SocketId | None:
        """The socket that the chosen node is, or has to do with."""
        current = self._scene.current
        if isinstance(current, SocketItem):
            return current.socket.socket_id
        if isinstance(current, CardItem) and current.card.rows:
            return current.card.rows[0].socket_id
        return None

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_view_node_clicked(self) -> None:
        """A node was clicked: a socket is selected in the list, too."""
        current = self._scene.current
        if isinstance(current, SocketItem):
            self.socket_selected.emit(current.socket.socket_id)

    @Slot()
    def on_view_node_opened(self) -> None:
        """A node was double-clicked: details of a socket, peers of a card."""
        if isinstance(self._scene.current, SocketItem):
            self.on_details()
        else:
            self.on_peers()

    @Slot()
    def on_details(self) -> None:
        """Show the chosen socket's details."""
        current = self._scene.current
        if isinstance(current, SocketItem):
            self.details_wanted.emit(current.socket.socket_id)

    @Slot()
    def on_peers(self) -> None:
        """List the peers of the chosen node's socket."""
        socket_id = self._socket()
        if socket_id is not None:
            self.peers_wanted.emit(socket_id)

    @Slot()
    def on_arrange(self) -> None:
        """Place everything anew."""
        self.arrange_asked.emit()

    @Slot(QPoint)
    def on_view_menu_asked(self, place: QPoint) -> None:
        """Show what can be done."""
        menu = QMenu(self._view)
        menu.aboutToHide.connect(menu.deleteLater)
        fill_menu(menu, self._actions, CONTEXT_MENU)
        menu.popup(place)
