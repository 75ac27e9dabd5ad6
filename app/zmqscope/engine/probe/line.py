"""One connection of a probe, with a moment at which patience ends. Blocking; any one thread."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from zmqscope.core.endpoints import parse_endpoint
from zmqscope.core.errors import EndpointError
from zmqscope.core.link_address import parse_websocket
from zmqscope.core.tcp_address import HostPort, parse_tcp
from zmqscope.core.types import Role
from zmqscope.engine.links.listening import SocketAddress, scoped

_READ_BYTES = 16 * 1024
_OWN = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
_SCHEMES = ("tcp", "ipc", "ws", "wss")


class UnreachedError(Exception):
    """Nobody could be connected to.

    Args:
        number: Its errno; 0 where there is none.
        reason: Why, in a few words.
    """

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect.

    Attributes:
        scheme: tcp, ipc, ws or wss.
        host: Without brackets; of ipc, its path.
        port: 0 for ipc.
        path: Of the HTTP request.
    """

    scheme: str
    host: str
    port: int = 0
    path: str = ""

    @property
    def is_local(self) -> bool:
        """Whether it is certainly this machine."""
        return self.scheme == "ipc" or self.host in ("localhost", "127.0.0.1", "::1")


def read_place(address: str) -> Place:
    """Where an endpoint is; of one that is bound to all interfaces, this machine.

    Raises:
        EndpointError: It is no endpoint, or none that can be probed.
    """
    scheme, _, rest = address.strip().partition("://")
    if scheme in ("inproc", "udp", "tipc", "pgm", "epgm", "norm", "vmci", "vsock"):
        raise EndpointError(
            f"A {scheme} endpoint cannot be probed: nobody answers there before a message comes.",
            "Probe a tcp, ipc, ws or wss endpoint.",
        )
    for wildcard, own in _OWN.items():
        shown = f"[{wildcard}]" if ":" in wildcard else wildcard
        if scheme != "ipc" and rest.startswith(f"{shown}:"):
            rest = f"{f'[{own}]' if ':' in own else own}{rest.removeprefix(shown)}"
    endpoint = parse_endpoint(f"{scheme}://{rest}" if scheme in _SCHEMES else address, Role.CONNECT)
    scheme, _, rest = endpoint.address.partition("://")
    if scheme == "ipc":
        return Place(scheme, f"\0{rest[1:]}" if rest.startswith("@") else rest)
    if scheme == "tcp":
        return _place(scheme, parse_tcp(rest, Role.CONNECT).target, "")
    websocket = parse_websocket(scheme, rest, Role.CONNECT)
    return _place(scheme, websocket.target, websocket.path)


def _place(scheme: str, target: HostPort, path: str) -> Place:
    return Place(scheme, target.host, int(target.port), path)


class Line:
    """A connected socket.

    Args:
        connection: Connected; it becomes the line's own.
        deadline_s: When patience ends, monotonic.

    Attributes:
        came: Everything that was received, at most 256 bytes of it.
        ends: Whether the other side has closed.
    """

    def __init__(self, connection: socket.socket, deadline_s: float) -> None:
        self._socket = connection
        self._deadline_s = deadline_s
        self.came = b""
        self.ends = False

    @classmethod
    def to(cls, place: Place, deadline_s: float) -> Self:
        """Connect.

        Raises:
            UnreachedError: Nobody is there.
        """
        return cls(_connect(place, deadline_s), deadline_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connection(self) -> socket.socket:
        """The connected socket; it stays the line's own."""
        return self._socket

    @property
    def left_s(self) -> float:
        """Patience that is left."""
        return max(0.0, self._deadline_s - time.monotonic())

    def secure(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """TLS from now on.

        Raises:
            OSError: The handshake failed (``ssl.SSLError``), or took too long.
        """
        self._socket.settimeout(max(0.01, self.left_s))
        secured = context.wrap_socket(self._socket, server_hostname=name or None)
        self._socket = secured
        return secured

    def send(self, data: bytes) -> bool:
        """Send; whether it went."""
        try:
            self._socket.settimeout(max(0.01, self.left_s))
            self._socket.sendall(data)
        except OSError:
            self.ends = True
            return False
        return True

    def receive(self, patience_s: float) -> bytes:
        """What comes next; empty if nothing came in time, or the other side has closed."""
        if self.ends:
            return b""
        try:
            self._socket.settimeout(max(0.001, min(patience_s, self.left_s)))
            data = self._socket.recv(_READ_BYTES)
        except TimeoutError:
            return b""
        except OSError:
            self.ends = True
            return b""
        if not data:
            self.ends = True
        self.came = (self.came + data)[:256]
        return data

    def gather(self, patience_s: float, enough: Callable[[bytes], bool]) -> bytes:
        """Receive until it is enough, or nothing more comes.

        Args:
            patience_s: For all of it.
            enough: Whether what has come is.
        """
        until_s = time.monotonic() + patience_s
        data = b""
        while not enough(data):
            left_s = until_s - time.monotonic()
            more = self.receive(left_s) if left_s > 0 else b""
            if not more:
                break
            data += more
        return data

    def close(self) -> None:
        """Close it."""
        with contextlib.suppress(OSError):
            self._socket.close()


def _connect(place: Place, deadline_s: float) -> socket.socket:
    if place.scheme == "ipc":
        return _attempt(socket.AF_UNIX, place.host, deadline_s)
    try:
        found = socket.getaddrinfo(place.host.partition("%")[0], place.port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachedError(0, f"unknown host: {getattr(error, 'strerror', error)}") from None
    failed = UnreachedError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT).lower())
    for family, _, _, _, target in sorted(found, key=lambda each: each[0] != socket.AF_INET):
        host = place.host if "%" in place.host else str(target[0])
        try:
            return _attempt(family, scoped(host, place.port), deadline_s)
        except UnreachedError as error:
            failed = error
    raise failed


def _attempt(family: int, target: str | SocketAddress, deadline_s: float) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(max(0.01, deadline_s - time.monotonic()))
        made.connect(target)  # type of the address follows from the family
        if family != socket.AF_UNIX and made.getsockname() == made.getpeername():
            # TCP connects to itself where nobody listens (RFC 9293, simultaneous open).
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    except OSError as error:
        made.close()
        number = errno.ETIMEDOUT if isinstance(error, TimeoutError) else error.errno or 0
        raise UnreachedError(
            number, os.strerror(number).lower() if number else str(error)
        ) from None
    return made
