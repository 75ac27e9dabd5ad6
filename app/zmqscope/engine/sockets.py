"""One socket of the app: made from a spec, changed while open, closed. Loop thread."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import zmq

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.endpoints import check_endpoint, is_ipv6, tcp_host, transport_of
from zmqscope.core.errors import UserError
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
    Turn,
)
from zmqscope.engine.attachment import Attachment, Match, Told
from zmqscope.engine.binding import bind, unbind
from zmqscope.engine.context import check_room_for_socket
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.reasons import endpoint_problem

DEFAULT_RCVHWM = 1_000_000
"""Messages libzmq holds for us: the monitor must not be the slow subscriber."""

_DEFAULT_RECONNECT_IVL_MAX_MS = 1_000
_LOCALHOST = frozenset({"127.0.0.1", "::1"})
_REPEAT_AFTER_S = 5.0
_MAX_TOLD = 200

AskName = Callable[[SocketId, Endpoint, str], bool]
Tell = Callable[[SocketId, Severity, str, str], None]


class ManagedSocket:
    """A libzmq socket with its endpoints, subscriptions and monitor.

    Args:
        context: Where it is made.
        socket_id: Its number.
        spec: What to open.
        counters: Its live figures; only ``turn`` is written here.
        ask_name: Looks a host name up; answers come back through ``on_name``.
        tell: Publishes a notice about this socket.

    Attributes:
        socket: The libzmq socket; None while closed.
        monitor: Its monitor PAIR; None while closed.
        spec: What would open it again as it is.
    """

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        socket_id: SocketId,
        spec: SocketSpec,
        counters: SocketCounters,
        ask_name: AskName,
        tell: Tell,
    ) -> None:
        self._context = context
        self._ask_name = ask_name
        self._tell = tell
        self._counters = counters
        self._problem: Problem | None = None
        self.socket_id = socket_id
        self.spec = spec
        self.socket: zmq.Socket[bytes] | None = None
        self.monitor: zmq.Socket[bytes] | None = None
        self.attachments: list[Attachment] = []
        # Text of a notice: when it was told, and how often it was held back since.
        self._told: dict[str, tuple[float, int]] = {}

    # ---- life -------------------------------------------------------------------------------

    def open(self) -> None:
        """Make the libzmq socket and apply the spec; what fails is in the snapshot."""
        self._problem = None
        self.attachments = [Attachment(self.spec.type, e) for e in self.spec.endpoints]
        try:
            check_room_for_socket()
            socket = self._context.socket(zmq.SocketType(self.spec.type.value))
        except UserError as error:
            self._fail(error.problem)
            return
        except zmq.ZMQError as error:
            self._fail(Problem(f"libzmq cannot make another socket: {error}.", "Close some first."))
            return
        self.socket = socket
        self.monitor = socket.get_monitor_socket()
        self._counters.turn = _first_turn(self.spec.type)
        if not self._apply_options(socket):
            self._close_libzmq()
            return
        for topic in self.spec.subscriptions:
            self._subscribe(socket, topic)
        for attachment in self.attachments:
            self._attach(attachment)

    def close(self) -> None:
        """Close the libzmq socket; nothing that waits to be sent holds it up."""
        for attachment in self.attachments:
            if attachment.endpoint.role is Role.BIND:
                self._detach(attachment)
        self._close_libzmq()
        self._problem = None
        for attachment in self.attachments:
            attachment.close()

    def _close_libzmq(self) -> None:
        self._counters.turn = Turn.FREE
        if self.socket is None:
            return
        # In this order, or term() hangs: libzmq waits for the monitor's PAIR.
        self.socket.disable_monitor()
        if self.monitor is not None:
            self.monitor.close(0)
        self.socket.close(0)
        self.socket = self.monitor = None

    def _fail(self, problem: Problem) -> None:
        self._problem = problem
        self._tell(self.socket_id, Severity.ERROR, problem.text, problem.hint)

    def _apply_options(self, socket: zmq.Socket[bytes]) -> bool:
        socket.set(zmq.LINGER, 0)
        socket.set(zmq.RECONNECT_IVL_MAX, _DEFAULT_RECONNECT_IVL_MAX_MS)
        if self.spec.type.can_receive:
            socket.set(zmq.RCVHWM, DEFAULT_RCVHWM)
        if self.spec.type is SocketType.ROUTER:
            # Without it an unknown routing id is dropped in silence (zmq_socket(3), ZMQ_ROUTER).
            socket.set(zmq.ROUTER_MANDATORY, 1)
        for name, value in self.spec.options:
            try:
                socket.set(zmq.SocketOption[name.upper()], value)
            except (zmq.ZMQError, KeyError, TypeError, OverflowError):
                shown = (
                    value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
                )
                self._fail(
                    Problem(
                        f"libzmq does not accept {name}={shown} on a {self.spec.type.name}.",
                        "Change or remove the option and open the socket again.",
                    )
                )
                return False
        return True

    # ---- endpoints --------------------------------------------------------------------------

    def add_endpoint(self, endpoint: Endpoint) -> None:
        """Bind or connect one more endpoint; also remembered while closed."""
        if endpoint in self.spec.endpoints:
            text = f"This socket already has {endpoint.address}."
            self._tell(self.socket_id, Severity.WARNING, text, "")
            return
        self.spec = replace(self.spec, endpoints=(*self.spec.endpoints, endpoint))
        attachment = Attachment(self.spec.type, endpoint)
        self.attachments.append(attachment)
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
        self.attachments.remove(attachment)
        rest = tuple(e for e in self.spec.endpoints if e != endpoint)
        self.spec = replace(self.spec, endpoints=rest)

    def retry_endpoint(self, endpoint: Endpoint) -> None:
        """Detach if attached, then try again from the start."""
        attachment = self.attachment(endpoint)
        if attachment is None or self.socket is None:
            return
        self._detach(attachment)
        fresh = Attachment(self.spec.type, endpoint)
        self.attachments[self.attachments.index(attachment)] = fresh
        self._attach(fresh)

    def attachment(self, endpoint: Endpoint) -> Attachment | None:
        """The attachment of an endpoint of the spec."""
        return next((a for a in self.attachments if a.endpoint == endpoint), None)

    def _attach(self, attachment: Attachment) -> None:
        endpoint = attachment.endpoint
        try:
            check_endpoint(self.spec.type, endpoint)
        except UserError as error:
            self._fail_endpoint(attachment, error.problem)
            return
        if endpoint.role is Role.BIND:
            self._bind(attachment)
            return
        host = tcp_host(endpoint)
        if host is None or host == "localhost":
            attachment.addresses = _LOCALHOST if host else frozenset()
            self._connect(attachment)
        elif not self._ask_name(self.socket_id, endpoint, host):
            problem = Problem("Too many host names are being looked up.", "Retry in a moment.")
            self._fail_endpoint(attachment, problem)

    def on_name(self, endpoint: Endpoint, reason: str, addresses: frozenset[str]) -> None:
        """The host name of an endpoint was looked up; no addresses if it failed."""
        attachment = self.attachment(endpoint)
        if attachment is None or self.socket is None or attachment.attached:
            return
        if addresses:
            attachment.addresses = addresses
            self._connect(attachment)
            return
        host = tcp_host(endpoint)
        problem = Problem(
            f"Unknown host {host}: {reason}.", "Check the name, or use an IP address; then retry."
        )
        self._fail_endpoint(attachment, problem)

    def _bind(self, attachment: Attachment) -> None:
        if self.socket is None:
            return
        self._prepare_ipv6(attachment.endpoint)
        problem = bind(self.socket, attachment)
        if problem is not None:
            self._fail_endpoint(attachment, problem)
        elif attachment.actual != attachment.endpoint.address:
            text = f"{attachment.endpoint.address} is bound to {attachment.actual}."
            self._tell(self.socket_id, Severity.INFO, text, "")

    def _connect(self, attachment: Attachment) -> None:
        socket = self.socket
        if socket is None:
            return
        self._prepare_ipv6(attachment.endpoint)
        try:
            socket.connect(attachment.endpoint.address)
        except zmq.ZMQError as error:
            self._fail_endpoint(attachment, endpoint_problem(attachment.endpoint, error))
            return
        attachment.attached = True
        attachment.state = EndpointState.CONNECTING

    def _prepare_ipv6(self, endpoint: Endpoint) -> None:
        if self.socket is not None and "ipv6" not in dict(self.spec.options):
            # Per endpoint: with ZMQ_IPV6 on, “localhost” may resolve to ::1 alone.
            self.socket.set(zmq.IPV6, int(is_ipv6(endpoint)))

    def _detach(self, attachment: Attachment) -> None:
        if self.socket is None or self.monitor is None or not attachment.attached:
            return
        if attachment.endpoint.role is Role.BIND:
            self.on_events(unbind(self.socket, self.monitor, attachment))
        else:
            # ENOENT: libzmq has given the endpoint up by itself (a failed handshake).
            with contextlib.suppress(zmq.ZMQError):
                self.socket.disconnect(attachment.endpoint.address)
        attachment.attached = False

    def _fail_endpoint(self, attachment: Attachment, problem: Problem) -> None:
        attachment.fail(problem)
        self._tell(self.socket_id, Severity.ERROR, problem.text, problem.hint)

    # ---- subscriptions and name -------------------------------------------------------------

    def subscribe(self, topic: bytes) -> None:
        """Add a topic prefix; also remembered while closed."""
        if not self.spec.type.can_subscribe or topic in self.spec.subscriptions:
            return
        self.spec = replace(self.spec, subscriptions=(*self.spec.subscriptions, topic))
        if self.socket is not None:
            self._subscribe(self.socket, topic)

    def unsubscribe(self, topic: bytes) -> None:
        """Take a topic prefix off."""
        if topic not in self.spec.subscriptions:
            return
        rest = tuple(t for t in self.spec.subscriptions if t != topic)
        self.spec = replace(self.spec, subscriptions=rest)
        if self.socket is None:
            return
        if self.spec.type is SocketType.SUB:
            self.socket.set(zmq.UNSUBSCRIBE, topic)
        else:
            self.socket.send(b"\0" + topic, zmq.DONTWAIT)

    def _subscribe(self, socket: zmq.Socket[bytes], topic: bytes) -> None:
        if self.spec.type is SocketType.SUB:
            socket.set(zmq.SUBSCRIBE, topic)
        else:  # XSUB subscribes by sending 1 and the topic (RFC 29).
            socket.send(b"\x01" + topic, zmq.DONTWAIT)

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
                continue
            told = best.apply(event)
            if told is not None:
                self._publish(told)
        return any_event

    def _publish(self, told: Told) -> None:
        """Tell it, unless the same was told a moment ago; what was held back is counted."""
        now_s = time.monotonic()
        last_s, held_back = self._told.get(told.text, (-_REPEAT_AFTER_S, 0))
        if now_s - last_s < _REPEAT_AFTER_S:
            self._told[told.text] = (last_s, held_back + 1)
            return
        if len(self._told) >= _MAX_TOLD:
            self._told.clear()
        self._told[told.text] = (now_s, 0)
        text = f"{told.text} ({held_back} more times before)" if held_back else told.text
        self._tell(self.socket_id, told.severity, text, told.hint)

    @property
    def peer_count(self) -> int:
        """Connections alive, inproc ones not counted."""
        return sum(a.peers for a in self.attachments)

    def inproc_names(self, role: Role) -> list[str]:
        """Its inproc addresses that libzmq has accepted, in one role."""
        return [
            a.endpoint.address
            for a in self.attachments
            if a.attached and a.endpoint.role is role and transport_of(a.endpoint) == "inproc"
        ]

    def snapshot(self, inproc_peers: dict[str, int]) -> SocketSnapshot:
        """As it is now.

        Args:
            inproc_peers: For each inproc address, how many peers this socket has through it.
        """
        statuses = []
        for attachment in self.attachments:
            if attachment.attached and transport_of(attachment.endpoint) == "inproc":
                peers = inproc_peers.get(attachment.endpoint.address, 0)
                if attachment.endpoint.role is Role.CONNECT:
                    attachment.state = (
                        EndpointState.CONNECTED if peers else EndpointState.CONNECTING
                    )
                statuses.append(attachment.status_with_peers(peers))
            else:
                statuses.append(attachment.status())
        peer_count = sum(status.peers for status in statuses)
        problem = self._problem or next((s.problem for s in statuses if s.problem), None)
        state = self._state([s.state for s in statuses], peer_count)
        return SocketSnapshot(
            self.socket_id, self.spec, state, tuple(statuses), peer_count, problem
        )

    def _state(self, states: list[EndpointState], peer_count: int) -> SocketState:
        if self._problem is not None or EndpointState.FAILED in states:
            return SocketState.FAILED
        if self.socket is None:
            return SocketState.CLOSED
        if peer_count:
            return SocketState.CONNECTED
        for endpoint_state, socket_state in (
            (EndpointState.RETRYING, SocketState.RETRYING),
            (EndpointState.CONNECTING, SocketState.CONNECTING),
            (EndpointState.PENDING, SocketState.OPENING),
            (EndpointState.LISTENING, SocketState.LISTENING),
        ):
            if endpoint_state in states:
                return socket_state
        return SocketState.IDLE


def _first_turn(socket_type: SocketType) -> Turn:
    if socket_type is SocketType.REQ:
        return Turn.MAY_SEND
    if socket_type is SocketType.REP:
        return Turn.AWAITS_REQUEST
    return Turn.FREE
