"""Whether a socket has had one peer alone since it came: then its totals are of it. Loop thread."""

from __future__ import annotations

from collections.abc import Iterable

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.peers import PeerFigures
from zmqscope.core.types import Endpoint, Role
from zmqscope.engine.watch.figures import totals_of
from zmqscope.engine.watch.peer_record import PeerRecord


class SolePeer:
    """Of one socket.

    Args:
        counters: Its live figures.
    """

    def __init__(self, counters: SocketCounters) -> None:
        self._counters = counters
        # Totals at which the last peer of a connect left.
        self._at_departure: dict[Endpoint, PeerFigures] = {}

    def open(self, endpoints: Iterable[Endpoint]) -> None:
        """The socket is open, with these endpoints."""
        opened = totals_of(self._counters)
        self._at_departure = {e: opened for e in endpoints if e.role is Role.CONNECT}

    def came(self, record: PeerRecord, is_first: bool) -> None:
        """A connection is there.

        Args:
            record: It.
            is_first: Whether no other is ready, and nothing of one who left is still to be read.
        """
        if not is_first:
            return
        now, then = totals_of(self._counters), self._at_departure.get(record.endpoint)
        if then is not None:
            # What was sent while nobody was there waits in the pipe of a connect.
            now = PeerFigures(
                now.received_messages, now.received_bytes, then.sent_messages, then.sent_bytes
            )
        record.before = now

    def done(self, record: PeerRecord, records: Iterable[PeerRecord], ready: int) -> None:
        """A handshake is done; so many are ready now."""
        if ready == 1:
            record.is_alone = record.is_ready and record.before is not None
        elif ready > 1 and (record.is_ready or record.is_alone):
            self.end(records if ready == 2 else (record,))

    def end(self, records: Iterable[PeerRecord]) -> None:
        """None of these is alone any more."""
        for record in records:
            if record.is_alone:
                record.is_alone, record.figures = False, None

    def left(self, record: PeerRecord) -> None:
        """A connection has ended."""
        if record.is_ready and record.endpoint.role is Role.CONNECT:
            self._at_departure[record.endpoint] = totals_of(self._counters)
