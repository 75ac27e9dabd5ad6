"""What was told of the peers of each socket last, and what is to be told now. Loop thread."""

from __future__ import annotations

from collections.abc import Callable

from zmqscope.core.peers import MOST_SHOWN, SocketPeers
from zmqscope.core.types import SocketId
from zmqscope.engine.watch.peer_book import PeerBook


class PeerNews:
    """Tells of a socket's peers where it would not be the same again.

    Args:
        put: Told of them.
    """

    def __init__(self, put: Callable[[SocketPeers], None]) -> None:
        self._put = put
        self._told: dict[SocketId, SocketPeers] = {}

    def last(self, socket_id: SocketId) -> SocketPeers:
        """What was told last, nobody if nothing was; the same object until there is news."""
        return self._told.setdefault(socket_id, SocketPeers(socket_id))

    def tell(self, book: PeerBook) -> bool:
        """Tell what a book says now; whether that is anything new."""
        records = list(book.all())
        peers = tuple([record.peer() for record in records[:MOST_SHOWN]])
        subscribers = book.subscribers
        now = SocketPeers(
            book.socket_id,
            peers,
            len(records) - len(peers),
            None if subscribers is None else subscribers.told(),
        )
        if now == self.last(book.socket_id):
            return False
        self._told[book.socket_id] = now
        self._put(now)
        return True

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        self._told.pop(socket_id, None)
