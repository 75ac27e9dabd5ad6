"""Lays the topology out on a thread of its own. Made and used on the GUI thread."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from zmqscope.models.topology.graph import NodeKey
from zmqscope.models.topology.layout import Block, Place, lay_out

_END_MS = 1_500
_LIBRARY = "networkx"


class _Answer(QObject):
    """Carries the answer over to the GUI thread; lives for as long as somebody may still answer."""

    ready = Signal(object)


class _Job(QRunnable):
    """One layout."""

    def __init__(
        self,
        answer: _Answer,
        blocks: Sequence[Block],
        standing: Mapping[NodeKey, Place],
        room: tuple[float, float],
    ) -> None:
        super().__init__()
        self._answer = answer
        self._work = (blocks, standing, room)

    def run(self) -> None:
        """On a thread of the pool."""
        is_first = _LIBRARY not in sys.modules
        places = lay_out(*self._work)
        if is_first and _LIBRARY in sys.modules:
            # The library's thousands of objects stay for good: without this, each full collection
            # of garbage walks over them and holds the window up.
            gc.freeze()
        self._answer.ready.emit(places)


class LayoutWorker(QObject):
    """One layout at a time; who wants another meanwhile asks again when this one is there.

    Args:
        parent: Owner.
    """

    placed = Signal(object)
    """dict[NodeKey, Place]."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_busy = False
        # Qt's own pool outlives every widget: none has to wait for a layout when it goes.
        self._pool = QThreadPool.globalInstance()
        self._answer = _Answer()
        self._answer.ready.connect(self.on_answer_ready)

    def start(
        self,
        blocks: Sequence[Block],
        standing: Mapping[NodeKey, Place],
        room: tuple[float, float],
    ) -> None:
        """Begin; see ``lay_out``."""
        self.is_busy = True
        self._pool.start(_Job(self._answer, blocks, dict(standing), room))

    def stop(self) -> None:
        """Wait until the last layout has ended; there will be no more."""
        self._pool.waitForDone(_END_MS)

    @Slot(object)
    def on_answer_ready(self, places: dict[NodeKey, Place]) -> None:
        """Back on the GUI thread."""
        self.is_busy = False
        self.placed.emit(places)
