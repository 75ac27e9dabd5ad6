"""Checks and hashes passwords with scrypt, on a thread of its own: each takes 60 ms.

The newest is checked first: where many wait, those who came first have long given up (libzmq ends a
handshake after 30 s), and whoever comes after a flood need not wait for all that is left of it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from zmqscope.core.security.access import PasswordHash
from zmqscope.core.security.passwords import hash_password, is_password

_MOST_WAITING = 50
_END_S = 1.0
# Somebody who tries one password after the other gets a fifth of a core, and no more.
_REST = 4

Done = Callable[[bool, PasswordHash], None]


@dataclass(frozen=True, slots=True)
class _Job:
    """A password to check, or to hash if there is nothing to check it against."""

    password: bytes = field(repr=False)
    kept: PasswordHash | None
    done: Done


class PasswordChecker:
    """Starts its thread with the first password.

    ``done`` is called on that thread, with whether the password is right, and its hash.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._tried: deque[_Job] = deque()
        self._asked: deque[_Job] = deque()
        self._thread: threading.Thread | None = None
        self._is_stopping = False

    def check(self, password: bytes, kept: PasswordHash, done: Done) -> bool:
        """Have a password checked; False if too many wait already."""
        return self._put(self._tried, _Job(password, kept, done))

    def hash(self, password: bytes, done: Done) -> bool:
        """Have a password hashed, before all that are checked; False if too many wait already."""
        return self._put(self._asked, _Job(password, None, done))

    def _put(self, jobs: deque[_Job], job: _Job) -> bool:
        with self._lock:
            if len(jobs) >= _MOST_WAITING:
                return False
            jobs.append(job)
            self._lock.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="zmqscope-scrypt", daemon=True)
            self._thread.start()
        return True

    def _run(self) -> None:
        while (job := self._next()) is not None:
            began_s = time.thread_time()
            if job.kept is None:
                job.done(True, hash_password(job.password))
                continue
            job.done(is_password(job.kept, job.password), job.kept)
            if self._tried:
                # What others use of the core is no reason to rest longer.
                self._rest(_REST * (time.thread_time() - began_s))

    def _next(self) -> _Job | None:
        """The next job; None at the end."""
        with self._lock:
            self._lock.wait_for(lambda: self._is_stopping or self._asked or self._tried)
            if self._is_stopping:
                return None
            return self._asked.popleft() if self._asked else self._tried.pop()

    def _rest(self, seconds: float) -> None:
        """Leave the core to others, unless the user has asked for something."""
        with self._lock:
            self._lock.wait_for(lambda: self._is_stopping or self._asked, seconds)

    def close(self) -> None:
        """End the thread; what waits is not checked any more."""
        with self._lock:
            self._is_stopping = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(_END_S)
            self._thread = None
