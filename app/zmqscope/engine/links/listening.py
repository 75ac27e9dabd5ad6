"""Sockets that peers knock at, or send datagrams to. The engine's thread makes them."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Mapping

import psutil

from zmqscope.core.link_address import UdpAddress
from zmqscope.core.tcp_address import HostPort
from zmqscope.core.types import Role

_UNIX_BACKLOG = 512
_DATAGRAM_BUFFER = 4 * 1024 * 1024


def tcp_listener(target: HostPort, wants_ipv6: bool, backlog: int) -> socket.socket:
    """Listen on a host or interface.

    Args:
        target: Host (``*`` for all) and port (``*`` or 0 lets the system choose).
        wants_ipv6: Whether ``*`` stands for IPv6 too.
        backlog: Connections that may wait.

    Raises:
        OSError: It cannot be had.
    """
    port = 0 if target.port == "*" else int(target.port)
    is_any = target.host == "*"
    host = ("::" if wants_ipv6 or target.bracketed else "0.0.0.0") if is_any else target.host
    if not is_any and not target.bracketed:
        host = interface_address(target.host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(not is_any))
        listener.bind(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)[0][4])
        listener.listen(max(1, backlog))
    except OSError:
        listener.close()
        raise
    return listener


def unix_listener(path: str) -> socket.socket:
    """Listen on a path, or on an abstract name behind ``@`` or a zero byte.

    Raises:
        OSError: It cannot be had.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(f"\0{path[1:]}" if path.startswith("@") else path)
        listener.listen(_UNIX_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def interface_address(name: str, family: int = socket.AF_INET) -> str:
    """The address of an interface given by name; an address or host name stays as it is."""
    for each in psutil.net_if_addrs().get(name, ()):
        if each.family == family:
            return each.address
    return name


def local_address(source: HostPort) -> tuple[str, int]:
    """Where to connect from: an address of this machine, or an interface, and a port or 0.

    Raises:
        OSError: There is none of that name.
    """
    host = source.host if source.bracketed else interface_address(source.host)
    if source.is_name and host == source.host:
        host = socket.gethostbyname(host)
    return host, int(source.port)


SocketAddress = tuple[str, int] | tuple[str, int, int, int]


def scoped(host: str, port: int, interface: int = 0) -> SocketAddress:
    """An IP address as Python's sockets take it.

    Args:
        host: It; IPv6 perhaps with a zone, which sockets would pass over in silence.
        port: Its port.
        interface: Index of the interface that counts where there is no zone; 0 for any.

    Raises:
        OSError: The zone is no interface.
    """
    address, _, zone = host.partition("%")
    if ":" not in address:
        return host, port
    if zone:
        interface = int(zone) if zone.isdigit() else _interface_index(zone)
    return address, port, 0, interface


# ---- datagrams ---------------------------------------------------------------------------------


def datagram_socket(
    address: UdpAddress, role: Role, host: str, options: Mapping[str, int | bytes]
) -> socket.socket:
    """A socket that sends to an address, or receives what comes there.

    Args:
        address: As it was typed.
        role: Connect to send there, bind to receive.
        host: The host of the address, looked up.
        options: ``multicast_hops`` and ``multicast_loop`` count.

    Raises:
        OSError: It cannot be had.
    """
    if host == "*":
        host = "::" if address.target.bracketed else "0.0.0.0"
    elif role is Role.BIND and not address.target.bracketed:
        host = interface_address(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    port = 0 if address.target.port == "*" else int(address.target.port)
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        if role is Role.BIND:
            _receive(made, address, host, port)
        else:
            _aim(made, address, options)
            made.connect(_place(family, address, host, port))
    except OSError:
        made.close()
        raise
    return made


def _place(family: int, address: UdpAddress, host: str, port: int) -> SocketAddress:
    # A link-local group is one of an interface, and IPv4 has none of those.
    is_ipv6 = family == socket.AF_INET6
    return scoped(host, port, _interface_index(address.interface) if is_ipv6 else 0)


def _receive(made: socket.socket, address: UdpAddress, host: str, port: int) -> None:
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _DATAGRAM_BUFFER)
    if address.is_multicast:
        # Several programs of one machine may listen to a group (zmq_udp(7)).
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place = _place(made.family, address, host, port)
    made.bind(place)
    if not address.is_multicast:
        return
    if made.family == socket.AF_INET6:
        group = socket.inet_pton(socket.AF_INET6, place[0]) + struct.pack("@I", place[-1])
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
    else:
        own = _interface_ipv4(address.interface)
        group = socket.inet_aton(host) + socket.inet_aton(own)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)


def _aim(made: socket.socket, address: UdpAddress, options: Mapping[str, int | bytes]) -> None:
    if not address.is_multicast:
        return
    hops, loop = int(options.get("multicast_hops", 1)), int(options.get("multicast_loop", 1))
    if made.family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, hops)
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, loop)
        index = _interface_index(address.interface)
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        return
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, hops)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, loop)
    if address.interface:
        own = socket.inet_aton(_interface_ipv4(address.interface))
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)


def _interface_ipv4(interface: str) -> str:
    """The IPv4 address of an interface given by name or address; any for none."""
    if not interface:
        return "0.0.0.0"
    found = interface_address(interface)
    try:
        socket.inet_aton(found)
    except OSError:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV)) from None
    return found


def _interface_index(interface: str) -> int:
    """The index of an interface given by name or address; 0 for none."""
    if not interface:
        return 0
    for name, addresses in psutil.net_if_addrs().items():
        if interface in (name, *(each.address.partition("%")[0] for each in addresses)):
            return socket.if_nametoindex(name)
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
