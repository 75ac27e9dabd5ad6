"""How much goes over each line of the topology, in messages a second. GUI thread."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction, SocketId
from zmqscope.models.topology.graph import Graph, Row, RowKey

_SPAN_NS = 1_200_000_000
_LEAST_SPAN_NS = 200_000_000


class Flow(NamedTuple):
    """Messages a second, each way, seen from this app.

    Attributes:
        received: What comes in.
        sent: What goes out.
    """

    received: float = 0.0
    sent: float = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether nothing moves."""
        return self == IDLE


IDLE = Flow()


class FlowBook:
    """Reads rates of sockets from the store, and makes those of rows from totals of peers.

    Args:
        store: The rates of sockets.
    """

    def __init__(self, store: CaptureStore) -> None:
        self._store = store
        self._totals: dict[RowKey, deque[tuple[int, int, int]]] = {}

    def keep(self, graph: Graph) -> None:
        """Forget rows that are no longer there."""
        there = {(card.key, row.socket_id) for card in graph.cards for row in card.rows}
        self._totals = {key: kept for key, kept in self._totals.items() if key in there}

    def socket(self, socket_id: SocketId, now_ns: int) -> Flow:
        """What goes over a socket, over the last whole second."""
        rates = self._store.rates
        received, _ = rates.current(socket_id, Direction.RECEIVED, now_ns)
        sent, _ = rates.current(socket_id, Direction.SENT, now_ns)
        return Flow(received, sent)

    def row(self, key: RowKey, row: Row, now_ns: int) -> Flow | None:
        """What goes over the connections of a row; None where it cannot be told apart."""
        if row.totals is None:
            return None
        received, sent = row.totals
        kept = self._totals.setdefault(key, deque())
        if kept and now_ns < kept[-1][0]:
            kept.clear()
        if not kept or now_ns > kept[-1][0]:
            kept.append((now_ns, received, sent))
        while len(kept) > 2 and now_ns - kept[0][0] > _SPAN_NS:
            kept.popleft()
        span_ns = kept[-1][0] - kept[0][0]
        if span_ns < _LEAST_SPAN_NS:
            return IDLE
        return Flow(
            max(0, kept[-1][1] - kept[0][1]) * 1e9 / span_ns,
            max(0, kept[-1][2] - kept[0][2]) * 1e9 / span_ns,
        )
