"""What each socket type makes of the frames it is given to send. Pure, any thread."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QCoreApplication

from zmqscope.core.errors import EndpointError
from zmqscope.core.groups import group_problem
from zmqscope.core.tcp_address import parse_host_port
from zmqscope.core.types import Problem, Role, SocketSnapshot, SocketType, Turn
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat

_CONTEXT = "SendPattern"

SUBSCRIBE = b"\x01"
CANCEL = b"\x00"

Frames = tuple[FrameDraft, ...]

_GUIDANCE: dict[SocketType, str] = {
    SocketType.PAIR: "Goes to the one connected PAIR.",
    SocketType.PUB: "Goes to whoever subscribed to frame 1, the topic.",
    SocketType.SUB: "",
    SocketType.REQ: "Sends one request, then waits for its reply. libzmq adds the envelope.",
    SocketType.REP: "Answers the request it holds. libzmq adds the envelope.",
    SocketType.DEALER: "Goes to one connected peer, each in turn.",
    SocketType.ROUTER: "Frame 1 names the peer.",
    SocketType.PULL: "",
    SocketType.PUSH: "Goes to one connected PULL, each in turn.",
    SocketType.XPUB: "Goes to whoever subscribed to frame 1, the topic.",
    SocketType.XSUB: "01 and a topic subscribes, 00 cancels; the rest goes upstream.",
    SocketType.STREAM: "Frame 1 names the connection, frame 2 is its bytes; empty, it closes it.",
    SocketType.SERVER: "Frame 1 names the CLIENT, frame 2 is the message.",
    SocketType.CLIENT: "Goes to one connected SERVER, each in turn.",
    SocketType.RADIO: "Goes to each DISH that joined the group in frame 1; frame 2 is the message.",
    SocketType.DISH: "",
    SocketType.GATHER: "",
    SocketType.SCATTER: "Goes to one connected GATHER, each in turn.",
    SocketType.DGRAM: "Goes as one datagram to the address in frame 1; frame 2 is its bytes.",
    SocketType.PEER: "Frame 1 names the other PEER, frame 2 is the message.",
    SocketType.CHANNEL: "Goes to the one connected CHANNEL.",
}

_SENDERS = {
    SocketType.SUB: "PUB",
    SocketType.PULL: "PUSH",
    SocketType.DISH: "RADIO",
    SocketType.GATHER: "SCATTER",
}


class FrameRole(Enum):
    """What a frame is to the pattern; the values are the words beside its number."""

    NONE = ""
    ROUTING_ID = "identity"
    DELIMITER = "delimiter"
    TOPIC = "topic"
    GROUP = "group"
    ADDRESS = "address"
    SUBSCRIBE = "subscribe"
    CANCEL = "cancel"
    RAW = "raw"


_ROLES: dict[SocketType, tuple[FrameRole, ...]] = {
    SocketType.PUB: (FrameRole.TOPIC,),
    SocketType.XPUB: (FrameRole.TOPIC,),
    SocketType.ROUTER: (FrameRole.ROUTING_ID,),
    SocketType.STREAM: (FrameRole.ROUTING_ID, FrameRole.RAW),
    SocketType.SERVER: (FrameRole.ROUTING_ID,),
    SocketType.PEER: (FrameRole.ROUTING_ID,),
    SocketType.RADIO: (FrameRole.GROUP,),
    SocketType.DGRAM: (FrameRole.ADDRESS,),
}
_XSUB_ROLES: dict[bytes, tuple[FrameRole, ...]] = {
    SUBSCRIBE: (FrameRole.SUBSCRIBE,),
    CANCEL: (FrameRole.CANCEL,),
}


class Obstacle(Enum):
    """Why a socket cannot send now, whatever the message."""

    NONE = "none"
    NO_SOCKET = "no socket"
    CLOSED = "closed"
    RECEIVES_ONLY = "receives only"
    AWAITS_REPLY = "awaits reply"
    AWAITS_REQUEST = "awaits request"


def guidance(kind: SocketType) -> str:
    """Where a message of this type goes, in one sentence; empty if it cannot send."""
    return _tr(_GUIDANCE[kind]) if _GUIDANCE[kind] else ""


# ---- the socket -----------------------------------------------------------------------------


def obstacle_of(snapshot: SocketSnapshot | None, turn: Turn) -> Obstacle:
    """What keeps a socket from sending now.

    Args:
        snapshot: The socket; None when none is chosen.
        turn: Whose turn it is on a REQ or REP.
    """
    if snapshot is None:
        return Obstacle.NO_SOCKET
    kind = snapshot.spec.type
    if not kind.can_send:
        return Obstacle.RECEIVES_ONLY
    if not snapshot.is_open:
        return Obstacle.CLOSED
    if kind is SocketType.REQ and turn is Turn.AWAITS_REPLY:
        # ZMQ_REQ_RELAXED (zmq_setsockopt(3)) lets a new request overtake a lost reply.
        is_relaxed = bool(dict(snapshot.spec.options).get("req_relaxed", 0))
        return Obstacle.NONE if is_relaxed else Obstacle.AWAITS_REPLY
    if kind is SocketType.REP and turn is Turn.AWAITS_REQUEST:
        return Obstacle.AWAITS_REQUEST
    return Obstacle.NONE


def obstacle_problem(obstacle: Obstacle, kind: SocketType | None) -> Problem | None:
    """The obstacle in words, with what to do."""
    match obstacle:
        case Obstacle.NONE:
            return None
        case Obstacle.NO_SOCKET:
            return Problem(
                _tr("No socket is chosen."), _tr("Choose one in the list to send from it.")
            )
        case Obstacle.CLOSED:
            return Problem(_tr("This socket is closed."), _tr("Reopen it to send."))
        case Obstacle.RECEIVES_ONLY:
            name = kind.name if kind is not None else ""
            sender = _SENDERS.get(kind, "PUB") if kind is not None else "PUB"
            return Problem(
                _tr("A {0} only receives, it cannot send.").format(name),
                _tr("Send from a {0} that it is connected to, or from another socket.").format(
                    sender
                ),
            )
        case Obstacle.AWAITS_REPLY:
            return Problem(
                _tr("Waiting for the reply to the request that was sent."),
                _tr("If it is lost, reopen the socket, or open it with req_relaxed=1."),
            )
        case Obstacle.AWAITS_REQUEST:
            return Problem(
                _tr("This REP holds no request to answer."),
                _tr("It can send once the next request has come."),
            )


def readiness(kind: SocketType, turn: Turn) -> str:
    """What a socket in lock-step can do now, when it may send; empty for all others."""
    if kind is SocketType.REQ and turn is Turn.MAY_SEND:
        return _tr("Ready for a request.")
    if kind is SocketType.REP and turn is Turn.HOLDS_REQUEST:
        return _tr("Holds a request: what is sent now answers it.")
    return ""


# ---- the message ----------------------------------------------------------------------------


def leading_roles(kind: SocketType, frames: Sequence[bytes | None]) -> tuple[FrameRole, ...]:
    """What the first frames are to the pattern; all further ones are plain.

    Args:
        kind: The socket type.
        frames: The first three frames at least; None for one that cannot be read yet.
    """
    if not frames:
        return ()
    if kind is SocketType.XSUB:
        return _XSUB_ROLES.get((frames[0] or b"")[:1], ())
    delimiter = (FrameRole.DELIMITER,) if has_delimiter(kind, frames) else ()
    return _ROLES.get(kind, ()) + delimiter


def message_problem(kind: SocketType, frames: Sequence[bytes]) -> Problem | None:
    """What a message lacks for this socket type, as far as that can be known before sending."""
    if kind is SocketType.STREAM and len(frames) != 2:
        return Problem(
            _tr("A STREAM sends exactly two frames: the connection's routing id and the bytes."),
            _tr("Put all bytes into frame 2."),
        )
    if kind.body_frames:
        problem = _draft_count_problem(kind, len(frames))
        if problem is not None:
            return problem
    if kind.has_groups:
        return group_problem(frames[0])
    if kind.names_address:
        return _address_problem(frames[0])
    return _routing_id_problem(kind, frames) if kind.routes_by_identity else None


def _draft_count_problem(kind: SocketType, count: int) -> Problem | None:
    """Drafts know no messages of several frames (RFC 41, RFC 48, zmq_socket(3))."""
    head = _head_words(kind)
    wanted = kind.body_frames + bool(head)
    if count == wanted:
        return None
    if head and count < wanted:
        return Problem(
            _tr("A {0} needs {1} in frame 1, then the message.").format(kind.name, head),
            _tr("Add a frame for the message."),
        )
    several = _tr("Put everything into one frame, or use a {0}.").format(kind.twin.name)
    if head:
        several = _tr("Put the whole message into frame 2.")
    return Problem(_tr("A {0} cannot send a message of several frames.").format(kind.name), several)


def _head_words(kind: SocketType) -> str:
    """What stands before the message of a draft type; empty where nothing does."""
    if kind.routes_by_identity:
        return _tr("the routing id of the peer")
    if kind.has_groups:
        return _tr("a group")
    return _tr("an address") if kind.names_address else ""


def _address_problem(address: bytes) -> Problem | None:
    hint = _tr("Pick one seen before, or type one such as 127.0.0.1:5556.")
    if not address:
        return Problem(_tr("Frame 1 is empty, but it has to say where the datagram goes."), hint)
    text = address.rstrip(b"\0").decode("utf-8", "backslashreplace")
    try:
        parse_host_port("udp", text, Role.CONNECT)
    except EndpointError as error:
        return Problem(_tr("Frame 1 is no address: {0}").format(error.problem.text), hint)
    return None


def _routing_id_problem(kind: SocketType, frames: Sequence[bytes]) -> Problem | None:
    if len(frames) < 2:
        return Problem(
            _tr("A {0} needs the routing id of the peer, then the message.").format(kind.name),
            _tr("Add a frame for the message."),
        )
    if not frames[0]:
        return Problem(
            _tr("Frame 1 is empty, but it has to name the peer."),
            _tr("Pick a routing id seen before, or type one."),
        )
    return None


def starting_frames(kind: SocketType | None) -> Frames:
    """What an empty composer begins with."""
    plain = FrameDraft()
    match kind:
        case SocketType.ROUTER | SocketType.STREAM | SocketType.SERVER | SocketType.PEER:
            return (FrameDraft(FrameFormat.HEX), plain)
        case SocketType.PUB | SocketType.XPUB | SocketType.RADIO | SocketType.DGRAM:
            return (plain, plain)
        case _:
            return (plain,)


def is_blank(frames: Sequence[FrameDraft]) -> bool:
    """Whether nothing was written yet."""
    return all(frame.is_blank for frame in frames)


# ---- envelopes ------------------------------------------------------------------------------


def delimiter_at(kind: SocketType) -> int | None:
    """Where an empty delimiter belongs (RFC 28); None on types that write none by hand."""
    return {SocketType.ROUTER: 1, SocketType.DEALER: 0}.get(kind)


def has_delimiter(kind: SocketType, frames: Sequence[bytes | None]) -> bool:
    """Whether an empty delimiter stands where it belongs, with a body behind it."""
    at = delimiter_at(kind)
    return at is not None and len(frames) > at + 1 and frames[at] == b""


def delimiter_words(kind: SocketType) -> str:
    """Why one would want a delimiter on this type."""
    if kind is SocketType.ROUTER:
        return _tr(
            "A REQ expects an empty frame between the routing id and the body. "
            "A DEALER or ROUTER does not."
        )
    return _tr(
        "A REP expects an empty frame before the body and keeps what stands before it as "
        "the way back. A ROUTER or DEALER does not."
    )


# ---- subscriptions --------------------------------------------------------------------------


def subscription_frame(topic: bytes, *, cancel: bool = False) -> bytes:
    """The message with which an XSUB subscribes or cancels (RFC 29)."""
    return (CANCEL if cancel else SUBSCRIBE) + topic


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
