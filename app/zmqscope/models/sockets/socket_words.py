"""A socket's type, state, endpoints and rates in words. Pure: no state, any thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.capture.counters import Totals
from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Role,
    Severity,
    SocketSnapshot,
    SocketState,
    SocketType,
)
from zmqscope.models.format import format_bytes, format_count, format_rate, one_line

_CONTEXT = "SocketWords"
_MAX_NAME = 200
_MAX_FINDING = 300
_FEW_FINDINGS = 3

_TYPE_WORDS: dict[SocketType, str] = {
    SocketType.PAIR: "Talks both ways with exactly one other PAIR.",
    SocketType.PUB: "Sends to every SUB and XSUB whose topic fits; never receives or waits.",
    SocketType.SUB: "Receives the topics it subscribes to from PUB and XPUB; cannot send.",
    SocketType.REQ: "Sends a request to a REP or ROUTER, then waits for its reply, in strict turn.",
    SocketType.REP: "Receives requests from REQ and DEALER and answers each one, in strict turn.",
    SocketType.DEALER: "Talks freely with ROUTER, REP and DEALER; spreads what it sends over them.",
    SocketType.ROUTER: ("Talks with many REQ, DEALER and ROUTER; the first frame names the peer."),
    SocketType.PULL: "Receives work from every connected PUSH in fair turns; cannot send.",
    SocketType.PUSH: "Spreads work over the connected PULLs and waits when none can take it.",
    SocketType.XPUB: "A PUB that also receives the subscriptions of its SUB and XSUB peers.",
    SocketType.XSUB: "A SUB for PUB and XPUB that subscribes by sending messages.",
    SocketType.STREAM: "Talks with any plain TCP program; the first frame names the connection.",
    SocketType.SERVER: "Talks with many CLIENTs; the routing id in front names the peer.",
    SocketType.CLIENT: "Talks freely with SERVERs; spreads what it sends over them.",
    SocketType.RADIO: "Sends to every DISH that joined the message's group; never receives.",
    SocketType.DISH: "Receives the groups it joins from RADIO; cannot send.",
    SocketType.GATHER: "Receives work from every connected SCATTER in fair turns; cannot send.",
    SocketType.SCATTER: "Spreads work over the connected GATHERs and waits when none can take it.",
    SocketType.DGRAM: "Talks with any UDP program; the first frame is the other side's address.",
    SocketType.PEER: "Talks with many other PEERs; the routing id in front names the peer.",
    SocketType.CHANNEL: "Talks both ways with exactly one other CHANNEL.",
}

_STATE_TOKENS: dict[SocketState, str] = {
    SocketState.OPENING: "waiting",
    SocketState.IDLE: "muted",
    SocketState.LISTENING: "received",
    SocketState.CONNECTING: "waiting",
    SocketState.CONNECTED: "received",
    SocketState.RETRYING: "waiting",
    SocketState.FAILED: "broken",
    SocketState.CLOSED: "muted",
}

_ENDPOINT_TOKENS: dict[EndpointState, str] = {
    EndpointState.PENDING: "waiting",
    EndpointState.LISTENING: "received",
    EndpointState.CONNECTING: "waiting",
    EndpointState.CONNECTED: "received",
    EndpointState.RETRYING: "waiting",
    EndpointState.FAILED: "broken",
    EndpointState.CLOSED: "muted",
}


class EndpointLine(NamedTuple):
    """The second line of a socket in the list.

    Attributes:
        role: ``bind`` or ``connect``; empty when there is no endpoint.
        address: The first endpoint's real address, in one line.
        more: How many endpoints there are beyond the first.
        is_bind: Whether the first one is bound.
    """

    role: str
    address: str
    more: int
    is_bind: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def type_words(socket_type: SocketType) -> str:
    """What a type talks with and what it can do, in one sentence."""
    return _tr(_TYPE_WORDS[socket_type])


def draft_words(socket_type: SocketType) -> str:
    """What it means that a type is a draft, in one sentence; empty for a stable one."""
    if not socket_type.is_draft:
        return ""
    if socket_type is SocketType.DGRAM:
        return _tr("A draft type, which libzmq may still change.")
    return _tr("A draft type, which libzmq may still change; a peer needs it built with drafts.")


def shown_name(snapshot: SocketSnapshot) -> str:
    """The name in one line, and not endless."""
    return one_line(snapshot.name[:_MAX_NAME])


def state_token(snapshot: SocketSnapshot, findings: tuple[Finding, ...] = ()) -> str:
    """The theme token of a socket's state; a problem on a working socket is a warning.

    Args:
        snapshot: The socket.
        findings: What the doctor has found about it.
    """
    token = _STATE_TOKENS[snapshot.state]
    worst = max((finding.severity for finding in findings), default=Severity.INFO)
    if token == "muted":
        return token
    if worst is Severity.ERROR:
        return "broken"
    troubled = snapshot.problem is not None or worst is Severity.WARNING
    return "waiting" if troubled and token == "received" else token


def endpoint_token(state: EndpointState) -> str:
    """The theme token of an endpoint's state."""
    return _ENDPOINT_TOKENS[state]


def role_words(role: Role) -> str:
    """``bind`` or ``connect``."""
    return _tr("bind") if role is Role.BIND else _tr("connect")


