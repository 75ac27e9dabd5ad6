"""Inside the observed app: how soon the window shows a message, and obeys. GUI thread."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

from zmqscope.bootstrap.workbench import Workbench
from zmqscope.core.types import SocketId


class ShownWatch(QObject):
    """When the table of messages, which shows one socket only, has painted its next message.

    Args:
        workbench: What is observed.
        socket_id: The socket.
    """

    def __init__(self, workbench: Workbench, socket_id: SocketId) -> None:
        super().__init__()
        panel = workbench.messages
        panel.show_only(socket_id)
        self._rows = panel.model.rows
        self._first_row = workbench.store.end_row
        self._shown_s: float | None = None
        self._painted = panel.view.viewport()
        self._painted.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._shows_news():
            self._painted.removeEventFilter(self)
            # The painting that begins now is over when the event loop goes on.
            QTimer.singleShot(0, self, self.on_painted)
        return False

    def _shows_news(self) -> bool:
        newest = self._rows.row_ids(len(self._rows) - 1, len(self._rows))
        return bool(newest) and newest[0] >= self._first_row

    @Slot()
    def on_painted(self) -> None:
        """The message stands on the screen."""
        self._shown_s = time.time()

    def poll(self) -> dict[str, Any] | None:
        """When that was, in seconds since the epoch."""
        return None if self._shown_s is None else {"shown_s": self._shown_s}


class CloseWatch:
    """How long the window waits until a socket is closed.

    Args:
        workbench: What is observed.
        socket_id: The socket, which is closed now.
    """

    def __init__(self, workbench: Workbench, socket_id: SocketId) -> None:
        self._begun_s = time.perf_counter()
        self._took_s: float | None = None
        self._socket_id = socket_id
        self._controller = workbench.controller
        self._controller.woken.connect(self._look)
        self._controller.close_socket(socket_id)

    def _look(self) -> None:
        if self._took_s is None and not self._controller.snapshots[self._socket_id].is_open:
            self._took_s = time.perf_counter() - self._begun_s
            self._controller.woken.disconnect(self._look)

    def poll(self) -> dict[str, Any] | None:
        """How long it took, in seconds."""
        return None if self._took_s is None else {"took_s": self._took_s}
