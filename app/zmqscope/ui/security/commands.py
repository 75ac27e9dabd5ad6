"""Carries out the actions about locks, keys and access: opens their dialogs. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.core.security.lock import DEFAULT_ACCESS
from zmqscope.core.types import SocketId
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.security.action_list import NEEDS_SELECTION, security_actions
from zmqscope.ui.security.desk import SecurityDesk
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController


class SecurityCommands(QObject):
    """The actions, and the socket that they are about.

    Args:
        desk: Keys and access lists.
        controller: Knows the sockets.
        theme: For the dialogs.
        actions: Where the actions are added.
        parent: What the dialogs belong to.
    """

    lock_asked = Signal(object)
    """SocketId: its lock is to be changed."""

    def __init__(
        self,
        desk: SecurityDesk,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._controller = controller
        self._theme = theme
        self._actions = actions
        self._owner = parent
        self._selected: SocketId | None = None
        slots: dict[str, Callable[..., object]] = {
            "socket.lock": self.on_lock,
            "socket.keys": self.on_keys,
            "socket.access": self.on_access,
        }
        for action in security_actions():
            actions.add(action, slots[action.id])
        self.select(None)

    @Slot(object)
    def select(self, socket_id: SocketId | None) -> None:
        """The socket that the actions are about."""
        self._selected = socket_id
        for action_id in NEEDS_SELECTION:
            self._actions.qaction(action_id).setEnabled(socket_id is not None)

    @Slot()
    def on_lock(self) -> None:
        """Change the selected socket's lock."""
        if self._selected is not None:
            self.lock_asked.emit(self._selected)

    @Slot()
    def on_keys(self) -> None:
        """Show the keys."""
        # Dialogs are imported when they are wanted: the start does not wait for them.
        from zmqscope.ui.security.keys_dialog import KeysDialog

        KeysDialog(self._theme, self._desk, self._owner.window()).open()

    @Slot()
    def on_access(self) -> None:
        """Show the access list that the selected socket goes by, or the default one."""
        name = DEFAULT_ACCESS
        if self._selected is not None:
            snapshot = self._controller.snapshots.get(self._selected)
            if snapshot is not None and snapshot.spec.lock.asks_access:
                name = snapshot.spec.lock.access_name
        self.show_access(name)

    def show_access(self, name: str) -> None:
        """Show an access list."""
        from zmqscope.ui.security.access_dialog import AccessDialog

        AccessDialog(self._theme, self._desk, name, self._owner.window()).open()
