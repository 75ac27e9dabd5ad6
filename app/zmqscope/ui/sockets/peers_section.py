"""The peers of a socket in its details: the first of them, and the way to all. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.core.peers import SocketPeers
from zmqscope.core.types import SocketId, SocketSnapshot
from zmqscope.models.peers.summary import peer_lines
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.labels import DataLabel, NoteLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_MOST_LINES = 3


class PeersSection(QWidget):
    """A line for each of the first peers, and a link that opens the panel.

    Args:
        theme: Colours, fonts and icons.
        controller: Where peers are followed.
        snapshot: The socket.
    """

    wanted = Signal()
    """All peers are to be shown."""

    def __init__(
        self, theme: Theme, controller: EngineController, snapshot: SocketSnapshot
    ) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._peers = controller.peers.get(snapshot.socket_id)
        self._lines = [DataLabel(theme) for _ in range(_MOST_LINES)]
        self._note = NoteLabel()
        self._all = LinkButton(
            theme,
            self.tr("Show all in the peers panel"),
            self.tr("Bring the peers panel to the front, with this socket's peers"),
        )
        self._all.clicked.connect(self.wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for label in (*self._lines, self._note, self._all):
            layout.addWidget(label)
        controller.peers_changed.connect(self.on_controller_peers_changed)
        self._show()

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show the socket as it is now."""
        self._snapshot = snapshot
        self._show()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._all]

    @property
    def socket_id(self) -> SocketId:
        """The socket that it shows."""
        return self._snapshot.socket_id

    @Slot(object)
    def on_controller_peers_changed(self, peers: SocketPeers) -> None:
        """Peers came, went or changed."""
        if peers.socket_id == self.socket_id:
            self._peers = peers
            self._show()

    def _show(self) -> None:
        lines, note = peer_lines(self._peers, self._snapshot, _MOST_LINES)
        for number, label in enumerate(self._lines):
            label.setVisible(number < len(lines))
            if number < len(lines):
                label.set_text(lines[number])
        self._note.set_note(note)
        self._note.setVisible(bool(note))
