"""The action that opens a probe, and who else may ask for one. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.bridge.probes import PrepareLock
from zmqscope.core.types import Endpoint, Role, SocketId
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.probe.dialog import ProbeDialog
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController


class ProbeCommands(QObject):
    """Opens probes.

    Args:
        controller: Where sockets are looked up.
        theme: Colours, fonts and icons.
        actions: Where the action is registered.
        window: What dialogs belong to.
        prepare_lock: Fetches what a socket's lock needs, on the probe's thread.
    """

    def __init__(
        self,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        window: QWidget,
        prepare_lock: PrepareLock | None = None,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._theme = theme
        self._window = window
        self._prepare_lock = prepare_lock
        self._selected: SocketId | None = None
        action = Action(
            "socket.probe",
            self.tr("Probe an endpoint…"),
            "Socket",
            "Ctrl+Shift+B",
            "search",
            help=self.tr("Ask what answers at an address, and whether a socket could talk with it"),
        )
        actions.add(action, self.on_probe)

    @Slot(object)
    def on_socket_selected(self, socket_id: SocketId | None) -> None:
        """Its first connect is what a probe begins with."""
        self._selected = socket_id

    @Slot()
    def on_probe(self) -> None:
        """Open an empty probe, or one of what the selected socket cannot reach."""
        dialog = self._open()
        snapshot = (
            None if self._selected is None else self._controller.snapshots.get(self._selected)
        )
        if snapshot is None:
            return
        asked = [s.endpoint for s in snapshot.endpoints if s.endpoint.role is Role.CONNECT]
        dialog.prefill(asked[0].address if asked else "", snapshot)

    @Slot(object, object)
    def on_probe_requested(self, socket_id: SocketId, endpoint: Endpoint | None) -> None:
        """Probe an endpoint of a socket at once."""
        snapshot = self._controller.snapshots.get(socket_id)
        if snapshot is None:
            return
        if endpoint is None and snapshot.endpoints:
            endpoint = snapshot.endpoints[0].endpoint
        if endpoint is not None:
            statuses = {s.endpoint: s.actual for s in snapshot.endpoints}
            self._open().ask(statuses.get(endpoint, endpoint.address), snapshot)

    def _open(self) -> ProbeDialog:
        dialog = ProbeDialog(self._theme, self._prepare_lock, self._window)
        dialog.show()
        return dialog
