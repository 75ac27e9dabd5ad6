"""An open link: two flows, and what is to be done with commands. The links' thread.

Sources: RFC 45 (ZWS 2.0), RFC 37 (READY, PING), RFC 41 and 48 (CLIENT-SERVER, RADIO-DISH).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.transcoder import new_state
from zmqscope.core.types import SocketType
from zmqscope.core.wording import quoted
from zmqscope.core.zmtp import commands as zmtp
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.socket_types import can_talk
from zmqscope.engine.links.flow import Flow, LinkFailedError, Scratch
from zmqscope.engine.links.framing import Framing, WebSocketFraming, ZmtpFraming
from zmqscope.engine.links.wire import Wire

_SUBSCRIBE, _CANCEL = b"\x01", b"\x00"
_LAST_OF_HANDSHAKE = (b"READY", b"INITIATE")
_MOST_GROUPS = 100_000
_LONGEST_TYPE = 20

# Who a peer is taken to be where it does not say so: bare ZWS 2.0 has no READY (RFC 45).
_USUAL_PEER = {
    SocketType.PUB: "SUB",
    SocketType.XPUB: "SUB",
    SocketType.SUB: "PUB",
    SocketType.XSUB: "PUB",
    SocketType.REQ: "ROUTER",
    SocketType.REP: "DEALER",
    SocketType.DEALER: "ROUTER",
    SocketType.ROUTER: "DEALER",
    SocketType.PULL: "PUSH",
    SocketType.PUSH: "PULL",
    SocketType.PAIR: "PAIR",
}


class WrongPeerError(LinkFailedError):
    """The peer's socket type does not fit ours."""


@dataclass(frozen=True, slots=True)
class BridgePlan:
    """What a bridge is between.

    Attributes:
        kind: The type of our socket, as peers see it.
        mechanism: The security mechanism of both sides.
        is_websocket: Whether the peer speaks WebSocket; else it speaks ZMTP.
        is_client: Whether we are the WebSocket's client.
        has_ready: Whether the peer sends a READY; False with bare ZWS 2.0.
    """

    kind: SocketType
    mechanism: bytes
    is_websocket: bool
    is_client: bool
    has_ready: bool = True


