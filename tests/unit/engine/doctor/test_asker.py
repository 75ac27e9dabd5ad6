"""Asking at endpoints: once for each state of affairs, and never often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import zmq

from tests.doctor_rig import ADDRESS, CONNECT, answer
from tests.rig import MakePeer
from zmqscope.core.diagnosis.asking import Question
from zmqscope.core.diagnosis.attempts import Attempts
from zmqscope.core.errors import EndpointError
from zmqscope.core.probe import Answer, ProbePlan, ProbeResult
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import Role, SocketId
from zmqscope.engine.doctor import asker as asker_module
from zmqscope.engine.doctor.asker import REST_NS, Asker, ask_by_probe

HERE = (SocketId(1), CONNECT)
PLAN = ProbePlan(ADDRESS)


class Street:
    """An asker, a clock, and whoever is asked."""

    def __init__(self) -> None:
        self.now_ns = REST_NS
        self.asked: list[ProbePlan] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.says: Callable[[], ProbeResult] = answer
        self.asker = Asker(self._ask, lambda: self.now_ns)

    def _ask(self, plan: ProbePlan) -> ProbeResult:
        self.asked.append(plan)
        assert self.go_on.wait(60.0)
        return self.says()

    def want(self, *about: Attempts, plan: ProbePlan = PLAN) -> None:
        self.asker.want(
            {(SocketId(n), CONNECT): Question(plan, each) for n, each in enumerate(about, 1)}
        )

    def heard(self, about: Attempts) -> ProbeResult | None:
        return self.asker.answer(*HERE, about)

    def until_heard(self, about: Attempts) -> None:
        end_s = time.monotonic() + 60.0
        while self.heard(about) is None:
            assert time.monotonic() < end_s
            self.asker.take()

    def until_asked(self, count: int) -> None:
        end_s = time.monotonic() + 60.0
        while len(self.asked) < count:
            assert time.monotonic() < end_s


@pytest.fixture
def street() -> Iterator[Street]:
    street = Street()
    yield street
    street.go_on.set()
    street.asker.close(60.0)


@pytest.fixture
def about() -> Attempts:
    return Attempts(Role.CONNECT)


def test_it_is_asked_once(street: Street, about: Attempts) -> None:
    for _ in range(3):
        street.want(about)
    street.until_heard(about)
    street.now_ns += 9 * REST_NS
    street.want(about)
    assert street.asked == [PLAN]


def test_after_a_reconnect_again_but_not_at_once(street: Street, about: Attempts) -> None:
    street.want(about)
    street.until_heard(about)
    fresh = Attempts(Role.CONNECT)
    street.want(fresh)
    assert street.heard(fresh) is None
    assert len(street.asked) == 1
    street.now_ns += REST_NS
    street.want(fresh)
    street.until_heard(fresh)
    assert len(street.asked) == 2


def test_after_the_finding_has_gone_and_come_back_again(street: Street, about: Attempts) -> None:
    street.want(about)
    street.until_heard(about)
    street.want()
    assert street.heard(about) is None
    street.want(about)
    assert len(street.asked) == 1
    street.now_ns += REST_NS
    street.want(about)
    street.until_heard(about)
    assert len(street.asked) == 2


@pytest.mark.parametrize("what", ["success", "nobody"])
def test_what_happens_there_makes_an_answer_old(street: Street, about: Attempts, what: str) -> None:
    street.want(about)
    street.until_heard(about)
    if what == "success":
        about.note_success(street.now_ns + 1)
    else:
        about.note_retry(was_reached=False, now_ns=street.now_ns + 1)
    assert street.heard(about) is None


def test_a_lock_that_is_tried_is_another_question(street: Street, about: Attempts) -> None:
    street.want(about, plan=ProbePlan(ADDRESS, tries_lock=False))
    street.until_heard(about)
    street.now_ns += REST_NS
    street.want(about, plan=PLAN)
    street.until_heard(about)
    street.now_ns += REST_NS
    street.want(about, plan=ProbePlan(ADDRESS, tries_lock=False))
    assert [plan.tries_lock for plan in street.asked] == [False, True]


def test_one_at_a_time_and_what_is_moot_is_not_asked(street: Street) -> None:
    many = [Attempts(Role.CONNECT) for _ in range(3)]
    street.go_on.clear()
    street.want(*many)
    street.until_asked(1)
    street.want(many[0])
    street.go_on.set()
    street.until_heard(many[0])
    street.asker.close(60.0)
    assert len(street.asked) == 1


def test_what_cannot_be_asked_is_not_asked_again(street: Street, about: Attempts) -> None:
    def refuse() -> ProbeResult:
        raise EndpointError("It is no endpoint.", "")

    street.says = refuse
    street.want(about)
    end_s = time.monotonic() + 60.0
    while not street.asker.take():
        assert time.monotonic() < end_s
    street.now_ns += 5 * REST_NS
    street.want(about)
    assert street.heard(about) is None
    assert len(street.asked) == 1


def test_the_end_does_not_wait_for_a_probe(street: Street, about: Attempts) -> None:
    street.go_on.clear()
    street.want(about)
    street.until_asked(1)
    began_s = time.monotonic()
    street.asker.close()
    assert time.monotonic() - began_s < 20.0
    street.want(Attempts(Role.CONNECT))
    assert len(street.asked) == 1


def test_a_crowd_of_questions_is_bounded(street: Street) -> None:
    street.go_on.clear()
    street.want(*(Attempts(Role.CONNECT) for _ in range(500)))
    assert len(street.asker._worker._waiting) <= 64


def test_a_real_peer_is_asked(make_peer: MakePeer) -> None:
    port = make_peer(zmq.REP).bind_to_random_port("tcp://127.0.0.1")
    found = ask_by_probe(SessionSecrets())(ProbePlan(f"tcp://127.0.0.1:{port}"))
    assert found is not None
    assert (found.answer, found.type_name) == (Answer.ZMTP, "REP")


def test_with_few_descriptors_left_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asker_module, "spare_descriptors", lambda: 3)
    assert ask_by_probe(SessionSecrets())(ProbePlan(ADDRESS)) is None
