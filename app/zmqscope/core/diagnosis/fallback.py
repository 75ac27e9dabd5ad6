"""Whatever else keeps a socket or an endpoint from working. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, S, clause, fix
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.security.lock import NO_LOCK
from zmqscope.core.types import EndpointState, Severity

_GRACE_NS = 2 * S


def endpoint_problem(case: Case, view: EndpointView) -> Candidate | None:
    """The endpoint has a problem that no rule knows; told only if none of them speaks."""
    problem = view.status.problem
    if problem is None:
        return None
    has_failed = view.status.state is EndpointState.FAILED
    return case.found(
        Rule.ENDPOINT_PROBLEM,
        Severity.ERROR if has_failed else Severity.WARNING,
        clause(problem.text),
        problem.hint,
        fix(FixKind.RECONNECT, view.endpoint),
        fix(FixKind.EDIT),
        fix(FixKind.REMOVE_ENDPOINT, view.endpoint),
        at=view.endpoint,
        # Events may still tell more.
        grace_ns=S // 2 if has_failed else _GRACE_NS,
    )


def socket_problem(case: Case) -> list[Candidate]:
    """The socket could not be opened."""
    problem = case.seen.problem
    if problem is None:
        return []
    return [
        case.found(
            Rule.ENDPOINT_PROBLEM,
            Severity.ERROR,
            clause(problem.text),
            problem.hint,
            *((fix(FixKind.EDIT_LOCK),) if case.seen.spec.lock != NO_LOCK else ()),
            fix(FixKind.EDIT),
            fix(FixKind.REOPEN),
        )
    ]
