"""What is waited for before a locked socket is made, and what is not waited for any more."""

from __future__ import annotations

from zmqscope.core.security.lock import Lock
from zmqscope.core.security.secret import Credentials, Secret
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Problem, SocketId, SocketSpec, SocketType
from zmqscope.engine.lock_opening import LockOpening
from zmqscope.engine.secret_keeper import SecretAnswer, Ticket

ONE = SocketId(1)
READ = Credentials(password=Secret(b"x"))
REFERS = parse_spec("push:lock=plain-client,user=a,secret=session:a")


class Asked:
    """A lock's opening whose questions are noted."""

    def __init__(self) -> None:
        self.locks: list[Lock] = []
        self.opening = LockOpening(ONE, self._ask)

    def _ask(self, socket_id: SocketId, lock: Lock) -> Ticket:
        assert socket_id == ONE
        self.locks.append(lock)
        return Ticket(len(self.locks))


def answer(number: int) -> SecretAnswer:
    return SecretAnswer(Ticket(number), ONE, READ)


def test_without_a_reference_nothing_is_asked() -> None:
    asked = Asked()
    assert asked.opening.begin(parse_spec("push:")) == Credentials()
    assert asked.opening.begin(parse_spec("push:lock=plain-server")) == Credentials()
    assert (asked.locks, asked.opening.is_waiting) == ([], False)


def test_a_lock_that_cannot_be_is_said_at_once() -> None:
    asked = Asked()
    found = asked.opening.begin(SocketSpec(SocketType.STREAM, lock=Lock(is_server=True)))
    assert isinstance(found, Problem)
    assert not asked.opening.is_waiting


def test_what_was_read_is_taken_once() -> None:
    asked = Asked()
    assert asked.opening.begin(REFERS) is None
    assert asked.opening.is_waiting
    assert asked.opening.take(answer(1)) == READ
    assert not asked.opening.is_waiting
    assert asked.opening.take(answer(1)) is None


def test_only_the_newest_answer_counts() -> None:
    asked = Asked()
    asked.opening.begin(REFERS)
    asked.opening.cancel()
    assert asked.opening.take(answer(1)) is None
    asked.opening.begin(REFERS)
    assert asked.opening.take(answer(1)) is None
    assert asked.opening.is_waiting
    problem = Problem("gone", "look")
    assert asked.opening.take(SecretAnswer(Ticket(2), ONE, problem=problem)) == problem
