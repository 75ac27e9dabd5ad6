"""The rule about sockets of this app that wait for each other. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, fix, seconds
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.fitting import all_of
from zmqscope.core.diagnosis.observation import Observation, Scene
from zmqscope.core.diagnosis.stalls import first_connect
from zmqscope.core.types import Severity, SocketId, SocketType, Turn

_WAITING = (Turn.AWAITS_REPLY, Turn.AWAITS_REQUEST)


def deadlock(case: Case) -> list[Candidate]:
    """A REQ waits for a reply while everybody who could give one waits for a request.

    Only sockets of this app are known well enough for that; two programs that wait for each other
    through it are the second case. It is told of the REQs: a REP that waits is well.
    """
    seen = case.seen
    if seen.turn is not Turn.AWAITS_REPLY or seen.type is not SocketType.REQ:
        return []
    ring = ring_of(case.scene, seen)
    if len(ring) > 1:
        return [_within(case, ring)]
    return _through_a_process(case)


def ring_of(scene: Scene, seen: Observation) -> list[Observation]:
    """All sockets of this app that wait for each other, this one among them; else just it."""
    found: dict[SocketId, Observation] = {}
    left = [seen]
    while left:
        each = left.pop()
        if each.socket_id in found:
            continue
        partners = own_partners(scene, each)
        if each.turn is Turn.AWAITS_REPLY and (
            not partners
            or len(partners) < each.peer_count
            or any(p.turn is not Turn.AWAITS_REQUEST for p in partners)
        ):
            return [seen]  # somebody else may have the request, or is about to answer it
        found[each.socket_id] = each
        left += [p for p in partners if p.turn in _WAITING]
    if not any(each.turn is Turn.AWAITS_REPLY for each in found.values()):
        return [seen]
    return [found[socket_id] for socket_id in sorted(found)]


def own_partners(scene: Scene, seen: Observation) -> list[Observation]:
    """Sockets of this app at the other end of a connection."""
    found: dict[SocketId, Observation] = {}
    for view in seen.endpoints:
        server = scene.binder(view.endpoint) if view.is_connect and view.status.peers else None
        if server is not None:
            found[server.socket_id] = server
    for other in scene.sockets.values():
        for view in other.endpoints:
            if view.is_connect and view.status.peers:
                server = scene.binder(view.endpoint)
                if server is not None and server.socket_id == seen.socket_id:
                    found[other.socket_id] = other
    return list(found.values())


def _within(case: Case, ring: list[Observation]) -> Candidate:
    names = [f"“{each.name}”" for each in ring]
    since_ns = max(each.turn_since_ns for each in ring)
    again = first_connect(case.seen)
    waits = [f"“{each.name}” waits for a {_wanted(each)}" for each in ring]
    fixes = [fix(FixKind.REOPEN), fix(FixKind.RELAX_REQ)]
    fixes += [again] if again is not None else []
    return case.found(
        Rule.DEADLOCK,
        Severity.ERROR,
        f"deadlock: {all_of(names)} wait for each other",
        f"{'; '.join(waits)}. The request or its reply was lost, perhaps as one was opened anew. "
        "Reopen the REQ, or relax it.",
        *fixes,
        since_ns=since_ns,
        grace_ns=case.patience.deadlock_ns,
    )


def _wanted(seen: Observation) -> str:
    return "reply" if seen.turn is Turn.AWAITS_REPLY else "request"


def _through_a_process(case: Case) -> list[Candidate]:
    """We wait for a reply of a process that waits for one of ours."""
    seen = case.seen
    ours = _one_process(seen)
    if ours is None:
        return []
    for other in case.scene.sockets.values():
        if other.turn is Turn.HOLDS_REQUEST and _one_process(other) == ours:
            pid, name = ours
            since_ns = max(seen.turn_since_ns, other.turn_since_ns)
            waited = seconds(case.now_ns - since_ns)
            return [
                case.found(
                    Rule.DEADLOCK,
                    Severity.ERROR,
                    f"deadlock: {name} ({pid}) and this app wait for each other",
                    f"This REQ waits for its reply; “{other.name}” holds a request of it, for "
                    f"{waited}. If it answers only once it has its own answer, neither ever will.",
                    fix(FixKind.COMPOSE),
                    fix(FixKind.RELAX_REQ),
                    since_ns=since_ns,
                    grace_ns=case.patience.reply_ns,
                )
            ]
    return []


def _one_process(seen: Observation) -> tuple[int, str] | None:
    """The one local process that a socket talks with; None if there are others."""
    found = {
        (p.process.pid, p.process.name)
        for p in seen.known_peers
        if p.process is not None and not p.process.is_own
    }
    is_all = len(seen.known_peers) == seen.peer_count
    return found.pop() if len(found) == 1 and is_all else None
