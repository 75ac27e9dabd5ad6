"""Calls on threads of Qt's pool whose answers come back to the GUI thread. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from shiboken6 import isValid


class _Answer(QObject):
    """Carries answers over; lives for as long as somebody may still answer."""

    ready = Signal(int, object)


class _Call(QRunnable):
    """One call."""

    def __init__(self, number: int, work: Callable[[], object], answer: _Answer) -> None:
        super().__init__()
        self._number = number
        self._work = work
        self._answer = answer

    def run(self) -> None:
        """On a thread of the pool."""
        value = self._work()
        # When the app ends, a long call may outlive whoever has asked.
        if isValid(self._answer):
            self._answer.ready.emit(self._number, value)


class Background(QObject):
    """The latest of calls counts: answers to earlier ones are dropped.

    Args:
        parent: Owner.
    """

    done = Signal(object)
    """What the latest call has returned."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._waiting = False
        self._answer = _Answer()
        self._answer.ready.connect(self.on_answer_ready)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._waiting

    def start(self, work: Callable[[], object]) -> None:
        """Call a function that raises nothing; it runs on another thread."""
        self._number += 1
        self._waiting = True
        QThreadPool.globalInstance().start(_Call(self._number, work, self._answer))

    def drop(self) -> None:
        """The answer is of no interest any more."""
        self._number += 1
        self._waiting = False

    @Slot(int, object)
    def on_answer_ready(self, number: int, value: object) -> None:
        """Back on the GUI thread."""
        if number == self._number:
            self._waiting = False
            self.done.emit(value)
