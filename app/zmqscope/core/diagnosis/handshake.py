"""Rules about a connect whose handshake fails and says why. Pure, any thread.

What libzmq's monitor shows of each cause is in ``test_truth_table.py``. A mechanism or type that
does not fit shows only after up to 26 rounds that say nothing (``guesses.py``).
"""

from __future__ import annotations

from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.case import Candidate, Case, S, fix
from zmqscope.core.diagnosis.finding import Fix, FixKind, Rule
from zmqscope.core.diagnosis.fitting import (
    a,
    do_locks_meet,
    do_types_fit,
    fitting_names,
    lock_words,
)
from zmqscope.core.diagnosis.observation import EndpointView, Observation
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import EndpointState, Severity, SocketType, Turn

WRONG_KEY = 0x11000001
"""ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC"""
MECHANISMS_DIFFER = 0x11000002
"""ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH"""
TOLD_APART = (WRONG_KEY, MECHANISMS_DIFFER)

SETTLE_NS = S // 2
"""By then libzmq has said whether it tries again."""

_ENDED = "libzmq has given up and will not try again."
_GOES_ON = "libzmq keeps trying."


def is_over(case: Case, view: EndpointView) -> bool:
    """Whether libzmq will not connect again by itself."""
    return view.attempts.is_given_up(case.now_ns)


def severity_of(case: Case, view: EndpointView) -> Severity:
    """How much a failed connect matters."""
    return Severity.ERROR if is_over(case, view) else Severity.WARNING


def goes_on(case: Case, view: EndpointView) -> str:
    """Whether libzmq tries again, as a sentence."""
    return _ENDED if is_over(case, view) else _GOES_ON


def reconnect_first(case: Case, view: EndpointView, *others: Fix) -> tuple[Fix, ...]:
    """Buttons of a failed connect: after the end only reconnecting helps."""
    again = fix(FixKind.RECONNECT, view.endpoint)
    return (again, *others) if is_over(case, view) else (*others, again)


def probe(view: EndpointView) -> Fix:
    """The button that asks who is there."""
    return fix(FixKind.PROBE, view.endpoint)


def own_server(case: Case, view: EndpointView) -> Observation | None:
    """The socket of this app at the other end, if it is one."""
    found = case.scene.binder(view.endpoint)
    return found if found is not None and found.is_open else None


def _first_ns(view: EndpointView) -> int:
    """When the first of what failed did so."""
    return view.attempts.failing_since_ns


# ---- the mechanism --------------------------------------------------------------------------


def mechanisms_differ(case: Case, view: EndpointView) -> Candidate | None:
    """The greetings name different mechanisms: libzmq says so on both sides."""
    if not view.is_connect:
        return None
    tally = view.attempts.failed(Outcome.PROTOCOL, (MECHANISMS_DIFFER,))
    server = own_server(case, view)
    if tally is None and not _is_known_mismatch(case, view, server):
        return None
    ours = lock_words(case.seen.spec.lock)
    if server is not None and not do_locks_meet(case.seen.spec.lock, server.spec.lock):
        theirs = f"“{server.name}” there speaks {lock_words(server.spec.lock)}"
    else:
        theirs = "the peer another mechanism, or it is the same side of this one"
    return case.found(
        Rule.MECHANISMS_DIFFER,
        severity_of(case, view),
        f"handshake rejected by {view.where}: the security mechanisms differ",
        f"This socket speaks {ours}, {theirs}. {goes_on(case, view)}",
        fix(FixKind.EDIT_LOCK),
        fix(FixKind.RECONNECT, view.endpoint),
        probe(view),
        at=view.endpoint,
        since_ns=_first_ns(view),
        grace_ns=SETTLE_NS,
        question=case.question(view),
    )


def _is_known_mismatch(case: Case, view: EndpointView, server: Observation | None) -> bool:
    if server is None or not view.attempts.has_failures:
        return False
    is_ours = not do_locks_meet(case.seen.spec.lock, server.spec.lock)
    return is_ours and view.attempts.failed(Outcome.NO_DETAIL) is not None


# ---- the authenticator ----------------------------------------------------------------------


def credentials_refused(case: Case, view: EndpointView) -> Candidate | None:
    """The server's authenticator says no (ZAP status 400, RFC 27)."""
    if not view.is_connect:
        return None
    found = view.attempts.failed(Outcome.REFUSED)
    codes = [code for code in view.attempts.values(Outcome.REFUSED) if code not in (300, 500)]
    if found is None or not codes:
        return None
    shown = {
        Mechanism.PLAIN: "the user name or the password",
        Mechanism.CURVE: "the public key of this client",
        Mechanism.NULL: "peers from this address",
    }[case.seen.mechanism]
    or_address = "" if case.seen.mechanism is Mechanism.NULL else ", or this machine’s address"
    return case.found(
        Rule.CREDENTIALS_REFUSED,
        severity_of(case, view),
        f"refused by {view.where} (ZAP {codes[-1]})",
        f"Its authenticator does not accept {shown}{or_address}. {goes_on(case, view)}",
        *reconnect_first(case, view, fix(FixKind.EDIT_LOCK)),
        at=view.endpoint,
        since_ns=_first_ns(view),
        grace_ns=SETTLE_NS,
    )


