"""One endpoint of one open socket, followed through its monitor events. Loop thread; no I/O."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, replace
from enum import IntEnum

import zmq

from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Problem,
    Role,
    Severity,
    SocketType,
)
from zmqscope.engine.ipc_guard import IpcFile
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.reasons import FITTING_PEERS

_HANDSHAKE_FAILED = (
    zmq.Event.HANDSHAKE_FAILED_NO_DETAIL
    | zmq.Event.HANDSHAKE_FAILED_PROTOCOL
    | zmq.Event.HANDSHAKE_FAILED_AUTH
)
_CURVE_WRONG_KEY = 0x11000001
_MECHANISMS_DIFFER = 0x11000002
_WILDCARD_HOSTS = ("*", "0.0.0.0", "[::]")


class Match(IntEnum):
    """How surely an event belongs to an endpoint; the larger the surer."""

    NONE = 0
    PORT = 1
    ADDRESS = 2
    EXACT = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What a change of an endpoint is worth telling."""

    severity: Severity
    text: str
    hint: str = ""


class Attachment:
    """An endpoint, its real address, its connections and its state.

    Args:
        socket_type: The type of the socket that it belongs to.
        endpoint: What the user asked for.

    Attributes:
        endpoint: What the user asked for.
        actual: Real address once bound; else as asked.
        state: Where it stands.
        problem: Why it does not work.
        attached: Whether libzmq has accepted the bind or connect.
        ipc_file: The socket file that a bind made.
        addresses: What the host name of a connect stands for, once looked up.
    """

    __slots__ = (
        "_connections",
        "_failed_just_now",
        "_type",
        "actual",
        "addresses",
        "attached",
        "endpoint",
        "ipc_file",
        "problem",
        "state",
    )

    def __init__(self, socket_type: SocketType, endpoint: Endpoint) -> None:
        self._type = socket_type
        self.endpoint = endpoint
        self.actual = endpoint.address
        self.state = EndpointState.PENDING
        self.problem: Problem | None = None
        self.attached = False
        self.ipc_file: IpcFile | None = None
        self.addresses: frozenset[str] = frozenset()
        # Whether the last event was a failed handshake: the next disconnect is that connection's.
        self._failed_just_now = False
        # File descriptor of each connection, and whether its handshake is done.
        self._connections: dict[int, bool] = {}

    @property
    def peers(self) -> int:
        """Connections whose handshake is done."""
        return sum(self._connections.values())

    def status(self) -> EndpointStatus:
        """As it is now."""
        return EndpointStatus(self.endpoint, self.actual, self.state, self.peers, self.problem)

    def status_with_peers(self, peers: int) -> EndpointStatus:
        """As it is now, with peers counted elsewhere (inproc has no monitor events)."""
        return replace(self.status(), peers=peers)

    def fail(self, problem: Problem) -> None:
        """The bind or connect was refused."""
        self.state = EndpointState.FAILED
        self.problem = problem

    def close(self) -> None:
        """The socket is closed: nothing of what was is left."""
        self.state = EndpointState.CLOSED
        self.problem = None
        self.attached = False
        self.actual = self.endpoint.address
        self._connections.clear()

    def match(self, address: str) -> Match:
        """How surely a monitor event's address is about this endpoint.

        Accepted connections carry the local address and reconnects the resolved one, so a
        wildcard is recognised by its port, and a name by the addresses that it has.
        """
        if address in (self.actual, self.endpoint.address):
            return Match.EXACT
        scheme, _, rest = address.partition("://")
        own_scheme, _, own_rest = self.actual.partition("://")
        host, _, port = rest.rpartition(":")
        own_host, _, own_port = own_rest.rpartition(":")
        if scheme != own_scheme or scheme in ("ipc", "inproc") or port != own_port:
            return Match.NONE
        if host.strip("[]") in self.addresses:
            return Match.ADDRESS
        if own_host in _WILDCARD_HOSTS or not _is_numeric(own_host):
            return Match.PORT
        return Match.NONE

    def apply(self, event: MonitorEvent) -> Told | None:
        """Take an event in; what it is worth telling, if anything."""
        before = self.state
        failed_before, self._failed_just_now = self._failed_just_now, False
        if event.kind & (zmq.Event.CONNECTED | zmq.Event.ACCEPTED):
            # STREAM has no handshake: a TCP connection is all there is.
            self._connections[event.value] = self._type is SocketType.STREAM
            return self._on_handshake_done() if self._type is SocketType.STREAM else None
        if event.kind & zmq.Event.HANDSHAKE_SUCCEEDED:
            self._mark_oldest()
            return self._on_handshake_done()
        if event.kind & _HANDSHAKE_FAILED:
            # libzmq says so of every STREAM connection that ends.
            is_stream = self._type is SocketType.STREAM
            return None if is_stream else self._on_handshake_failed(event)
        if event.kind & zmq.Event.DISCONNECTED:
            return self._on_disconnected(event.value, failed_before)
        if event.kind & zmq.Event.ACCEPT_FAILED:
            reason = os.strerror(event.value).lower()
            return Told(Severity.ERROR, f"A peer could not be accepted: {reason}.")
        if self.endpoint.role is Role.CONNECT:
            if event.kind & zmq.Event.CONNECT_DELAYED and before is EndpointState.PENDING:
                self.state = EndpointState.CONNECTING
            elif event.kind & zmq.Event.CONNECT_RETRIED:
                return self._on_retry(before)
        return None

    def _mark_oldest(self) -> None:
        # The event does not say which connection it is about: they finish in order of opening.
        for descriptor, done in self._connections.items():
            if not done:
                self._connections[descriptor] = True
                return

    def _on_handshake_done(self) -> Told:
        if self.endpoint.role is Role.BIND:
            self.state = EndpointState.LISTENING
            return Told(Severity.INFO, f"A peer connected to {self.actual}.")
        self.state = EndpointState.CONNECTED
        self.problem = None
        return Told(Severity.INFO, f"Connected to {self.endpoint.address}.")

    def _on_handshake_failed(self, event: MonitorEvent) -> Told:
        self._failed_just_now = True
        where = self.actual if self.endpoint.role is Role.BIND else self.endpoint.address
        problem = _handshake_problem(where, event)
        if self.endpoint.role is Role.BIND:
            return Told(Severity.WARNING, problem.text, problem.hint)
        told_before = self.problem == problem
        self.fail(problem)
        severity = Severity.INFO if told_before else Severity.ERROR
        return Told(severity, problem.text, problem.hint)

    def _on_disconnected(self, descriptor: int, failed: bool) -> Told | None:
        handshaken = self._connections.pop(descriptor, None)
        if handshaken is None:
            return None
        if failed and handshaken:
            # Its handshake failed, so the success that it was credited with was another's.
            handshaken = False
            self._mark_oldest()
        if self.endpoint.role is Role.BIND:
            if handshaken:
                return Told(Severity.INFO, f"A peer left {self.actual}.")
            if failed:
                return None  # the failed handshake was told
            return Told(
                Severity.WARNING,
                f"Somebody connected to {self.actual} and left before the handshake.",
                f"If it is a ZeroMQ program, its socket must be {FITTING_PEERS[self._type]}.",
            )
        if handshaken:
            self.state = EndpointState.RETRYING
            self.problem = Problem(
                f"The connection to {self.endpoint.address} was lost.", "libzmq is trying again."
            )
            return Told(Severity.WARNING, self.problem.text, self.problem.hint)
        if self.problem is None or self.state is not EndpointState.FAILED:
            problem = Problem(
                f"{self.endpoint.address} closed the connection during the handshake.",
                f"A {self._type.name} talks with {FITTING_PEERS[self._type]}: check that the "
                "peer is one, and that it is a ZeroMQ program.",
            )
            self.fail(problem)
            return Told(Severity.ERROR, problem.text, problem.hint)
        return None

    def _on_retry(self, before: EndpointState) -> Told | None:
        if self.peers:
            return None
        self.state = EndpointState.RETRYING
        if before is EndpointState.FAILED and self.problem is not None:
            return None
        unanswered = Problem(
            f"Nobody answers at {self.endpoint.address}; libzmq keeps trying.",
            "Check that the other program runs, and that the address is right.",
        )
        first = before in (EndpointState.PENDING, EndpointState.CONNECTING)
        if self.problem is None or first:
            self.problem = unanswered
        return Told(Severity.WARNING, unanswered.text, unanswered.hint) if first else None


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def _handshake_problem(where: str, event: MonitorEvent) -> Problem:
    if event.kind & zmq.Event.HANDSHAKE_FAILED_AUTH:
        return Problem(
            f"The handshake at {where} was refused with ZAP status {event.value}.",
            "The server does not accept these credentials.",
        )
    if event.kind & zmq.Event.HANDSHAKE_FAILED_PROTOCOL:
        if event.value == _MECHANISMS_DIFFER:
            return Problem(
                f"The two sides of {where} use different security mechanisms.",
                "One speaks NULL, PLAIN or CURVE and the other another of them.",
            )
        if event.value == _CURVE_WRONG_KEY:
            return Problem(
                f"A CURVE handshake at {where} failed: the keys do not fit.",
                "Check the server's public key.",
            )
        return Problem(
            f"The peer at {where} broke the ZMTP protocol (code {event.value:#010x}).",
            "It may be another kind of program, or a proxy that changes the stream.",
        )
    return Problem(
        f"The handshake at {where} ended without a result ({os.strerror(event.value).lower()}).",
        "The peer closed the connection: another program, another socket type, or another key.",
    )
