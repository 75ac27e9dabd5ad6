"""Which peers are sockets of this app: by both ends of a connection, or its path. Loop thread."""

from __future__ import annotations

import os
from collections.abc import Callable

from zmqscope.core.types import Role, SocketId, SocketType
from zmqscope.engine.watch.descriptors import HostPort
from zmqscope.engine.watch.peer_record import PeerRecord

AtPath = Callable[[Role, str], list[SocketId]]
"""The open sockets that have an endpoint in a role at an address."""


class OwnSockets:
    """Knows the ends of all connections of all sockets.

    Args:
        at_path: Finds sockets by address.
        kind_of: The type of a socket.
        changed: Told of a record that has found its other side.
    """

    def __init__(
        self,
        at_path: AtPath,
        kind_of: Callable[[SocketId], SocketType],
        changed: Callable[[PeerRecord], None],
    ) -> None:
        self._at_path = at_path
        self._kind_of = kind_of
        self._changed = changed
        self._ends: dict[tuple[HostPort, HostPort], PeerRecord] = {}
        self._pid = os.getpid()

    def located(self, record: PeerRecord) -> None:
        """It is known where a connection comes from."""
        if record.own_socket is not None:
            return
        if record.local is not None and record.remote is not None:
            self._ends[record.local, record.remote] = record
            other = self._ends.get((record.remote, record.local))
            if other is not None:
                self._join(record, other.socket_id)
                self._join(other, record.socket_id)
        elif record.pid == self._pid:
            self._by_path(record)

    def _by_path(self, record: PeerRecord) -> None:
        """Over ipc: certain only where a single socket can be meant."""
        is_bind = record.endpoint.role is Role.BIND
        role = Role.CONNECT if is_bind else Role.BIND
        candidates = self._at_path(role, record.endpoint.address)
        if len(candidates) == 1:
            self._join(record, candidates[0])

    def _join(self, record: PeerRecord, other: SocketId) -> None:
        record.own_socket = other
        record.types, record.is_type_told = (self._kind_of(other),), True
        self._changed(record)

    def gone(self, record: PeerRecord) -> None:
        """A connection has ended."""
        if record.local is not None and record.remote is not None:
            pair = (record.local, record.remote)
            if self._ends.get(pair) is record:
                del self._ends[pair]
