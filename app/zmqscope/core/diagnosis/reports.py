"""Rules about endpoints of links, which know themselves what went wrong. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, clause, fix, times
from zmqscope.core.diagnosis.finding import Fix, FixKind, Rule
from zmqscope.core.diagnosis.observation import EndpointView, LinkReport
from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import Severity

_FIXES = {
    Rule.UNTRUSTED_CERTIFICATE: FixKind.EDIT,
    Rule.NOBODY_LISTENS: FixKind.PROBE,
    Rule.TYPES_DO_NOT_FIT: FixKind.EDIT,
}


def link_report(case: Case, view: EndpointView) -> Candidate | None:
    """What the links told of the peer."""
    report = view.report
    if report is None:
        return None
    # Of datagrams nothing tells that the next one goes: what happened is told for a while.
    is_lasting = view.is_connect and transport_of(view.endpoint) != "udp"
    return _at_connect(case, view, report) if is_lasting else _at_door(case, view, report)


def _at_connect(case: Case, view: EndpointView, report: LinkReport) -> Candidate | None:
    if view.status.peers:
        return None
    first = fix(_FIXES.get(report.rule or Rule.NOT_ZMTP, FixKind.PROBE), view.endpoint)
    is_unreached = report.rule is Rule.NOBODY_LISTENS
    return case.found(
        report.rule or Rule.ENDPOINT_PROBLEM,
        Severity.WARNING,
        clause(report.problem.text),
        report.problem.hint,
        *_distinct(first, fix(FixKind.EDIT), fix(FixKind.RECONNECT, view.endpoint)),
        at=view.endpoint,
        grace_ns=case.patience.unreached_ns if is_unreached else 0,
    )


def _at_door(case: Case, view: EndpointView, report: LinkReport) -> Candidate | None:
    past_ns = case.now_ns - report.time_ns
    is_healed = view.attempts.success_ns > report.time_ns and past_ns > case.patience.healed_ns
    if is_healed or past_ns > case.patience.bind_memory_ns:
        return None
    is_stranger = report.rule in (Rule.NOT_ZMTP, Rule.SILENT_PEER, None)
    return case.found(
        report.rule or Rule.STRANGERS,
        Severity.INFO if is_stranger else Severity.WARNING,
        clause(report.problem.text),
        f"{report.problem.hint} It happened {times(report.count)}.".strip(),
        fix(FixKind.SHOW_PEERS),
        fix(FixKind.EDIT),
        at=view.endpoint,
    )


def _distinct(*fixes: Fix) -> tuple[Fix, ...]:
    kinds: dict[FixKind, Fix] = {}
    for each in fixes:
        kinds.setdefault(each.kind, each)
    return tuple(kinds.values())