def authenticator_broken(case: Case, view: EndpointView) -> Candidate | None:
    """The server's authenticator failed itself (ZAP status 500)."""
    if not view.is_connect or view.attempts.failed(Outcome.REFUSED, (500,)) is None:
        return None
    return case.found(
        Rule.AUTHENTICATOR_BROKEN,
        severity_of(case, view),
        f"the authenticator of {view.where} has failed (ZAP 500)",
        "The server could not find out whether to let this socket in: mend its ZAP handler, then "
        f"reconnect. {goes_on(case, view)}",
        *reconnect_first(case, view),
        at=view.endpoint,
        since_ns=_first_ns(view),
        grace_ns=SETTLE_NS,
    )


# ---- types and protocol ---------------------------------------------------------------------


def types_do_not_fit(case: Case, view: EndpointView) -> Candidate | None:
    """Libzmq closes a connection without a word if the socket types do not go together."""
    if not view.is_connect or case.seen.type is SocketType.STREAM:
        return None
    server = own_server(case, view)
    is_known = server is not None and not do_types_fit(case.seen.type, server.type)
    if is_known:
        is_failing = view.attempts.has_failures or view.status.problem is not None
        if not is_failing:
            return None
    elif view.is_linked or view.attempts.failed(Outcome.CLOSED) is None:
        return None
    kind = case.seen.type
    if is_known and server is not None:
        text = f"{view.where} is {a(server.type.name)}, and this is {a(kind.name)}"
        cause = f"“{server.name}” is bound there. "
    else:
        text = f"{view.where} hung up: its socket type does not fit {a(kind.name)}"
        cause = ""
    return case.found(
        Rule.TYPES_DO_NOT_FIT,
        severity_of(case, view),
        text,
        f"{cause}A {kind.name} talks with {fitting_names(kind)}. {goes_on(case, view)}",
        fix(FixKind.EDIT),
        fix(FixKind.RECONNECT, view.endpoint),
        probe(view),
        at=view.endpoint,
        since_ns=_first_ns(view),
        grace_ns=SETTLE_NS,
        question=case.question(view),
    )


def protocol_broken(case: Case, view: EndpointView) -> Candidate | None:
    """What the peer says is not ZMTP, though its greeting was."""
    if not view.is_connect:
        return None
    codes = [code for code in view.attempts.values(Outcome.PROTOCOL) if code not in TOLD_APART]
    if not codes:
        return None
    return case.found(
        Rule.PROTOCOL_BROKEN,
        severity_of(case, view),
        f"the peer at {view.where} broke the ZMTP protocol (code {codes[-1]:#010x})",
        "It greeted as ZeroMQ, then sent garbage: a broken implementation, or a proxy that "
        f"changes the stream. {goes_on(case, view)}",
        *reconnect_first(case, view, probe(view)),
        at=view.endpoint,
        since_ns=_first_ns(view),
        grace_ns=SETTLE_NS,
    )


# ---- the end --------------------------------------------------------------------------------


def given_up(case: Case, view: EndpointView) -> Candidate | None:
    """Libzmq will not connect again, and nothing says why."""
    if not view.is_connect or not view.attempts.may_be_given_up or view.status.peers:
        return None
    if case.seen.type is SocketType.STREAM or view.status.state is EndpointState.CLOSED:
        return None
    if case.seen.option("reconnect_ivl", 100) <= 0:
        why = "It ended, and reconnect_ivl says that libzmq shall not try again."
    elif case.seen.option("reconnect_stop", 0):
        why = "It ended in a way after which reconnect_stop has libzmq stop."
    elif case.seen.turn is Turn.AWAITS_REPLY and view.attempts.losses:
        why = (
            "A REQ hangs up for good at a reply without an empty frame in front (a ROUTER that "
            "forgets the delimiter), or at garbage."
        )
    else:
        why = (
            "libzmq never tries again once a peer broke the protocol, or closed in the middle of "
            "the handshake."
        )
    return case.found(
        Rule.GIVEN_UP,
        Severity.ERROR,
        f"the connection to {view.where} is given up for good",
        f"{why} Reconnect to go on.",
        fix(FixKind.RECONNECT, view.endpoint),
        probe(view),
        at=view.endpoint,
        since_ns=view.attempts.given_up_ns,
        grace_ns=2 * SETTLE_NS,
        question=None if view.attempts.losses else case.question(view),
    )
