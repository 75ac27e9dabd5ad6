"""What state a socket is in, and what is wrong with it, above its details. GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zmqscope.core.types import SocketSnapshot
from zmqscope.models.sockets import socket_words
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel, StateDot
from zmqscope.ui.theme import Theme


class StateHead(QWidget):
    """A dot with type, state and peers; below it a problem that no endpoint tells of.

    Args:
        theme: Colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._dot = StateDot(theme)
        self._words = NoteLabel()
        self._problem = ProblemLabel()
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self._dot)
        line.addWidget(self._words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self._problem)

    def show_snapshot(self, snapshot: SocketSnapshot) -> None:
        """Show the socket as it is now."""
        kind = snapshot.spec.type
        words = socket_words.state_words(snapshot.state)
        self._dot.set_state(socket_words.state_token(snapshot), words)
        if snapshot.is_open:
            peers = socket_words.peers_words(snapshot.peer_count)
            self._words.set_note(f"{kind.name} · {words} · {peers}")
        else:
            self._words.set_note(f"{kind.name} · {words}")
        self._words.setToolTip(socket_words.type_words(kind))
        own = all(status.problem != snapshot.problem for status in snapshot.endpoints)
        self._problem.set_problem(snapshot.problem if own else None)
