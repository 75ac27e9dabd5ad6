"""Names of sockets, also of those that are gone: what is told of them comes later. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import SocketId, SocketSnapshot

_MOST_NAMES = 1_000


class SocketNames:
    """Keeps the names that it was asked for last.

    Args:
        snapshots: The sockets that are there.
    """

    def __init__(self, snapshots: Callable[[], Mapping[SocketId, SocketSnapshot]]) -> None:
        self._snapshots = snapshots
        self._kept: dict[SocketId, str] = {}

    def name(self, socket_id: SocketId | None) -> str:
        """A socket's name, now or when it was last asked for; empty for none."""
        if socket_id is None:
            return ""
        snapshot = self._snapshots().get(socket_id)
        if snapshot is None:
            gone = QCoreApplication.translate("SocketNames", "removed socket")
            return self._kept.get(socket_id) or gone
        self._kept.pop(socket_id, None)
        self._kept[socket_id] = snapshot.name
        if len(self._kept) > _MOST_NAMES:
            del self._kept[next(iter(self._kept))]
        return snapshot.name
