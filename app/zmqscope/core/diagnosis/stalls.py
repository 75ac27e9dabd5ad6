"""Rules about sockets that wait: for a reply, an answer of ours, a turn, a peer, room. Pure.

Any thread.
"""

from __future__ import annotations

from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.diagnosis.case import Candidate, Case, counted, fix, seconds, times
from zmqscope.core.diagnosis.finding import Fix, FixKind, Rule
from zmqscope.core.diagnosis.fitting import fitting_names
from zmqscope.core.diagnosis.observation import Observation
from zmqscope.core.endpoints import transport_of
from zmqscope.core.peers import Peer
from zmqscope.core.types import Role, Severity, SocketType, Turn

_DEFAULT_SNDHWM = 1_000
_WAITS_FOR_PEER = (
    *(SocketType.PUSH, SocketType.DEALER, SocketType.REQ, SocketType.PAIR),
    *(SocketType.CLIENT, SocketType.SCATTER, SocketType.CHANNEL),
)
"""Types that keep a message, or refuse it, until a peer is there (RFC 28, 30, 31)."""


def first_connect(seen: Observation) -> Fix | None:
    """The button that connects anew, if the socket connects at all."""
    for view in seen.endpoints:
        if view.is_connect:
            return fix(FixKind.RECONNECT, view.endpoint)
    return None


def req_waits(case: Case) -> list[Candidate]:
    """A REQ has sent its request, and no reply comes."""
    seen = case.seen
    if seen.turn is not Turn.AWAITS_REPLY or _is_held_here(case) or _is_cut_off(seen):
        return []
    relaxed = seen.option("req_relaxed", 0)
    again = first_connect(seen)
    anew = "reconnect" if again is not None else "reopen it"
    way_out = f"Relax REQ lets it ask again; or {anew}."
    if relaxed:
        way_out = f"It may ask again; or {anew}."
    fixes = [fix(FixKind.RELAX_REQ)] if not relaxed else []
    fixes += [again] if again is not None else [fix(FixKind.REOPEN)]
    return [
        case.found(
            Rule.REQ_WAITS,
            Severity.WARNING,
            f"waiting {seconds(case.now_ns - seen.turn_since_ns)} for a reply",
            f"{_why_no_reply(seen)} {way_out}",
            *fixes,
            fix(FixKind.SHOW_PEERS),
            since_ns=seen.turn_since_ns,
            grace_ns=case.patience.reply_ns,
        )
    ]


def _why_no_reply(seen: Observation) -> str:
    has_lost = any(
        view.attempts.losses and view.attempts.losses[-1].time_ns > seen.turn_since_ns
        for view in seen.endpoints
    )
    if not seen.peer_count:
        return (
            "REQ sent one request, and no peer is connected now: if one had taken it, the reply is "
            "lost."
        )
    # A first peer that came after the request has got it: it was only queued.
    has_another = seen.peers_since_ns > seen.turn_since_ns and any(
        view.attempts.losses or transport_of(view.endpoint) == "inproc" for view in seen.endpoints
    )
    if has_lost or has_another:
        return (
            "REQ sent one request, and its peer has connected since: if an earlier one had taken "
            "it, the reply is lost."
        )
    if seen.option("req_relaxed", 0):
        return "REQ sent one request and the peer is connected, but nothing came back."
    return (
        "REQ sent one request and the peer is connected, but nothing came back. It cannot send "
        "again until a reply arrives."
    )


def _is_cut_off(seen: Observation) -> bool:
    """Whether nobody can reply, because a connect of it finds nobody or was given up."""
    return not seen.peer_count and any(
        view.is_connect
        and (view.attempts.may_be_given_up or view.attempts.failed(Outcome.UNREACHED) is not None)
        for view in seen.endpoints
    )


def _is_held_here(case: Case) -> bool:
    """Whether a REP of this app holds a request: that one has a finding of its own."""
    for view in case.seen.endpoints:
        server = case.scene.binder(view.endpoint)
        if server is not None and server.turn is Turn.HOLDS_REQUEST:
            return True
    return False


def rep_holds_request(case: Case) -> list[Candidate]:
    """A REP has a request that nobody answers: its other clients wait too."""
    seen = case.seen
    if seen.turn is not Turn.HOLDS_REQUEST:
        return []
    others = (
        f" {counted(seen.peer_count - 1, 'other peer')} cannot be served meanwhile."
        if seen.peer_count > 1
        else ""
    )
    gone = "" if seen.peer_count else " No peer is there any more: the answer will be dropped."
    return [
        case.found(
            Rule.REP_HOLDS_REQUEST,
            Severity.WARNING,
            f"a request has waited {seconds(case.now_ns - seen.turn_since_ns)} for your answer",
            f"A REP takes one request at a time: send the answer from the composer.{others}{gone}",
            fix(FixKind.COMPOSE),
            fix(FixKind.REOPEN),
            since_ns=seen.turn_since_ns,
            grace_ns=case.patience.reply_ns,
        )
    ]


