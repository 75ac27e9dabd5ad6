"""The lock of an open socket in words, and a way to change it. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.core.security.lock import Mechanism, SecretRef
from zmqscope.core.types import SocketSnapshot
from zmqscope.models.security.access_edit import list_named
from zmqscope.models.security.lock_words import lock_lines
from zmqscope.ui.security.key_label import KeyLabel
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.labels import WrappedLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class LockSection(QWidget):
    """What a socket has; nothing of a secret is shown.

    Args:
        theme: Colours, fonts and icons.
        desk: Knows the access lists and public keys.
        snapshot: The socket.
    """

    change_asked = Signal()
    """Another lock is wanted."""

    def __init__(self, theme: Theme, desk: SecurityDesk, snapshot: SocketSnapshot) -> None:
        super().__init__()
        self._desk = desk
        self._snapshot = snapshot
        self._words = WrappedLabel("")
        self._key = KeyLabel(theme, self.tr("Copy this socket’s public key"))
        self._change = LinkButton(
            theme,
            self.tr("Change…"),
            self.tr("Choose another lock; the socket is opened anew with it"),
        )
        self._change.setAccessibleName(self.tr("Change the lock"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addWidget(self._key)
        column.addWidget(self._change, 0, Qt.AlignmentFlag.AlignLeft)
        self._change.clicked.connect(self.change_asked)
        desk.access_changed.connect(self.on_desk_access_changed)
        desk.public_found.connect(self.on_desk_public_found)
        self._show()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.words

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show the lock as it is now."""
        if snapshot.spec.lock != self._snapshot.spec.lock:
            self._snapshot = snapshot
            self._show()
        self._snapshot = snapshot

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [*self._key.tab_stops(), self._change]

    def _show(self) -> None:
        lock = self._snapshot.spec.lock
        access = None
        if lock.asks_access:
            access = list_named(self._desk.access.lists(), lock.access_name)
        self._words.set_words("\n".join(lock_lines(lock, access)))
        is_pair = lock.mechanism is Mechanism.CURVE and lock.secret is not None
        self._key.set_key(self._desk.public_of(lock.secret) if is_pair and lock.secret else "")

    @Slot()
    def on_desk_access_changed(self) -> None:
        """Its list may let others in."""
        self._show()

    @Slot(object)
    def on_desk_public_found(self, ref: SecretRef) -> None:
        """A public key was read, perhaps this one."""
        if ref == self._snapshot.spec.lock.secret:
            self._show()
