"""Passwords are checked on a thread of their own."""

from __future__ import annotations

import contextlib
import queue
import threading

from zmqscope.core.security.access import PasswordHash
from zmqscope.core.security.passwords import hash_password, is_password
from zmqscope.engine.access.checker import PasswordChecker

PATIENCE_S = 60.0


def test_checks_and_hashes() -> None:
    kept = hash_password("right")
    found: queue.Queue[tuple[bool, PasswordHash]] = queue.Queue()

    def done(is_right: bool, password: PasswordHash) -> None:
        assert threading.current_thread().name == "zmqscope-scrypt"
        found.put((is_right, password))

    with contextlib.closing(PasswordChecker()) as checker:
        for password, is_right in ((b"right", True), (b"wrong", False)):
            assert checker.check(password, kept, done)
            assert found.get(timeout=PATIENCE_S) == (is_right, kept)
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


def test_who_comes_after_a_flood_does_not_wait_for_what_is_left_of_it() -> None:
    kept = hash_password("right")
    came: queue.Queue[bool] = queue.Queue()
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(is_right: bool, _kept: PasswordHash) -> None:
        came.put(is_right)
        has_begun.set()
        may_go_on.wait(PATIENCE_S)

    with contextlib.closing(PasswordChecker()) as checker:
        assert checker.check(b"wrong", kept, wait)
        assert has_begun.wait(PATIENCE_S)
        for _ in range(10):
            assert checker.check(b"wrong", kept, lambda is_right, _: came.put(is_right))
        assert checker.check(b"right", kept, lambda is_right, _: came.put(is_right))
        may_go_on.set()
        assert [came.get(timeout=PATIENCE_S) for _ in range(3)] == [False, True, False]


def test_closing_does_not_wait_for_what_waits() -> None:
    checker = PasswordChecker()
    for number in range(40):
        checker.hash(str(number).encode(), lambda *_: None)
    checker.close()
    checker.close()


def test_one_that_was_never_used() -> None:
    PasswordChecker().close()
