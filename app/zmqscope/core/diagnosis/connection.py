"""Rules about connections that are lost, refused to a second peer, or cannot be bound. Pure.

Any thread.
"""

from __future__ import annotations

import errno

from zmqscope.core.diagnosis.attempts import Loss, Outcome
from zmqscope.core.diagnosis.case import Candidate, Case, S, counted, fix
from zmqscope.core.diagnosis.finding import Fix, FixKind, Rule
from zmqscope.core.diagnosis.handshake import SETTLE_NS, is_over
from zmqscope.core.diagnosis.observation import EndpointView
from zmqscope.core.types import Severity, SocketType

_MANY_LOSSES = 3
_AT_ONCE_NS = 1 * S
_SMALL_BYTES = 1024
_KIB = 1024


def address_in_use(case: Case, view: EndpointView) -> Candidate | None:
    """Another socket or program has the address."""
    if view.failed_with != errno.EADDRINUSE:
        return None
    owner = case.scene.binders.get(view.endpoint.address)
    if owner is not None and owner != case.seen.socket_id:
        who = f"{case.scene.name(owner)} of this app is bound there."
    elif view.owner:
        who = f"{view.owner} is bound there."
    else:
        who = "Another program is bound there (which one, the system does not tell), or it was."
    return case.found(
        Rule.ADDRESS_IN_USE,
        Severity.ERROR,
        f"{view.endpoint.address} is already in use",
        f"{who} End it, choose another port, or connect to it instead of binding; then reconnect.",
        fix(FixKind.RECONNECT, view.endpoint),
        fix(FixKind.EDIT),
        fix(FixKind.REMOVE_ENDPOINT, view.endpoint),
        at=view.endpoint,
    )


def second_pair(case: Case, view: EndpointView) -> Candidate | None:
    """A PAIR has one peer; libzmq lets a second one connect and tells neither."""
    if case.seen.type not in (SocketType.PAIR, SocketType.CHANNEL):
        return None
    text = "" if not view.surplus else f"a second peer is connected to {view.where}"
    if not text and view.is_connect and view.status.peers:
        server = case.scene.binder(view.endpoint)
        # The bound one knows how many came; who is the one that counts is only known if it is
        # not us: the first that came.
        if server is not None and any(each.surplus for each in server.endpoints):
            first = [p for p in server.known_peers if p.own_socket is not None]
            if first and first[0].own_socket == case.seen.socket_id:
                return None
            text = f"{view.where} may have another peer already"
    if not text:
        return None
    return case.found(
        Rule.SECOND_PAIR,
        Severity.WARNING,
        text,
        f"A {case.seen.type.name} exchanges messages with its first peer only: nothing passes to "
        "another. End one of the two and reconnect, or use DEALER.",
        fix(FixKind.SHOW_PEERS),
        fix(FixKind.RECONNECT, view.endpoint),
        fix(FixKind.REMOVE_ENDPOINT, view.endpoint),
        at=view.endpoint,
    )


# ---- cut connections ------------------------------------------------------------------------


def message_too_large(case: Case, view: EndpointView) -> Candidate | None:
    """A frame above MAXMSGSIZE cuts the connection it comes over (zmq_setsockopt(3))."""
    loss = _last_loss(case, view)
    if loss is None:
        return None
    limit = case.seen.option("maxmsgsize", -1)
    if limit >= 0 and _came_back_or_over(case, view, loss):
        return case.found(
            Rule.MESSAGE_TOO_LARGE,
            Severity.ERROR if view.is_connect and is_over(case, view) else Severity.WARNING,
            f"a connection of {view.where} was cut, probably by maxmsgsize",
            f"libzmq drops a frame of more than {counted(limit, 'byte')} together with its "
            f"connection. Or the peer closed it itself. {_again(case, view)}",
            fix(FixKind.RAISE_MAX_MESSAGE_SIZE, value=_raised(limit)),
            fix(FixKind.RECONNECT, view.endpoint),
            fix(FixKind.EDIT),
            at=view.endpoint,
            since_ns=loss.time_ns,
            grace_ns=SETTLE_NS,
        )
    return _ours_too_large(case, view, loss)


def _ours_too_large(case: Case, view: EndpointView, loss: Loss) -> Candidate | None:
    sending = case.seen.sending
    after_ns = loss.time_ns - sending.largest_ns
    is_by_it = sending.largest_ns == sending.sent_ns and 0 <= after_ns <= _AT_ONCE_NS
    if not is_by_it or sending.largest_bytes < _SMALL_BYTES or not view.is_connect:
        return None
    if view.attempts.success_ns - loss.time_ns not in range(1, 2 * _AT_ONCE_NS):
        return None
    return case.found(
        Rule.MESSAGE_TOO_LARGE,
        Severity.WARNING,
        f"{view.where} hung up right after our largest message",
        f"It was cut right after {sending.largest_bytes:,} bytes, and came back at once: the peer "
        "may have a limit (maxmsgsize), so the message is lost. Or it was restarted.",
        fix(FixKind.COMPOSE),
        at=view.endpoint,
        since_ns=loss.time_ns,
        grace_ns=SETTLE_NS,
    )


