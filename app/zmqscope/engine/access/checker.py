"""Checks and hashes passwords with scrypt, on a thread of its own: each takes 60 ms."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
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
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._is_stopping = threading.Event()

    def check(self, password: bytes, kept: PasswordHash, done: Done) -> bool:
        """Have a password checked; False if too many wait already."""
        return self._put(_Job(password, kept, done))

    def hash(self, password: bytes, done: Done) -> bool:
        """Have a password hashed; False if too many wait already."""
        return self._put(_Job(password, None, done))

    def _put(self, job: _Job) -> bool:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="zmqscope-scrypt", daemon=True)
            self._thread.start()
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        return True

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None and not self._is_stopping.is_set():
            began_s = time.monotonic()
            if job.kept is None:
                job.done(True, hash_password(job.password))
            else:
                job.done(is_password(job.kept, job.password), job.kept)
            if not self._jobs.empty():
                self._is_stopping.wait(_REST * (time.monotonic() - began_s))

    def close(self) -> None:
        """End the thread; what waits is not checked any more."""
        self._is_stopping.set()
        if self._thread is None:
            return
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        self._jobs.put_nowait(None)
        self._thread.join(_END_S)
        self._thread = None
