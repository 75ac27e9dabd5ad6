"""Inside the observed app: one measured stretch of load. GUI thread."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from zmqscope.bootstrap.workbench import Workbench

_QUIET_S = 0.3


@dataclass(slots=True)
class _Sample:
    """What was captured at a moment."""

    at_s: float
    messages: int


class LoadWindow:
    """Begins with the first message; polled until it has its result.

    Args:
        workbench: What is observed.
        cut_s: What does not count at the beginning, in seconds.
        seconds: Length of what counts.
        calm_s: Display intervals count from then on.
    """

    def __init__(self, workbench: Workbench, cut_s: float, seconds: float, calm_s: float) -> None:
        self._total = workbench.store.counters.total
        self._ticker = workbench.ticker
        self._cut_s = cut_s
        self._seconds = seconds
        self._calm_s = calm_s
        self._waiting = self._sample()
        self._begun_s: float | None = None
        self._first: _Sample | None = None
        self._intervals_before = 0
        self._is_calm = False

    def _sample(self) -> _Sample:
        messages = self._total.messages
        return _Sample(time.perf_counter(), messages)

    def poll(self) -> dict[str, Any] | None:
        """The figures, once the window is over."""
        now = self._sample()
        if self._begun_s is None:
            if now.messages > self._waiting.messages:
                self._begun_s = now.at_s
            return None
        since_s = now.at_s - self._begun_s
        if not self._is_calm and since_s >= self._calm_s:
            self._is_calm = True
            self._intervals_before = len(self._ticker.intervals_ms())
        if self._first is None:
            if since_s >= self._cut_s:
                self._first = now
            return None
        if now.at_s - self._first.at_s < self._seconds:
            return None
        return self._result(self._first, now)

    def _result(self, first: _Sample, last: _Sample) -> dict[str, Any]:
        # A window that ended before has no interval that counts.
        intervals = self._ticker.intervals_ms()
        after = intervals[self._intervals_before :] if self._is_calm else []
        return {
            "per_s": (last.messages - first.messages) / (last.at_s - first.at_s),
            "intervals_ms": [round(interval, 2) for interval in after],
        }


class Quiet:
    """Waits until nothing comes any more: what the killed sender left behind is drained.

    Args:
        workbench: What is observed.
    """

    def __init__(self, workbench: Workbench) -> None:
        self._total = workbench.store.counters.total
        self._messages = -1
        self._since_s = 0.0

    def poll(self) -> dict[str, Any] | None:
        """The number of messages, once it stands still."""
        now_s, messages = time.perf_counter(), self._total.messages
        if messages != self._messages:
            self._messages, self._since_s = messages, now_s
        if now_s - self._since_s < _QUIET_S:
            return None
        return {"messages": messages}
