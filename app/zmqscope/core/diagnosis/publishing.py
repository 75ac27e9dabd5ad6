"""Rules about publishers and subscribers (RFC 29): what is lost there is lost in silence. Pure.

Any thread.
"""

from __future__ import annotations

from zmqscope.core.diagnosis.case import Candidate, Case, S, counted, fix, seconds
from zmqscope.core.diagnosis.finding import FixKind, Rule
from zmqscope.core.diagnosis.fitting import all_of, any_of
from zmqscope.core.diagnosis.observation import Flow, Observation
from zmqscope.core.diagnosis.stalls import peer_words
from zmqscope.core.types import Severity, SocketType

_SUBSCRIBERS = (SocketType.SUB, SocketType.XSUB, SocketType.DISH)
_PUBLISHERS = (SocketType.PUB, SocketType.XPUB, SocketType.RADIO)
_ENOUGH = 20
_SHOWN = 3
_FULL_BYTES = 64 * 1024
_A_FLOOD_PER_S = 1_000.0
# Rates are measured at slightly different times: less than this is no matter of chance.
_LITTLE = 0.3
_SETTLED_NS = 5 * S


def no_subscription(case: Case) -> list[Candidate]:
    """A SUB without subscriptions gets nothing, by definition."""
    seen = case.seen
    if seen.type not in _SUBSCRIBERS or seen.spec.subscriptions or not seen.peer_count:
        return []
    if seen.type is SocketType.DISH:
        text = "connected, but it has joined no group"
        why = "A DISH gets only messages of the groups that it has joined. Join one in its details."
        fixes = [fix(FixKind.EDIT)]
    else:
        text = "connected, but it has no subscription"
        why = (
            f"A {seen.type.name} gets only messages that begin with one of its subscriptions. The "
            "empty prefix matches everything."
        )
        fixes = [fix(FixKind.SUBSCRIBE_ALL), fix(FixKind.EDIT)]
    return [
        case.found(
            Rule.NO_SUBSCRIPTION,
            Severity.WARNING,
            text,
            why,
            *fixes,
            since_ns=max(seen.subscribed_ns, seen.peers_since_ns),
            grace_ns=case.patience.unsubscribed_ns,
        )
    ]


def subscription_matches_nothing(case: Case) -> list[Candidate]:
    """Nothing that comes begins with a subscription."""
    seen = case.seen
    if seen.type not in _SUBSCRIBERS or not seen.spec.subscriptions or not seen.peer_count:
        return []
    if b"" in seen.spec.subscriptions:
        return []  # everything matches: the publisher is quiet, and that is all
    quiet = [topic for topic in seen.spec.subscriptions if not _matches(topic, seen.received)]
    if not quiet or not seen.received.is_topics_whole:
        return []
    from_ns = max(seen.subscribed_ns, seen.peers_since_ns)
    publishers = _own_publishers(case)
    if publishers and len(publishers) == seen.peer_count:
        return _against_own(case, quiet, publishers, from_ns)
    if len(quiet) < len(seen.spec.subscriptions):
        return _beside_others(case, quiet, from_ns)
    if seen.received.last_ns > seen.opened_ns:
        return []  # of an earlier subscription, or of one that was closed: nothing is sure
    return [_silence(case, quiet, from_ns)]


def _silence(case: Case, quiet: list[bytes], from_ns: int) -> Candidate:
    """Nothing has come at all since the socket was opened."""
    seen = case.seen
    why = (
        "It is connected, but publishers send only what is subscribed to: either nothing is "
        "published now, or nothing of that topic."
    )
    fixes = [fix(FixKind.SUBSCRIBE_ALL)]
    if seen.type is not SocketType.DISH and seen.option("conflate", 0):
        why = (
            "conflate keeps one frame of a message of several, so the topic frame is lost and "
            "nothing matches. Or nothing of that topic is published."
        )
        fixes = [fix(FixKind.TURN_CONFLATE_OFF), *fixes]
    asked = [view for view in seen.endpoints if view.is_connect and view.status.peers]
    fixes += [fix(FixKind.PROBE, view.endpoint) for view in asked[:1]] or [fix(FixKind.EDIT)]
    return case.found(
        Rule.SUBSCRIPTION_MATCHES_NOTHING,
        Severity.INFO,
        f"nothing that begins with {_any_name(quiet)} has come in {_about(case.now_ns - from_ns)}",
        why,
        *fixes,
        since_ns=from_ns,
        grace_ns=case.patience.quiet_ns,
    )