def heartbeat_lost(case: Case, view: EndpointView) -> Candidate | None:
    """With heartbeats, a peer that says nothing is dropped (ZMQ_HEARTBEAT_TIMEOUT)."""
    loss = _last_loss(case, view)
    if loss is None and view.waiting and view.attempts.losses:
        loss = view.attempts.losses[-1]  # it still hangs
    interval_ms = case.seen.option("heartbeat_ivl", 0)
    if loss is None or interval_ms <= 0:
        return None
    timeout_ms = case.seen.option("heartbeat_timeout", -1)
    timeout_ms = timeout_ms if timeout_ms > 0 else interval_ms
    gone = next((d for d in case.seen.departed if d.endpoint == view.endpoint), None)
    is_hanging = view.is_connect and view.waiting > 0
    if view.is_connect and view.attempts.success_ns > loss.time_ns:
        return None
    if gone is None and not is_hanging:
        return None
    if gone is not None:
        state = "is stopped" if gone.process.is_stopped else "still runs"
        who = f"Its process {gone.process.name} ({gone.process.pid}) {state}"
    else:
        who = "Its system takes connections, its program does not answer"
    is_certain = gone is not None and gone.process.is_stopped
    why = "so it was dropped."
    if not is_certain:
        why = "so it was probably dropped."
    return case.found(
        Rule.HEARTBEAT_LOST,
        Severity.WARNING,
        f"the peer of {view.where} stopped answering heartbeats",
        f"{who}, {why} It is asked every {interval_ms} ms and has {timeout_ms} ms to answer; raise "
        "heartbeat_timeout if it is only slow.",
        fix(FixKind.SHOW_PEERS),
        probe_or_edit(view),
        at=view.endpoint,
        since_ns=loss.time_ns,
        grace_ns=SETTLE_NS,
    )


def flapping(case: Case, view: EndpointView) -> Candidate | None:
    """The connection comes and goes."""
    if case.seen.type is SocketType.STREAM:
        return None
    since_ns = case.now_ns - case.patience.flapping_ns
    lost = view.attempts.losses_since(since_ns)
    if not view.is_connect or lost < _MANY_LOSSES:
        return None
    causes = ["the peer is restarted, crashes or closes it"]
    if case.seen.option("maxmsgsize", -1) >= 0:
        causes.append("a message above maxmsgsize")
    if case.seen.option("heartbeat_ivl", 0) > 0:
        causes.append("heartbeats without an answer")
    if case.seen.sending.sent_ns:
        causes.append("a message that it does not take")
    return case.found(
        Rule.FLAPPING,
        Severity.WARNING,
        f"the connection to {view.where} comes and goes",
        f"Lost {lost} times within {case.patience.flapping_ns // S} s. Possible: "
        f"{'; '.join(causes)}.",
        fix(FixKind.SHOW_PEERS),
        fix(FixKind.PROBE, view.endpoint),
        fix(FixKind.EDIT),
        at=view.endpoint,
    )


def probe_or_edit(view: EndpointView) -> Fix:
    """A connect can be probed."""
    return fix(FixKind.PROBE, view.endpoint) if view.is_connect else fix(FixKind.EDIT)


def _last_loss(case: Case, view: EndpointView) -> Loss | None:
    """The latest connection that was cut, as long as it is worth telling."""
    if not view.attempts.losses or case.seen.type is SocketType.STREAM:
        return None
    loss = view.attempts.losses[-1]
    return loss if case.now_ns - loss.time_ns <= case.patience.lost_memory_ns else None


def _came_back_or_over(case: Case, view: EndpointView, loss: Loss) -> bool:
    """Whether it does not look as if the peer had just gone."""
    if view.is_connect and is_over(case, view):
        return True
    if view.attempts.failed(Outcome.UNREACHED) is not None:
        return False
    return 0 < view.attempts.success_ns - loss.time_ns < 2 * _AT_ONCE_NS


def _again(case: Case, view: EndpointView) -> str:
    if view.is_connect and is_over(case, view):
        return "libzmq has given the connection up: raise it, then reconnect."
    return "The message is lost."


def _raised(limit: int) -> int:
    """The next power of two that is at least sixteen times as much."""
    return 1 << max(16 * limit, 64 * _KIB - 1).bit_length()
