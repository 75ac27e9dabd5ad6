"""The tables of rules."""

from __future__ import annotations

from tests.doctor_rig import BIND, DROPPED, failing, view
from zmqscope.core.diagnosis import rules
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.types import EndpointState, Role, SocketType


def test_every_type_has_its_rules() -> None:
    assert set(rules.SOCKET_RULES) == set(SocketType)


def test_no_rule_hides_itself_or_one_that_hides_it() -> None:
    for rule, hidden in rules.HIDES.items():
        assert rule not in hidden
        for other in hidden:
            assert rule not in rules.HIDES.get(other, ()), (rule, other)


def test_only_the_fallback_is_hidden_by_everything() -> None:
    assert all(Rule.ENDPOINT_PROBLEM not in hidden for hidden in rules.HIDES.values())


def test_an_endpoint_that_is_well_costs_nothing() -> None:
    assert list(rules.checks_of(SocketType.PUSH, view(peers=1))) == []


def test_an_endpoint_has_the_rules_of_what_happened() -> None:
    connect = set(rules.checks_of(SocketType.PUSH, view(attempts=failing(DROPPED))))
    door = set(rules.checks_of(SocketType.PULL, view(BIND, failing(DROPPED, role=Role.BIND))))
    assert connect >= set(rules.CONNECT_FAILURES)
    assert door >= set(rules.DOOR_FAILURES)
    assert not connect & set(rules.DOOR_FAILURES)
    closed = view(state=EndpointState.CLOSED)
    assert list(rules.checks_of(SocketType.PAIR, closed)) == []
