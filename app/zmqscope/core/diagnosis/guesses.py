"""Rules about a connect that fails and does not say why: all causes are named. Pure, any thread."""

from __future__ import annotations

import errno

from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.case import Candidate, Case, fix, seconds
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.fitting import do_types_fit, fitting_names
from zmqscope.core.diagnosis.handshake import (
    WRONG_KEY,
    goes_on,
    own_server,
    probe,
    reconnect_first,
    severity_of,
)
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.probe import Answer
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import EndpointState, Severity, SocketType

_SILENT = (errno.EAGAIN, errno.ETIMEDOUT)
# The other side ended the connection in order: a program that closes at once resets it.
_HUNG_UP = (errno.EPIPE,)
_MANY_ROUNDS = 2


def wrong_server_key(case: Case, view: EndpointView) -> Candidate | None:
    """A CURVE server drops clients that do not know its key, and says nothing (RFC 26)."""
    if not view.is_connect or case.seen.mechanism is not Mechanism.CURVE:
        return None
    told = view.attempts.failed(Outcome.PROTOCOL, (WRONG_KEY,))
    dropped = view.attempts.failed(Outcome.NO_DETAIL, _HUNG_UP)
    if told is None and (dropped is None or dropped.count < _MANY_ROUNDS):
        return None
    server = own_server(case, view)
    kind = case.seen.type
    is_key_right = server is not None and server.public_key == case.seen.spec.lock.server_key
    if server is not None and is_key_right and not do_types_fit(kind, server.type):
        return None  # the types are it
    if told is not None or (server is not None and server.public_key and not is_key_right):
        whose = f"“{server.name}”" if server is not None else "the server"
        why = f"The server key of this socket is not the public key of {whose}."
    else:
        why = (
            "Either the server key is not the server’s public key, or the socket types do not fit "
            f"(a {kind.name} talks with {fitting_names(kind)}), or it is not ZeroMQ."
        )
    return case.found(
        Rule.WRONG_SERVER_KEY,
        severity_of(case, view),
        f"{view.where} drops every CURVE handshake",
        f"{why} {goes_on(case, view)}",
        *reconnect_first(case, view, fix(FixKind.EDIT_LOCK), probe(view)),
        at=view.endpoint,
        grace_ns=case.patience.ambiguous_ns,
        question=case.question(view),
    )


def no_authenticator(case: Case, view: EndpointView) -> Candidate | None:
    """A PLAIN server that has no ZAP handler drops everybody."""
    if not view.is_connect or case.seen.mechanism is not Mechanism.PLAIN:
        return None
    dropped = view.attempts.failed(Outcome.NO_DETAIL, _HUNG_UP)
    if dropped is None or dropped.count < _MANY_ROUNDS:
        return None
    kind = case.seen.type
    return case.found(
        Rule.NO_AUTHENTICATOR,
        severity_of(case, view),
        f"{view.where} drops every PLAIN handshake",
        "Either the server has no authenticator (ZAP handler), or the types do not fit (a "
        f"{kind.name} talks with {fitting_names(kind)}), or it does not speak PLAIN. "
        f"{goes_on(case, view)}",
        *reconnect_first(case, view, probe(view), fix(FixKind.EDIT_LOCK)),
        at=view.endpoint,
        grace_ns=case.patience.ambiguous_ns,
        question=case.question(view),
    )


def closes_at_once(case: Case, view: EndpointView) -> Candidate | None:
    """Somebody takes the connection and ends it again."""
    if not view.is_connect or view.report is not None:
        return None
    dropped = view.attempts.failed(Outcome.NO_DETAIL)
    silent = view.attempts.failed(Outcome.NO_DETAIL, _SILENT)
    if dropped is None or dropped.count - (silent.count if silent else 0) < _MANY_ROUNDS:
        return None
    kind = case.seen.type
    if view.answer is not None and view.answer.answer is Answer.CLOSES:
        why = (
            "It closed on a probe too, in whatever language: it lets in certain addresses only, "
            "or is a proxy whose own target is down."
        )
    else:
        why = (
            "Another kind of program (HTTP, a proxy), another security "
            f"mechanism, or a type that does not fit (a {kind.name} talks with "
            f"{fitting_names(kind)})."
        )
    return case.found(
        Rule.CLOSES_AT_ONCE,
        severity_of(case, view),
        f"{view.where} accepts connections and closes them at once",
        f"{why} {goes_on(case, view)}",
        *reconnect_first(case, view, probe(view)),
        at=view.endpoint,
        grace_ns=case.patience.ambiguous_ns,
        question=case.question(view),
    )


