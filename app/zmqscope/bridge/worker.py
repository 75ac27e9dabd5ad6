"""The engine's loop as a worker on a QThread, and its coalesced wake-up of the GUI."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal, Slot

from zmqscope.engine.loop import EngineLoop

log = logging.getLogger(__name__)

_STEP_MS = 500
_MAX_FAILURES_IN_A_ROW = 100


class WakeUp(QObject):
    """One queued, argument-less signal for any amount of news.

    ``notify`` runs on the engine's thread; ``consume`` on the GUI's, before it looks for news.
    """

    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_pending = False

    def notify(self) -> None:
        """Emit, unless the last emission has not been consumed yet."""
        if not self._is_pending:
            self._is_pending = True
            self.woken.emit()

    def consume(self) -> None:
        """Allow the next emission: call before reading, so that no news falls between."""
        self._is_pending = False


class EngineWorker(QObject):
    """Runs the poll loop until it is told to stop.

    Args:
        make_loop: Makes the loop; called on the worker's thread, where its sockets belong.
    """

    def __init__(self, make_loop: Callable[[], EngineLoop]) -> None:
        super().__init__()
        self._make_loop = make_loop

    @Slot()
    def run(self) -> None:
        """The thread's whole life."""
        try:
            loop = self._make_loop()
            failures = 0
            while not loop.stopping and failures < _MAX_FAILURES_IN_A_ROW:
                try:
                    loop.step(_STEP_MS)
                    failures = 0
                # The outermost handler: one broken step must not end the capture.
                except Exception as error:
                    failures += 1
                    log.exception("engine step failed")
                    loop.tell_unexpected(error)
            if not loop.stopping:
                loop.tell_given_up()
            loop.close()
        finally:
            # From here, not from the GUI thread: that one may be waiting for this thread to end.
            QThread.currentThread().quit()