def _about(duration_ns: int) -> str:
    """A duration that does not change with every look: ten seconds, then minutes, are enough."""
    whole_s = duration_ns // S
    if whole_s >= 60:
        return seconds(duration_ns)
    return f"{whole_s - whole_s % 10 if whole_s >= 10 else whole_s} s"


def _against_own(
    case: Case, quiet: list[bytes], publishers: list[Observation], from_ns: int
) -> list[Candidate]:
    """Our own publishers are known to send nothing of the kind."""
    lost = [t for t in quiet if not any(_matches(t, each.sent) for each in publishers)]
    is_known = all(
        each.sent.is_topics_whole and each.sent.messages >= _ENOUGH and each.sent.last_ns > from_ns
        for each in publishers
    )
    if not lost or not is_known:
        return []
    sent = [topic for each in publishers for topic in each.sent.topics][:_SHOWN]
    who = all_of([f"“{each.name}”" for each in publishers])
    return [
        case.found(
            Rule.SUBSCRIPTION_MATCHES_NOTHING,
            Severity.WARNING,
            f"no message matches its subscription to {_names(lost)}",
            f"{who} publishes topics such as {_names(sent)}; they are compared byte by byte."
            f"{_near(lost, sent)}",
            fix(FixKind.EDIT),
            fix(FixKind.SUBSCRIBE_ALL),
            since_ns=from_ns,
            grace_ns=case.patience.slow_ns,
        )
    ]


def _beside_others(case: Case, quiet: list[bytes], from_ns: int) -> list[Candidate]:
    seen = case.seen
    if seen.received.messages < _ENOUGH:
        return []
    come = list(seen.received.topics)[:_SHOWN]
    return [
        case.found(
            Rule.SUBSCRIPTION_MATCHES_NOTHING,
            Severity.INFO,
            f"nothing that came matches its subscription to {_names(quiet)}",
            f"Others come, such as {_names(come)}. Topics are compared byte by byte; or nobody has "
            f"published it yet.{_near(quiet, come)}",
            fix(FixKind.EDIT),
            since_ns=from_ns,
            grace_ns=case.patience.unmatched_ns,
        )
    ]


def slow_joiner(case: Case) -> list[Candidate]:
    """What a publisher sent before its first subscriber came is gone."""
    seen = case.seen
    if seen.type not in _PUBLISHERS or not seen.missed or not seen.joined_ns:
        return []
    if case.now_ns - seen.joined_ns > case.patience.joined_ns:
        return []
    return [
        case.found(
            Rule.SLOW_JOINER,
            Severity.INFO,
            f"{counted(seen.missed, 'message')} published before the first subscriber came",
            f"A {seen.type.name} drops what nobody has subscribed to yet: they are gone. Publish "
            "once the subscriber is there, or let it ask for what it missed.",
            fix(FixKind.SHOW_PEERS),
            since_ns=seen.joined_ns,
        )
    ]


def slow_subscriber(case: Case) -> list[Candidate]:
    """Somebody takes messages more slowly than they come, and the publisher will drop them."""
    seen = case.seen
    if seen.type in _SUBSCRIBERS:
        return _we_are_slow(case) or _we_get_little(case)
    if seen.type not in _PUBLISHERS:
        return []
    slow = [peer for peer in seen.known_peers if (peer.unsent_bytes or 0) >= _FULL_BYTES]
    if not slow:
        return []
    worst = max(slow, key=lambda peer: peer.unsent_bytes or 0)
    more = f" So do {counted(len(slow) - 1, 'other')}." if len(slow) > 1 else ""
    return [
        case.found(
            Rule.SLOW_SUBSCRIBER,
            Severity.WARNING,
            f"the subscriber {peer_words(worst)} reads more slowly than you publish",
            "The system’s send queue to it stays full. Past the high-water mark, a "
            f"{seen.type.name} drops messages for it.{more}",
            fix(FixKind.SHOW_PEERS),
            fix(
                FixKind.RAISE_HIGH_WATER_MARK, value=max(10 * seen.option("sndhwm", 1_000), 10_000)
            ),
            grace_ns=case.patience.slow_ns,
        )
    ]


