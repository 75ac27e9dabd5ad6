"""Sockets as the doctor sees them, made for tests of single rules."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from zmqscope.core.diagnosis.attempts import Attempts, Outcome
from zmqscope.core.diagnosis.case import Candidate, Case
from zmqscope.core.diagnosis.doctor import Doctor
from zmqscope.core.diagnosis.finding import Finding, FixKind
from zmqscope.core.diagnosis.observation import EndpointView, Observation, Scene
from zmqscope.core.diagnosis.patience import Patience
from zmqscope.core.peers import Peer, PeerId, PeerState, ProcessInfo, SocketPeers
from zmqscope.core.probe import Answer, ProbePlan, ProbeResult
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Role,
    SocketId,
    SocketType,
)

S = 1_000_000_000
NOW = 1_000 * S
ADDRESS = "tcp://127.0.0.1:5556"
KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
"""A public key (RFC 26's test vector)."""

CONNECT = Endpoint(Role.CONNECT, ADDRESS)
BIND = Endpoint(Role.BIND, ADDRESS)


def failing(
    *failures: tuple[Outcome, int, int], role: Role = Role.CONNECT, since_ns: int = 0
) -> Attempts:
    """A history of failed handshakes: outcome, value, how often; a second apart, the last now.

    A connect is retried after each of them.
    """
    attempts = Attempts(role)
    count = sum(number for _, _, number in failures)
    at_ns = since_ns or NOW - count * S
    for outcome, value, number in failures:
        for _ in range(number):
            at_ns += S
            if outcome is Outcome.UNREACHED:
                attempts.note_retry(was_reached=False, now_ns=at_ns)
                continue
            attempts.note_connection()
            if outcome is Outcome.CLOSED:
                attempts.note_closed(at_ns)
            else:
                attempts.note_failure(outcome, value, at_ns)
                attempts.note_closed(at_ns)
            if role is Role.CONNECT:
                attempts.note_retry(was_reached=True, now_ns=at_ns)
    return attempts


def over(*failures: tuple[Outcome, int, int]) -> Attempts:
    """The same of a connect that libzmq has given up after the last of them."""
    attempts = failing(*failures)
    outcome, value, _ = failures[-1]
    attempts.note_connection()
    if outcome is Outcome.CLOSED:
        attempts.note_closed(NOW - S)
    else:
        attempts.note_failure(outcome, value, NOW - S)
        attempts.note_closed(NOW - S)
    return attempts


def view(
    endpoint: Endpoint = CONNECT,
    attempts: Attempts | None = None,
    state: EndpointState | None = None,
    peers: int = 0,
    **more: Any,
) -> EndpointView:
    """One endpoint."""
    is_connect = endpoint.role is Role.CONNECT
    if state is None:
        state = EndpointState.RETRYING if is_connect else EndpointState.LISTENING
        state = EndpointState.CONNECTED if is_connect and peers else state
    status = EndpointStatus(endpoint, endpoint.address, state, peers, more.pop("problem", None))
    return EndpointView(status, attempts or Attempts(endpoint.role), **more)


def answer(who: Answer = Answer.ZMTP, **more: Any) -> ProbeResult:
    """What a probe has found there; a PULL of ZMTP 3.1 without a lock unless told otherwise."""
    if who is Answer.ZMTP:
        more = {"version": "3.1", "mechanism": "NULL", "type_name": "PULL", **more}
    text = f"{ADDRESS} is {who.value}."
    return ProbeResult(ProbePlan(ADDRESS), who, text, "Check the port.", **more)


def seen(spec: str, *views: EndpointView, socket_id: int = 1, **more: Any) -> Observation:
    """One socket; its peers are those of its endpoints unless something else is said."""
    parsed = parse_spec(spec)
    if not parsed.name:
        parsed = replace(parsed, name=parsed.type.name.lower())
    more.setdefault("peer_count", sum(each.status.peers for each in views))
    more.setdefault("opened_ns", NOW - 100 * S)
    more.setdefault("peers_since_ns", NOW - 100 * S if more["peer_count"] else 0)
    return Observation(SocketId(socket_id), parsed, endpoints=tuple(views), **more)


def scene(*sockets: Observation) -> Scene:
    """All of them, and where they are bound."""
    binders = {
        each.status.actual: socket.socket_id
        for socket in sockets
        for each in socket.endpoints
        if each.status.state is EndpointState.LISTENING
    }
    return Scene({socket.socket_id: socket for socket in sockets}, binders)


def case(socket: Observation, *others: Observation, patience: Patience | None = None) -> Case:
    """A socket before the doctor, with others beside it."""
    return Case(socket, scene(socket, *others), NOW, patience or Patience())


def peer(number: int = 1, **more: Any) -> Peer:
    """A peer; with ``pid`` a local process called python."""
    pid, is_stopped = more.pop("pid", 0), more.pop("is_stopped", False)
    if pid:
        more["process"] = ProcessInfo(pid, "python", is_stopped=is_stopped)
    more.setdefault("address", f"127.0.0.1:{40_000 + number}")
    return Peer(PeerId(number), SocketId(1), BIND, PeerState.READY, NOW, **more)


def peers(*each: Peer) -> SocketPeers:
    """Peers of a socket."""
    return SocketPeers(SocketId(1), each)


def only(found: Iterable[Candidate] | Candidate | None) -> Finding:
    """The one finding of a rule."""
    if isinstance(found, Candidate):
        return found.finding
    assert found is not None
    (candidate,) = found
    return candidate.finding


def kinds(finding: Finding) -> list[FixKind]:
    """What its buttons do."""
    return [each.kind for each in finding.fixes]


def words(finding: Finding) -> str:
    """All that it says."""
    return f"{finding.text}. {finding.why}"


def told(
    socket: Observation, *others: Observation, after_s: float = 60.0, doctor: Doctor | None = None
) -> list[Finding]:
    """What the doctor says of a socket that stays as it is for a while."""
    doctor = doctor or Doctor()
    everything = scene(socket, *others)
    for at_ns in (NOW, NOW + int(after_s * S)):
        doctor.examine(socket, everything, at_ns)
    conclusion = doctor.conclude()
    return [] if conclusion is None else list(conclusion.findings)


DROPPED = (Outcome.NO_DETAIL, errno.EPIPE, 5)
"""What says nothing, five times."""

ROUTES = SocketType.ROUTER
