"""One endpoint that links serve, followed through its links' reports too. Engine thread; no I/O."""

from __future__ import annotations

import time

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.diagnosis.observation import LinkReport
from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketType,
)
from zmqscope.engine.attachment import Attachment, Told
from zmqscope.engine.endpoint_match import Match
from zmqscope.engine.links.plan import GateId
from zmqscope.engine.links.proxy import Proxy


class LinkedAttachment(Attachment):
    """An endpoint of which libzmq only sees a private ipc address.

    Args:
        socket_type: The type of the socket that it belongs to.
        endpoint: What the user asked for.
        proxy: Through whom it connects.
        door_id: The socket that it belongs to; None where that does not matter.

    Attributes:
        gate_id: Its number among the links; None while it has none.
        door_id: The socket that it belongs to.
        inner: The private ipc address.
        gate_problem: What the links last told of the peer; None once it is connected.
        proxy: Through whom it connects; None if straight.
        peer_id: Routing id of the peer of a PEER's connect; empty otherwise.
    """

    __slots__ = ("_is_datagram", "door_id", "gate_id", "gate_problem", "inner", "peer_id", "proxy")

    def __init__(
        self,
        socket_type: SocketType,
        endpoint: Endpoint,
        proxy: Proxy | None = None,
        door_id: SocketId | None = None,
    ) -> None:
        super().__init__(socket_type, endpoint)
        self.proxy = proxy
        self.door_id = door_id
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

    def on_report(self, problem: Problem, rule: Rule | None = None) -> Told | None:
        """Take in what the links tell; what it is worth telling.

        Args:
            problem: In words.
            rule: Which rule of the doctor it is a case of.
        """
        before = self.report
        count = before.count + 1 if before is not None and before.problem == problem else 1
        self.report = LinkReport(problem, rule, time.monotonic_ns(), count)
        if self._is_datagram:
            told_before, self.gate_problem = self.gate_problem == problem, problem
            return None if told_before else Told(Severity.WARNING, problem.text, problem.hint)
        if self.endpoint.role is Role.BIND:
            return Told(Severity.WARNING, problem.text, problem.hint)
        told_before, self.gate_problem = self.gate_problem == problem, problem
        # With a peer it is why that one goes, or the next attempt failed: its end is seen later.
        if not self.peers:
            self.problem = problem
            self.state = EndpointState.RETRYING
        if told_before:
            return None
        is_found = not self.peers
        return Told(Severity.WARNING, problem.text, problem.hint, is_found)

    def on_heard(self) -> None:
        """A peer was heard through a tunnel: what follows is between it and libzmq."""
        if self.gate_problem is not None and self.problem == self.gate_problem:
            self.state, self.problem = EndpointState.CONNECTING, None
        self.gate_problem = self.report = None

    def look_after(self, now_s: float) -> list[Told]:
        """What no event tells; libzmq takes the link for the peer, and the link waits too."""
        told = super().look_after(now_s)
        if not told or self.proxy is None:
            return told
        where, proxy = self.endpoint.address, self.proxy.address
        self.problem = Problem(
            f"{where} is not connected to yet: nothing has come through the SOCKS proxy {proxy}.",
            "Check that it is a SOCKS5 proxy, and that it can reach that address.",
        )
        return [Told(Severity.WARNING, self.problem.text, self.problem.hint)]

    def _on_handshake_done(self, is_taken: bool) -> Told | None:
        self.gate_problem = None
        if self.endpoint.role is Role.CONNECT:
            self.report = None
        if not self._is_datagram:
            return super()._on_handshake_done(is_taken)
        self.crowd.finish_oldest()
        is_bind = self.endpoint.role is Role.BIND
        self.state = EndpointState.LISTENING if is_bind else EndpointState.CONNECTED
        self.problem = None
        return None

    def _on_stranger(self, problem: Problem) -> Told | None:
        """The links know better what was at the other end."""
        if self.endpoint.role is Role.BIND or self.gate_problem is not None:
            return None
        return super()._on_stranger(problem)
