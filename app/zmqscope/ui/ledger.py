"""Brings the figures of store and display to the status bar. GUI thread."""

from __future__ import annotations

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction
from zmqscope.models.ledger import LedgerFigures
from zmqscope.ui.statusbar import LedgerBar
from zmqscope.ui.ticker import DisplayTicker

_ACTIVE_MS = 250
_IDLE_MS = 1_000


class LedgerFeed:
    """Refreshed by the ticker like a panel.

    Args:
        bar: Where the figures are shown.
        store: Where they come from.
        controller: Knows the drain.
        ticker: Knows the frames.
    """

    def __init__(
        self,
        bar: LedgerBar,
        store: CaptureStore,
        controller: EngineController,
        ticker: DisplayTicker,
    ) -> None:
        self._bar = bar
        self._store = store
        self._controller = controller
        self._ticker = ticker
        self._is_moving = False

    def refresh(self, now_ns: int) -> None:
        """Show the figures as they are now."""
        counts = self._store.ledger()
        received, received_bytes = self._rate(Direction.RECEIVED, now_ns)
        sent, sent_bytes = self._rate(Direction.SENT, now_ns)
        self._is_moving = bool(received or sent)
        self._bar.set_figures(
            LedgerFigures(
                captured=counts.captured,
                received_per_s=received,
                received_bytes_per_s=received_bytes,
                sent_per_s=sent,
                sent_bytes_per_s=sent_bytes,
                dropped_in_queues=counts.refused,
                evicted=counts.evicted,
                cleared=counts.cleared,
                memory_bytes=counts.memory_bytes,
                budget_bytes=counts.budget_bytes,
                drain=self._controller.drain.name,
                kernels=self._controller.kernels.state,
                kernels_reason=self._controller.kernels.reason,
                frames_per_s=self._ticker.frames_per_s,
            )
        )

    def refresh_interval_ms(self) -> int:
        """Four times a second while something flows."""
        return _ACTIVE_MS if self._is_moving else _IDLE_MS

    def _rate(self, direction: Direction, now_ns: int) -> tuple[float, float]:
        messages = size = 0.0
        carried = self._store.rates.keys()
        for socket_id, found in carried:
            if found is direction:
                rate = self._store.rates.current(socket_id, direction, now_ns)
                messages, size = messages + rate[0], size + rate[1]
        return messages, size
