"""Passwords: scrypt once, microseconds afterwards."""

from __future__ import annotations

import time

from zmqscope.core.security.passwords import SeenPasswords, hash_password, is_password


def test_only_the_password_itself_fits_its_hash() -> None:
    kept = hash_password("naïve")
    assert is_password(kept, "naïve")
    assert is_password(kept, "naïve".encode())
    assert not is_password(kept, "naive")
    assert not is_password(kept, b"")


def test_the_same_password_is_kept_differently_each_time() -> None:
    first, second = hash_password("same"), hash_password("same")
    assert first.salt != second.salt
    assert first.digest != second.digest
    assert "same" not in repr(first)
    assert first.digest.hex() not in repr(first)


def test_half_a_surrogate_pair_is_a_password_too() -> None:
    assert is_password(hash_password("\ud800"), "\ud800")


def test_what_scrypt_said_is_remembered() -> None:
    kept, seen = hash_password("right"), SeenPasswords()
    assert seen.look(kept, b"right") is None
    seen.note(kept, b"wrong", False)
    assert seen.look(kept, b"wrong") is False
    assert seen.look(kept, b"another") is None
    seen.note(kept, b"right", True)
    assert seen.look(kept, b"right") is True
    assert seen.look(kept, b"another") is False


def test_a_new_hash_is_not_known_by_the_old_password() -> None:
    seen = SeenPasswords()
    seen.note(hash_password("old"), b"old", True)
    assert seen.look(hash_password("new"), b"old") is None


def test_a_look_costs_microseconds() -> None:
    kept, seen = hash_password("right"), SeenPasswords()
    seen.note(kept, b"right", True)
    began_s = time.thread_time()
    for _ in range(1_000):
        seen.look(kept, b"wrong")
    assert time.thread_time() - began_s < 5.0


def test_wrong_passwords_do_not_add_up() -> None:
    kept, seen = hash_password("right"), SeenPasswords()
    for number in range(3_000):
        seen.note(kept, str(number).encode(), False)
    assert seen.look(kept, b"0") is None
    assert seen.look(kept, b"2999") is False


def test_digests_of_two_runs_differ() -> None:
    assert SeenPasswords().digest(b"x") != SeenPasswords().digest(b"x")
