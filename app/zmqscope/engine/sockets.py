"""One socket of the app: made from a spec, changed while open, closed. Loop thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import zmq

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.capture.topics import topic_rule
from zmqscope.core.security.secret import Credentials
from zmqscope.core.types import (
    Endpoint,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketType,
    Turn,
)
from zmqscope.engine.attachment import Told
from zmqscope.engine.lock_opening import LockOpening
from zmqscope.engine.publishing import is_told_all, opened_as
from zmqscope.engine.secret_keeper import SecretAnswer
from zmqscope.engine.snapshot import make_snapshot
from zmqscope.engine.socket_endpoints import SocketEndpoints
from zmqscope.engine.socket_handles import SocketHandles
from zmqscope.engine.socket_options import DEFAULT_RCVHWM
from zmqscope.engine.subscriptions import Subscriptions
from zmqscope.engine.surroundings import Surroundings

__all__ = ["DEFAULT_RCVHWM", "ManagedSocket"]


class ManagedSocket:
    """A libzmq socket with its endpoints, subscriptions and monitor.

    Args:
        around: What it works with.
        socket_id: Its number.
        spec: What to open.
        counters: Its live figures; only ``turn`` is written here.

    Attributes:
        spec: What would open it again as it is.
        topic_rule: Which of its messages have a topic.
        public_key: The half of its CURVE keys that may be shown; empty if it has none.
        peers: Who is at the other end.
        endpoints: Where it is bound and connected.
        attachments: The same, one for each endpoint of the spec.
        events: Takes in and tells what happens there.
    """

    def __init__(
        self,
        around: Surroundings,
        socket_id: SocketId,
        spec: SocketSpec,
        counters: SocketCounters,
    ) -> None:
        self._tell = around.tell
        self._counters = counters
        self._handles = SocketHandles(around.context)
        self._lock = LockOpening(socket_id, around.ask_secrets)
        self._problem: Problem | None = None
        self._subscriptions = Subscriptions(spec.type, spec.subscriptions)
        self.endpoints = SocketEndpoints(around, socket_id, spec.type, self._handles)
        self.events = self.endpoints.events
        self.socket_id = socket_id
        self.spec = spec
        self.topic_rule = topic_rule(spec.type)
        self.public_key = ""
        self.peers = self.endpoints.peers
        self.attachments = self.endpoints.attachments

    @property
    def socket(self) -> zmq.Socket[bytes] | None:
        """The libzmq socket; None while closed."""
        return self._handles.socket

    @property
    def monitor(self) -> zmq.Socket[bytes] | None:
        """Its monitor PAIR; None while closed."""
        return self._handles.monitor

    # ---- life -------------------------------------------------------------------------------

    def open(self) -> None:
        """Make the libzmq socket and apply the spec; what fails is in the snapshot.

        What its lock refers to is read anew each time, which takes a while; see ``on_secrets``.
        """
        self.endpoints.list_all(self.spec)
        self._go_on(self._lock.begin(self.spec))

    @property
    def is_opening(self) -> bool:
        """Whether it waits for what its lock refers to."""
        return self._lock.is_waiting

    def why_not_open(self) -> Problem:
        """Why nothing can be sent, while there is no libzmq socket."""
        if self.is_opening:
            return Problem(
                "This socket is not open yet: what its lock refers to is still being read.",
                "Send again once it is.",
            )
        return Problem("This socket is closed.", "Reopen it, then send.")

    def on_secrets(self, answer: SecretAnswer) -> bool:
        """What its lock refers to was read, or not; False if nobody waits for it any more."""
        credentials = self._lock.take(answer)
        self._go_on(credentials)
        return credentials is not None

    def _go_on(self, credentials: Credentials | Problem | None) -> None:
        if credentials is None:
            return
        self._problem = credentials if isinstance(credentials, Problem) else self._make(credentials)
        if self._problem is not None:
            self._close_libzmq()
            self.endpoints.close_all()
            self._tell(self.socket_id, Severity.ERROR, self._problem.text, self._problem.hint)
            return
        self._counters.turn = _first_turn(self.spec.type)
        self.endpoints.attach_all(self.spec)

    def _make(self, credentials: Credentials) -> Problem | None:
        problem = self._handles.make(self.spec)
        if problem is not None:
            return problem
        self.peers.open(self.spec, is_told_all(self.spec) if self.hears_subscriptions else None)
        problem = self._handles.set_up(self.socket_id, self.spec, credentials)
        if problem is None and self.socket is not None:
            self.public_key = credentials.pair.public if credentials.pair is not None else ""
            self._subscriptions.apply(self.socket)
            if credentials.warning is not None:
                warning = credentials.warning
                self._tell(self.socket_id, Severity.WARNING, warning.text, warning.hint)
        return problem

    def close(self, at_once: bool = False) -> None:
        """Close the libzmq socket; nothing that waits to be sent holds it up.

        Args:
            at_once: Do not wait until bound addresses are free again.
        """
        self.endpoints.detach_all(at_once)
        self._close_libzmq()
        self._problem = None
        self._lock.cancel()
        self.endpoints.close_all()
        self.peers.close()

    def _close_libzmq(self) -> None:
        self._counters.turn = Turn.FREE
        self._handles.close()

    # ---- endpoints --------------------------------------------------------------------------

    def add_endpoint(self, endpoint: Endpoint) -> None:
        """Bind or connect one more endpoint; also remembered while closed."""
        if endpoint in self.spec.endpoints:
            text = f"This socket already has {endpoint.address}."
            self._tell(self.socket_id, Severity.WARNING, text, "")
            return
        self.spec = replace(self.spec, endpoints=(*self.spec.endpoints, endpoint))
        self.endpoints.add(self.spec, endpoint, self.is_opening)

    def remove_endpoint(self, endpoint: Endpoint) -> None:
        """Unbind or disconnect an endpoint and take it off the spec."""
        if self.endpoints.remove(endpoint):
            rest = tuple(e for e in self.spec.endpoints if e != endpoint)
            self.spec = replace(self.spec, endpoints=rest)

    def retry_endpoint(self, endpoint: Endpoint) -> None:
        """Detach if attached, then try again from the start."""
        self.endpoints.retry(self.spec, endpoint)

    def on_name(self, endpoint: Endpoint, reason: str, addresses: frozenset[str]) -> None:
        """The host name of an endpoint was looked up; no addresses if it failed."""
        self.endpoints.on_name(self.spec, endpoint, reason, addresses)

    def join(self, bound: Mapping[str, ManagedSocket]) -> None:
        """Connect the inproc endpoints that wait, now that these addresses are bound."""
        kinds = {address: binder.spec.type for address, binder in bound.items()}
        own = {address for address, binder in bound.items() if binder is self}
        self.endpoints.join(self.spec, kinds, own)

    # ---- subscriptions and name -------------------------------------------------------------

    def subscribe(self, topic: bytes) -> None:
        """Add a topic prefix; also remembered while closed."""
        self._subscriptions.add(self.socket, topic)
        self._keep_subscriptions()

    def unsubscribe(self, topic: bytes) -> None:
        """Take a topic prefix off; also remembered while closed."""
        self._subscriptions.remove(self.socket, topic)
        self._keep_subscriptions()

    def note_sent(self, frames: tuple[bytes, ...]) -> bool:
        """A message was sent; whether it changed the spec: on an XSUB it may be a subscription."""
        if not self._subscriptions.note_sent(frames):
            return False
        self._keep_subscriptions()
        return True

    def _keep_subscriptions(self) -> None:
        self.spec = replace(self.spec, subscriptions=self._subscriptions.topics)

    def take_spec(self, spec: SocketSpec) -> None:
        """Another spec of the same type, while closed; without a name it keeps its own."""
        self.spec = spec if spec.name else replace(spec, name=self.spec.name)
        self._subscriptions = Subscriptions(spec.type, spec.subscriptions)

    def rename(self, name: str) -> None:
        """Give it another name."""
        self.spec = replace(self.spec, name=name)

    # ---- state ------------------------------------------------------------------------------

    def on_flooded(self, address: str) -> None:
        """A peer sent so much to a socket that takes nothing that its connection was closed."""
        kind = self.spec.type.name
        text = f"A peer ({address}) sent messages without end to a {kind}: it was disconnected."
        hint = f"A {kind} takes subscriptions only; send to another socket."
        self.tell(Told(Severity.WARNING, text, hint))

    def tell(self, told: Told) -> None:
        """Note an event, and publish a notice, unless it has come too often lately."""
        self.events.tell(told)

    @property
    def peer_count(self) -> int:
        """Connections alive, inproc ones not counted."""
        return self.events.peer_count

    @property
    def hears_subscriptions(self) -> bool:
        """Whether it is an XPUB underneath, open or not."""
        return opened_as(self.spec) is SocketType.XPUB

    def addresses(self, role: Role) -> set[str]:
        """Addresses of its endpoints in a role, as typed and as bound."""
        mine = [a for a in self.attachments if a.endpoint.role is role]
        return {a.actual for a in mine} | {a.endpoint.address for a in mine}

    @property
    def problem(self) -> Problem | None:
        """Why the socket as a whole does not work."""
        return self._problem

    def inproc_endpoints(self) -> list[Endpoint]:
        """Its inproc endpoints that libzmq has accepted."""
        return [a.endpoint for a in self.attachments if a.attached and a.is_inproc]

    def snapshot(self, inproc_peers: Mapping[Endpoint, int]) -> SocketSnapshot:
        """As it is now.

        Args:
            inproc_peers: For each inproc endpoint, how many peers this socket has through it.
        """
        is_open = self.socket is not None
        return make_snapshot(
            self.socket_id,
            self.spec,
            self.attachments,
            inproc_peers,
            is_open,
            self._problem,
            self.is_opening,
        )


def _first_turn(socket_type: SocketType) -> Turn:
    if socket_type is SocketType.REQ:
        return Turn.MAY_SEND
    if socket_type is SocketType.REP:
        return Turn.AWAITS_REQUEST
    return Turn.FREE