def _we_are_slow(case: Case) -> list[Candidate]:
    """Our own queue never empties, or what came is not even taken out of the system's."""
    seen = case.seen
    is_full = any((peer.unread_bytes or 0) >= _FULL_BYTES for peer in seen.known_peers)
    if not seen.backlog_since_ns and not is_full:
        return []
    if seen.backlog_since_ns:
        what = f"Its queue has not been empty for {seconds(case.now_ns - seen.backlog_since_ns)}"
    else:
        what = "The system’s receive queue stays full"
    return [
        case.found(
            Rule.SLOW_SUBSCRIBER,
            Severity.WARNING,
            "messages come faster than they are taken",
            f"{what}. Once all queues are full (rcvhwm), the publisher drops messages in silence: "
            "subscribe to less, or have less sent.",
            fix(FixKind.EDIT),
            fix(FixKind.RAISE_HIGH_WATER_MARK, value=1_000_000),
            since_ns=seen.backlog_since_ns,
            grace_ns=case.patience.slow_ns,
        )
    ]


def _we_get_little(case: Case) -> list[Candidate]:
    """A publisher of this app sends far more than we get: it drops the rest, and says nothing.

    Only where everything is subscribed to, and nobody else publishes: then all has to come.
    """
    seen = case.seen
    if seen.peer_count != 1 or b"" not in seen.spec.subscriptions:
        return []
    publishers = _own_publishers(case)
    is_direct = not any(view.is_linked for view in seen.endpoints)
    if len(publishers) != 1 or not is_direct or seen.option("conflate", 0):
        return []
    (publisher,) = publishers
    sent_per_s, got_per_s = publisher.sent.per_s, seen.received.per_s
    is_going_on = case.now_ns - publisher.sent.last_ns < 2 * S
    is_settled = case.now_ns - seen.peers_since_ns > _SETTLED_NS
    special = any(publisher.option(name, 0) for name in ("conflate", "invert_matching"))
    if publisher.type not in _PUBLISHERS or special or not (is_going_on and is_settled):
        return []
    if sent_per_s < _A_FLOOD_PER_S or got_per_s > _LITTLE * sent_per_s:
        return []
    return [
        case.found(
            Rule.SLOW_SUBSCRIBER,
            Severity.WARNING,
            f"gets only a small part of what “{publisher.name}” publishes",
            f"“{publisher.name}” sends {sent_per_s:,.0f} messages a second, and {got_per_s:,.0f} "
            "come: past the high-water mark a publisher drops messages in silence.",
            fix(FixKind.EDIT),
            grace_ns=case.patience.slow_ns,
        )
    ]


def _own_publishers(case: Case) -> list[Observation]:
    """The sockets of this app that publish to this one."""
    seen = case.seen
    found = {
        server.socket_id: server
        for view in seen.endpoints
        if view.is_connect
        and view.status.peers
        and (server := case.scene.binder(view.endpoint)) is not None
    }
    return list(found.values())


def _matches(prefix: bytes, flow: Flow) -> bool:
    """Whether anything that went may begin with a prefix; topics may be cut at a separator."""
    return any(t.startswith(prefix) or (t and prefix.startswith(t)) for t in flow.topics)


def _near(wanted: list[bytes], come: list[bytes]) -> str:
    """What was perhaps meant."""
    for prefix in wanted:
        plain = prefix.strip().lower()
        for topic in come:
            if plain and topic.strip().lower().startswith(plain):
                return f" Perhaps {_shown(topic[: len(plain)])} was meant."
    return ""


def _any_name(topics: list[bytes]) -> str:
    return any_of([_shown(topic) for topic in topics[:_SHOWN]])


def _names(topics: list[bytes]) -> str:
    return all_of([_shown(topic) for topic in topics[:_SHOWN]])


def _shown(topic: bytes) -> str:
    text = topic[:40].decode("utf-8", "replace")
    return "“" + "".join(c if c.isprintable() else f"\\x{ord(c) & 0xFF:02x}" for c in text) + "”"
