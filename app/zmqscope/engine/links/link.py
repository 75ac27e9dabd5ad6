"""One connection of a peer and one of our own socket, from the first byte to the last.

The links' thread.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum, auto

from zmqscope.core.types import Role, SocketType
from zmqscope.engine.links.bridge import Bridge, BridgePlan
from zmqscope.engine.links.flow import LinkFailedError, Scratch
from zmqscope.engine.links.opening import (
    Awaited,
    bridge_side,
    dial,
    dial_inner,
    greet_inner,
    greet_outer,
    shake_hands,
    upgrade,
)
from zmqscope.engine.links.plan import GatePlan, PeerFacts
from zmqscope.engine.links.socks import IS_IT_SOCKS, ask_proxy
from zmqscope.engine.links.tunnel import Tunnel
from zmqscope.engine.links.upgrade import PLAIN_ZWS, Answering, Asking
from zmqscope.engine.links.whereabouts import whereabouts
from zmqscope.engine.links.wire import READ, PlainWire, TlsWire, Wire
from zmqscope.engine.watch.descriptors import own_name

_GOODBYE_S = 1.0
_ZWS = "ZWS 2.0"


class Progress(Enum):
    """What became of a step."""

    WAITS = auto()
    HAS_MORE = auto()
    HAS_ENDED = auto()


@dataclass(slots=True)
class _Open:
    """The wires of a link, as far as there are any."""

    outer: Wire | None = None
    inner: Wire | None = None


class Link:
    """Opens, pumps, says goodbye.

    Args:
        plan: Of its endpoint.
        scratch: Buffers.
        connection: The peer's connection if the endpoint is bound, else our socket's.

    Attributes:
        failure: Why it ended, if it did not just end.
        deadline_s: When it has to be past its handshake, or gone after its goodbye; monotonic.
        was_reached: Whether somebody was at the other end at all.
        is_at_proxy: Whether it only talks with the proxy so far.
        on_facts: Told who the peer is, before our own socket knows of it.
    """

    def __init__(self, plan: GatePlan, scratch: Scratch, connection: socket.socket) -> None:
        self._plan = plan
        self._scratch = scratch
        self._wires = _Open()
        self._bridge: Bridge | Tunnel | None = None
        self._awaited: Awaited = 0.0
        self._is_leaving = False
        # Closed at the end in any case: before a wire has it, nothing else would.
        self._attempts: list[socket.socket] = []
        if plan.endpoint.role is Role.BIND:
            self._attempts.append(connection)
            self.was_reached = True
            self._steps = self._answer(connection)
        else:
            self.was_reached = False
            self._wires.inner = PlainWire(connection)
            self._steps = self._ask()
        self.is_at_proxy = False
        self.on_facts: Callable[[PeerFacts], None] | None = None
        self._version = ""
        self._is_heard = False
        self.failure: Exception | None = None
        self.deadline_s = time.monotonic() + plan.handshake_s

    @property
    def is_open(self) -> bool:
        """Whether both sides have shaken hands."""
        return self._bridge is not None and self._bridge.is_done

    @property
    def is_leaving(self) -> bool:
        """Whether it only waits for the peer to leave."""
        return self._is_leaving

    def is_newly_through(self) -> bool:
        """Whether a peer has been heard through a tunnel for the first time; True once."""
        if self._is_heard or not (self._plan.is_tunnel and self.is_open):
            return False
        self._is_heard = True
        return True

    # ---- opening ----------------------------------------------------------------------------

    def _answer(self, connection: socket.socket) -> Generator[Awaited, None, None]:
        """A peer has connected to us."""
        plan = self._plan
        outer = bridge_side(plan, connection, is_client=False)
        self._wires.outer = outer
        if isinstance(outer, TlsWire):
            yield from shake_hands(outer)
        if not plan.is_websocket:
            greeting = yield from greet_outer(outer, plan.mechanism)
            self._version = f"{greeting.major}.{greeting.minor}"
            yield from self._reach_inner(plan.mechanism)
            self._open(outer, BridgePlan(plan.kind, plan.mechanism, False, False), b"")
            return
        upgraded = yield from upgrade(outer, Answering(plan.path, plan.subprotocols))
        yield from self._reach_inner(plan.mechanism)
        has_ready = upgraded.subprotocol != PLAIN_ZWS
        bridge_plan = BridgePlan(plan.kind, plan.mechanism, True, False, has_ready)
        self._open(outer, bridge_plan, upgraded.rest)

    def _reach_inner(self, mechanism: bytes) -> Generator[Awaited, None, None]:
        self._wires.inner = yield from dial_inner(self._plan.inner)
        yield from greet_inner(self._wires.inner, mechanism)

    def _ask(self) -> Generator[Awaited, None, None]:
        """Our own socket has connected to the link, and wants to reach its peer."""
        plan = self._plan
        connection = yield from dial(plan, self._attempts)
        self._attempts.append(connection)
        self.was_reached = True
        if plan.proxy is not None:
            yield from self._ask_proxy(connection, plan.proxy.user)
        outer = bridge_side(plan, connection, is_client=True)
        self._wires.outer = outer
        if plan.is_tunnel:
            self._open_tunnel(outer)
            return
        if isinstance(outer, TlsWire):
            yield from shake_hands(outer)
        rest, has_ready = b"", True
        if plan.is_websocket:
            host = f"[{plan.host}]" if ":" in plan.host else plan.host
            asking = Asking(f"{host}:{plan.port}", plan.path, plan.subprotocols)
            upgraded = yield from upgrade(outer, asking)
            rest, has_ready = upgraded.rest, upgraded.subprotocol != PLAIN_ZWS
        else:
            greeting = yield from greet_outer(outer, plan.mechanism)
            self._version = f"{greeting.major}.{greeting.minor}"
        inner = self._wires.inner
        if inner is not None:
            yield from greet_inner(inner, plan.mechanism)
        bridge_plan = BridgePlan(plan.kind, plan.mechanism, plan.is_websocket, True, has_ready)
        self._open(outer, bridge_plan, rest)

    def _ask_proxy(self, connection: socket.socket, user: bytes) -> Generator[Awaited, None, None]:
        wire = self._wires.outer = PlainWire(connection)
        self.is_at_proxy = True
        yield from ask_proxy(wire, user, self._plan.host, self._plan.port)
        self.is_at_proxy = False

    def _open_tunnel(self, outer: Wire) -> None:
        inner = self._wires.inner
        if inner is not None:
            self._bridge = Tunnel(outer, inner, self._scratch)

    def _open(self, outer: Wire, bridge_plan: BridgePlan, rest: bytes) -> None:
        inner = self._wires.inner
        if inner is not None:
            bridge = self._bridge = Bridge(bridge_plan, outer, inner, self._scratch, rest)
            bridge.on_handshake = lambda: self._tell_facts(bridge, outer, inner)

    def _tell_facts(self, bridge: Bridge, outer: Wire, inner: Wire) -> None:
        bridge.on_handshake = None  # it refers to this link, which refers to the bridge
        if self.on_facts is None:
            return
        plan = self._plan
        self.on_facts(
            PeerFacts(
                own_name(inner.fileno()) if plan.endpoint.role is Role.BIND else "",
                *whereabouts(plan, outer),
                _ZWS if plan.is_websocket else self._version,
                plan.mechanism.decode("ascii"),
                SocketType.__members__.get(bridge.peer_type.decode("ascii", "replace")),
                bridge.peer_identity,
            )
        )

    # ---- going on ---------------------------------------------------------------------------

    def advance(self) -> Progress:
        """Go on as far as is possible now, within a bound; ``failure`` says why it ended."""
        try:
            return self._advance()
        except (OSError, LinkFailedError) as error:
            # Its frames refer to this link, which refers to it: nothing would be freed for long.
            self.failure = error.with_traceback(None)
            self.failure.__context__ = None
            return Progress.HAS_ENDED

    def _advance(self) -> Progress:
        if self._is_leaving:
            return self._leave()
        if self._bridge is None:
            try:
                self._awaited = next(self._steps)
            except StopIteration:
                return Progress.HAS_MORE
            return Progress.WAITS
        more = self._bridge.move()
        if not self._bridge.has_ended:
            return Progress.HAS_MORE if more else Progress.WAITS
        if self._bridge.has_peer_left_early:
            raise LinkFailedError("closed the connection during the handshake")
        # Closed at once, TCP would throw away what the peer has not read yet.
        self._bridge.say_goodbye()
        self._is_leaving = True
        self.deadline_s = time.monotonic() + _GOODBYE_S
        if self._wires.inner is not None:
            self._wires.inner.close()
        return self._leave()

    def _leave(self) -> Progress:
        outer = self._wires.outer
        if outer is None:
            return Progress.HAS_ENDED
        # What still comes is of no interest to anybody.
        while (count := outer.receive_into(self._scratch.source_view)) is not None:
            if count == 0:
                return Progress.HAS_ENDED
        return Progress.WAITS

    def waits_for(self) -> list[tuple[Wire, int]]:
        """Wires, and what each has to be ready for before there is more to do."""
        if self._is_leaving:
            outer = self._wires.outer
            return [] if outer is None else [(outer, READ)]
        if self._bridge is not None:
            return self._bridge.interests()
        return [self._awaited] if isinstance(self._awaited, tuple) else []

    @property
    def pause_s(self) -> float | None:
        """How long it wants to wait before it goes on; None if it waits for a wire."""
        if self._bridge is not None or isinstance(self._awaited, tuple):
            return None
        return self._awaited

    def explain(self) -> tuple[str, str] | None:
        """Why it ended, as what follows the peer's address in a sentence, and what to do."""
        error = self.failure
        if error is None:
            return None
        if isinstance(error, ssl.SSLCertVerificationError):
            why = error.verify_message or "it cannot be verified"
            return (
                f"showed a certificate that is not trusted: {why}.",
                "Give the authority’s certificate with wss_trust_pem=, or the name in the "
                "certificate with wss_hostname=.",
            )
        if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
            # What OpenSSL says of bytes that are no TLS record.
            return "does not speak TLS.", "Use ws:// here, or have the other side use wss://."
        if isinstance(error, ssl.SSLError):
            reason = (error.reason or "no reason given").replace("_", " ").lower()
            return f"did not agree on TLS ({reason}).", "Check that both sides use wss://."
        if isinstance(error, LinkFailedError):
            return f"{str(error).rstrip('.')}.", error.hint
        if isinstance(error, TimeoutError):
            hint = IS_IT_SOCKS if self.is_at_proxy else ""
            return "did not finish the handshake in time.", hint
        return None

    def close(self) -> None:
        """Close both connections."""
        self._steps.close()
        if isinstance(self._bridge, Bridge):
            self._bridge.on_handshake = None
        for wire in (self._wires.outer, self._wires.inner):
            if wire is not None:
                wire.close()
        for attempt in self._attempts:
            attempt.close()
