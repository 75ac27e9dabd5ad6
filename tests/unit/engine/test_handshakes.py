"""Failed handshakes in words: true of what happened, and with a next step."""

from __future__ import annotations

import errno

import pytest
import zmq

from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.engine.handshakes import handshake_overdue, handshake_problem, surplus_peer
from zmqscope.engine.monitor import MonitorEvent

ASKED, REAL = "tcp://*:5556", "tcp://0.0.0.0:5556"


def words(role: Role, kind: zmq.Event, value: int) -> str:
    event = MonitorEvent(kind, value, REAL)
    problem = handshake_problem(SocketType.SUB, Endpoint(role, ASKED), REAL, event)
    assert problem.text.endswith(".")
    assert problem.hint.endswith(".")
    return problem.sentence()


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ECONNRESET, errno.ECONNABORTED])
@pytest.mark.parametrize("role", Role)
def test_who_closed_is_said_however_the_system_calls_it(role: Role, number: int) -> None:
    said = words(role, zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, number)
    assert ("left" if role is Role.BIND else "closed the connection") in said
    assert "PUB or XPUB" in said


@pytest.mark.parametrize("role", Role)
def test_one_that_stays_silent_did_not_close(role: Role) -> None:
    said = words(role, zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EAGAIN)
    assert "does not finish" in said
    assert "closed" not in said


def test_a_bound_endpoint_is_named_by_its_real_address() -> None:
    assert REAL in words(Role.BIND, zmq.Event.HANDSHAKE_FAILED_AUTH, 400)
    assert ASKED in words(Role.CONNECT, zmq.Event.HANDSHAKE_FAILED_AUTH, 400)


@pytest.mark.parametrize("role", Role)
def test_the_others_have_a_next_step_too(role: Role) -> None:
    endpoint = Endpoint(role, ASKED)
    for problem in (handshake_overdue(endpoint, REAL), surplus_peer(endpoint, REAL)):
        assert problem.text.endswith(".")
        assert problem.hint.endswith(".")
