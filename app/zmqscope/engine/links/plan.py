"""What the links of one endpoint have to do: frozen, handed to their thread."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import NewType

from zmqscope.core.types import Endpoint, Problem, SocketType
from zmqscope.engine.links.proxy import Proxy

GateId = NewType("GateId", int)
"""Number of an endpoint that has links; never used twice."""


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
class GateReport:
    """Something that a link's endpoint has to tell.

    Attributes:
        gate_id: Which one.
        problem: Why a connection did not come about or ended, or a message did not go; None once
            something has come from the peer through a tunnel.
    """

    gate_id: GateId
    problem: Problem | None
