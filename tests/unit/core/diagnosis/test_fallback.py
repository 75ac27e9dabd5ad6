"""Problems that no rule knows."""

from __future__ import annotations

from tests.doctor_rig import ADDRESS, BIND, failing, seen, told, view
from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.types import EndpointState, Problem, Severity

PROBLEM = Problem("The folder of it does not exist.", "Create it.")


def test_an_endpoint_that_failed() -> None:
    at = view(BIND, state=EndpointState.FAILED, problem=PROBLEM)
    (found,) = told(seen(f"pull:@{ADDRESS}", at), after_s=1.0)
    assert (found.rule, found.severity) == (Rule.ENDPOINT_PROBLEM, Severity.ERROR)
    assert found.text == "the folder of it does not exist"
    assert found.fixes[0].kind is FixKind.RECONNECT


def test_any_rule_knows_more_even_before_it_speaks() -> None:
    attempts = failing((Outcome.UNREACHED, 0, 1))
    at = view(attempts=attempts, problem=Problem("Nobody answers."))
    assert told(seen(f"pull:{ADDRESS}", at), after_s=1.9) == []


def test_a_socket_that_could_not_be_opened() -> None:
    socket = seen(f"pull:@{ADDRESS}", is_open=False, problem=PROBLEM)
    (found,) = told(socket, after_s=0.0)
    assert found.endpoint is None
    assert found.severity is Severity.ERROR
    assert found.fixes[0].kind is FixKind.EDIT
    locked = seen(f"pull:@{ADDRESS},lock=plain-server", is_open=False, problem=PROBLEM)
    assert told(locked, after_s=0.0)[0].fixes[0].kind is FixKind.EDIT_LOCK


def test_a_closed_socket_is_well() -> None:
    at = view(BIND, state=EndpointState.CLOSED)
    assert told(seen(f"pull:@{ADDRESS}", at, is_open=False)) == []
