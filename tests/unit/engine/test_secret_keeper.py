"""Secrets are read off the loop's thread, in bounded time and number."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keyring_rig import MemoryKeyring, using
from zmqscope.core.security.lock import Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import SocketId
from zmqscope.engine.secret_keeper import SecretAnswer, SecretKeeper

ONE = SocketId(1)
HIDDEN = "hunter2-hunter2"
LIMIT_S = 0.2
PATIENCE_S = 60.0


def plain(place: SecretPlace, name: str) -> Lock:
    return Lock(Mechanism.PLAIN, user="ann", secret=SecretRef(place, name))


IN_KEYRING = plain(SecretPlace.KEYRING, "cam")
IN_SESSION = plain(SecretPlace.SESSION, "cam")


@pytest.fixture
def session() -> SessionSecrets:
    made = SessionSecrets()
    made.put("cam", Secret(HIDDEN.encode()))
    return made


@pytest.fixture
def backend() -> Iterator[MemoryKeyring]:
    made = MemoryKeyring()
    made.entries["zmqscope", "cam"] = HIDDEN
    with using(made):
        yield made
        made.gate.set()
    until(lambda: not any("zmqscope-secrets" in t.name for t in threading.enumerate()))


@pytest.fixture
def keeper(session: SessionSecrets, backend: MemoryKeyring) -> Iterator[SecretKeeper]:
    """One who gives nothing up."""
    made = SecretKeeper(session, keyring_limit_s=PATIENCE_S)
    yield made
    backend.gate.set()  # or what hangs would go on
    made.close(timeout_s=PATIENCE_S)


@pytest.fixture
def hasty(session: SessionSecrets, backend: MemoryKeyring) -> Iterator[SecretKeeper]:
    """One who gives up soon."""
    made = SecretKeeper(session, keyring_limit_s=LIMIT_S)
    yield made
    backend.gate.set()
    made.close(timeout_s=PATIENCE_S)


def until(condition: object) -> None:
    assert callable(condition)
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s


def wait(keeper: SecretKeeper, count: int = 1) -> list[SecretAnswer]:
    found: list[SecretAnswer] = []

    def are_there() -> bool:
        found.extend(keeper.answers())
        return len(found) >= count

    until(are_there)
    return found


def test_answers_come_back_with_their_tickets(keeper: SecretKeeper, tmp_path: Path) -> None:
    (tmp_path / "p").write_text(HIDDEN)
    locks = (IN_KEYRING, IN_SESSION, plain(SecretPlace.FILE, str(tmp_path / "p")))
    tickets = {keeper.ask(SocketId(n), lock): n for n, lock in enumerate(locks)}
    assert keeper.is_waiting
    answers = wait(keeper, 3)
    assert {answer.ticket: answer.socket_id for answer in answers} == tickets
    for answer in answers:
        assert answer.credentials is not None
        assert answer.credentials.password == Secret(HIDDEN.encode())
        assert HIDDEN not in repr(answer)
    assert not keeper.is_waiting


def test_failures_are_answers_too(keeper: SecretKeeper, backend: MemoryKeyring) -> None:
    backend.failure = RuntimeError(HIDDEN)
    keeper.ask(ONE, IN_KEYRING)
    (answer,) = wait(keeper)
    assert answer.problem is not None
    assert HIDDEN not in answer.problem.sentence()
    assert answer.credentials is None


def test_files_do_not_wait_for_the_keyring(keeper: SecretKeeper, backend: MemoryKeyring) -> None:
    backend.gate.clear()
    slow = keeper.ask(ONE, IN_KEYRING)
    quick = keeper.ask(ONE, IN_SESSION)
    assert [answer.ticket for answer in wait(keeper)] == [quick]
    backend.gate.set()
    assert [answer.ticket for answer in wait(keeper)] == [slow]


def test_a_keyring_that_hangs_is_given_up(hasty: SecretKeeper, backend: MemoryKeyring) -> None:
    backend.gate.clear()
    tickets = [hasty.ask(ONE, IN_KEYRING) for _ in range(3)]
    answers = wait(hasty, 3)
    assert [answer.ticket for answer in answers] == tickets
    for answer in answers:
        assert answer.problem is not None
        assert "did not answer in time" in answer.problem.text
        assert "file" in answer.problem.hint
    backend.gate.set()

    def is_answered() -> bool:
        again = hasty.ask(ONE, IN_KEYRING)
        (answer,) = wait(hasty)
        assert answer.ticket == again
        return answer.credentials is not None

    until(is_answered)  # on a busy machine, perhaps not in time at first
    assert hasty.answers() == []


def test_threads_that_hang_are_few(hasty: SecretKeeper, backend: MemoryKeyring) -> None:
    backend.gate.clear()
    for _ in range(8):
        hasty.ask(ONE, IN_KEYRING)
        (answer,) = wait(hasty)
        assert answer.problem is not None
    hanging = [t for t in threading.enumerate() if t.name == "zmqscope-secrets-keyring"]
    assert len(hanging) == 4
    assert all(thread.daemon for thread in hanging)


def test_questions_are_bounded(keeper: SecretKeeper, backend: MemoryKeyring) -> None:
    backend.gate.clear()
    for _ in range(600):
        keeper.ask(ONE, IN_KEYRING)
    refused = [a for a in keeper.answers() if a.problem and "Too many" in a.problem.text]
    assert len(refused) == 600 - 512
    backend.gate.set()
    assert len(wait(keeper, 512)) == 512


def test_quitting_waits_for_no_prompt(session: SessionSecrets, backend: MemoryKeyring) -> None:
    backend.gate.clear()
    keeper = SecretKeeper(session)
    keeper.ask(ONE, IN_KEYRING)
    began_s = time.monotonic()
    keeper.close(timeout_s=0.1)
    assert time.monotonic() - began_s < 20
    assert keeper.answers() == []
