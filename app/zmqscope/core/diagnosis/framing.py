"""Rules about frames that the other side drops without a word. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, counted, fix, times
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Severity, SocketType

_NEVER_NS = 1 << 62
"""A candidate of which only the question matters."""


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
    """A ROUTER or DEALER that answers nothing is ordinary: only of a REP is anything said."""
    seen, sending = case.seen, case.seen.sending
    if seen.received.last_ns > sending.bare_ns:
        return []
    kinds, is_whole = _peer_types(case)
    if SocketType.REP not in kinds:
        return [] if is_whole or seen.received.messages else _questions(case)
    count = counted(sending.bare, "message")
    told = case.found(
        Rule.NO_EMPTY_DELIMITER,
        Severity.WARNING,
        "its REP peer drops messages without an empty first frame",
        f"{count} had none, so no answer will come. Put one in front: “Delimiter for REP” in the "
        "composer.",
        fix(FixKind.COMPOSE),
        fix(FixKind.SHOW_PEERS),
        grace_ns=case.patience.slow_ns,
    )
    return [told, *_questions(case)]


def _questions(case: Case) -> list[Candidate]:
    """Who the peers are: a lock hides it from a probe."""
    if case.seen.mechanism is not Mechanism.NULL:
        return []
    return [
        case.found(
            Rule.NO_EMPTY_DELIMITER,
            Severity.INFO,
            "nothing has come back",
            "",
            at=view.endpoint,
            grace_ns=_NEVER_NS,
            question=case.question(view),
        )
        for view in case.seen.endpoints
        if view.is_connect and view.status.peers
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
            f"The last message to {_id_words(sending.bare_to)} had none behind the routing id. A "
            "REQ of libzmq hangs up at that, for good: put an empty frame there.",
            fix(FixKind.COMPOSE),
            fix(FixKind.SHOW_PEERS),
            since_ns=sending.bare_ns,
        )
    ]


def _peer_types(case: Case) -> tuple[set[SocketType], bool]:
    """Types of the peers of a DEALER, and whether those are all."""
    seen = case.seen
    kinds: set[SocketType] = set()
    named = 0
    for view in seen.endpoints:
        kind = _type_at(case, view) if view.is_connect and view.status.peers else None
        if kind is not None:
            kinds.add(kind)
            named += view.status.peers
    told = [p for p in seen.known_peers if len(p.types) == 1]
    kinds.update(p.types[0] for p in told)
    return kinds, max(named, len(told)) >= seen.peer_count


def _type_at(case: Case, view: EndpointView) -> SocketType | None:
    """The type of who is connected to, if it is a socket of this app, or a probe has seen it."""
    server = case.scene.binder(view.endpoint)
    if server is not None:
        return server.type
    name = "" if view.answer is None else view.answer.type_name
    return SocketType.__members__.get(name)


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
        whom = "Peers show their routing ids with the first message that they send."
    return [
        case.found(
            Rule.UNKNOWN_ROUTING_ID,
            Severity.WARNING,
            f"no peer has the routing id {_id_words(refusal.first_frame)}",
            f"Nobody of that name is connected: it has left, came back under another one, or never "
            f"was (refused {times(refusal.count)}). {whom}",
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
        what = "What came begins with none of its topics: it is the last frame alone"
        if seen.received.frames > seen.received.messages:
            what = "Messages of several frames came"
    else:
        return []
    return [
        case.found(
            Rule.CONFLATE_MULTIPART,
            Severity.ERROR,
            text,
            f"{what}, and conflate keeps one frame, not one message. Turn it off, or put "
            "everything into one frame.",
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
