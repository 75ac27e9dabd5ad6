"""One socket of the app: made from a spec, changed while open, closed. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import zmq

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.capture.topics import topic_rule
from zmqscope.core.endpoints import transport_of
from zmqscope.core.errors import UserError
from zmqscope.core.events import EventKind
from zmqscope.core.security.secret import Credentials
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketType,
    Turn,
)
from zmqscope.engine.attacher import Attacher, wait_for_bind
from zmqscope.engine.attachment import Attachment, Match, Told
from zmqscope.engine.context import check_room_for_socket
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.links.plan import GateReport
from zmqscope.engine.lock_opening import LockOpening
from zmqscope.engine.lock_options import apply_lock
from zmqscope.engine.monitor import (
    ROOM,
    MonitorEvent,
    close_monitor,
    open_monitor,
    read_events,
)
from zmqscope.engine.notice_gate import NoticeGate
from zmqscope.engine.publishing import is_told_all, opened_as
from zmqscope.engine.reasons import inproc_problem
from zmqscope.engine.secret_keeper import SecretAnswer
from zmqscope.engine.snapshot import make_snapshot
from zmqscope.engine.socket_options import DEFAULT_RCVHWM, apply_options
from zmqscope.engine.subscriptions import Subscriptions
from zmqscope.engine.surroundings import Surroundings
from zmqscope.engine.watch.endpoint_watch import Way

__all__ = ["DEFAULT_RCVHWM", "ManagedSocket"]

_RELEASE_ALL_S = 0.3


class ManagedSocket:
    """A libzmq socket with its endpoints, subscriptions and monitor.

    Args:
        around: What it works with.
        socket_id: Its number.
        spec: What to open.
        counters: Its live figures; only ``turn`` is written here.

    Attributes:
        socket: The libzmq socket; None while closed.
        monitor: Its monitor PAIR; None while closed.
        spec: What would open it again as it is.
        topic_rule: Which of its messages have a topic.
        public_key: The half of its CURVE keys that may be shown; empty if it has none.
        peers: Who is at the other end.
    """

    def __init__(
        self,
        around: Surroundings,
        socket_id: SocketId,
        spec: SocketSpec,
        counters: SocketCounters,
    ) -> None:
        self._context = around.context
        self._tell = around.tell
        self._events = around.events
        self._counters = counters
        self._attacher = Attacher(socket_id, around)
        self._lock = LockOpening(socket_id, around.ask_secrets)
        self._problem: Problem | None = None
        self.socket_id = socket_id
        self.spec = spec
        self.topic_rule = topic_rule(spec.type)
        self.public_key = ""
        self.socket: zmq.Socket[bytes] | None = None
        self.monitor: zmq.Socket[bytes] | None = None
        self.attachments: list[Attachment] = []
        self._gate = NoticeGate()
        self._subscriptions = Subscriptions(spec.type, spec.subscriptions)
        self.peers = around.watch.book(socket_id)

    # ---- life -------------------------------------------------------------------------------

    def open(self) -> None:
        """Make the libzmq socket and apply the spec; what fails is in the snapshot.

        What its lock refers to is read anew each time, which takes a while; see ``on_secrets``.
        """
        self.attachments = [self._attacher.make(self.spec, e) for e in self.spec.endpoints]
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
        if isinstance(credentials, Problem):
            self._problem = credentials
        else:
            self._problem = self._make(credentials)
        if self._problem is not None:
            self._close_libzmq()
            for attachment in self.attachments:
                attachment.close()
            self._tell(self.socket_id, Severity.ERROR, self._problem.text, self._problem.hint)
            return
        self._counters.turn = _first_turn(self.spec.type)
        for attachment in self.attachments:
            self._attach(attachment)

    def _make(self, credentials: Credentials) -> Problem | None:
        try:
            check_room_for_socket()
            kind = opened_as(self.spec)
            self.socket = self._context.socket(zmq.SocketType(kind.value))
            self.monitor = open_monitor(self._context, self.socket)
        except UserError as error:
            return error.problem
        except zmq.ZMQError as error:
            return Problem(f"libzmq cannot make another socket: {error}.", "Close some first.")
        if kind is SocketType.XPUB:
            self.socket.set(zmq.XPUB_VERBOSER, 1)
        self.peers.open(self.spec, is_told_all(self.spec) if kind is SocketType.XPUB else None)
        problem = apply_options(self.socket, self.spec) or apply_lock(
            self.socket, self.socket_id, self.spec.lock, credentials
        )
        if problem is None:
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
        patience_ends_s = time.monotonic() + _RELEASE_ALL_S
        for attachment in self.attachments:
            is_linked = isinstance(attachment, LinkedAttachment)
            if is_linked or attachment.endpoint.role is Role.BIND:
                self._detach(attachment, at_once or time.monotonic() > patience_ends_s)
        self._close_libzmq()
        self._problem = None
        self._lock.cancel()
        for attachment in self.attachments:
            attachment.close()
        self.peers.close()

    def _close_libzmq(self) -> None:
        self._counters.turn = Turn.FREE
        if self.socket is None:
            return
        close_monitor(self.socket, self.monitor)
        self.socket.close(0)
        self.socket = self.monitor = None

    # ---- endpoints --------------------------------------------------------------------------

    def add_endpoint(self, endpoint: Endpoint) -> None:
        """Bind or connect one more endpoint; also remembered while closed."""
        if endpoint in self.spec.endpoints:
            text = f"This socket already has {endpoint.address}."
            self._tell(self.socket_id, Severity.WARNING, text, "")
            return
        self.spec = replace(self.spec, endpoints=(*self.spec.endpoints, endpoint))
        attachment = self._attacher.make(self.spec, endpoint)
        self.attachments.append(attachment)
        if self.is_opening:
            return
        if self.socket is None:
            attachment.state = EndpointState.CLOSED
        else:
            self._attach(attachment)

    def remove_endpoint(self, endpoint: Endpoint) -> None:
        """Unbind or disconnect an endpoint and take it off the spec."""
        attachment = self.attachment(endpoint)
        if attachment is None:
            return
        self._detach(attachment)
        attachment.table.clear()
        self.attachments.remove(attachment)
        rest = tuple(e for e in self.spec.endpoints if e != endpoint)
        self.spec = replace(self.spec, endpoints=rest)

    def retry_endpoint(self, endpoint: Endpoint) -> None:
        """Detach if attached, then try again from the start."""
        attachment = self.attachment(endpoint)
        if attachment is None or self.socket is None:
            return
        self._detach(attachment)
        attachment.table.clear()
        fresh = self._attacher.make(self.spec, endpoint)
        self.attachments[self.attachments.index(attachment)] = fresh
        self._attach(fresh)

    def attachment(self, endpoint: Endpoint) -> Attachment | None:
        """The attachment of an endpoint of the spec."""
        return next((a for a in self.attachments if a.endpoint == endpoint), None)

    def _attach(self, attachment: Attachment) -> None:
        if self.socket is not None and self.monitor is not None:
            # A bind has events of its own, and would wait for ever where there is no room.
            self.on_events(read_events(self.monitor, ROOM))
            way = _way_of(self.spec.type, attachment)
            self.peers.watch(attachment.endpoint, lambda: attachment.actual, attachment.table, way)
            self._attacher.attach(self.socket, self.spec, attachment)

    def on_name(self, endpoint: Endpoint, reason: str, addresses: frozenset[str]) -> None:
        """The host name of an endpoint was looked up; no addresses if it failed."""
        attachment = self.attachment(endpoint)
        if attachment is not None and self.socket is not None:
            self._attacher.on_name(self.socket, self.spec, attachment, reason, addresses)

    def on_report(self, report: GateReport) -> bool:
        """A link has something to tell; whether it is one of this socket's endpoints."""
        for attachment in self.attachments:
            if isinstance(attachment, LinkedAttachment) and attachment.gate_id == report.gate_id:
                if report.facts is not None:
                    self.peers.on_facts(attachment.endpoint, report.facts)
                elif report.problem is None:
                    attachment.on_heard()
                else:
                    self.tell(attachment.on_report(report.problem, report.rule))
                    self._attacher.look_up_again(attachment)
                return True
        return False

    def join(self, bound: Mapping[str, ManagedSocket]) -> None:
        """Connect the inproc endpoints that wait, now that these addresses are bound.

        libzmq would let us connect before. It then aborts the process if a ROUTER or REP gives the
        connection up before the bind (pipe.cpp:60), and keeps a closed socket until then.
        """
        for attachment in self.attachments:
            binder = bound.get(attachment.endpoint.address)
            is_waiting = attachment.state is EndpointState.CONNECTING and not attachment.attached
            if binder is None or not is_waiting:
                continue
            problem = inproc_problem(
                attachment.endpoint, self.spec.type, binder.spec.type, binder is self
            )
            if problem is not None:
                self._attacher.fail(attachment, problem)
            elif self.socket is not None:
                attachment.problem = None
                self._attacher.connect(self.socket, self.spec, attachment)

    def leave(self, endpoints: Iterable[Endpoint]) -> None:
        """Part from inproc endpoints whose other side has gone, and wait for the next."""
        for attachment in self.attachments:
            if attachment.endpoint in endpoints and attachment.endpoint.role is Role.CONNECT:
                self._detach(attachment)
                wait_for_bind(attachment)

    def _detach(self, attachment: Attachment, at_once: bool = False) -> None:
        if self.socket is None or self.monitor is None or not attachment.attached:
            return
        self.on_events(self._attacher.detach(self.socket, self.monitor, attachment, at_once))

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

    def on_events(self, events: Iterable[MonitorEvent]) -> bool:
        """Take monitor events in; whether there were any."""
        any_event = False
        for event in events:
            any_event = True
            best = max(self.attachments, key=lambda a: a.match(event.address), default=None)
            if best is None or best.match(event.address) is Match.NONE:
                self._events.saw(self.socket_id, event)
                continue
            self._events.saw(self.socket_id, event, best.actual)
            is_pair = self.spec.type in (SocketType.PAIR, SocketType.CHANNEL)
            is_taken = is_pair and self.peer_count > 0
            peers = best.peers
            told = best.apply(event, is_taken)
            self.tell(told, best.peers - peers, best)
        return any_event

    def look_after(self, now_s: float) -> bool:
        """What no event tells, about once a second; whether anything changed.

        Args:
            now_s: Monotonic time in seconds.
        """
        has_told = False
        for attachment in self.attachments:
            peers = attachment.peers
            for each in attachment.look_after(now_s):
                has_told = True
                self.tell(each, attachment.peers - peers, attachment)
        return has_told

    def on_received(self) -> bool:
        """Messages came; whether that shows a peer that no event has told of."""
        if self.peer_count:
            return False
        told = [(a, t) for a in self.attachments if (t := a.credit()) is not None]
        for attachment, each in told:
            self.tell(each, 1, attachment)
        return bool(told)

    def tell(self, told: Told | None, more_peers: int = 0, where: Attachment | None = None) -> None:
        """Note an event, and publish a notice, unless it has come too often lately.

        Args:
            told: What happened.
            more_peers: By how many peers there are more, or less, since then.
            where: The endpoint that it is about.
        """
        if told is None:
            return
        events, mine = self._events, self.socket_id
        address = "" if where is None else where.actual
        words = (told.severity, told.text, told.hint, address)
        if more_peers and where is not None:
            line = events.peer(mine, more_peers > 0, *words, where.peers)
        else:
            line = events.tell(mine, EventKind.NOTICE, *words)
        text = self._gate.admit(told.text, time.monotonic())
        if text is not None:
            events.notice(mine, told.severity, text, told.hint, line)

    @property
    def peer_count(self) -> int:
        """Connections alive, inproc ones not counted."""
        return sum(a.peers for a in self.attachments)

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

    def on_flooded(self, address: str) -> None:
        """A peer sent so much to a socket that takes nothing that its connection was closed."""
        kind = self.spec.type.name
        text = f"A peer ({address}) sent messages without end to a {kind}: it was disconnected."
        hint = f"A {kind} takes subscriptions only; send to another socket."
        self.tell(Told(Severity.WARNING, text, hint))

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


def _way_of(kind: SocketType, attachment: Attachment) -> Way:
    if not isinstance(attachment, LinkedAttachment):
        return Way.STRAIGHT
    passes_on = attachment.proxy is not None and not kind.is_draft
    is_tcp = transport_of(attachment.endpoint) == "tcp"
    return Way.TUNNEL if passes_on and is_tcp else Way.LINK


def _first_turn(socket_type: SocketType) -> Turn:
    if socket_type is SocketType.REQ:
        return Turn.MAY_SEND
    if socket_type is SocketType.REP:
        return Turn.AWAITS_REQUEST
    return Turn.FREE
