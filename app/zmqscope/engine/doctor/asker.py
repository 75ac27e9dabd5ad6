"""Asks at endpoints by itself, on a thread of its own: one probe at a time. Owned by the loop.

Each endpoint is asked once for each state of affairs, and never twice within ten seconds. The
thread is there only while there is something to ask.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zmqscope.core.diagnosis.asking import Question
from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.errors import UserError
from zmqscope.core.probe import ProbePlan, ProbeResult
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import Endpoint, SocketId
from zmqscope.engine.context import descriptor_reserve, spare_descriptors
from zmqscope.engine.probe.lock import LockPreparer
from zmqscope.engine.probe.run import run_probe

log = logging.getLogger(__name__)

REST_NS = 10_000_000_000
"""Between two probes of one endpoint."""

_MOST_WAITING = 64
_MOST_KNOWN = 4_096

Place = tuple[SocketId, Endpoint]
Ask = Callable[[ProbePlan], ProbeResult | None]
"""Asks, and waits for the answer; None if it cannot be asked."""


class Asker:
    """Everything but the probes themselves happens on the loop's thread.

    Args:
        ask: Asks one question; on the asker's thread.
        now_ns: The monotonic clock.
    """

    def __init__(self, ask: Ask, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._now_ns = now_ns
        self._worker = _Worker(ask)
        self._asked: dict[Place, _Asked] = {}

    def want(self, questions: Mapping[Place, Question]) -> None:
        """These are open now, and no others; asks what has not been asked.

        Args:
            questions: By endpoint.
        """
        if not questions and not self._asked:
            return
        now_ns = self._now_ns()
        for place in [p for p in self._asked if p not in questions]:
            self._let_go(place, now_ns)
        for place, question in questions.items():
            before = self._asked.get(place)
            if before is not None and before.is_about(question):
                continue
            if before is not None and now_ns - before.asked_ns < REST_NS:
                before.answer = None
                before.is_over = True
                continue
            if len(self._asked) < _MOST_KNOWN and self._worker.ask(place, question.plan):
                self._asked[place] = _Asked(question, now_ns)

    def _let_go(self, place: Place, now_ns: int) -> None:
        """Nobody wants to know any more; when it was asked last is kept for a while."""
        asked = self._asked[place]
        asked.answer = None
        asked.is_over = True
        self._worker.forget(place)
        if now_ns - asked.asked_ns >= REST_NS:
            del self._asked[place]

    def take(self) -> bool:
        """Take answers in; whether any came."""
        came = self._worker.answers()
        for place, plan, answer in came:
            asked = self._asked.get(place)
            if asked is not None and not asked.is_over and asked.question.plan is plan:
                asked.answer = answer
        return bool(came)

    def answer(
        self, socket_id: SocketId, endpoint: Endpoint, about: Attempts
    ) -> ProbeResult | None:
        """What was found at an endpoint, as long as nothing has happened there since.

        Args:
            socket_id: The socket.
            endpoint: Which of its endpoints.
            about: The history of that endpoint.
        """
        asked = self._asked.get((socket_id, endpoint))
        return asked.answer if asked is not None and asked.is_still(about) else None

    def close(self, timeout_s: float = 0.2) -> None:
        """Ask no more; give up on a probe that goes on: its thread does not keep the process."""
        self._worker.close(timeout_s)


@dataclass(slots=True)
class _Asked:
    """A question that was asked.

    Attributes:
        question: It.
        asked_ns: When.
        answer: None while it is under way, or if it came to nothing.
        is_over: Whether its state of affairs has passed.
    """

    question: Question
    asked_ns: int
    answer: ProbeResult | None = None
    is_over: bool = False

    def is_still(self, about: Attempts) -> bool:
        """Whether nothing has happened since that may have changed who is there."""
        if self.is_over or about is not self.question.about:
            return False
        unreached = about.failed(Outcome.UNREACHED)
        has_gone = unreached is not None and unreached.last_ns > self.asked_ns
        return not has_gone and about.success_ns <= self.asked_ns

    def is_about(self, question: Question) -> bool:
        """Whether the same is asked again."""
        mine, plan = self.question.plan, question.plan
        is_same = (mine.address, mine.kind, mine.lock) == (plan.address, plan.kind, plan.lock)
        is_enough = mine.tries_lock or not plan.tries_lock
        return is_same and is_enough and self.is_still(question.about)


class _Worker:
    """A thread that works off what waits, and then ends.

    Args:
        ask: See ``Asker``.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Place, ProbePlan]] = deque()
        self._done: list[tuple[Place, ProbePlan, ProbeResult | None]] = []
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def ask(self, place: Place, plan: ProbePlan) -> bool:
        """Put a question at the end; whether there is room."""
        with self._lock:
            if self._is_closed or len(self._waiting) >= _MOST_WAITING:
                return False
            self._waiting.append((place, plan))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="zmqscope-asker", daemon=True
                )
                self._thread.start()
            return True

    def forget(self, place: Place) -> None:
        """A question is moot."""
        if self._waiting:
            with self._lock:
                self._waiting = deque(each for each in self._waiting if each[0] != place)

    def answers(self) -> list[tuple[Place, ProbePlan, ProbeResult | None]]:
        """What came since the last call."""
        if not self._done:
            return []
        with self._lock:
            done, self._done = self._done, []
        return done

    def close(self, timeout_s: float) -> None:
        """See ``Asker``."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                place, plan = self._waiting.popleft()
            answer = self._answer(plan)
            with self._lock:
                self._done.append((place, plan, answer))

    def _answer(self, plan: ProbePlan) -> ProbeResult | None:
        try:
            return self._ask(plan)
        # The thread's outermost handler: whatever a stranger has sent, the next one is asked.
        except Exception:
            log.debug("probe of %s", plan.address, exc_info=True)
            return None


def ask_by_probe(session: SessionSecrets) -> Ask:
    """Asks by a probe, which tries the lock if the plan says so.

    Args:
        session: Secrets that are kept in memory.
    """
    preparer = LockPreparer(session)

    def ask(plan: ProbePlan) -> ProbeResult | None:
        spare = spare_descriptors()
        if spare is not None and spare <= descriptor_reserve():
            return None  # libzmq ends the process where it gets none for a new context
        try:
            prepare = preparer(plan) if plan.tries_lock else None
        except UserError:
            prepare = None  # the greeting alone tells much
        return run_probe(plan, prepare)

    return ask
