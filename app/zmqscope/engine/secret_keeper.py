"""Reads secrets off the loop's thread: a keyring may wait for a prompt, a disk for its network.

One daemon thread for files, one for the keyring; questions, time and threads are bounded.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import NewType

from zmqscope.core.errors import UserError
from zmqscope.core.security.lock import Lock, SecretPlace
from zmqscope.core.security.secret import Credentials
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import Problem, SocketId
from zmqscope.engine.credentials import read_credentials

Ticket = NewType("Ticket", int)
"""Number of a question; never used twice."""

FILE_LIMIT_S = 10.0
KEYRING_LIMIT_S = 120.0
"""How long one question may take; a keyring asks its user for a password."""

_MOST_WAITING = 512
_MOST_HANGING = 4


@dataclass(frozen=True, slots=True)
class SecretAnswer:
    """What became of a question.

    Attributes:
        ticket: Which one.
        socket_id: Who asked.
        credentials: What was read; None if that failed.
        problem: Why it failed.
    """

    ticket: Ticket
    socket_id: SocketId
    credentials: Credentials | None = field(default=None, repr=False)
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    ticket: Ticket
    socket_id: SocketId
    lock: Lock


class SecretKeeper:
    """Asked and read by the loop's thread.

    Args:
        session: Secrets that are kept in memory.
        file_limit_s: How long reading files may take.
        keyring_limit_s: How long the keyring may take.
    """

    def __init__(
        self,
        session: SessionSecrets,
        file_limit_s: float = FILE_LIMIT_S,
        keyring_limit_s: float = KEYRING_LIMIT_S,
    ) -> None:
        self._tickets = itertools.count(1)
        self._files = _Lane(session, "files", file_limit_s, _FILES_HANG)
        self._keyring = _Lane(session, "keyring", keyring_limit_s, _KEYRING_HANGS)
        self._lanes = (self._files, self._keyring)

    @property
    def is_waiting(self) -> bool:
        """Whether answers are still to come."""
        return any(lane.is_waiting for lane in self._lanes)

    def ask(self, socket_id: SocketId, lock: Lock) -> Ticket:
        """Read what a lock refers to; ``answers`` has it some time later, or why not."""
        ticket = Ticket(next(self._tickets))
        by_keyring = lock.secret is not None and lock.secret.place is SecretPlace.KEYRING
        lane = self._keyring if by_keyring else self._files
        lane.ask(_Question(ticket, socket_id, lock))
        return ticket

    def answers(self) -> list[SecretAnswer]:
        """Answers that have come since the last call."""
        return [answer for lane in self._lanes for answer in lane.answers()]

    def close(self, timeout_s: float = 0.2) -> None:
        """Let the threads end; give up on one that hangs."""
        for lane in self._lanes:
            lane.close(timeout_s)


_FILES_HANG = Problem(
    "The file of the lock could not be read in time.",
    "See whether its disk or network answers, then open the socket again.",
)
_KEYRING_HANGS = Problem(
    "The keyring did not answer in time.",
    "Unlock it, or keep the secret in a file; then open the socket again.",
)
_TOO_MANY = Problem("Too many secrets are being read.", "Open the socket again in a moment.")


class _Lane:
    """One thread at a time, given up when it hangs."""

    def __init__(self, session: SessionSecrets, name: str, limit_s: float, hangs: Problem) -> None:
        self._session = session
        self._name = name
        self._limit_s = limit_s
        self._hangs = hangs
        self._worker: _Worker | None = None
        # In the order asked; the first is the one that is being read.
        self._open: dict[Ticket, _Question] = {}
        self._first_since_s = 0.0
        self._refused: list[SecretAnswer] = []
        self._hanging: list[_Worker] = []

    @property
    def is_waiting(self) -> bool:
        return bool(self._open or self._refused)

    def ask(self, question: _Question) -> None:
        if len(self._open) >= _MOST_WAITING:
            self._refuse(question, _TOO_MANY)
            return
        if self._worker is None:
            self._hanging = [each for each in self._hanging if each.is_alive]
            if len(self._hanging) >= _MOST_HANGING:
                self._refuse(question, self._hangs)
                return
            self._worker = _Worker(self._session, self._name)
        if not self._open:
            self._first_since_s = time.monotonic()
        self._open[question.ticket] = question
        self._worker.questions.put(question)

    def answers(self) -> list[SecretAnswer]:
        found, self._refused = self._refused, []
        worker = self._worker
        while worker is not None and worker.answers:
            answer = worker.answers.popleft()
            self._open.pop(answer.ticket, None)
            self._first_since_s = time.monotonic()
            found.append(answer)
        if self._open and time.monotonic() - self._first_since_s > self._limit_s:
            found += self._give_up()
        return found

    def _give_up(self) -> list[SecretAnswer]:
        """All that wait have failed; what the thread still finds is of no interest."""
        failed = [
            SecretAnswer(each.ticket, each.socket_id, problem=self._hangs)
            for each in self._open.values()
        ]
        self._open.clear()
        if self._worker is not None:
            self._worker.end()
            self._hanging.append(self._worker)
            self._worker = None
        return failed

    def _refuse(self, question: _Question, problem: Problem) -> None:
        self._refused.append(SecretAnswer(question.ticket, question.socket_id, problem=problem))

    def close(self, timeout_s: float) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker.join(timeout_s)
            self._worker = None


class _Worker:
    """A daemon thread: a prompt can stay open for ever, and quitting must not wait for it."""

    def __init__(self, session: SessionSecrets, name: str) -> None:
        self._session = session
        self._is_over = False
        self.questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self.answers: deque[SecretAnswer] = deque()
        self._thread = threading.Thread(
            target=self._run, name=f"zmqscope-secrets-{name}", daemon=True
        )
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> None:
        self._is_over = True
        self.questions.put(None)

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (question := self.questions.get()) is not None and not self._is_over:
            answer = self._read(question)
            if not self._is_over:
                self.answers.append(answer)

    def _read(self, question: _Question) -> SecretAnswer:
        ticket, socket_id = question.ticket, question.socket_id
        try:
            return SecretAnswer(ticket, socket_id, self._credentials(question.lock))
        except UserError as error:
            return SecretAnswer(ticket, socket_id, problem=error.problem)

    def _credentials(self, lock: Lock) -> Credentials:
        try:
            return read_credentials(lock, self._session)
        except UserError:
            raise
        # Whoever asked must get an answer. Neither the log nor the user sees what the error says,
        # which might hold the secret.
        except Exception as error:
            name = type(error).__name__
            raise UserError(
                f"Reading the secret failed ({name}).", "Keep it in a file instead."
            ) from error
