from __future__ import annotations

import pytest

from zmqscope.core.endpoints import check_endpoint, parse_endpoint
from zmqscope.core.types import Role, SocketType
from zmqscope.models.sockets.interfaces import (
    Interface,
    interfaces,
    takes_interface,
    with_interface,
)

BIND, CONNECT = Role.BIND, Role.CONNECT
ETH = Interface("eth0", "192.168.1.5")


def test_this_machine_has_its_loopback() -> None:
    assert "127.0.0.1" in [interface.address for interface in interfaces()]


@pytest.mark.parametrize(
    ("address", "role", "takes"),
    [
        ("udp://239.192.1.1:5556", CONNECT, True),
        ("udp://eth0;239.192.1.1:5556", CONNECT, True),
        ("udp://*:5556", BIND, True),
        ("udp://", CONNECT, True),
        ("udp://192.168.1.9:5556", CONNECT, False),
        ("pgm://239.192.1.1:5556", CONNECT, True),
        ("tcp://*:5556", BIND, False),
        ("", BIND, False),
    ],
)
def test_where_an_interface_makes_sense(address: str, role: Role, takes: bool) -> None:
    assert takes_interface(address, role) is takes


@pytest.mark.parametrize(
    ("address", "role", "interface", "result"),
    [
        ("udp://239.192.1.1:5556", CONNECT, ETH, "udp://eth0;239.192.1.1:5556"),
        ("udp://lo;239.192.1.1:7", CONNECT, ETH, "udp://eth0;239.192.1.1:7"),
        ("udp://lo;239.192.1.1:7", BIND, None, "udp://239.192.1.1:7"),
        ("udp://*:7", BIND, ETH, "udp://192.168.1.5:7"),
        ("udp://192.168.1.5:7", BIND, None, "udp://*:7"),
        ("udp://", CONNECT, ETH, "udp://eth0;239.192.1.1:5556"),
    ],
)
def test_an_interface_goes_in_and_out(
    address: str, role: Role, interface: Interface | None, result: str
) -> None:
    written = with_interface(address, interface, role)
    assert written == result
    kind = SocketType.RADIO if role is CONNECT else SocketType.DISH
    check_endpoint(kind, parse_endpoint(written, role))


def test_multicast_that_this_build_lacks_is_written_all_the_same() -> None:
    assert with_interface("pgm://239.1.1.1:5", ETH, CONNECT) == "pgm://eth0;239.1.1.1:5"
