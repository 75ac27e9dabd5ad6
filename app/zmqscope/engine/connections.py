"""The connections of one endpoint; no question about them goes through all of them. Loop thread.

There may be ten thousand of strangers: whatever took a step for each of them at each event would
stop everything else for seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


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


class ConnectionWatch(Protocol):
    """Who wants to know of connections by their descriptors."""

    def came(self, descriptor: int) -> None:
        """A new one."""
        ...

    def done(self, descriptor: int, connection: Connection) -> None:
        """Its handshake is done, or (``is_done``) was not after all."""
        ...

    def left(self, descriptor: int) -> None:
        """One has ended."""
        ...

    def likely_done(self, unfinished: Mapping[int, Connection]) -> int | None:
        """Whose handshake it may be that is done; None if there is nothing to go by."""
        ...


class Connections:
    """By their descriptors, in the order in which they came.

    Attributes:
        peers: How many have shaken hands, but for the surplus ones.
        surplus: How many of them are surplus.
        old: How many of them were credited: no event told of their handshake.
        watch: Told of each; None if nobody wants to know.
    """

    __slots__ = ("_all", "_unfinished", "old", "peers", "surplus", "watch")

    def __init__(self) -> None:
        self._all: dict[int, Connection] = {}
        self._unfinished: dict[int, Connection] = {}
        self.peers = 0
        self.surplus = 0
        self.old = 0
        self.watch: ConnectionWatch | None = None

    def __len__(self) -> int:
        return len(self._all)

    def items(self) -> list[tuple[int, Connection]]:
        """All of them."""
        return list(self._all.items())

    def unfinished(self) -> Iterable[Connection]:
        """Those whose handshake is not done."""
        return self._unfinished.values()

    @property
    def waiting(self) -> int:
        """How many have not shaken hands."""
        return len(self._unfinished)

    @property
    def waiting_since_s(self) -> float:
        """Since when the oldest of them stands, as monotonic time; 0 if there is none."""
        oldest = next(iter(self._unfinished.values()), None)
        return 0.0 if oldest is None else oldest.since_s

    def add(self, descriptor: int, connection: Connection) -> None:
        """A new one; its descriptor may have been another's of which no end was told."""
        self.remove(descriptor)
        self._all[descriptor] = self._unfinished[descriptor] = connection
        if self.watch is not None:
            self.watch.came(descriptor)

    def remove(self, descriptor: int) -> Connection | None:
        """One has ended; None if it was not known."""
        connection = self._all.pop(descriptor, None)
        self._unfinished.pop(descriptor, None)
        if connection is not None:
            if connection.is_done:
                self._count(connection, -1)
            if self.watch is not None:
                self.watch.left(descriptor)
        return connection

    def finish_oldest(self, is_surplus: bool = False) -> None:
        """The handshake of one is done: no event says of which, but they finish in order.

        Where several are under way, the watch may know better, by what has come over them.
        """
        descriptor = next(iter(self._unfinished), None)
        if descriptor is None:
            return
        if self.watch is not None and len(self._unfinished) > 1:
            likely = self.watch.likely_done(self._unfinished)
            descriptor = descriptor if likely is None else likely
        connection = self._unfinished.pop(descriptor)
        connection.is_done, connection.is_surplus = True, is_surplus
        self._count(connection, 1)
        if self.watch is not None:
            self.watch.done(descriptor, connection)

    def prove(self, descriptor: int, instead_of: int) -> None:
        """A message came over one whose handshake seemed not to be done: another's is not.

        Args:
            descriptor: Of that one.
            instead_of: Of one that was credited with its handshake.
        """
        proven, other = self._unfinished.get(descriptor), self._all.get(instead_of)
        if proven is None or other is None or not other.is_done:
            return
        del self._unfinished[descriptor]
        self._unfinished[instead_of] = other
        proven.is_done, proven.is_surplus, proven.is_old = True, other.is_surplus, other.is_old
        other.is_done = other.is_surplus = other.is_old = False
        if self.watch is not None:
            self.watch.done(descriptor, proven)
            self.watch.done(instead_of, other)

    def note_overdue(self, before_s: float) -> bool:
        """Mark those without a handshake that came before; whether any was not marked yet."""
        overdue = [c for c in self.unfinished() if not c.is_noted and c.since_s <= before_s]
        for connection in overdue:
            connection.is_noted = True
        return bool(overdue)

    def drop_closed(self) -> int:
        """Forget connections of a STREAM that we closed: libzmq has no event for those.

        Only at the second look, so that the event of one that the peer closed comes first.

        Returns:
            How many.
        """
        dropped = 0
        for descriptor, connection in self.items():
            is_gone = connection.inode is not None and inode_of(descriptor) != connection.inode
            if is_gone and connection.is_noted:
                self.remove(descriptor)
                dropped += 1
            connection.is_noted = is_gone
        return dropped

    def _count(self, connection: Connection, step: int) -> None:
        if connection.is_surplus:
            self.surplus += step
        else:
            self.peers += step
        self.old += step * connection.is_old

    def clear(self) -> None:
        """None is left."""
        gone = list(self._all)
        self._all.clear()
        self._unfinished.clear()
        self.peers = self.surplus = self.old = 0
        if self.watch is not None:
            for descriptor in gone:
                self.watch.left(descriptor)


def inode_of(descriptor: int) -> int | None:
    """What a descriptor of this process stands for; None if it is closed."""
    try:
        return os.fstat(descriptor).st_ino
    except OSError:
        return None
