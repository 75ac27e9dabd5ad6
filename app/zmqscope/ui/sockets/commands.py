"""What can be done with the selected socket: the actions, and when each may be used. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from zmqscope.core.spec import format_spec
from zmqscope.core.types import RowId, SocketId, SocketSnapshot
from zmqscope.models.sockets.socket_words import actual_address
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.sockets.action_list import NEEDS_SELECTION, socket_actions

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore


class SocketCommands(QObject):
    """Carries the socket actions out on the selected socket.

    Args:
        store: Where a paused display stops.
        controller: Told what to do.
        actions: Where the actions are registered.
        parent: Owner.
    """

    new_asked = Signal()
    list_asked = Signal()
    edit_asked = Signal(object)
    """SocketId."""
    rename_asked = Signal(object)
    """SocketId."""
    remove_asked = Signal(object)
    """SocketId; to be asked about if it is open."""
    paused_sockets_changed = Signal(object)
    """dict[SocketId, RowId], a copy."""
    show_only_requested = Signal(object)
    """SocketId, or None for all."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        actions: ActionRegistry,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._controller = controller
        self._actions = actions
        self._selected: SocketId | None = None
        self._only: SocketId | None = None
        self._paused: dict[SocketId, RowId] = {}
        self._register()
        controller.socket_changed.connect(self.on_controller_socket_changed)
        controller.socket_removed.connect(self.on_controller_socket_removed)
        self._show_states()

    def _register(self) -> None:
        slots: dict[str, Callable[..., object]] = {
            "socket.new": self.on_new,
            "socket.focus_list": self.on_focus_list,
            "socket.edit": self.on_edit,
            "socket.rename": self.on_rename,
            "socket.close": self.on_close,
            "socket.reopen": self.on_reopen,
            "socket.pause_display": self.on_pause_display,
            "socket.show_only": self.on_show_only,
            "socket.copy_spec": self.on_copy_spec,
            "socket.copy_address": self.on_copy_address,
            "socket.remove": self.on_remove,
        }
        for action in socket_actions():
            self._actions.add(action, slots[action.id])

    # ---- state ------------------------------------------------------------------------------

    @property
    def paused(self) -> dict[SocketId, RowId]:
        """Sockets whose display is paused, each with the first row that is not shown."""
        return dict(self._paused)

    def select(self, socket_id: SocketId | None) -> None:
        """The socket that the actions are about."""
        self._selected = socket_id
        self._show_states()

    def _snapshot(self) -> SocketSnapshot | None:
        if self._selected is None:
            return None
        return self._controller.snapshots.get(self._selected)

    def _show_states(self) -> None:
        snapshot = self._snapshot()
        for action_id in NEEDS_SELECTION:
            self._actions.qaction(action_id).setEnabled(snapshot is not None)
        is_open = snapshot is not None and snapshot.is_open
        self._actions.qaction("socket.close").setEnabled(is_open)
        has_address = snapshot is not None and bool(actual_address(snapshot))
        self._actions.qaction("socket.copy_address").setEnabled(has_address)
        paused = self._selected in self._paused
        self._actions.qaction("socket.pause_display").setChecked(paused)
        alone = self._selected is not None and self._selected == self._only
        self._actions.qaction("socket.show_only").setChecked(alone)

    @Slot(object)
    def on_controller_socket_changed(self, snapshot: SocketSnapshot) -> None:
        """The selected socket may have opened or closed."""
        if snapshot.socket_id == self._selected:
            self._show_states()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """Forget what was paused or shown alone."""
        if self._paused.pop(socket_id, None) is not None:
            self.paused_sockets_changed.emit(self.paused)
        if socket_id == self._only:
            self._only = None
            self.show_only_requested.emit(None)
        self._show_states()

    @Slot(object)
    def on_show_only_changed(self, socket_id: SocketId | None) -> None:
        """The messages are limited to this socket, or to none, by somebody else."""
        self._only = socket_id
        self._show_states()

    # ---- commands ---------------------------------------------------------------------------

    @Slot()
    def on_new(self) -> None:
        """Ask for a new socket."""
        self.new_asked.emit()

    @Slot()
    def on_focus_list(self) -> None:
        """Go to the list."""
        self.list_asked.emit()

    @Slot()
    def on_edit(self) -> None:
        """Show the details."""
        if self._selected is not None:
            self.edit_asked.emit(self._selected)

    @Slot()
    def on_rename(self) -> None:
        """Edit the name in place."""
        if self._selected is not None:
            self.rename_asked.emit(self._selected)

    @Slot()
    def on_close(self) -> None:
        """Close the socket."""
        if self._selected is not None:
            self._controller.close_socket(self._selected)

    @Slot()
    def on_reopen(self) -> None:
        """Open it again."""
        if self._selected is not None:
            self._controller.reopen_socket(self._selected)

    @Slot()
    def on_remove(self) -> None:
        """Take it off the list."""
        if self._selected is not None:
            self.remove_asked.emit(self._selected)

    @Slot()
    def on_copy_spec(self) -> None:
        """Copy it as one line."""
        snapshot = self._snapshot()
        if snapshot is not None:
            QGuiApplication.clipboard().setText(format_spec(snapshot.spec))

    @Slot()
    def on_copy_address(self) -> None:
        """Copy where it really is."""
        snapshot = self._snapshot()
        if snapshot is not None:
            QGuiApplication.clipboard().setText(actual_address(snapshot))

    @Slot(bool)
    def on_pause_display(self, paused: bool) -> None:
        """Show nothing newer of this socket, or go on."""
        if self._selected is None:
            return
        if paused:
            self._paused[self._selected] = self._store.end_row
        else:
            self._paused.pop(self._selected, None)
        self.paused_sockets_changed.emit(self.paused)

    @Slot(bool)
    def on_show_only(self, alone: bool) -> None:
        """Show this socket's messages alone, or all again."""
        self._only = self._selected if alone else None
        self.show_only_requested.emit(self._only)
