"""Event lines that wait until somebody looks: bounded, the newest of each. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from zmqscope.core.events import EventLine


class PendingEvents:
    """In the order in which they changed last.

    Args:
        limit: Lines kept at most; the oldest make room.

    Attributes:
        missed: How many had to make room.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lines: dict[int, EventLine] = {}
        self.missed = 0

    def __len__(self) -> int:
        return len(self._lines)

    def put(self, lines: Iterable[EventLine]) -> None:
        """Add lines; each replaces what waits of it."""
        for line in lines:
            self._lines.pop(line.number, None)
            self._lines[line.number] = line
        over = len(self._lines) - self._limit
        if over > 0:
            self.missed += over
            self.take(over)

    def take(self, most: int) -> list[EventLine]:
        """The oldest, so many at most; they wait no longer."""
        some = list(islice(self._lines.values(), most))
        for line in some:
            del self._lines[line.number]
        return some

    def lines(self) -> list[EventLine]:
        """All that wait."""
        return list(self._lines.values())

    def clear(self) -> None:
        """Forget all."""
        self._lines.clear()
        self.missed = 0
