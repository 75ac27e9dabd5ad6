"""The keyring library with a real backend, without any, and with those that fail."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import keyring.errors
import pytest

from tests.keyring_rig import MemoryKeyring, switched_off, system_without_one, using
from zmqscope.core.security.secret import Secret
from zmqscope.engine.keyring_store import (
    KeyringUnusableError,
    forget_in_keyring,
    keyring_problem,
    read_from_keyring,
    store_in_keyring,
)

HIDDEN = "hunter2-hunter2"


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    backend = MemoryKeyring()
    with using(backend):
        yield backend


def test_an_entry_from_first_to_last(memory: MemoryKeyring) -> None:
    assert keyring_problem() is None
    assert store_in_keyring("cam", Secret(HIDDEN.encode())) is None
    assert memory.entries == {("zmqscope", "cam"): HIDDEN}
    assert read_from_keyring("cam") == Secret(HIDDEN.encode())
    assert forget_in_keyring("cam") is None
    assert memory.entries == {}
    with pytest.raises(KeyringUnusableError) as raised:
        read_from_keyring("cam")
    assert "has no entry “cam”" in raised.value.problem.text


def test_what_somebody_else_has_deleted_is_forgotten_too(memory: MemoryKeyring) -> None:
    assert store_in_keyring("cam", Secret(HIDDEN.encode())) is None
    memory.entries.clear()
    assert forget_in_keyring("cam") is None


def test_an_entry_that_cannot_be_deleted_is_told(memory: MemoryKeyring) -> None:
    assert store_in_keyring("cam", Secret(HIDDEN.encode())) is None
    memory.is_read_only = True
    problem = forget_in_keyring("cam")
    assert problem is not None
    assert "failed for “cam” (PasswordDeleteError)" in problem.text


def test_each_hint_fits_what_was_wanted(memory: MemoryKeyring) -> None:
    memory.failure = keyring.errors.KeyringLocked()
    with pytest.raises(KeyringUnusableError) as raised:
        read_from_keyring("cam")
    assert "open the socket again" in raised.value.problem.hint
    for problem in (store_in_keyring("cam", Secret(b"x")), forget_in_keyring("cam")):
        assert problem is not None
        assert problem.hint == "Unlock it, then try again."


def test_only_text_is_kept(memory: MemoryKeyring) -> None:
    problem = store_in_keyring("cam", Secret(b"\xff\xfe"))
    assert problem is not None
    assert "only text" in problem.text
    assert not memory.entries


def test_a_system_without_one() -> None:
    with using(system_without_one()):
        problem = keyring_problem()
        assert problem is not None
        assert "no keyring" in problem.text
        assert "file" in problem.hint
        assert store_in_keyring("cam", Secret(HIDDEN.encode())) == problem
        with pytest.raises(KeyringUnusableError) as raised:
            read_from_keyring("cam")
        assert raised.value.problem == problem
    with using(switched_off()):
        assert keyring_problem() == problem


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (keyring.errors.KeyringLocked(HIDDEN), "is locked"),
        (keyring.errors.InitError(HIDDEN), "is locked for “cam”, or does not run"),
        (keyring.errors.KeyringError(HIDDEN), "failed for “cam” (KeyringError)"),
        (RuntimeError(HIDDEN), "failed for “cam” (RuntimeError)"),
        (OSError(HIDDEN), "failed for “cam” (OSError)"),
    ],
)
def test_failures_do_not_repeat_what_the_backend_says(
    memory: MemoryKeyring, failure: Exception, said: str
) -> None:
    memory.failure = failure
    with pytest.raises(KeyringUnusableError) as raised:
        read_from_keyring("cam")
    # Nor would a log that gets the traceback.
    assert HIDDEN not in "".join(traceback.format_exception(raised.value))
    problems = [
        raised.value.problem,
        store_in_keyring("cam", Secret(HIDDEN.encode())),
        forget_in_keyring("cam"),
    ]
    for problem in problems:
        assert problem is not None
        assert said in problem.text
        assert problem.hint
        assert HIDDEN not in problem.sentence()
