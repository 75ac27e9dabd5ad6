"""Figures and queues of a socket's peers, looked at now and then. Loop thread."""

from __future__ import annotations

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.peers import PeerFigures
from zmqscope.core.types import SocketId, SocketType
from zmqscope.engine.watch.descriptors import queued_bytes
from zmqscope.engine.watch.figures import RoutedFigures, differences, sends_to_all, totals_of
from zmqscope.engine.watch.peer_book import PeerBook
from zmqscope.engine.watch.peer_record import PeerRecord

FEW_PEERS = 200
_QUEUES_EVERY_S = 1.0
_MANY_EVERY_S = 1.0
_FORGOTTEN = 1_000


class Gauges:
    """Of one socket.

    Args:
        store: Where messages are counted.
        socket_id: The socket.
    """

    def __init__(self, store: CaptureStore, socket_id: SocketId) -> None:
        self._counters = store.counters.of(socket_id)
        self._routed = RoutedFigures(store.topics, socket_id)
        self._totals = PeerFigures(-1, 0, 0, 0)
        self._queues_s = 0.0
        self._many_s = 0.0

    def read(self, book: PeerBook, now_s: float) -> bool:
        """Bring the figures of all its peers up to date; whether any has changed.

        Args:
            book: Its peers.
            now_s: Monotonic time in seconds.
        """
        if not book.records:
            return False
        changed = False
        if len(book.records) <= FEW_PEERS:
            if now_s - self._queues_s >= _QUEUES_EVERY_S:
                self._queues_s = now_s
                changed = self._read_queues(book)
        elif now_s - self._many_s < _MANY_EVERY_S:
            return False
        self._many_s = now_s
        return self._read_figures(book) or changed

    def _read_figures(self, book: PeerBook) -> bool:
        totals = totals_of(self._counters)
        if totals == self._totals and not book.has_new:
            return False
        self._totals, book.has_new = totals, False
        changed = False
        routes = book.kind.routes_by_identity
        self._routed.forget(4 * len(book.records) + _FORGOTTEN)
        for record in book.records.values():
            figures = self._of(record, book.kind, totals, routes)
            if figures != record.figures:
                record.figures = figures
                changed = True
        return changed

    def _of(
        self, record: PeerRecord, kind: SocketType, totals: PeerFigures, routes: bool
    ) -> PeerFigures | None:
        if routes and record.routing_id is not None:
            found = self._routed.of(record.routing_id)
            if found is None or not record.identity:
                return found
            # A name that a peer gives itself may have been another's before.
            return None if record.reconnects else found
        if record.is_alone and record.before is not None and not sends_to_all(kind):
            return differences(totals, record.before)
        return None

    def _read_queues(self, book: PeerBook) -> bool:
        changed = False
        for record in book.records.values():
            if (
                record.inode
                and record.descriptor >= 0
                and not (record.is_linked or record.is_tunnelled)
            ):
                now = queued_bytes(record.descriptor, record.inode)
                if now != (record.unsent_bytes, record.unread_bytes):
                    record.unsent_bytes, record.unread_bytes = now
                    changed = True
        return changed
