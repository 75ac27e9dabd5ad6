"""What the links of one endpoint have to do: frozen, handed to their thread."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import NewType

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.security.access_rules import AddressRules
from zmqscope.core.types import Endpoint, Problem, SocketId, SocketType
from zmqscope.engine.links.proxy import Proxy

GateId = NewType("GateId", int)
"""Number of an endpoint that has links; never used twice."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in at an endpoint; libzmq does not see where a link's peer is.

    Attributes:
        socket_id: Of our socket.
        rules: What its access list says of addresses.
    """

    socket_id: SocketId
    rules: AddressRules


@dataclass(frozen=True, slots=True)
class GatePlan:
    """One endpoint whose peers are spoken to by links.

    Attributes:
        kind: The type of our socket, as peers see it.
        endpoint: What the user asked for.
        scheme: Its transport.
        inner: Path of the private ipc address between the link and our socket: of the socket if the
            endpoint is bound, of the link if it connects or is udp.
        addresses: Host addresses to connect to, in the order to try: of the proxy, if there is one;
            for ipc, the path.
        port: Port to connect to.
        host: For the HTTP request, TLS and the proxy: the host as it was typed, without brackets.
        path: Of the HTTP request.
        subprotocols: WebSocket subprotocols, the preferred one first.
        mechanism: The security mechanism of our socket.
        tls: Certificates and what is trusted; None without TLS.
        server_name: Whom TLS expects to talk with.
        handshake_s: How long a peer may take to shake hands.
        actual: The real address of a bound endpoint.
        proxy: Whom to ask for a connection, instead of making it.
        source: Address and port of this machine to connect from; None lets the system choose.
        door: Who may come in, if its socket asks for an access list; also whom it may connect to.
    """

    kind: SocketType
    endpoint: Endpoint
    scheme: str
    inner: str
    addresses: tuple[str, ...] = ()
    port: int = 0
    host: str = ""
    path: str = ""
    subprotocols: tuple[str, ...] = ()
    mechanism: bytes = b"NULL"
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    server_name: str = ""
    handshake_s: float = 30.0
    actual: str = ""
    proxy: Proxy | None = None
    source: tuple[str, int] | None = None
    door: Door | None = None

    @property
    def where(self) -> str:
        """The address as users are told of it: the real one where it is bound."""
        return self.actual or self.endpoint.address

    @property
    def is_websocket(self) -> bool:
        """Whether peers speak WebSocket."""
        return self.scheme in ("ws", "wss")

    @property
    def is_tunnel(self) -> bool:
        """Whether libzmq itself speaks to the peer, and links only lead there."""
        return self.scheme == "tcp" and self.proxy is not None and not self.kind.is_draft


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """What a link has seen of its peer in the handshake; what it has not is empty or None.

    Attributes:
        inner: The name of the link's end of its connection with our socket.
        address: Of the peer, as users write it.
        local: Our end, for tcp, ws and wss.
        remote: The peer's end.
        pid: The peer's process, for ipc.
        version: ``3.1`` as its greeting says it, or ``ZWS 2.0``.
        mechanism: NULL, PLAIN or CURVE.
        kind: Its socket type, as it says it.
        identity: The routing id that it gives itself.
    """

    inner: str = ""
    address: str = ""
    local: tuple[str, int] | None = None
    remote: tuple[str, int] | None = None
    pid: int | None = None
    version: str = ""
    mechanism: str = ""
    kind: SocketType | None = None
    identity: bytes | None = None


@dataclass(frozen=True, slots=True)
class GateReport:
    """Something that a link's endpoint has to tell.

    Attributes:
        gate_id: Which one.
        problem: Why a connection did not come about or ended, or a message did not go; None once
            something has come from the peer through a tunnel.
        facts: Who a peer is that has shaken hands; told before our own socket knows of it.
        rule: Which rule of the doctor the problem is a case of; None if of none in particular.
    """

    gate_id: GateId
    problem: Problem | None
    facts: PeerFacts | None = None
    rule: Rule | None = None
