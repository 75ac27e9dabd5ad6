"""This machine's network interfaces, and addresses that name one. GUI thread."""

from __future__ import annotations

import socket
from typing import NamedTuple

import psutil

from zmqscope.core.errors import EndpointError
from zmqscope.core.link_address import parse_udp
from zmqscope.core.types import Role
from zmqscope.models.sockets.transport_choice import scheme_of

_MULTICAST = ("pgm", "epgm", "norm")
_EXAMPLE_GROUP = "239.192.1.1:5556"


class Interface(NamedTuple):
    """A network interface.

    Attributes:
        name: As the system calls it, such as ``eth0``.
        address: Its first IPv4 address.
    """

    name: str
    address: str


def interfaces() -> tuple[Interface, ...]:
    """Those with an IPv4 address, which multicast here needs, in the system's order."""
    found = []
    for name, addresses in psutil.net_if_addrs().items():
        for address in addresses:
            if address.family is socket.AF_INET:
                found.append(Interface(name, address.address))
                break
    return tuple(found)


def takes_interface(address: str, role: Role) -> bool:
    """Whether naming an interface in an address makes sense: for multicast, or to bind."""
    scheme, rest = scheme_of(address), address.strip().partition("://")[2]
    if scheme in _MULTICAST:
        return True
    if scheme != "udp":
        return False
    return role is Role.BIND or not rest or _is_multicast(rest, role)


def with_interface(address: str, interface: Interface | None, role: Role) -> str:
    """An address through an interface.

    Args:
        address: One for which ``takes_interface`` holds.
        interface: Which; None lets the system choose.
        role: Bind or connect.

    Returns:
        For multicast, ``interface;group:port`` behind the scheme; for a udp bind, the interface's
        own address.
    """
    scheme, rest = scheme_of(address), address.strip().partition("://")[2]
    target = rest.rpartition(";")[2] or _EXAMPLE_GROUP
    if scheme in _MULTICAST or _is_multicast(target, role):
        return f"{scheme}://{interface.name};{target}" if interface else f"{scheme}://{target}"
    port = target.rpartition(":")[2]
    return f"{scheme}://{interface.address if interface else '*'}:{port}"


def _is_multicast(rest: str, role: Role) -> bool:
    try:
        return parse_udp(rest, role).is_multicast
    except EndpointError:
        return False
