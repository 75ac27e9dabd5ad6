"""One clock for everything captured: wall time that never runs backwards. Any thread."""

from __future__ import annotations

import time


class CaptureClock:
    """Nanoseconds since the epoch, anchored once and advanced by the monotonic clock.

    A step of the system clock (NTP, a user) neither reorders rows nor bends a rate.
    """

    def __init__(self) -> None:
        self.offset_ns = time.time_ns() - time.monotonic_ns()

    def now_ns(self) -> int:
        """The time now, in ns since the epoch."""
        return time.monotonic_ns() + self.offset_ns