class Bridge:
    """Between the wire of a peer and one of our own socket, both past their greetings.

    Args:
        plan: See ``BridgePlan``.
        outer: The peer's.
        inner: Our socket's.
        scratch: Buffers.
        rest: What came from the peer already.

    Attributes:
        on_handshake: Called once the peer has shaken hands, before our own socket knows of it.
        peer_type: What the peer says it is; empty if it does not.
        peer_identity: The routing id that it gives itself; None if it does not.
    """

    def __init__(
        self, plan: BridgePlan, outer: Wire, inner: Wire, scratch: Scratch, rest: bytes = b""
    ) -> None:
        self._plan = plan
        self._outer, self._inner = outer, inner
        self.on_handshake: Callable[[], None] | None = None
        self.peer_type = b""
        self.peer_identity: bytes | None = None
        self._has_inner_ready = False
        self._has_outer_ready = False
        self._waits_for_pong = False
        self._zmtp = ZmtpFraming(self._from_inner)
        self._websocket: WebSocketFraming | None = None
        framing = at.WEBSOCKET if plan.is_websocket else at.ZMTP
        if plan.is_websocket:
            self._websocket = WebSocketFraming(
                self._from_outer, self._on_pong, self._send_pong, plan.is_client
            )
        self._outside: Framing = self._websocket or ZmtpFraming(self._from_outer)
        self._incoming = Flow(
            outer,
            inner,
            new_state(
                framing, at.ZMTP, filters=plan.kind is SocketType.DISH, is_masked=not plan.is_client
            ),
            scratch,
            self._take_from_outer,
        )
        self._outgoing = Flow(
            inner,
            outer,
            # Subscriptions match by prefix, groups as a whole.
            new_state(at.ZMTP, framing, plan.is_client, plan.kind is SocketType.RADIO),
            scratch,
            self._zmtp.take,
        )
        self._set_up()
        self._incoming.begin_with(rest)

    def _set_up(self) -> None:
        self._set_escapes()
        # Of a DISH's twin nothing comes but subscriptions.
        self._outgoing.state[at.ESCAPES] = self._plan.kind is SocketType.DISH

    @property
    def _is_open_handshake(self) -> bool:
        """Whether both sides may send READY at once: PLAIN and CURVE take turns."""
        return self._plan.mechanism == b"NULL"

    @property
    def is_done(self) -> bool:
        """Whether both sides have shaken hands, as far as that can be seen."""
        return self._has_inner_ready and self._has_outer_ready

    @property
    def has_peer_left_early(self) -> bool:
        """Whether the peer has left before both sides had shaken hands."""
        return self._incoming.has_ended and not self.is_done

    @property
    def has_ended(self) -> bool:
        """Whether one side has left, and what it said before has been passed on."""
        closing = self._websocket is not None and self._websocket.is_closing
        return ((self._incoming.has_ended or closing) and not self._incoming.writes) or (
            self._outgoing.has_ended and not self._outgoing.writes
        )

    # ---- moving -----------------------------------------------------------------------------

    def move(self) -> bool:
        """Move what can be moved, within a bound; whether there is more to do at once.

        Raises:
            OSError: A connection is broken.
            LinkFailedError: The peer broke a protocol.
        """
        more = self._outgoing.move()
        return self._incoming.move() or more

    def interests(self) -> list[tuple[Wire, int]]:
        """What each wire has to be ready for before there is more to do."""
        return [
            (self._outer, _needs(self._outer, self._incoming.reads, self._outgoing.writes)),
            (self._inner, _needs(self._inner, self._outgoing.reads, self._incoming.writes)),
        ]

    def say_goodbye(self) -> None:
        """Tell the peer that no more will come."""
        if self._websocket is not None:
            self._outgoing.put(self._websocket.close())
        self._outer.end()

    def _send_pong(self, frame: bytes) -> None:
        self._outgoing.put_latest(frame)

    def _give_in(self, is_command: bool, more: bool, body: bytes) -> None:
        self._incoming.put(self._zmtp.encode(is_command, more, body))

    def _give_out(self, is_command: bool, more: bool, body: bytes) -> None:
        self._outgoing.put(self._outside.encode(is_command, more, body))

    # ---- from our socket --------------------------------------------------------------------

    def _from_inner(self, is_command: bool, more: bool, body: bytes) -> None:
        if not is_command:
            self._on_subscription(body)
            return
        name, data = _split(body)
        if name in _LAST_OF_HANDSHAKE and self._plan.mechanism != b"CURVE":
            self._on_inner_ready(name, data)
        elif name == b"PING" and self._websocket is not None:
            # A WebSocket has pings of its own; its pong comes back as ours.
            self._waits_for_pong = True
            self._outgoing.put(self._websocket.ping(data[2:]))
        elif name != b"PONG" or self._websocket is None:
            self._has_inner_ready |= name in _LAST_OF_HANDSHAKE
            self._give_out(True, False, body)

    def _on_inner_ready(self, name: bytes, data: bytes) -> None:
        metadata = _metadata(data)
        self._has_inner_ready = True
        self._incoming.release()
        if not self._plan.has_ready:
            if self._websocket is not None:
                identity = zmtp.find(metadata, "Identity") or b""
                self._outgoing.put(self._websocket.raw(b"\0" + identity))
            return
        kind = self._plan.kind
        if kind.is_draft or kind is SocketType.PUB:  # a PUB is an XPUB underneath
            metadata = _as_type(metadata, kind.name.encode())
        self._give_out(True, False, zmtp.encode_command(name, zmtp.write_metadata(metadata)))

    def _on_subscription(self, body: bytes) -> None:
        """A message that is not moved in bulk: what the twin of a DISH sends."""
        group = body[1:]
        if body[:1] == _SUBSCRIBE and self._incoming.groups.join(group):
            self._give_out(True, False, zmtp.encode_join(group))
        elif body[:1] == _CANCEL and self._incoming.groups.leave(group):
            self._give_out(True, False, zmtp.encode_leave(group))

    # ---- from the peer ----------------------------------------------------------------------

    def _take_from_outer(self, data: memoryview) -> int:
        """Take the frame at the beginning; see ``OnSpecial``."""
        if self._is_open_handshake and not self._has_inner_ready:
            # Nothing may reach libzmq between its greeting and its READY: it would not come back.
            self._incoming.is_held = True
            return 0
        used = self._outside.take(data)
        self._set_escapes()
        return used

    def _set_escapes(self) -> None:
        """Whether the next bytes from the peer are no frame that could be moved as it is."""
        awaits_ready = self._is_open_handshake and not self._has_outer_ready
        is_inside = self._websocket is not None and self._websocket.is_inside
        self._incoming.state[at.ESCAPES] = awaits_ready or is_inside

    def _from_outer(self, is_command: bool, more: bool, body: bytes) -> None:
        if not self._has_outer_ready and not self._plan.has_ready:
            self._on_routing_id(body)
        elif not is_command:
            self._on_message(more, body)
        else:
            self._on_command(body)

    def _on_command(self, body: bytes) -> None:
        name, data = _split(body)
        if name in _LAST_OF_HANDSHAKE and self._plan.mechanism != b"CURVE":
            self._on_outer_ready(name, data)
        elif name in (b"JOIN", b"LEAVE"):
            self._on_join(name, data)
        else:
            if name in _LAST_OF_HANDSHAKE and not self._has_outer_ready:
                self._tell_handshake()
                self._has_outer_ready = True
            self._give_in(True, False, body)

    def _on_message(self, more: bool, body: bytes) -> None:
        """A message's frame that was not moved in bulk: a WebSocket's fragments put together."""
        if self._is_open_handshake and not self._has_outer_ready:
            raise LinkFailedError("sent a message before its handshake")
        state = self._incoming.state
        if state[at.FILTERS] and not state[at.IS_INSIDE]:
            state[at.DROPS_REST] = not (more and body in self._incoming.groups)
        drops, state[at.IS_INSIDE] = bool(state[at.DROPS_REST]), more
        if not more:
            state[at.DROPS_REST] = 0
        if not drops:
            self._give_in(False, more, body)

    def _on_routing_id(self, routing_id: bytes) -> None:
        """Bare ZWS 2.0: the first message is the peer's routing id, READY is ours to make."""
        self._has_outer_ready = True
        self.peer_identity = routing_id[:255] or None
        self._tell_handshake()
        peer = _USUAL_PEER[self._plan.kind.twin].encode()
        ready = zmtp.encode_ready((("Socket-Type", peer), ("Identity", routing_id[:255])))
        self._give_in(True, False, ready)

    def _on_outer_ready(self, name: bytes, data: bytes) -> None:
        metadata = _metadata(data)
        kind = self._plan.kind
        peer = zmtp.find(metadata, "Socket-Type") or b""
        fits = can_talk(kind.name.encode(), peer)
        if not fits:
            raise WrongPeerError(f"is a {_shown_type(peer)}")
        self.peer_type, self.peer_identity = peer, zmtp.find(metadata, "Identity") or None
        self._tell_handshake()
        if kind.is_draft:
            metadata = _as_type(metadata, _seen_by_twin(kind))
        self._has_outer_ready = True
        self._give_in(True, False, zmtp.encode_command(name, zmtp.write_metadata(metadata)))

    def _tell_handshake(self) -> None:
        if self.on_handshake is not None:
            self.on_handshake()

    def _on_join(self, name: bytes, group: bytes) -> None:
        if self._plan.kind is not SocketType.RADIO:
            return
        groups = self._outgoing.groups
        if len(groups) >= _MOST_GROUPS or len(group) > at.MAX_GROUP:
            raise LinkFailedError("joined more groups, or a longer one, than a DISH may")
        if name == b"JOIN" and groups.join(group):
            self._give_in(False, False, _SUBSCRIBE + group)
        elif name == b"LEAVE" and groups.leave(group):
            self._give_in(False, False, _CANCEL + group)

    def _on_pong(self, payload: bytes) -> None:
        if self._waits_for_pong:
            # Not those that nobody asked for: before READY, or under CURVE, libzmq would give up.
            self._waits_for_pong = False
            self._give_in(True, False, zmtp.encode_pong(payload[: zmtp.MAX_CONTEXT_BYTES]))


