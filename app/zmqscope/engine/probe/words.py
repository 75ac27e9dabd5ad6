"""What a probe has heard, in words: what it is, whether one could talk with it. Pure."""

from __future__ import annotations

import errno

from zmqscope.core.probe import Answer, Fate, ProbePlan, ProbeResult
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import SocketType
from zmqscope.core.wording import printable
from zmqscope.core.zmtp.socket_types import can_talk
from zmqscope.engine.probe.heard import Heard, Trial
from zmqscope.engine.probe.line import Place, UnreachedError
from zmqscope.engine.reasons import FITTING_PEERS


def unreached(plan: ProbePlan, place: Place, error: UnreachedError) -> ProbeResult:
    """Nobody could be connected to."""
    where = plan.address
    if error.number in (errno.ECONNREFUSED, errno.ENOENT):
        hint = "Start the program that should be bound there, or check the address."
        if place.scheme == "ipc" and error.number == errno.ENOENT:
            text = f"There is no socket at {where}."
        elif place.scheme == "ipc":
            text = (
                f"Nobody listens at {where}; its file is left over from a program that has ended."
            )
        else:
            text = f"Nobody listens at {where}: the machine answers, and refuses."
        return ProbeResult(plan, Answer.REFUSED, text, hint)
    if error.number == errno.ETIMEDOUT:
        return ProbeResult(
            plan,
            Answer.UNREACHABLE,
            f"{where} does not answer at all.",
            "The machine is off or elsewhere, or a firewall drops what is sent there.",
        )
    return ProbeResult(
        plan,
        Answer.UNREACHABLE,
        f"{where} cannot be reached: {error.reason}.",
        "Check the name or address, the network, and your rights.",
    )


def describe(plan: ProbePlan, heard: Heard, trial: Trial) -> ProbeResult:
    """All of it as one result."""
    if heard.answer is not Answer.ZMTP:
        text, hint = _stranger(plan, heard)
        return ProbeResult(plan, heard.answer, text, hint, first_bytes=heard.first_bytes)
    fits, verdict, hint = _judge(plan, heard, trial)
    return ProbeResult(
        plan,
        Answer.ZMTP,
        f"{_who(plan, heard)} {verdict}".strip(),
        hint,
        version=heard.version,
        mechanism=heard.mechanism,
        is_server=heard.is_server,
        type_name=heard.type_name,
        identity=heard.identity,
        metadata=tuple((printable(name), _shown(value)) for name, value in heard.metadata),
        fits=fits,
        first_bytes=heard.first_bytes,
        fate=trial.fate,
    )


def _who(plan: ProbePlan, heard: Heard) -> str:
    kind = f"{_a(heard.type_name)} socket" if heard.type_name else "a ZeroMQ socket"
    how = "ZeroMQ over WebSocket" if heard.is_websocket else f"ZMTP {heard.version}"
    lock = "without a lock (NULL)" if heard.mechanism == "NULL" else f"with {heard.mechanism}"
    return f"{plan.address} is {kind}, {how} {lock}."


def _a(name: str) -> str:
    return f"{'an' if name[:1] == 'X' else 'a'} {name}"


def _big(name: str) -> str:
    return f"A{_a(name)[1:]}"


def _shown(value: bytes) -> str:
    return printable(value.decode("utf-8", "backslashreplace")[:200])


# ---- strangers ------------------------------------------------------------------------------


def _stranger(plan: ProbePlan, heard: Heard) -> tuple[str, str]:
    where, is_web = plan.address, plan.address.startswith("ws")
    said = f" (“{printable(heard.detail)}”)" if heard.detail else ""
    if heard.answer is Answer.TLS:
        return _tls(where, heard.detail if is_web else "")
    if heard.answer is Answer.HTTP and heard.is_websocket:
        other = where.replace("tcp://", "ws://", 1)
        return f"{where} is ZeroMQ over WebSocket.", f"Connect to {other} instead."
    if heard.answer is Answer.OTHER and where.startswith("wss://") and "no TLS" in heard.detail:
        return f"{where} does not speak TLS.", "Connect with ws:// instead."
    what, hint = {
        Answer.HTTP: (
            f"is an HTTP server, not ZeroMQ{said}",
            "Its path may be another one." if is_web else "Check the port.",
        ),
        Answer.SSH: (f"is an SSH server, not ZeroMQ{said}", "Check the port."),
        Answer.CLOSES: (
            "accepts the connection and closes it at once",
            "It may let in certain addresses only, or be a forwarder whose own target is down.",
        ),
        Answer.SILENT: (
            "accepts the connection and says nothing",
            "It is no ZeroMQ of version 3 or later: another kind of program, or one that hangs.",
        ),
    }.get(heard.answer, (f"is something else than ZeroMQ{said}", "Check the port."))
    return f"{where} {what}.", hint


