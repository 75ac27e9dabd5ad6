"""What was heard, in words: who it is, whether it fits, what to do."""

from __future__ import annotations

import errno

import pytest

from zmqscope.core.probe import Answer, Fate, ProbePlan, ProbeResult
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism
from zmqscope.core.types import SocketType
from zmqscope.engine.probe.heard import Heard, Trial
from zmqscope.engine.probe.line import Place, UnreachedError
from zmqscope.engine.probe.words import describe, unreached

WHERE = "tcp://127.0.0.1:5555"
NOT_TRIED = Trial(Fate.NOT_TRIED)
CURVE = Lock(Mechanism.CURVE)
NULL_PUB = Heard(Answer.ZMTP, version="3.1", mechanism="NULL", type_name="PUB")
CURVE_SERVER = Heard(Answer.ZMTP, version="3.1", mechanism="CURVE", is_server=True)


def said(
    heard: Heard, kind: SocketType | None = None, lock: Lock = NO_LOCK, trial: Trial = NOT_TRIED
) -> ProbeResult:
    result = describe(ProbePlan(WHERE, kind, lock), heard, trial)
    assert result.text.endswith(".")
    assert WHERE in result.text
    return result


def test_types_that_fit_and_types_that_do_not() -> None:
    assert said(NULL_PUB).fits is None
    assert said(NULL_PUB, SocketType.SUB).fits is True
    wrong = said(NULL_PUB, SocketType.REQ)
    assert wrong.fits is False
    assert "A REQ does not talk with it." in wrong.text


def test_a_dealer_is_told_what_a_rep_asks_of_messages() -> None:
    rep = Heard(Answer.ZMTP, version="3.1", mechanism="NULL", type_name="REP")
    assert "empty frame" in said(rep, SocketType.DEALER).hint


def test_another_mechanism() -> None:
    result = said(CURVE_SERVER, SocketType.SUB)
    assert result.fits is False
    assert "CURVE" in result.hint
    assert "open a socket with CURVE" in said(CURVE_SERVER).hint


def test_two_servers() -> None:
    lock = Lock(Mechanism.CURVE, is_server=True)
    assert "so is this socket" in said(CURVE_SERVER, SocketType.SUB, lock).text


@pytest.mark.parametrize(
    ("fate", "fits", "word"),
    [
        (Fate.LET_IN, True, "lets this socket in"),
        (Fate.WRONG_SERVER_KEY, False, "server key"),
        (Fate.REFUSED, False, "key (status 400)"),
        (Fate.CLOSED_AFTER_LOCK, False, "does not talk with a SUB"),
        (Fate.NO_ANSWER, None, "in time"),
    ],
)
def test_what_became_of_the_lock(fate: Fate, fits: bool | None, word: str) -> None:
    result = said(CURVE_SERVER, SocketType.SUB, CURVE, Trial(fate, "400"))
    assert (result.fits, result.fate) == (fits, fate)
    assert word in result.text


@pytest.mark.parametrize(
    ("heard", "word"),
    [
        (Heard(Answer.SSH, "SSH-2.0-x"), "SSH server"),
        (Heard(Answer.HTTP, "HTTP/1.1 404"), "HTTP/1.1 404"),
        (Heard(Answer.TLS), "speaks TLS"),
        (Heard(Answer.CLOSES), "closes it at once"),
        (Heard(Answer.SILENT), "says nothing"),
        (Heard(Answer.OTHER, "\x1b[31mred"), "something else"),
    ],
)
def test_strangers(heard: Heard, word: str) -> None:
    result = said(heard)
    assert word in result.text
    assert "\x1b" not in result.text
    assert result.hint


@pytest.mark.parametrize(
    ("scheme", "number", "answer"),
    [
        ("tcp", errno.ECONNREFUSED, Answer.REFUSED),
        ("ipc", errno.ECONNREFUSED, Answer.REFUSED),
        ("ipc", errno.ENOENT, Answer.REFUSED),
        ("tcp", errno.ETIMEDOUT, Answer.UNREACHABLE),
        ("tcp", errno.ENETUNREACH, Answer.UNREACHABLE),
    ],
)
def test_nobody(scheme: str, number: int, answer: Answer) -> None:
    plan = ProbePlan(f"{scheme}://x")
    result = unreached(plan, Place(scheme, "x"), UnreachedError(number, "some reason"))
    assert result.answer is answer
    assert result.hint
