"""What links tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.doctor_rig import ADDRESS, NOW, S, case, only, seen, told, view
from zmqscope.core.diagnosis import reports
from zmqscope.core.diagnosis.attempts import Attempts
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.diagnosis.observation import LinkReport
from zmqscope.core.types import Endpoint, Problem, Role, Severity

WSS = Endpoint(Role.CONNECT, "wss://localhost:1")
DOOR = Endpoint(Role.BIND, "wss://localhost:1")
PROBLEM = Problem("A peer showed a certificate that is not trusted.", "Trust it.")


def report(rule: Rule | None, time_ns: int = NOW, count: int = 3) -> LinkReport:
    return LinkReport(PROBLEM, rule, time_ns, count)


@pytest.mark.parametrize(
    "rule", [Rule.UNTRUSTED_CERTIFICATE, Rule.NOT_ZMTP, Rule.TYPES_DO_NOT_FIT, None]
)
def test_a_connect_has_the_rule_of_its_report(rule: Rule | None) -> None:
    at = view(WSS, is_linked=True, report=report(rule), problem=PROBLEM)
    (found,) = told(seen("sub:wss://localhost:1", at), after_s=1.0)
    assert found.rule is (rule or Rule.ENDPOINT_PROBLEM)
    assert found.text == "a peer showed a certificate that is not trusted"
    assert found.why == "Trust it."


def test_a_link_that_reaches_nobody_has_patience() -> None:
    at = view(WSS, is_linked=True, report=report(Rule.NOBODY_LISTENS))
    socket = seen("sub:wss://localhost:1", at)
    assert told(socket, after_s=1.0) == []
    assert told(socket, after_s=3.0)


def test_a_connect_that_has_a_peer_is_well() -> None:
    at = view(WSS, is_linked=True, report=report(Rule.NOT_ZMTP), peers=1)
    assert told(seen("sub:wss://localhost:1", at)) == []


@pytest.mark.parametrize(
    ("rule", "severity"),
    [(Rule.NOT_ZMTP, Severity.INFO), (Rule.UNTRUSTED_CERTIFICATE, Severity.WARNING)],
)
def test_at_a_door_it_is_told_for_a_while(rule: Rule, severity: Severity) -> None:
    at = view(DOOR, is_linked=True, report=report(rule))
    found = only(reports.link_report(case(seen(f"sub:@{ADDRESS}", at)), at))
    assert found.severity is severity
    assert "3 times" in found.why
    past = replace(at, report=report(rule, NOW - 61 * S))
    assert reports.link_report(case(seen(f"sub:@{ADDRESS}", past)), past) is None


def test_at_a_door_a_peer_that_came_in_shortens_it() -> None:
    attempts = Attempts(Role.BIND)
    attempts.note_success(NOW - S)
    at = view(DOOR, attempts, is_linked=True, report=report(Rule.NOT_ZMTP, NOW - 9 * S))
    assert reports.link_report(case(seen(f"sub:@{ADDRESS}", at)), at) is None


def test_a_datagram_that_did_not_go_is_told_for_a_while() -> None:
    udp = Endpoint(Role.CONNECT, "udp://127.0.0.1:5000")
    at = view(udp, is_linked=True, report=report(None))
    socket = seen("radio:udp://127.0.0.1:5000", at)
    assert told(socket, after_s=1.0)
    assert told(socket, after_s=61.0) == []
