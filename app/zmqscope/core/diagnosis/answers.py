"""The rule about a connect that fails, once a probe has asked who is there. Pure, any thread.

It names the one cause where ``guesses.py`` has to name all.
"""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, clause, fix
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.fitting import a, fitting_names
from zmqscope.core.diagnosis.handshake import goes_on, is_over, severity_of
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.probe import Answer, Fate, ProbeResult
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Severity
from zmqscope.core.zmtp.socket_types import can_talk

_STRANGERS = (Answer.HTTP, Answer.SSH, Answer.TLS, Answer.OTHER)
_OLD = ("1.0", "2.0")


def answered(case: Case, view: EndpointView) -> Candidate | None:
    """What the answer of a probe says about a connect that has no peer."""
    answer = view.answer
    if answer is None or not view.is_connect or view.status.peers or view.report is not None:
        return None
    if answer.answer in _STRANGERS:
        return _not_zmtp(case, view, answer)
    if answer.answer is not Answer.ZMTP:
        return None
    for judge in (_mechanism, _types, _key, _authenticator, _version):
        found = judge(case, view, answer)
        if found is not None:
            return found
    return None


def _not_zmtp(case: Case, view: EndpointView, answer: ProbeResult) -> Candidate:
    return case.found(
        Rule.NOT_ZMTP,
        severity_of(case, view),
        clause(answer.text),
        f"{answer.hint} {goes_on(case, view) if is_over(case, view) else ''}".strip(),
        fix(FixKind.EDIT),
        fix(FixKind.PROBE, view.endpoint),
        fix(FixKind.RECONNECT, view.endpoint),
        at=view.endpoint,
        since_ns=view.attempts.failing_since_ns,
        question=case.question(view),
    )


def _known(
    case: Case, view: EndpointView, rule: Rule, text: str, why: str, mend: FixKind
) -> Candidate:
    """A cause that is known for certain: what mends it comes before connecting again."""
    return case.found(
        rule,
        severity_of(case, view),
        text,
        f"{why} {goes_on(case, view)}",
        fix(mend),
        fix(FixKind.RECONNECT, view.endpoint),
        fix(FixKind.PROBE, view.endpoint),
        at=view.endpoint,
        since_ns=view.attempts.failing_since_ns,
        question=case.question(view),
    )


def _mechanism(case: Case, view: EndpointView, answer: ProbeResult) -> Candidate | None:
    lock = case.seen.spec.lock
    ours = lock.mechanism
    if answer.mechanism != ours.value:
        why = f"The peer speaks {answer.mechanism} and this socket speaks {ours.value}."
    elif ours is not Mechanism.NULL and answer.is_server is lock.is_server:
        side = "server" if lock.is_server else "client"
        why = f"Both are the {side} of {ours.value}: one of the two has to be the other side."
    else:
        return None
    return _known(
        case,
        view,
        Rule.MECHANISMS_DIFFER,
        f"handshake rejected by {view.where}: the security mechanisms differ",
        why,
        FixKind.EDIT_LOCK,
    )


def _types(case: Case, view: EndpointView, answer: ProbeResult) -> Candidate | None:
    kind = case.seen.type
    name = answer.type_name
    if name and can_talk(kind.name.encode("ascii"), name.encode("utf-8")) is False:
        text = f"{view.where} is {a(name)}, and this is {a(kind.name)}"
        how = ""
    elif not name and answer.fate is Fate.CLOSED_AFTER_LOCK:
        text = f"{view.where} hung up: its socket type does not fit {a(kind.name)}"
        what = "server key" if case.seen.mechanism is Mechanism.CURVE else "lock"
        how = f"The {what} is right, but then it hangs up. "
    else:
        return None
    return _known(
        case,
        view,
        Rule.TYPES_DO_NOT_FIT,
        text,
        f"{how}A {kind.name} talks with {fitting_names(kind)}.",
        FixKind.EDIT,
    )


def _key(case: Case, view: EndpointView, answer: ProbeResult) -> Candidate | None:
    if answer.fate is not Fate.WRONG_SERVER_KEY:
        return None
    return _known(
        case,
        view,
        Rule.WRONG_SERVER_KEY,
        f"{view.where} drops every CURVE handshake",
        "The server key of this socket is not the server’s public key. Paste the one that the "
        "server shows.",
        FixKind.EDIT_LOCK,
    )


def _authenticator(case: Case, view: EndpointView, answer: ProbeResult) -> Candidate | None:
    """A ZeroMQ server of the right kind that does not let this socket in, and does not say no."""
    mechanism = case.seen.mechanism
    if mechanism is Mechanism.NULL and (answer.type_name or answer.version in _OLD):
        return None  # it has let the probe in
    if view.waiting:
        return case.found(
            Rule.AUTHENTICATOR_SILENT,
            Severity.WARNING,
            f"{view.where} accepts the connection and then says nothing",
            f"It is a ZeroMQ server ({answer.mechanism}) whose authenticator does not decide: it "
            "hangs, asks somebody, or answers “try later” (ZAP 300).",
            fix(FixKind.RECONNECT, view.endpoint),
            fix(FixKind.PROBE, view.endpoint),
            at=view.endpoint,
            since_ns=view.waiting_since_ns,
            grace_ns=case.patience.silent_ns,
            question=case.question(view),
        )
    if mechanism is Mechanism.PLAIN and answer.fate is Fate.NO_ANSWER:
        return case.found(
            Rule.NO_AUTHENTICATOR,
            severity_of(case, view),
            f"{view.where} drops every PLAIN handshake",
            "It speaks PLAIN, but has no authenticator (ZAP handler), and without one libzmq lets "
            f"nobody in: mend it there. {goes_on(case, view)}",
            fix(FixKind.RECONNECT, view.endpoint),
            fix(FixKind.PROBE, view.endpoint),
            fix(FixKind.EDIT_LOCK),
            at=view.endpoint,
            since_ns=view.attempts.failing_since_ns,
            question=case.question(view),
        )
    return None


def _version(case: Case, view: EndpointView, answer: ProbeResult) -> Candidate | None:
    if answer.version not in _OLD:
        return None
    return case.found(
        Rule.OLD_ZMTP,
        Severity.INFO,
        f"{view.where} speaks ZMTP {answer.version}",
        "ZeroMQ before 4.0 has no handshake: that it is connected shows once a message comes. It "
        "works, without security, heartbeats or a check of the types.",
        fix(FixKind.PROBE, view.endpoint),
        at=view.endpoint,
        since_ns=view.waiting_since_ns,
        grace_ns=case.patience.silent_ns,
        question=case.question(view),
    )
