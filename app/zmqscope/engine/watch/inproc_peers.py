"""Peers over inproc: our own sockets, of which libzmq tells nothing. Loop thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from zmqscope.core.peers import PeerState
from zmqscope.core.types import Endpoint, SocketId, SocketType
from zmqscope.engine.watch.peer_record import PeerRecord, next_peer_id


class InprocPeers:
    """Of one socket.

    Args:
        socket_id: The socket.
        now_ns: The capture clock.
        located: Told of one that is new.
        gone: Told of one that is there no more.
    """

    def __init__(
        self,
        socket_id: SocketId,
        now_ns: Callable[[], int],
        located: Callable[[PeerRecord], None],
        gone: Callable[[PeerRecord], None],
    ) -> None:
        self._socket_id = socket_id
        self._now_ns = now_ns
        self._located = located
        self._gone = gone
        self._records: dict[tuple[Endpoint, SocketId], PeerRecord] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[PeerRecord]:
        return iter(self._records.values())

    def meet(self, met: Mapping[tuple[Endpoint, SocketId], SocketType]) -> bool:
        """Take in who is there now; whether that is anything new.

        Args:
            met: By endpoint and socket, the type of each.
        """
        if met.keys() == self._records.keys():
            return False
        for key in self._records.keys() - met.keys():
            self._gone(self._records.pop(key))
        for (endpoint, own_socket), kind in met.items():
            if (endpoint, own_socket) not in self._records:
                record = self._record(endpoint, own_socket, kind)
                self._records[endpoint, own_socket] = record
                self._located(record)
        return True

    def clear(self) -> None:
        """The socket is closed: nobody is told of."""
        self._records.clear()

    def _record(self, endpoint: Endpoint, own_socket: SocketId, kind: SocketType) -> PeerRecord:
        return PeerRecord(
            next_peer_id(),
            self._socket_id,
            endpoint,
            self._now_ns(),
            pid=os.getpid(),
            state=PeerState.READY,
            types=(kind,),
            is_type_told=True,
            own_socket=own_socket,
        )