def silent_peer(case: Case, view: EndpointView) -> Candidate | None:
    """A connection stands, and the handshake does not end."""
    if not view.is_connect or case.seen.type is SocketType.STREAM or view.is_linked:
        return None
    timed_out = view.attempts.failed(Outcome.NO_DETAIL, _SILENT)
    if not view.waiting and timed_out is None:
        return None
    since_ns = view.waiting_since_ns or case.now_ns
    if timed_out is not None:
        since_ns = min(since_ns, timed_out.first_ns)
    rule = Rule.SILENT_PEER
    if view.answer is not None and view.answer.answer is Answer.SILENT:
        why = (
            "It does not answer a probe either, be it in ZeroMQ, HTTP or TLS: the program hangs, "
            "is stopped, or is another kind."
        )
    elif case.seen.mechanism is Mechanism.NULL:
        why = (
            "Another kind of program (HTTP, SSH), one that hangs or is stopped, or ZeroMQ older "
            "than 4.0, which shows only when a message comes."
        )
    else:
        rule = Rule.AUTHENTICATOR_SILENT
        why = (
            "Either the server’s authenticator (ZAP handler) does not decide, or answers 300 (“try "
            "later”), or it is another kind of program, or one that hangs."
        )
    return case.found(
        rule,
        Severity.WARNING,
        f"{view.where} accepts the connection and then says nothing",
        why,
        probe(view),
        fix(FixKind.RECONNECT, view.endpoint),
        at=view.endpoint,
        since_ns=since_ns,
        grace_ns=case.patience.silent_ns,
        question=case.question(view),
    )


def nobody_listens(case: Case, view: EndpointView) -> Candidate | None:
    """There is nobody at the other end."""
    if not view.is_connect or view.status.peers or view.report is not None:
        return None
    where = view.where
    if where.startswith("inproc:"):
        return _nobody_bound(case, view)
    unreached = view.attempts.failed(Outcome.UNREACHED)
    if unreached is not None:
        was_there = f" for {seconds(_lived_ns(view))}" if view.attempts.losses else ""
        before = f"The peer that was there{was_there} has gone. " if view.attempts.losses else ""
        return case.found(
            Rule.NOBODY_LISTENS,
            Severity.WARNING,
            f"nobody listens at {where}",
            f"{before}libzmq keeps trying, and connects once a program is bound there. Check that "
            "it runs, and the address.",
            probe(view),
            fix(FixKind.EDIT),
            fix(FixKind.RECONNECT, view.endpoint),
            at=view.endpoint,
            since_ns=unreached.first_ns,
            grace_ns=case.patience.unreached_ns,
        )
    if view.attempts.dialling_since_ns and view.status.state is not EndpointState.CONNECTED:
        return case.found(
            Rule.NOBODY_LISTENS,
            Severity.WARNING,
            f"{where} does not answer",
            "The machine is off, the address is another’s, or a firewall drops the packets. "
            "libzmq keeps trying.",
            probe(view),
            fix(FixKind.EDIT),
            at=view.endpoint,
            since_ns=view.attempts.dialling_since_ns,
            grace_ns=case.patience.undialled_ns,
        )
    return None


def _nobody_bound(case: Case, view: EndpointView) -> Candidate | None:
    if view.status.state is not EndpointState.CONNECTING:
        return None
    return case.found(
        Rule.NOBODY_LISTENS,
        Severity.WARNING,
        f"no socket of this app is bound to {view.where}",
        "inproc never leaves this app. Bind the address here, or use ipc or tcp to reach another "
        "program.",
        fix(FixKind.EDIT),
        fix(FixKind.REMOVE_ENDPOINT, view.endpoint),
        at=view.endpoint,
        grace_ns=case.patience.unreached_ns,
    )


def _lived_ns(view: EndpointView) -> int:
    return view.attempts.losses[-1].lived_ns
