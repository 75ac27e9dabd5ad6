"""The connections of one endpoint; no question about them goes through all of them. Loop thread.

There may be ten thousand of strangers: whatever took a step for each of them at each event would
stop everything else for seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class Connection:
    """One TCP or ipc connection.

    Attributes:
        since_s: Monotonic time at which it came.
        inode: What its file descriptor stands for; None where that cannot be known.
        is_done: Whether its handshake is.
        is_surplus: Whether it is a PAIR's second one, with which nothing is exchanged.
        is_old: Whether its peer is known by its messages only: ZMTP 1 and 2 have no handshake.
        is_noted: Whether the last look after it found something amiss.
    """

    since_s: float
    inode: int | None
    is_done: bool = False
    is_surplus: bool = False
    is_old: bool = False
    is_noted: bool = False


class Connections:
    """By file descriptor, in the order in which they came.

    Attributes:
        peers: Whose handshake is done and over which messages can go.
        surplus: Those of ``Connection.is_surplus``.
        old: Those of ``Connection.is_old``.
    """

    __slots__ = ("_all", "_unfinished", "old", "peers", "surplus")

    def __init__(self) -> None:
        self._all: dict[int, Connection] = {}
        self._unfinished: dict[int, Connection] = {}
        self.peers = 0
        self.surplus = 0
        self.old = 0

    def __len__(self) -> int:
        return len(self._all)

    def items(self) -> list[tuple[int, Connection]]:
        """All of them."""
        return list(self._all.items())

    def unfinished(self) -> Iterable[Connection]:
        """Those whose handshake is not done."""
        return self._unfinished.values()

    def add(self, descriptor: int, connection: Connection) -> None:
        """A new one; its descriptor may have been another's of which no end was told."""
        self.remove(descriptor)
        self._all[descriptor] = self._unfinished[descriptor] = connection

    def remove(self, descriptor: int) -> Connection | None:
        """One has ended; None if it was not known."""
        connection = self._all.pop(descriptor, None)
        self._unfinished.pop(descriptor, None)
        if connection is not None and connection.is_done:
            self._count(connection, -1)
        return connection

    def finish_oldest(self, is_surplus: bool = False) -> None:
        """The handshake of one is done: no event says of which, but they finish in order."""
        descriptor = next(iter(self._unfinished), None)
        if descriptor is None:
            return
        connection = self._unfinished.pop(descriptor)
        connection.is_done, connection.is_surplus = True, is_surplus
        self._count(connection, 1)

    def _count(self, connection: Connection, step: int) -> None:
        if connection.is_surplus:
            self.surplus += step
        else:
            self.peers += step
        self.old += step * connection.is_old

    def clear(self) -> None:
        """None is left."""
        self._all.clear()
        self._unfinished.clear()
        self.peers = self.surplus = self.old = 0