def _tls(where: str, why: str) -> tuple[str, str]:
    if why:
        return f"{where} speaks TLS, but {why}.", (
            "Give the authority’s certificate with wss_trust_pem=, or the name in the "
            "certificate with wss_hostname=."
        )
    other = "wss://" if where.startswith("ws://") else "wss:// (if it is ZeroMQ at all)"
    return f"{where} speaks TLS.", f"Connect with {other} instead."


# ---- could one talk with it -----------------------------------------------------------------


def _judge(plan: ProbePlan, heard: Heard, trial: Trial) -> tuple[bool | None, str, str]:
    """Whether it fits, that in words, and what to do."""
    lock = plan.lock
    if heard.refusal is not None and heard.mechanism == "NULL":
        status = _shown(heard.refusal) or "no reason given"
        return (
            False,
            f"It refuses this machine ({status}).",
            "Its access list decides who may come.",
        )
    if heard.mechanism != lock.mechanism.value:
        return _mechanisms_differ(plan, heard)
    if lock.mechanism is not Mechanism.NULL and heard.is_server is lock.is_server:
        side = "server" if lock.is_server else "client"
        return (
            False,
            f"It is the {side} of {heard.mechanism}, and so is this socket.",
            ("One of the two has to be the server, and the other the client."),
        )
    if plan.kind is not None and heard.type_name:
        talks = can_talk(plan.kind.name.encode(), heard.type_name.encode())
        if talks is False:
            return (
                False,
                f"{_big(plan.kind.name)} does not talk with it.",
                (f"{_big(plan.kind.name)} talks with {FITTING_PEERS[plan.kind]}."),
            )
    if lock.mechanism is Mechanism.NULL:
        if plan.kind is None:
            return None, "", ""
        if not heard.type_name:
            return None, "", "It has not said its socket type."
        return True, f"{_big(plan.kind.name)} can talk with it.", _framing(plan.kind, heard)
    return _after_trial(plan, heard, trial)


def _framing(kind: SocketType, heard: Heard) -> str:
    """What two types that fit ask of messages (RFC 28)."""
    if kind is SocketType.DEALER and heard.type_name == "REP":
        return "A REP takes only messages that begin with an empty frame, and drops all others."
    if kind is SocketType.ROUTER and heard.type_name == "REQ":
        return "A REQ takes only replies that begin with an empty frame, behind its routing id."
    return ""


def _mechanisms_differ(plan: ProbePlan, heard: Heard) -> tuple[bool | None, str, str]:
    if plan.kind is None and plan.lock.mechanism is Mechanism.NULL:
        return None, "", f"To talk with it, open a socket with {heard.mechanism}."
    ours = plan.lock.mechanism.value
    return (
        False,
        f"This socket has {ours}.",
        (f"Set {heard.mechanism} on this socket, or {ours} on the other side."),
    )


def _after_trial(plan: ProbePlan, heard: Heard, trial: Trial) -> tuple[bool | None, str, str]:
    is_curve = heard.mechanism == "CURVE"
    match trial.fate:
        case Fate.LET_IN:
            return True, "It lets this socket in.", ""
        case Fate.WRONG_SERVER_KEY:
            return (
                False,
                "It does not accept the server key.",
                ("Ask for its public key, and set it as the server key."),
            )
        case Fate.REFUSED:
            what = "key" if is_curve else "name and password"
            return (
                False,
                f"It refuses this socket’s {what} (status {trial.status or 'none'}).",
                ("Have it put on the server’s access list, or use another one."),
            )
        case Fate.CLOSED_AFTER_LOCK:
            kind = plan.kind.name if plan.kind is not None else "DEALER"
            return (
                False,
                f"The lock opens, but it does not talk with {_a(kind)}.",
                ("Socket types that do not fit look like this."),
            )
        case Fate.NO_ANSWER:
            return (
                None,
                "It does not answer the handshake in time.",
                ("Its authenticator may be waiting for somebody’s answer."),
            )
        case _:
            return None, "", "Whether the lock fits shows when a socket connects with it."
