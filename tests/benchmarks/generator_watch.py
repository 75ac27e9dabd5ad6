"""Inside the observed app: starts loads and remembers how they go. GUI thread."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject, Slot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.load import CounterSpec, LoadPlan, LoadSnapshot
from zmqscope.core.types import JobId, SocketId

_NUMBERED_BYTES = 8


class GeneratorWatch(QObject):
    """Loads of numbered zeros.

    Args:
        controller: The engine.
    """

    def __init__(self, controller: EngineController) -> None:
        super().__init__()
        self._controller = controller
        self._loads: dict[int, LoadSnapshot] = {}
        controller.load_changed.connect(self.on_controller_load_changed)

    @Slot(object)
    def on_controller_load_changed(self, snapshot: LoadSnapshot) -> None:
        """A load goes on, or has ended."""
        self._loads[snapshot.job_id] = snapshot

    def start(self, socket: int, size: int, rate: float) -> int:
        """Send messages of one frame; the number of the load.

        Args:
            socket: Where.
            size: Bytes of each.
            rate: Messages/s; 0 is flat out.
        """
        counter = CounterSpec(0, 0) if size >= _NUMBERED_BYTES else None
        plan = LoadPlan((bytes(size),), rate or None, None, counter)
        return self._controller.start_load(SocketId(socket), plan)

    def stop(self, job: int) -> None:
        """Stop a load; ``ended`` has what came of it."""
        self._controller.stop_job(JobId(job))

    def ended(self, job: int) -> dict[str, Any] | None:
        """How a load ended; None while it runs."""
        snapshot = self._loads.get(job)
        if snapshot is None or snapshot.end is None:
            return None
        figures = asdict(snapshot)
        figures["end"] = snapshot.end.value
        return figures
