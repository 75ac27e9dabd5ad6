"""Rules about frames that the other side drops without a word. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, counted, fix, times
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.types import Severity, SocketType


def no_empty_delimiter(case: Case) -> list[Candidate]:
    """REP and REQ need an empty frame between the addresses and the message (RFC 28)."""
    seen = case.seen
    if not seen.sending.bare:
        return []
    if seen.type is SocketType.DEALER and seen.peer_count:
        return _dealer_to_rep(case)
    if seen.type is SocketType.ROUTER and seen.sending.bare_type is SocketType.REQ:
        return _router_to_req(case)
    return []


def _dealer_to_rep(case: Case) -> list[Candidate]:
    seen, sending = case.seen, case.seen.sending
    kinds = _peer_types(case)
    if kinds is not None and SocketType.REP not in kinds:
        return []
    is_known = kinds is not None
    if seen.received.last_ns > sending.bare_ns or (not is_known and seen.received.messages):
        return []
    count = counted(sending.bare, "message")
    if is_known:
        return [
            case.found(
                Rule.NO_EMPTY_DELIMITER,
                Severity.WARNING,
                "its REP peer drops messages without an empty first frame",
                f"A REP takes a request only behind an empty frame, and {count} of this DEALER "
                "had none: no answer will come. Put one in front (“Delimiter for REP” in the "
                "composer).",
                fix(FixKind.COMPOSE),
                fix(FixKind.SHOW_PEERS),
                since_ns=sending.bare_ns,
                grace_ns=case.patience.slow_ns,
            )
        ]
    connects = [view for view in seen.endpoints if view.is_connect and view.status.peers]
    probes = [fix(FixKind.PROBE, view.endpoint) for view in connects[:1]]
    return [
        case.found(
            Rule.NO_EMPTY_DELIMITER,
            Severity.INFO,
            f"nothing has come back to {count}",
            "If the peer is a REP, it has dropped them: it takes a request only behind an empty "
            "first frame (“Delimiter for REP” in the composer), and these had none. If it is a "
            "ROUTER or a DEALER that does not answer, all is well. The probe shows which it is.",
            *probes,
            fix(FixKind.COMPOSE),
            since_ns=sending.bare_ns,
            grace_ns=case.patience.no_answer_ns,
        )
    ]


def _router_to_req(case: Case) -> list[Candidate]:
    """Libzmq's REQ hangs up at such a reply (req.cpp, ``req_session_t::push_msg``)."""
    sending = case.seen.sending
    if case.now_ns - sending.bare_ns > case.patience.lost_memory_ns:
        return []
    return [
        case.found(
            Rule.NO_EMPTY_DELIMITER,
            Severity.WARNING,
            "its REQ peer does not take a reply without an empty frame",
            f"After the routing id a REQ expects an empty frame, then the reply; the last message "
            f"to {_id_words(sending.bare_to)} had none. A REQ of libzmq hangs up at that, for "
            "good; others drop it and wait on. Put an empty frame behind the routing id.",
            fix(FixKind.COMPOSE),
            fix(FixKind.SHOW_PEERS),
            since_ns=sending.bare_ns,
        )
    ]


def _peer_types(case: Case) -> set[SocketType] | None:
    """Types of all peers of a DEALER; None if one of them is not known."""
    seen = case.seen
    kinds: set[SocketType] = set()
    named = 0
    for view in seen.endpoints:
        server = case.scene.binder(view.endpoint) if view.is_connect else None
        if server is not None and view.status.peers:
            kinds.add(server.type)
            named += view.status.peers
    if named == seen.peer_count:
        return kinds
    told = [p for p in seen.known_peers if len(p.types) == 1]
    if len(told) >= seen.peer_count:
        return kinds | {p.types[0] for p in told}
    return None


def unknown_routing_id(case: Case) -> list[Candidate]:
    """A ROUTER has no peer of the name that a message begins with (EHOSTUNREACH)."""
    seen, refusal = case.seen, case.seen.sending.unknown_peer
    if refusal is None or case.now_ns - refusal.time_ns > case.patience.refusal_ns:
        return []
    known = [p.identity for p in seen.known_peers if p.identity]
    if not seen.peer_count:
        whom = "No peer is connected at all."
    elif known:
        shown = ", ".join(_id_words(each) for each in known[:3])
        whom = f"Connected now: {shown}{' and others' if len(known) > 3 else ''}."
    else:
        whom = "Its peers show their routing ids with the first message that each of them sends."
    return [
        case.found(
            Rule.UNKNOWN_ROUTING_ID,
            Severity.WARNING,
            f"no peer has the routing id {_id_words(refusal.first_frame)}",
            f"The first frame of what a {seen.type.name} sends names the peer; nobody of that name "
            f"is connected (refused {times(refusal.count)}): it has left, came back under another "
            f"name, or never was. {whom}",
            fix(FixKind.COMPOSE),
            fix(FixKind.SHOW_PEERS),
            since_ns=refusal.since_ns,
        )
    ]


def conflate_multipart(case: Case) -> list[Candidate]:
    """CONFLATE keeps the last frame, not the last message (zmq_setsockopt(3))."""
    seen = case.seen
    if not seen.option("conflate", 0):
        return []
    if seen.sending.multipart or seen.sent.frames > seen.sent.messages:
        text = "conflate breaks the messages of several frames that it sends"
        what = "This socket sent messages of several frames"
    elif seen.received.frames > seen.received.messages or _has_stray_topics(case):
        text = "conflate breaks the messages of several frames that come"
        what = "What came does not begin with any of its topics: it is the last frame alone"
        if seen.received.frames > seen.received.messages:
            what = "Messages of several frames came"
    else:
        return []
    return [
        case.found(
            Rule.CONFLATE_MULTIPART,
            Severity.ERROR,
            text,
            f"{what}. With conflate libzmq keeps one frame, not one message: parts are mixed up or "
            "lost. Turn conflate off, or put everything into one frame.",
            fix(FixKind.TURN_CONFLATE_OFF),
            fix(FixKind.EDIT),
        )
    ]


def _has_stray_topics(case: Case) -> bool:
    """Whether something came that no subscription matches."""
    seen = case.seen
    wanted = seen.spec.subscriptions
    if seen.type is not SocketType.SUB or not wanted or b"" in wanted:
        return False
    return any(
        not any(t.startswith(w) or w.startswith(t) for w in wanted) for t in seen.received.topics
    )


def _id_words(identity: bytes) -> str:
    """A routing id as users know it."""
    if identity and all(0x20 <= byte < 0x7F for byte in identity):
        return f"“{identity[:40].decode('ascii')}”"
    return f"{identity[:20].hex(' ')}" if identity else "“”"