def _needs(wire: Wire, reads: bool, writes: bool) -> int:
    return (wire.receive_needs if reads else 0) | (wire.send_needs if writes else 0)


def _shown_type(peer: bytes) -> str:
    text = peer.decode("ascii", "backslashreplace")
    if not text:
        return "socket without a type"
    return (
        text if text.isalnum() and len(text) <= _LONGEST_TYPE else f"socket of type {quoted(text)}"
    )


def _seen_by_twin(kind: SocketType) -> bytes:
    """What the peer of a draft type is to its twin."""
    if kind is SocketType.PEER:
        return b"DEALER"
    peers = {
        SocketType.SERVER: SocketType.CLIENT,
        SocketType.CLIENT: SocketType.SERVER,
        SocketType.RADIO: SocketType.DISH,
        SocketType.DISH: SocketType.RADIO,
        SocketType.SCATTER: SocketType.GATHER,
        SocketType.GATHER: SocketType.SCATTER,
    }
    return peers.get(kind, kind).twin.name.encode()


def _as_type(metadata: zmtp.Metadata, kind: bytes) -> zmtp.Metadata:
    """Metadata of a socket of another type; draft types have no identity."""
    kept = tuple(
        (name, value) for name, value in metadata if name.lower() not in ("socket-type", "identity")
    )
    return (("Socket-Type", kind), *kept)


def _split(body: bytes) -> tuple[bytes, bytes]:
    try:
        return zmtp.split_command(body)
    except ZmtpError as error:
        raise LinkFailedError(f"broke ZMTP: {error}") from None


def _metadata(data: bytes) -> zmtp.Metadata:
    try:
        return zmtp.read_metadata(data)
    except ZmtpError as error:
        raise LinkFailedError(f"broke ZMTP: {error}") from None
