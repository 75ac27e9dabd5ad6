"""Rules about those who come to a bound endpoint and do not get in. Pure, any thread.

A bind works whatever strangers do. What happened once is told for a while, and for less long once
a peer has come in since: which of them it was, nothing tells.
"""

from __future__ import annotations

import errno

from zmqscope.core.diagnosis.attempts import Outcome, Tally
from zmqscope.core.diagnosis.case import Candidate, Case, counted, fix, times
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.fitting import fitting_names, lock_words
from zmqscope.core.diagnosis.handshake import MECHANISMS_DIFFER, TOLD_APART, WRONG_KEY
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.security.access import Knock
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Severity, SocketType

_OURS = (errno.EFAULT,)
_A_CROWD = 5


def _lasting(case: Case, view: EndpointView, tally: Tally | None) -> Tally | None:
    """What happened, as long as it is worth telling here."""
    if tally is None or view.is_connect or _is_own(case):
        return None
    past_ns = case.now_ns - tally.last_ns
    is_healed = view.attempts.success_ns > tally.last_ns and past_ns > case.patience.healed_ns
    return None if is_healed or past_ns > case.patience.bind_memory_ns else tally


def _is_own(case: Case) -> bool:
    """Whether it may be a socket of this app, which has a finding of its own about it."""
    mine = case.seen.socket_id
    for other in case.scene.sockets.values():
        for view in other.endpoints:
            if view.is_connect and view.attempts.has_failures and other.is_open:
                server = case.scene.binder(view.endpoint)
                if server is not None and server.socket_id == mine:
                    return True
    return False


