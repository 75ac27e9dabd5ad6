"""Open knocks, as the doctor sees them: written by the authenticator's thread. Any thread."""

from __future__ import annotations

import threading

from zmqscope.core.security.access import Knock, KnockId
from zmqscope.core.types import SocketId


class KnockBoard:
    """Knows who waits at which door.

    Attributes:
        version: Grows with every change.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[SocketId, dict[KnockId, Knock]] = {}
        self.version = 0

    def put(self, knock: Knock) -> None:
        """A knock as it is now; it goes once it is answered."""
        with self._lock:
            at_door = self._open.setdefault(knock.socket_id, {})
            if knock.is_open:
                at_door[knock.knock_id] = knock
            else:
                at_door.pop(knock.knock_id, None)
            if not at_door:
                del self._open[knock.socket_id]
            self.version += 1

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone."""
        with self._lock:
            self._open.pop(socket_id, None)
            self.version += 1

    def at(self, socket_id: SocketId) -> tuple[Knock, ...]:
        """Who waits at a socket's door, the first one first."""
        if not self._open:
            return ()
        with self._lock:
            return tuple(self._open.get(socket_id, {}).values())
