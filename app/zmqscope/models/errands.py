"""Work that may wait for a disk or a keyring: a thread for each errand, told on the GUI thread.

A keyring may ask the user to unlock it first, and answers only then.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from typing import NamedTuple, NewType

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from zmqscope.core.errors import UserError
from zmqscope.core.types import Problem

log = logging.getLogger(__name__)

ErrandId = NewType("ErrandId", int)
"""Number of an errand; never used twice."""

_LOOK_EVERY_MS = 20
_numbers = itertools.count(1)


class _Return(NamedTuple):
    number: int
    result: object
    problem: Problem | None


class Errands(QObject):
    """Runs functions on threads of their own and tells what came of them.

    What a function gives back travels through a signal: let it be no secret.
    """

    finished = Signal(int, object, object)
    """ErrandId, what the function gave back, and the Problem or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: set[int] = set()
        # No signal crosses threads: a keyring may answer when this object is long gone.
        self._returns: queue.SimpleQueue[_Return] = queue.SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.on_timer_timeout)

    @property
    def running(self) -> int:
        """How many have not come back."""
        return len(self._running)

    def run(self, work: Callable[[], object]) -> ErrandId:
        """Begin; ``finished`` tells how it ended.

        Args:
            work: May raise ``UserError``, whose problem is then told.
        """
        number = next(_numbers)
        self._running.add(number)
        self._timer.start()
        # A keyring that never answers must not keep the process alive.
        threading.Thread(
            target=_work,
            args=(number, work, self._returns),
            name=f"zmqscope-errand-{number}",
            daemon=True,
        ).start()
        return ErrandId(number)

    @Slot()
    def on_timer_timeout(self) -> None:
        """Tell what has come back."""
        while not self._returns.empty():
            back = self._returns.get_nowait()
            self._running.discard(back.number)
            if not self._running:
                self._timer.stop()
            self.finished.emit(*back)


def _work(number: int, work: Callable[[], object], returns: queue.SimpleQueue[_Return]) -> None:
    try:
        returns.put(_Return(number, _guarded(work), None))
    except UserError as error:
        returns.put(_Return(number, None, error.problem))


def _guarded(work: Callable[[], object]) -> object:
    """A keyring is a plug-in that may raise anything, with what was to be kept in its words."""
    try:
        return work()
    except UserError:
        raise
    except Exception as error:
        name = type(error).__name__
        log.error("an errand failed: %s", name)
        text = QCoreApplication.translate("Errands", "It failed ({0}).").format(name)
        raise UserError(text) from error