def title(snapshot: SocketSnapshot) -> str:
    """Type and name: ``SUB quotes``."""
    return f"{snapshot.spec.type.name} {shown_name(snapshot)}"


def state_words(state: SocketState) -> str:
    """A socket's state, as it stands alone or after a colon."""
    match state:
        case SocketState.OPENING:
            return _tr("opening")
        case SocketState.IDLE:
            return _tr("open, without an endpoint")
        case SocketState.LISTENING:
            return _tr("listening")
        case SocketState.CONNECTING:
            return _tr("connecting")
        case SocketState.CONNECTED:
            return _tr("connected")
        case SocketState.RETRYING:
            return _tr("retrying")
        case SocketState.FAILED:
            return _tr("failed")
        case SocketState.CLOSED:
            return _tr("closed")


def endpoint_state_words(status: EndpointStatus) -> str:
    """An endpoint's state, with its number of connections where there are some."""
    match status.state:
        case EndpointState.PENDING:
            return _tr("waiting to be opened")
        case EndpointState.LISTENING:
            return _with_peers(_tr("listening"), status.peers)
        case EndpointState.CONNECTING:
            return _tr("connecting")
        case EndpointState.CONNECTED:
            return _tr("connected")
        case EndpointState.RETRYING:
            return _tr("retrying")
        case EndpointState.FAILED:
            return _tr("failed")
        case EndpointState.CLOSED:
            return _tr("closed")


def _with_peers(words: str, peers: int) -> str:
    return f"{words}, {peers_words(peers)}" if peers else words


def peers_words(count: int) -> str:
    """How many connections are alive."""
    if not count:
        return _tr("no peer")
    return _tr("1 peer") if count == 1 else _tr("{0} peers").format(f"{count:,}")


def count_words(count: int) -> str:
    """How many sockets there are."""
    return _tr("1 socket") if count == 1 else _tr("{0} sockets").format(f"{count:,}")


def totals_words(totals: Totals) -> str:
    """How much went one way."""
    messages, frames = format_count(totals.messages), format_count(totals.frames)
    parts = (
        _tr("1 message") if totals.messages == 1 else _tr("{0} messages").format(messages),
        _tr("1 frame") if totals.frames == 1 else _tr("{0} frames").format(frames),
        format_bytes(totals.bytes),
    )
    return " · ".join(parts)


def actual_address(snapshot: SocketSnapshot) -> str:
    """The real address of the first endpoint, to be copied; empty without an endpoint."""
    if snapshot.endpoints:
        return snapshot.endpoints[0].actual
    return snapshot.spec.endpoints[0].address if snapshot.spec.endpoints else ""


def endpoint_line(snapshot: SocketSnapshot) -> EndpointLine:
    """What the list shows of the endpoints."""
    endpoints = _endpoints(snapshot)
    if not endpoints:
        return EndpointLine("", _tr("no endpoint"), 0)
    address = one_line(actual_address(snapshot))
    role = endpoints[0].role
    return EndpointLine(role_words(role), address, len(endpoints) - 1, role is Role.BIND)


def _endpoints(snapshot: SocketSnapshot) -> tuple[Endpoint, ...]:
    if snapshot.endpoints:
        return tuple(status.endpoint for status in snapshot.endpoints)
    return snapshot.spec.endpoints


def endpoint_sentence(status: EndpointStatus) -> str:
    """One endpoint in one line: what it does, where, and how it stands."""
    role, address = role_words(status.endpoint.role), one_line(status.actual)
    return f"{role} {address}: {endpoint_state_words(status)}"


def tooltip(snapshot: SocketSnapshot, findings: tuple[Finding, ...] = ()) -> str:
    """Everything the list elides, as plain lines; a few findings in place of the problem."""
    head = f"{title(snapshot)}: {state_words(snapshot.state)}"
    lines = [head, *map(endpoint_sentence, snapshot.endpoints)]
    if not snapshot.endpoints:
        for endpoint in snapshot.spec.endpoints:
            lines.append(f"{role_words(endpoint.role)} {one_line(endpoint.address)}")
    lines.extend(finding_sentences(findings))
    if snapshot.problem is not None and not findings:
        lines.append(one_line(snapshot.problem.sentence()))
    return "\n".join(lines)


def finding_sentences(findings: tuple[Finding, ...]) -> list[str]:
    """The first findings in one line each, and how many more there are."""
    lines = [one_line(finding.text[:_MAX_FINDING]) for finding in findings[:_FEW_FINDINGS]]
    more = len(findings) - len(lines)
    return [*lines, _tr("{0} more findings").format(more)] if more else lines


def accessible_text(
    snapshot: SocketSnapshot,
    received: float | None,
    sent: float | None,
    findings: tuple[Finding, ...] = (),
) -> str:
    """A row as a screen reader says it; None for a direction the type does not have."""
    line = endpoint_line(snapshot)
    parts = [
        title(snapshot),
        state_words(snapshot.state),
        f"{line.role} {line.address}".strip(),
    ]
    if received is not None:
        parts.append(_tr("{0} received").format(format_rate(received)))
    if sent is not None:
        parts.append(_tr("{0} sent").format(format_rate(sent)))
    return ", ".join([*parts, *finding_sentences(findings)])
