"""Opens the sockets dock's dialogs and carries out what they decide. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from zmqscope.core.security.lock import Lock
from zmqscope.core.types import SocketId, SocketSpec
from zmqscope.models.doctor.edit_target import EditTarget
from zmqscope.models.sockets import socket_words
from zmqscope.ui.security.lock_dialog import LockDialog
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore
    from zmqscope.ui.security.desk import SecurityDesk
    from zmqscope.ui.settings import Settings


class SocketDialogs(QObject):
    """The dialogs of the sockets dock; each returns at once.

    Args:
        store: Where totals are read.
        controller: Told what was decided.
        theme: Colours, fonts and icons.
        settings: Where recent specs are kept.
        panel: The widget whose window the dialogs belong to.
        desk: Keeps secrets, knows key pairs and access lists.
    """

    socket_opened = Signal(object)
    """SocketId of a socket that a dialog opened."""
    peers_wanted = Signal(object)
    """SocketId of a socket whose peers are to be shown."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        settings: Settings,
        panel: QWidget,
        desk: SecurityDesk,
    ) -> None:
        super().__init__(panel)
        self._store = store
        self._controller = controller
        self._theme = theme
        self._settings = settings
        self._panel = panel
        self._desk = desk
        self._asked_about: SocketId | None = None
        self._locked: SocketId | None = None

    @Slot()
    def ask_new(self) -> None:
        """Ask for a new socket."""
        self._ask(None, None)

    @Slot(object)
    def ask_like(self, spec: SocketSpec) -> None:
        """Ask for a new socket, with a spec to begin with."""
        self._ask(spec, None)

    @Slot(object)
    def ask_changed(self, socket_id: SocketId) -> None:
        """Ask for another spec for a socket, which is then opened anew."""
        snapshot = self._controller.snapshots.get(socket_id)
        if snapshot is None:
            return
        self._ask(snapshot.spec, socket_id)

    def _ask(self, spec: SocketSpec | None, replaced: SocketId | None) -> None:
        window = self._panel.window()
        dialog = NewSocketDialog(self._theme, self._settings, spec, replaced, window, self._desk)
        dialog.spec_accepted.connect(self.on_dialog_spec_accepted)
        dialog.open()

    @Slot(object)
    def show_details(self, socket_id: SocketId, target: EditTarget | None = None) -> None:
        """Show a socket's details; those that are open already come to the front.

        Args:
            socket_id: The socket.
            target: What is to be changed there.
        """
        snapshot = self._controller.snapshots.get(socket_id)
        if snapshot is None:
            return
        window = self._panel.window()
        for dialog in window.findChildren(SocketDetails):
            if dialog.socket_id == socket_id and dialog.isVisible():
                dialog.raise_()
                dialog.activateWindow()
                if target is not None:
                    dialog.lead_to(target)
                return
        details = SocketDetails(
            self._store, self._controller, self._theme, snapshot, self._desk, window
        )
        details.lock_change_asked.connect(self.ask_lock)
        details.spec_edit_asked.connect(self.ask_changed)
        details.respec_asked.connect(self.on_details_respec_asked)
        details.peers_wanted.connect(self.peers_wanted)
        if target is not None:
            # Before it is shown: a field that loses the cursor while the window comes keeps a bar.
            details.lead_to(target)
        details.show()

    @Slot(object)
    def ask_lock(self, socket_id: SocketId) -> None:
        """Ask for another lock for a socket, which is then opened anew with it."""
        snapshot = self._controller.snapshots.get(socket_id)
        if snapshot is None:
            return
        window = self._panel.window()
        open_ones = window.findChildren(SocketDetails)
        details = next((d for d in open_ones if d.socket_id == socket_id and d.isVisible()), None)
        dialog = LockDialog(self._theme, self._desk, snapshot, details or window)
        self._locked = socket_id
        dialog.lock_chosen.connect(self.on_dialog_lock_chosen)
        dialog.open()

    @Slot(object)
    def on_dialog_lock_chosen(self, lock: Lock) -> None:
        """Open the socket anew with this lock; everything else as it is by now."""
        if self._locked is None:
            return
        snapshot = self._controller.snapshots.get(self._locked)
        if snapshot is not None:
            self._controller.change_spec(self._locked, replace(snapshot.spec, lock=lock))

    @Slot(object)
    def ask_remove(self, socket_id: SocketId) -> None:
        """Remove a socket; asks first if it is open."""
        snapshot = self._controller.snapshots.get(socket_id)
        if snapshot is None:
            return
        if not snapshot.is_open:
            self._controller.remove_socket(socket_id)
            return
        box = QMessageBox(self._panel.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Remove socket"))
        box.setIcon(QMessageBox.Icon.Question)
        name = socket_words.title(snapshot)
        box.setText(self.tr("{0} is open. Close it and take it off the list?").format(name))
        box.setInformativeText(self.tr("Its captured messages stay."))
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(remove)
        self._asked_about = socket_id
        box.accepted.connect(self.on_box_accepted)
        box.open()

    @Slot(object, object)
    def on_dialog_spec_accepted(self, spec: SocketSpec, replaced: SocketId | None) -> None:
        """Open the socket; one that was edited makes room first."""
        self._open(spec, replaced)

    def _open(self, spec: SocketSpec, replaced: SocketId | None) -> None:
        before = None if replaced is None else self._controller.snapshots.get(replaced)
        if replaced is not None and before is not None and before.spec.type is spec.type:
            self._controller.change_spec(replaced, spec)
            return
        if replaced is not None and before is not None:
            # Removed first: the engine works in order, so a bound port is free again.
            self._controller.remove_socket(replaced)
        socket_id = self._controller.open_socket(spec)
        self.socket_opened.emit(socket_id)

    @Slot(object, object)
    def on_details_respec_asked(self, spec: SocketSpec, socket_id: SocketId) -> None:
        """Open the socket anew with other options; the details follow it."""
        self._controller.change_spec(socket_id, spec)

    @Slot()
    def on_box_accepted(self) -> None:
        """Remove it after all."""
        asked_about, self._asked_about = self._asked_about, None
        if asked_about is not None and asked_about in self._controller.snapshots:
            self._controller.remove_socket(asked_about)
