"""Probes on threads of their own, and their results as a signal. Lives on the GUI thread."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.core.errors import UserError
from zmqscope.core.probe import ProbePlan, ProbeResult
from zmqscope.core.types import Problem
from zmqscope.engine.probe.run import run_probe
from zmqscope.engine.probe.trial import PrepareSocket

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 4
PrepareLock = Callable[[ProbePlan], PrepareSocket | None]
"""Fetches what a plan's lock needs; runs on the probe's thread, where it may wait."""


class ProbeRunner(QObject):
    """Runs one probe at a time for its owner; a newer one makes an older one's answer moot.

    Args:
        prepare_lock: See ``PrepareLock``; None where no lock is tried.
        parent: Owner.
    """

    finished = Signal(object)
    """ProbeResult."""
    refused = Signal(object)
    """Problem: it cannot be probed at all."""
    _ended = Signal(int, object)

    def __init__(
        self, prepare_lock: PrepareLock | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._prepare_lock = prepare_lock
        self._numbers = itertools.count(1)
        self._current = 0
        self._running = 0
        self._ended.connect(self.on_ended)

    @property
    def is_running(self) -> bool:
        """Whether an answer is to be expected."""
        return self._current != 0

    def start(self, plan: ProbePlan) -> None:
        """Begin a probe; one of the two signals follows, unless another one is started."""
        if self._running >= _MOST_AT_ONCE:
            self.refused.emit(
                Problem("Too many probes are under way.", "Wait a few seconds, then try again.")
            )
            return
        self._current = next(self._numbers)
        self._running += 1
        arguments = (self._current, plan)
        threading.Thread(
            target=self._run, args=arguments, name="zmqscope-probe", daemon=True
        ).start()

    def forget(self) -> None:
        """Nobody waits for the answer any more."""
        self._current = 0

    def _run(self, number: int, plan: ProbePlan) -> None:
        answer: ProbeResult | Problem
        try:
            prepare, lacking = self._prepare(plan)
            answer = run_probe(plan, prepare)
            if lacking is not None:
                answer = replace(answer, hint=f"{answer.hint} {lacking.sentence()}".strip())
        except UserError as error:
            answer = error.problem
        # The thread's outermost handler: whatever a stranger has sent, the window gets an answer.
        except Exception as error:
            log.exception("probe of %s", plan.address)
            answer = Problem(f"The probe failed: {type(error).__name__}.", "The log has more.")
        self._ended.emit(number, answer)

    def _prepare(self, plan: ProbePlan) -> tuple[PrepareSocket | None, Problem | None]:
        """What sets the lock; without it there is still much to find out."""
        if self._prepare_lock is None or not plan.tries_lock:
            return None, None
        try:
            return self._prepare_lock(plan), None
        except UserError as error:
            return None, error.problem

    @Slot(int, object)
    def on_ended(self, number: int, answer: object) -> None:
        """A probe is through."""
        self._running -= 1
        if number != self._current:
            return
        self._current = 0
        if isinstance(answer, ProbeResult):
            self.finished.emit(answer)
        else:
            self.refused.emit(answer)
