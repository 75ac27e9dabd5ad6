"""The display's clock: refreshes visible panels, each at the pace it asks for. GUI thread.

While nothing moves it ticks four times a second; a wake-up from the engine brings it to full pace.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.core.clock import CaptureClock

FRAME_MS = 16
_IDLE_MS = 250
_ACTIVE_BELOW_MS = 100
_MAX_KEPT_INTERVALS = 200_000
# A panel gets at most this share of the GUI thread's time; a costly one is asked less often.
_MAX_SHARE = 0.35


class Refreshable(Protocol):
    """What the ticker needs of a panel."""

    def refresh(self, now_ns: int) -> None:
        """Show what is new; ``now_ns`` on the capture clock."""

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again, in ms."""


@dataclass(slots=True)
class _Client:
    panel: Refreshable
    widget: QWidget | None
    due_s: float = 0.0


class DisplayTicker(QObject):
    """Owns the one timer of the display.

    Args:
        clock: The capture clock.
        now_s: Monotonic time in seconds; exchanged in tests.
    """

    def __init__(self, clock: CaptureClock, now_s: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._clock = clock
        self._now_s = now_s
        self._clients: list[_Client] = []
        # Not a list: an hour of floats would be 7 MB of objects.
        self._intervals_ms = array("d")
        self._last_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.on_timer_timeout)

    def add(self, panel: Refreshable, widget: QWidget | None = None) -> None:
        """Refresh a panel; only while ``widget`` is visible, if one is given."""
        self._clients.append(_Client(panel, widget))

    def start(self) -> None:
        """Begin ticking."""
        self._timer.start()

    def stop(self) -> None:
        """Stop ticking."""
        self._timer.stop()

    @property
    def frames_per_s(self) -> float | None:
        """Ticks per second over the last second of full pace; None when idle."""
        if self._timer.interval() != FRAME_MS or not self._intervals_ms:
            return None
        recent = self._intervals_ms[-60:]
        return 1000 * len(recent) / sum(recent)

    def intervals_ms(self) -> list[float]:
        """Time between ticks at full pace, in ms, oldest first; idle pauses left out."""
        return list(self._intervals_ms)

    def _keep_interval(self, interval_ms: float) -> None:
        self._intervals_ms.append(interval_ms)
        if len(self._intervals_ms) >= 2 * _MAX_KEPT_INTERVALS:
            del self._intervals_ms[:_MAX_KEPT_INTERVALS]

    @Slot()
    def on_controller_woken(self) -> None:
        """Something came: back to full pace."""
        if self._timer.interval() != FRAME_MS:
            self._last_s = None
            self._timer.setInterval(FRAME_MS)
            for client in self._clients:
                client.due_s = 0.0

    @Slot()
    def on_timer_timeout(self) -> None:
        """One tick."""
        started = self._now_s()
        if self._last_s is not None:
            self._keep_interval((started - self._last_s) * 1000)
        soonest_ms = _IDLE_MS
        now_ns = self._clock.now_ns()
        for client in self._clients:
            if client.widget is not None and not client.widget.isVisible():
                continue
            soonest_ms = min(soonest_ms, self._serve(client, now_ns))
        interval = FRAME_MS if soonest_ms < _ACTIVE_BELOW_MS else _IDLE_MS
        is_full_pace = interval == FRAME_MS == self._timer.interval()
        self._last_s = started if is_full_pace else None
        if interval != self._timer.interval():
            self._timer.setInterval(interval)

    def _serve(self, client: _Client, now_ns: int) -> int:
        began = self._now_s()
        # Half a frame of slack, or a 33 ms client would be served at every third tick, not second.
        if began < client.due_s - FRAME_MS / 2000:
            return client.panel.refresh_interval_ms()
        client.panel.refresh(now_ns)
        cost_s = self._now_s() - began
        wanted_ms = client.panel.refresh_interval_ms()
        client.due_s = began + max(wanted_ms / 1000, cost_s / _MAX_SHARE)
        return wanted_ms
