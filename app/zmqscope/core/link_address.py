"""Addresses of WebSocket and udp endpoints, taken apart. Pure, any thread.

Sources: RFC 45 (ZWS 2.0), RFC 6455 section 3, zmq_udp(7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from zmqscope.core.errors import EndpointError
from zmqscope.core.tcp_address import HostPort, parse_host_port
from zmqscope.core.types import Role
from zmqscope.core.wording import quoted, type_this

MAX_PATH_CHARACTERS = 2_000
"""Of a WebSocket endpoint: libzmq reads no more than 8 KiB of an HTTP head."""

# RFC 3986: pchar, slashes, and a query.
_PATH = re.compile(r"(?:[A-Za-z0-9/._~!$&'()*+,;=:@?-]|%[0-9A-Fa-f]{2})*")
_INTERFACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*|\*")
_USUAL_PORTS = {"ws": "80", "wss": "443"}
_MULTICAST_EXAMPLE = "Type an interface and a group, as in udp://eth0;239.192.1.1:5556."


@dataclass(frozen=True, slots=True)
class WebSocketAddress:
    """Where a WebSocket endpoint is.

    Attributes:
        target: Host and port.
        path: What is asked for in the HTTP request, from its slash on; empty if none was typed.
        is_secure: Whether it is TLS.
    """

    target: HostPort
    path: str
    is_secure: bool


@dataclass(frozen=True, slots=True)
class UdpAddress:
    """Where datagrams go, or are received.

    Attributes:
        interface: Name or address of the interface to use; empty lets the system choose.
        target: Host and port.
    """

    interface: str
    target: HostPort

    @property
    def is_multicast(self) -> bool:
        """Whether it is a group of machines."""
        try:
            return ip_address(self.target.host).is_multicast
        except ValueError:
            return False


def parse_websocket(scheme: str, rest: str, role: Role) -> WebSocketAddress:
    """Read what follows ``ws://`` or ``wss://``: ``host:port`` and perhaps a path.

    Raises:
        EndpointError: It is no such address.
    """
    authority, slash, path = rest.partition("/")
    _, at, host = authority.rpartition("@")
    if at:
        # What stands there may be a password: no sentence repeats it.
        raise EndpointError(
            f"{quoted(f'{scheme}://…@{host}{slash}{path}')} has a user name or password in it, "
            "which ZeroMQ does not use.",
            "Leave out what stands before “@”.",
        )
    shown = quoted(f"{scheme}://{rest}")
    _check_path(shown, slash + path)
    _check_authority(scheme, authority, slash + path, role)
    return WebSocketAddress(parse_host_port(scheme, authority, role), slash + path, scheme == "wss")


def _check_authority(scheme: str, authority: str, path: str, role: Role) -> None:
    """What a URL is typed with and no other endpoint is; the rest is checked as host and port."""
    shown = quoted(f"{scheme}://{authority}{path}")
    if any(character.isspace() for character in authority):
        tight = f"{scheme}://{''.join(authority.split())}{path}"
        raise EndpointError(f"{shown} has a blank in it.", type_this(tight, _example(scheme, role)))
    for mark in "?#":
        before, found, after = authority.partition(mark)
        if found:
            behind = f"/?{after}{path}" if mark == "?" else ""
            raise EndpointError(
                f"{shown} has “{mark}” where its port should end.",
                type_this(f"{scheme}://{before}{behind}", _example(scheme, role)),
            )
    if authority and ":" not in authority:
        with_port = f"{scheme}://{authority}:{_USUAL_PORTS[scheme]}{path}"
        raise EndpointError(f"{shown} has no port.", type_this(with_port, _example(scheme, role)))


def _check_path(shown: str, path: str) -> None:
    if not path:
        return
    if len(path) > MAX_PATH_CHARACTERS:
        raise EndpointError(
            f"{shown} has a path of {len(path)} characters; {MAX_PATH_CHARACTERS} are allowed.",
            "Choose a shorter one.",
        )
    read = _PATH.match(path)
    wrong = path[read.end()] if read is not None and read.end() < len(path) else ""
    if wrong == "#":
        raise EndpointError(
            f"{shown} has a “#” in its path, which no server is ever sent.",
            "Leave it and all behind it out.",
        )
    if wrong == "%":
        raise EndpointError(
            f"{shown} has a percent sign without two hex digits in its path.",
            "Type a percent sign itself as %25; in a socket spec, as %2525.",
        )
    if wrong:
        # In a spec, the percent sign is itself one that gets decoded.
        encoded = "".join(f"%{byte:02X}" for byte in wrong.encode("utf-8", "replace"))
        raise EndpointError(
            f"{shown} has {quoted(wrong)} in its path, where it cannot be.",
            f"Type it as {encoded}; in a socket spec, as {encoded.replace('%', '%25')}.",
        )


def _example(scheme: str, role: Role) -> str:
    return f"Type {scheme}://{'*' if role is Role.BIND else 'localhost'}:8080."


def parse_udp(rest: str, role: Role) -> UdpAddress:
    """Read what follows ``udp://``: ``host:port``, or ``interface;group:port`` for multicast.

    Raises:
        EndpointError: It is no such address.
    """
    shown = quoted(f"udp://{rest}")
    if any(character.isspace() for character in rest):
        raise EndpointError(
            f"{shown} has a blank in it.",
            type_this(f"udp://{''.join(rest.split())}", _MULTICAST_EXAMPLE),
        )
    interface, semicolon, target = rest.partition(";")
    if not semicolon:
        return UdpAddress("", parse_host_port("udp", rest, role))
    if not interface:
        raise EndpointError(f"{shown} has no interface before “;”.", _MULTICAST_EXAMPLE)
    if ";" in target:
        raise EndpointError(f"{shown} has more than one “;”.", _MULTICAST_EXAMPLE)
    if not _INTERFACE.fullmatch(interface):
        raise EndpointError(
            f"{shown} has {quoted(interface)} before “;”, which is no interface.",
            _MULTICAST_EXAMPLE,
        )
    address = UdpAddress(
        "" if interface == "*" else interface, parse_host_port("udp", target, role)
    )
    if not address.is_multicast:
        raise EndpointError(
            f"{shown} names an interface, but no multicast group.",
            "Type a group such as 239.192.1.1 after “;”, or leave the interface out.",
        )
    return address


def datagram_address(text: bytes) -> tuple[str, int] | None:
    """Host and port of ``127.0.0.1:5556`` or ``[::1]:5556``, as a DGRAM has it in its first frame.

    The zero byte that libzmq puts behind it may be there. None if it is no such address.
    """
    host, colon, port = text.rstrip(b"\0").rpartition(b":")
    if not colon or not port.isdigit() or len(port) > 5 or int(port) > 65_535:
        return None
    try:
        name = host.decode("ascii").removeprefix("[").removesuffix("]")
        ip_address(name)
    except ValueError:
        return None
    return name, int(port)