def clients_with_wrong_key(case: Case, view: EndpointView) -> Candidate | None:
    """A client of our CURVE server expects another key."""
    tally = _lasting(case, view, view.attempts.failed(Outcome.PROTOCOL, (WRONG_KEY,)))
    if tally is None:
        return None
    return case.found(
        Rule.WRONG_SERVER_KEY,
        Severity.WARNING,
        f"a client of {view.where} has the wrong server key",
        f"libzmq dropped it ({times(tally.count)}). Give that client the public key of this "
        "socket: it only sees that the connection ends.",
        fix(FixKind.EDIT_LOCK),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def clients_of_another_mechanism(case: Case, view: EndpointView) -> Candidate | None:
    """A client speaks another mechanism."""
    tally = _lasting(case, view, view.attempts.failed(Outcome.PROTOCOL, (MECHANISMS_DIFFER,)))
    if tally is None:
        return None
    return case.found(
        Rule.MECHANISMS_DIFFER,
        Severity.WARNING,
        f"a client of {view.where} speaks another security mechanism",
        f"This socket speaks {lock_words(case.seen.spec.lock)}, the client another mechanism or "
        f"the same side ({times(tally.count)}). Give both the same lock, then reconnect it there.",
        fix(FixKind.EDIT_LOCK),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def clients_refused(case: Case, view: EndpointView) -> Candidate | None:
    """Our authenticator said no."""
    codes = [code for code in view.attempts.values(Outcome.REFUSED) if code not in (300, 500)]
    tally = _lasting(case, view, view.attempts.failed(Outcome.REFUSED, codes))
    if tally is None or not codes:
        return None
    what = {
        Mechanism.PLAIN: "its user name or password is not right",
        Mechanism.CURVE: "its public key is not allowed",
        Mechanism.NULL: "its address is not allowed",
    }[case.seen.mechanism]
    or_address = "" if case.seen.mechanism is Mechanism.NULL else " (or its address is not)"
    access = case.seen.spec.lock.access_name
    why = case.seen.refused or f"By the access list “{access}” {what}{or_address}."
    return case.found(
        Rule.CREDENTIALS_REFUSED,
        Severity.WARNING,
        f"a client was refused at {view.where}",
        f"{why} It happened {times(tally.count)}. Once it is let in, it has to reconnect by hand.",
        fix(FixKind.EDIT_ACCESS),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def authenticator_failed(case: Case, view: EndpointView) -> Candidate | None:
    """Our authenticator could not decide (ZAP status 500)."""
    tally = _lasting(case, view, view.attempts.failed(Outcome.REFUSED, (500,)))
    if tally is None:
        return None
    return case.found(
        Rule.AUTHENTICATOR_BROKEN,
        Severity.ERROR,
        f"the authenticator failed for a client of {view.where} (ZAP 500)",
        f"It was turned away ({times(tally.count)}). Look at the access list; then the client has "
        "to reconnect.",
        fix(FixKind.EDIT_ACCESS),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def authenticator_waits(case: Case, view: EndpointView) -> Candidate | None:
    """Our authenticator said “try later” (ZAP status 300), and libzmq lets the client hang."""
    tally = _lasting(case, view, view.attempts.failed(Outcome.REFUSED, (300,)))
    if tally is None:
        return None
    return case.found(
        Rule.AUTHENTICATOR_SILENT,
        Severity.WARNING,
        f"a client of {view.where} was put off (ZAP 300)",
        "The authenticator answered “try later”: such a client hangs until it is started again.",
        fix(FixKind.EDIT_ACCESS),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def without_authenticator(case: Case, view: EndpointView) -> Candidate | None:
    """Our PLAIN server has nobody to ask."""
    tally = _lasting(case, view, view.attempts.failed(Outcome.NO_DETAIL, _OURS))
    if tally is None:
        return None
    return case.found(
        Rule.NO_AUTHENTICATOR,
        Severity.ERROR,
        f"{view.where} lets nobody in: there is no authenticator",
        f"No ZAP handler was found to ask about a client ({times(tally.count)}). Reopen the "
        "socket, or choose another access list.",
        fix(FixKind.REOPEN),
        fix(FixKind.EDIT_ACCESS),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def clients_of_another_type(case: Case, view: EndpointView) -> Candidate | None:
    """Libzmq closed without a word: the types do not go together, or it was TLS."""
    if case.seen.type is SocketType.STREAM or view.is_linked:
        return None
    tally = _lasting(case, view, view.attempts.failed(Outcome.CLOSED))
    if tally is None:
        return None
    kind = case.seen.type
    return case.found(
        Rule.TYPES_DO_NOT_FIT,
        Severity.WARNING,
        f"somebody came to {view.where} who does not fit a {kind.name}",
        f"A ZeroMQ socket of another type (a {kind.name} talks with {fitting_names(kind)}), or a "
        f"program that begins with TLS ({times(tally.count)}). It does not try again by itself.",
        fix(FixKind.SHOW_PEERS),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def protocol_broken_at_door(case: Case, view: EndpointView) -> Candidate | None:
    """Somebody greeted as ZeroMQ does and then did not speak ZMTP."""
    codes = [code for code in view.attempts.values(Outcome.PROTOCOL) if code not in TOLD_APART]
    tally = _lasting(case, view, view.attempts.failed(Outcome.PROTOCOL, codes))
    if tally is None or not codes:
        return None
    return case.found(
        Rule.PROTOCOL_BROKEN,
        Severity.WARNING,
        f"a peer of {view.where} broke the ZMTP protocol (code {codes[-1]:#010x})",
        f"It greeted as ZeroMQ, then sent garbage ({times(tally.count)}): a broken implementation, "
        "a proxy that changes the stream, or an attack.",
        fix(FixKind.SHOW_PEERS),
        at=view.endpoint,
        since_ns=tally.first_ns,
    )


def strangers(case: Case, view: EndpointView) -> Candidate | None:
    """Whoever comes without a ZeroMQ handshake: nothing is broken."""
    if view.is_connect or view.is_linked or case.seen.type is SocketType.STREAM:
        return None
    others = [n for n in view.attempts.values(Outcome.NO_DETAIL) if n not in _OURS]
    left = _lasting(case, view, view.attempts.failed(Outcome.NO_DETAIL, others))
    is_waiting = view.waiting > 0 and (
        case.now_ns - view.waiting_since_ns >= case.patience.silent_ns
    )
    if left is None and not (view.waiting and view.waiting_since_ns):
        return None
    if left is not None:
        since_ns, grace_ns = left.first_ns, 0
    else:
        since_ns, grace_ns = view.waiting_since_ns, case.patience.silent_ns
    parts = []
    if left is not None:
        parts.append(f"came and left without one ({times(left.count)})")
    if is_waiting or left is None:
        stands = "stands" if view.waiting == 1 else "stand"
        parts.append(f"{counted(view.waiting, 'connection')} just {stands}")
    return case.found(
        Rule.STRANGERS,
        Severity.INFO,
        f"somebody at {view.where} does not speak ZeroMQ",
        f"No handshake: {' and '.join(parts)}. HTTP, a port scan, a program that hangs, ZeroMQ "
        "older than 4.0, or a lock or type that does not fit. Other peers go on.",
        fix(FixKind.SHOW_PEERS),
        at=view.endpoint,
        since_ns=since_ns,
        grace_ns=grace_ns,
    )


def old_zmtp(case: Case, view: EndpointView) -> Candidate | None:
    """A peer without a handshake whose messages come."""
    if not view.old_peers:
        return None
    return case.found(
        Rule.OLD_ZMTP,
        Severity.INFO,
        f"a peer of {view.where} speaks ZMTP 1.0 or 2.0",
        f"{counted(view.old_peers, 'peer')} sent messages without a handshake (ZeroMQ before 4.0). "
        "It works, without security, heartbeats or a check of the types.",
        fix(FixKind.SHOW_PEERS),
        at=view.endpoint,
    )


def knocking(case: Case) -> list[Candidate]:
    """An unknown peer waits for an answer."""
    waiting = [knock for knock in case.seen.knocks if knock.is_open]
    if not waiting:
        return []
    first = waiting[0]
    number = int(first.knock_id)
    proof = {
        Mechanism.CURVE: f"It has proved to own the key “{first.key}”. ",
        Mechanism.PLAIN: "Neither its name nor its password is checked. ",
        Mechanism.NULL: "With it comes in whoever has the same address. " if first.address else "",
    }[first.mechanism]
    return [
        case.found(
            Rule.KNOCKING,
            Severity.WARNING,
            f"{_caller(first)} knocks and waits for your answer",
            f"It is not on the access list “{first.access}”. {proof}Nothing passes until you "
            f"answer (it knocked {times(first.tries)}).{_others(len(waiting) - 1)}",
            fix(FixKind.LET_IN, value=number),
            fix(FixKind.LET_IN_ALWAYS, value=number),
            fix(FixKind.REFUSE, value=number),
            fix(FixKind.EDIT_ACCESS),
        )
    ]


def _others(count: int) -> str:
    """Those behind the one that is asked about."""
    if not count:
        return ""
    way_out = "" if count < _A_CROWD else " To refuse them all, let in only those listed."
    return f" {counted(count, 'other')} {'waits' if count == 1 else 'wait'} too.{way_out}"


def _caller(knock: Knock) -> str:
    """Who knocks, as far as it is known: what the peer says itself is quoted and short."""
    whence = f" from {knock.address}" if knock.address else ""
    if knock.mechanism is Mechanism.CURVE:
        return f"a client with the key {knock.key[:8]}…{whence}"
    if knock.mechanism is Mechanism.PLAIN:
        # A quotation mark of its own could end the name and go on in our words.
        name = "".join(c if c.isprintable() and c not in "“”" else "·" for c in knock.user[:40])
        return f"the user “{name}”{whence}"
    return f"a peer{whence}"
