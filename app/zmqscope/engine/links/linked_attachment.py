"""One endpoint that links serve, followed through its links' reports too. Engine thread; no I/O."""

from __future__ import annotations

from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import Endpoint, EndpointState, Problem, Role, Severity, SocketType
from zmqscope.engine.attachment import Attachment, Match, Told
from zmqscope.engine.links.plan import GateId


class LinkedAttachment(Attachment):
    """An endpoint of which libzmq only sees a private ipc address.

    Args:
        socket_type: The type of the socket that it belongs to.
        endpoint: What the user asked for.

    Attributes:
        gate_id: Its number among the links; None while it has none.
        inner: The private ipc address.
        gate_problem: What the links last told of the peer; None once it is connected.
        peer_id: Routing id of the peer of a PEER's connect; empty otherwise.
    """

    __slots__ = ("_is_datagram", "gate_id", "gate_problem", "inner", "peer_id")

    def __init__(self, socket_type: SocketType, endpoint: Endpoint) -> None:
        super().__init__(socket_type, endpoint)
        self.gate_id: GateId | None = None
        self.inner = ""
        self.gate_problem: Problem | None = None
        self.peer_id = b""
        self._is_datagram = transport_of(endpoint) == "udp"

    @property
    def is_inner_bound(self) -> bool:
        """Whether our own socket is bound to the private address; else it connects there."""
        return self.endpoint.role is Role.BIND and not self._is_datagram

    @property
    def peers(self) -> int:
        """Nobody knows how many listen to datagrams."""
        return 0 if self._is_datagram else super().peers

    @property
    def is_inproc(self) -> bool:
        """Never: links have connections of their own."""
        return False

    def match(self, address: str) -> Match:
        """How surely a monitor event's address is about this endpoint."""
        return Match.EXACT if address == self.inner else Match.NONE

    def on_report(self, problem: Problem) -> Told | None:
        """Take in what the links tell; what it is worth telling."""
        if self._is_datagram:
            told_before, self.gate_problem = self.gate_problem == problem, problem
            return None if told_before else Told(Severity.WARNING, problem.text, problem.hint)
        if self.endpoint.role is Role.BIND:
            return Told(Severity.WARNING, problem.text, problem.hint)
        if self.peers:
            return None
        told_before = self.gate_problem == problem
        self.gate_problem = self.problem = problem
        self.state = EndpointState.RETRYING
        return None if told_before else Told(Severity.WARNING, problem.text, problem.hint)

    def _on_handshake_done(self, is_taken: bool) -> Told | None:
        self.gate_problem = None
        if not self._is_datagram:
            return super()._on_handshake_done(is_taken)
        self._mark_oldest()
        is_bind = self.endpoint.role is Role.BIND
        self.state = EndpointState.LISTENING if is_bind else EndpointState.CONNECTED
        self.problem = None
        return None

    def _on_stranger(self, problem: Problem) -> Told | None:
        """The links know better what was at the other end."""
        if self.endpoint.role is Role.BIND or self.gate_problem is not None:
            return None
        return super()._on_stranger(problem)
