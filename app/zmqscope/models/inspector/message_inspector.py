"""From a row of the store to a message that can be inspected. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.inspected import Inspected


class MessageInspector:
    """Takes messages out of the store, whole, with the name of their socket.

    Args:
        store: Where they are.
        controller: Names and types of sockets.
        formats: How frames are read.
    """

    def __init__(self, store: CaptureStore, controller: EngineController, formats: Formats) -> None:
        self._store = store
        self._controller = controller
        self._formats = formats

    def inspect(self, row: int) -> Inspected | None:
        """A message; None if it is not in memory."""
        message = self._store.message(row)
        if message is None:
            return None
        snapshot = self._controller.snapshots.get(message.socket_id)
        if snapshot is None:
            words = QCoreApplication.translate("MessageInspector", "socket {0}")
            return Inspected(message, words.format(message.socket_id), None, self._formats)
        return Inspected(message, snapshot.name, snapshot.spec.type, self._formats)

    def is_in_memory(self, message: Inspected) -> bool:
        """Whether the store still has it."""
        return message.message.row >= self._store.first_row
