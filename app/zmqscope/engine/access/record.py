"""What the authenticator decided lately, for each socket: bounded, for any thread."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass

from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketId
from zmqscope.engine.access.zap import ZapStatus

MOST_OF_A_SOCKET = 256
"""Decisions that are kept for each socket."""
_MOST_SOCKETS = 1_000


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """One decision.

    Attributes:
        time_ns: When, on the capture clock.
        socket_id: At whose door.
        access: The access list's name.
        mechanism: What the peer speaks.
        address: Its IP address without a port; empty where it is not known (ipc, our own links).
        user_id: What it is called; its name or key, if it was not let in.
        key: Its public key in Z85, for CURVE.
        status: What it was told; None while it waits for an answer.
        reason: Why it was not let in, as what follows “refused: ”, without a full stop; else empty.
        process: Process id of an ipc peer; None if it is none, or not known.
    """

    time_ns: int
    socket_id: SocketId
    access: str
    mechanism: Mechanism
    address: str
    user_id: str
    key: str
    status: ZapStatus | None
    reason: str = ""
    process: int | None = None


class AccessRecords:
    """Written by the authenticator's thread, read by any; a short lock between them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: OrderedDict[SocketId, deque[AccessRecord]] = OrderedDict()

    def add(self, record: AccessRecord) -> None:
        """Note a decision; the socket's oldest goes beyond 256."""
        with self._lock:
            records = self._records.get(record.socket_id)
            if records is None:
                records = self._records[record.socket_id] = deque(maxlen=MOST_OF_A_SOCKET)
                if len(self._records) > _MOST_SOCKETS:
                    self._records.popitem(last=False)
            records.append(record)

    def recent(self, socket_id: SocketId) -> tuple[AccessRecord, ...]:
        """The last decisions at a socket's door, oldest first; at most 256."""
        with self._lock:
            return tuple(self._records.get(socket_id, ()))

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone for good."""
        with self._lock:
            self._records.pop(socket_id, None)
