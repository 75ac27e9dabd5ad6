"""Keeps the loop from waking for each one of thousands of monitor events a second. Loop thread."""

from __future__ import annotations

_WINDOW_S = 0.1
_MANY = 200
REST_S = 0.002
"""How long a step lasts at least in a flood of events: what comes meanwhile is taken at once."""


class EventPace:
    """Told of each step that had events; says how long to rest then.

    A step costs ten times as much as an event, and Python's lock while it runs, which the window
    has to wait for. The rest is too short for a monitor or a queue to fill.
    """

    def __init__(self) -> None:
        self._until_s = 0.0
        self._count = 0
        self._last = 0

    def rest_s(self, events: int, begun_s: float, now_s: float) -> float:
        """How long to rest at the end of a step; 0 where there is no flood.

        Args:
            events: How many there were.
            begun_s: When the step had something to do, monotonic.
            now_s: Monotonic time in seconds.
        """
        if not events:
            return 0.0
        if now_s >= self._until_s:
            is_next = now_s < self._until_s + _WINDOW_S
            self._last = self._count if is_next else 0
            self._count = 0
            self._until_s = now_s + _WINDOW_S
        self._count += events
        if max(self._count, self._last) < _MANY:
            return 0.0
        return max(0.0, begun_s + REST_S - now_s)
