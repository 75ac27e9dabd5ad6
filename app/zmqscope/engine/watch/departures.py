"""Who has left: to know those again who come back, and not to mix them up. Loop thread.

Bounded: what is oldest is forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict

from zmqscope.engine.watch.peer_record import PeerRecord

_MOST = 2_000


class Departures:
    """Connections of one socket that have ended."""

    def __init__(self) -> None:
        self._counts: OrderedDict[object, list[int]] = OrderedDict()
        self._sizes = 0
        self._fresh: dict[int, int] = {}
        self._number = 0

    @property
    def has_fresh(self) -> bool:
        """Whether what somebody sent who has left may not have been read yet."""
        return bool(self._fresh)

    def is_fresh(self, descriptor: int) -> bool:
        """Whether a message that names this descriptor may be of one who has left."""
        return descriptor in self._fresh

    def mark(self) -> int:
        """So many have left until now."""
        return self._number

    def on_emptied(self, mark: int) -> None:
        """All that had come was read: what comes from now on is not of those who had left.

        Args:
            mark: As ``mark`` said before it was read.
        """
        if mark == self._number:
            self._fresh.clear()
        else:
            self._fresh = {each: number for each, number in self._fresh.items() if number > mark}

    def note(self, record: PeerRecord) -> None:
        """A connection has ended."""
        self._number += 1
        self._fresh[record.descriptor] = self._number
        # Whoever did not come through this time is still the one who has been here before.
        reconnects = record.reconnects if record.is_ready else record.reconnects - 1
        for key in record.leaves if reconnects >= 0 else ():
            counts = self._counts.setdefault(key, [])
            counts.append(reconnects)
            self._counts.move_to_end(key)
            self._sizes += 1
        while self._sizes > _MOST:
            _, counts = self._counts.popitem(last=False)
            self._sizes -= len(counts)

    def know(self, record: PeerRecord, key: object) -> None:
        """A connection's peer is known by one more key: who left by that name is back."""
        if key in record.leaves:
            return
        record.leaves.add(key)
        counts = self._counts.get(key)
        if counts:
            record.reconnects = max(record.reconnects, counts.pop() + 1)
            self._sizes -= 1
            if not counts:
                del self._counts[key]

    def clear(self) -> None:
        """The socket is closed."""
        self._counts.clear()
        self._fresh.clear()
        self._sizes = 0
