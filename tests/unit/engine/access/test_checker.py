"""Passwords are checked on a thread of their own."""

from __future__ import annotations

import contextlib
import queue
import threading

from zmqscope.core.security.access import PasswordHash
from zmqscope.core.security.passwords import hash_password, is_password
from zmqscope.engine.access.checker import PasswordChecker

PATIENCE_S = 10.0


def test_checks_and_hashes_in_order() -> None:
    kept = hash_password("right")
    found: queue.Queue[tuple[bool, PasswordHash]] = queue.Queue()

    def done(is_right: bool, password: PasswordHash) -> None:
        assert threading.current_thread().name == "zmqscope-scrypt"
        found.put((is_right, password))

    with contextlib.closing(PasswordChecker()) as checker:
        assert checker.check(b"right", kept, done)
        assert checker.check(b"wrong", kept, done)
        assert found.get(timeout=PATIENCE_S) == (True, kept)
        assert found.get(timeout=PATIENCE_S) == (False, kept)
        assert checker.hash(b"new", done)
        assert is_password(found.get(timeout=PATIENCE_S)[1], "new")


def test_only_so_many_wait() -> None:
    kept = hash_password("right")
    with contextlib.closing(PasswordChecker()) as checker:
        taken = [checker.check(str(n).encode(), kept, lambda *_: None) for n in range(200)]
        assert 50 <= sum(taken) < 60


def test_what_the_user_asks_for_goes_before_what_strangers_try() -> None:
    kept = hash_password("right")
    came: queue.Queue[str] = queue.Queue()
    with contextlib.closing(PasswordChecker()) as checker:
        while checker.check(b"wrong", kept, lambda *_: came.put("check")):
            pass
        assert checker.hash(b"new", lambda *_: came.put("hash"))
        first = [came.get(timeout=PATIENCE_S) for _ in range(3)]
    assert "hash" in first


def test_closing_does_not_wait_for_what_waits() -> None:
    checker = PasswordChecker()
    for number in range(40):
        checker.hash(str(number).encode(), lambda *_: None)
    checker.close()
    checker.close()


def test_one_that_was_never_used() -> None:
    PasswordChecker().close()
