"""Peers of our own links that have not shaken hands yet: libzmq does not know them. Any thread.

libzmq sees a private ipc connection of this process. Whose it is can be said for sure only while
there is one unfinished link, and nothing else that could connect from here.
"""

from __future__ import annotations

import threading

from zmqscope.core.types import SocketId


class Lobby:
    """Written by the links' thread and the engine's, read by the authenticator's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[SocketId, dict[object, str]] = {}
        self._ambiguous: set[SocketId] = set()

    def enter(self, socket_id: SocketId, link: object, address: str) -> None:
        """A peer has connected to a link of a socket."""
        with self._lock:
            self._waiting.setdefault(socket_id, {})[link] = address

    def leave(self, socket_id: SocketId, link: object) -> None:
        """It has shaken hands, or gone; any number of times."""
        with self._lock:
            waiting = self._waiting.get(socket_id)
            if waiting is not None and waiting.pop(link, None) is not None and not waiting:
                del self._waiting[socket_id]

    def set_ambiguous(self, socket_id: SocketId, is_ambiguous: bool) -> None:
        """Whether others than links to an IP address may connect to a socket from this process."""
        with self._lock:
            (self._ambiguous.add if is_ambiguous else self._ambiguous.discard)(socket_id)

    def only_address(self, socket_id: SocketId) -> str | None:
        """The address of the one peer that is not through yet.

        Returns:
            Empty if there are more or none; None if it may be no link's peer at all, and nobody has
            judged where it comes from.
        """
        with self._lock:
            if socket_id in self._ambiguous:
                return None
            waiting = self._waiting.get(socket_id, {})
            return next(iter(waiting.values())) if len(waiting) == 1 else ""