def out_of_turn(case: Case) -> list[Candidate]:
    """A send was refused because it is the other side's turn (EFSM, RFC 28)."""
    seen, refusal = case.seen, case.seen.sending.out_of_turn
    if refusal is None or seen.turn in (Turn.MAY_SEND, Turn.HOLDS_REQUEST, Turn.FREE):
        return []
    if seen.type is SocketType.REQ:
        text = "cannot send: it is the peer’s turn to reply"
        why = (
            f"A REQ sends in turns, and its last request has no reply yet (refused "
            f"{times(refusal.count)}). Wait for it, or relax the REQ."
        )
        fixes = [fix(FixKind.RELAX_REQ)]
    else:
        text = "cannot send: there is no request to answer"
        why = (
            f"A REP only answers requests, and holds none (refused {times(refusal.count)}). To "
            "send at any time, use a ROUTER or a DEALER."
        )
        fixes = []
    return [
        case.found(
            Rule.OUT_OF_TURN,
            Severity.WARNING,
            text,
            why,
            *fixes,
            since_ns=refusal.since_ns,
            grace_ns=case.patience.turn_ns,
        )
    ]


def nobody_connected(case: Case) -> list[Candidate]:
    """Messages wait for a first peer, or were refused for want of one."""
    seen, sending = case.seen, case.seen.sending
    if seen.peer_count or seen.type not in _WAITS_FOR_PEER or not seen.endpoints:
        return _without_endpoint(case)
    if any(transport_of(view.endpoint) == "udp" for view in seen.endpoints):
        return []
    refused = sending.full
    # A refusal of a full queue passes; one for want of a peer lasts until there is one.
    is_refused = refused is not None and (
        not refused.peers or case.now_ns - refused.time_ns <= case.patience.refusal_ns
    )
    if not is_refused and not sending.alone and not sending.is_stuck:
        return []
    kind = seen.type
    if is_refused or sending.is_stuck:
        what = "Until one connects, messages are refused"
        since_ns = refused.since_ns if refused is not None else 0
    else:
        what = (
            f"{counted(sending.alone, 'message')} wait until one connects"
            if sending.alone > 1
            else "1 message waits until one connects"
        )
        since_ns = sending.alone_since_ns
    is_bound = any(view.endpoint.role is Role.BIND for view in seen.endpoints)
    do = "connect" if is_bound else "start"
    waits = "" if is_refused or sending.is_stuck else " Closing this socket throws it away."
    return [
        case.found(
            Rule.NOBODY_CONNECTED,
            Severity.WARNING,
            "no peer is connected, so nothing goes out",
            f"{what}: {do} a {fitting_names(kind)}{' here' if is_bound else ''}.{waits}",
            fix(FixKind.EDIT),
            since_ns=since_ns,
            grace_ns=case.patience.queued_ns,
        )
    ]


def _without_endpoint(case: Case) -> list[Candidate]:
    seen = case.seen
    refused = seen.sending.full
    if seen.endpoints or seen.type not in _WAITS_FOR_PEER or refused is None:
        return []
    if case.now_ns - refused.time_ns > case.patience.refusal_ns:
        return []
    return [
        case.found(
            Rule.NOBODY_CONNECTED,
            Severity.WARNING,
            "has no endpoint, so nothing goes out",
            f"A {seen.type.name} sends to a {fitting_names(seen.type)}: add an endpoint for one.",
            fix(FixKind.EDIT),
            since_ns=refused.since_ns,
        )
    ]


def high_water_mark(case: Case) -> list[Candidate]:
    """Libzmq refuses messages although peers are there: their queues are full."""
    seen, sending = case.seen, case.seen.sending
    refused = sending.full
    is_refused = refused is not None and (
        case.now_ns - refused.time_ns <= case.patience.refusal_ns and refused.peers > 0
    )
    if not seen.peer_count or not (is_refused or sending.is_stuck):
        return []
    mark = seen.option("sndhwm", _DEFAULT_SNDHWM)
    slow = _most_unsent(seen)
    whose = f" Most waits for {peer_words(slow)}." if slow is not None else ""
    count = f" (refused {times(refused.count)})" if is_refused and refused is not None else ""
    return [
        case.found(
            Rule.HIGH_WATER_MARK,
            Severity.WARNING,
            f"the high-water mark of {counted(mark, 'message')} is reached",
            f"The peer takes messages more slowly than they are sent{count}, or hangs.{whose} A "
            "higher mark only helps against bursts.",
            fix(FixKind.RAISE_HIGH_WATER_MARK, value=max(10 * mark, 10_000)),
            fix(FixKind.SHOW_PEERS),
            since_ns=refused.since_ns if is_refused and refused is not None else 0,
            grace_ns=case.patience.full_ns if not is_refused else 0,
        )
    ]


def peer_stopped(case: Case) -> list[Candidate]:
    """A local peer is stopped: it is connected, and does nothing."""
    stopped = [p for p in case.seen.known_peers if p.process is not None and p.process.is_stopped]
    if not stopped:
        return []
    first = stopped[0]
    more = f" {counted(len(stopped) - 1, 'other')} are stopped too." if len(stopped) > 1 else ""
    pid = first.process.pid if first.process is not None else 0
    return [
        case.found(
            Rule.PEER_STOPPED,
            Severity.WARNING,
            f"its peer {peer_words(first)} is stopped",
            f"SIGSTOP, Ctrl+Z or a debugger holds it; its connection fills up.{more} Let it go on, "
            f"such as with “kill -CONT {pid}”.",
            fix(FixKind.SHOW_PEERS),
            grace_ns=case.patience.stopped_ns,
        )
    ]


def peer_words(peer: Peer) -> str:
    """A peer as users know it."""
    if peer.process is not None:
        return f"{peer.process.name} ({peer.process.pid})"
    return peer.address or "a peer"


def _most_unsent(seen: Observation) -> Peer | None:
    known = [peer for peer in seen.known_peers if peer.unsent_bytes]
    return max(known, key=lambda peer: peer.unsent_bytes or 0, default=None)
