"""Interfaces, wildcards, both IP versions, multicast, and what cannot be had."""

from __future__ import annotations

import errno
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from zmqscope.core.link_address import UdpAddress, parse_udp
from zmqscope.core.tcp_address import HostPort, parse_host_port
from zmqscope.core.types import Role
from zmqscope.engine.links.listening import (
    datagram_socket,
    interface_address,
    scoped,
    tcp_listener,
    unix_listener,
)

PATIENCE_S = 60.0
GROUP_4, GROUP_6 = "239.192.77.1", "ff02::4d:1"


def loopback() -> str:
    """The name of the loopback interface."""
    return next(
        name
        for name, addresses in psutil.net_if_addrs().items()
        if any(each.address == "127.0.0.1" for each in addresses)
    )


def target(text: str) -> HostPort:
    """Host and port as they are typed for a bind."""
    return parse_host_port("ws", text, Role.BIND)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a unix socket."""
    with tempfile.TemporaryDirectory(prefix="zs-") as made:
        yield Path(made)


# ---- tcp ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wants_ipv6", "bound", "reached"),
    [
        ("127.0.0.1:*", False, "127.0.0.1", ["127.0.0.1"]),
        ("127.0.0.1:0", True, "127.0.0.1", ["127.0.0.1"]),
        ("*:*", False, "0.0.0.0", ["127.0.0.1", "127.0.0.2"]),
        ("*:*", True, "::", ["127.0.0.1", "::1"]),
        ("[::1]:*", False, "::1", ["::1"]),
        ("[::]:*", False, "::", ["::1"]),
        ("localhost:*", False, "127.0.0.1", ["127.0.0.1"]),
        ("LOOPBACK:*", False, "127.0.0.1", ["127.0.0.1"]),
    ],
)
def test_where_a_listener_is(typed: str, wants_ipv6: bool, bound: str, reached: list[str]) -> None:
    typed = typed.replace("LOOPBACK", loopback())
    with tcp_listener(target(typed), wants_ipv6, 100) as listener:
        host, port = listener.getsockname()[:2]
        assert host == bound
        assert port > 0
        for address in reached:
            with socket.create_connection((address, port), PATIENCE_S):
                listener.accept()[0].close()


def test_a_port_that_is_taken_and_free_again_at_once() -> None:
    with tcp_listener(target("127.0.0.1:*"), False, 1) as first:
        again = target(f"127.0.0.1:{first.getsockname()[1]}")
        with pytest.raises(OSError, match="in use") as failed:
            tcp_listener(again, False, 1)
        assert failed.value.errno == errno.EADDRINUSE
        # A connection that it closes first stays in TIME_WAIT.
        with socket.create_connection(first.getsockname(), PATIENCE_S) as peer:
            first.accept()[0].close()
            assert peer.recv(1) == b""
    tcp_listener(again, False, 1).close()


@pytest.mark.parametrize(
    ("typed", "kind"), [("192.0.2.99:5999", OSError), ("no-such-interface0:*", socket.gaierror)]
)
def test_an_address_that_cannot_be_had(typed: str, kind: type[OSError]) -> None:
    with pytest.raises(kind):
        tcp_listener(target(typed), False, 1)


def test_interfaces_by_name() -> None:
    name = loopback()
    assert interface_address(name) == "127.0.0.1"
    if any(each.family == socket.AF_INET6 for each in psutil.net_if_addrs()[name]):
        assert interface_address(name, socket.AF_INET6) == "::1"
    for other in ("127.0.0.1", "no-such-interface0", ""):
        assert interface_address(other) == other


# ---- unix --------------------------------------------------------------------------------------


def test_a_path_and_one_that_is_taken(folder: Path) -> None:
    path = str(folder / "s")
    with unix_listener(path) as listener, socket.socket(socket.AF_UNIX) as peer:
        peer.connect(path)
        listener.accept()[0].close()
        with pytest.raises(OSError, match="in use"):
            unix_listener(path)
    with pytest.raises(FileNotFoundError):
        unix_listener(str(folder / "no" / "s"))


@pytest.mark.parametrize("mark", ["@", "\0"])
def test_an_abstract_name(folder: Path, mark: str) -> None:
    name = folder.name
    with unix_listener(mark + name) as listener, socket.socket(socket.AF_UNIX) as peer:
        peer.connect(f"\0{name}")
        listener.accept()[0].close()
    assert not (folder / name).exists()
    unix_listener(mark + name).close()


# ---- datagrams ---------------------------------------------------------------------------------


def receiver(typed: str) -> socket.socket:
    """A socket that receives what comes to an address."""
    address = parse_udp(typed, Role.BIND)
    made = datagram_socket(address, Role.BIND, address.target.host, {})
    assert not made.getblocking()
    made.settimeout(PATIENCE_S)
    return made


def sender(typed: str, **options: int) -> socket.socket:
    """A socket that sends to an address."""
    address = parse_udp(typed, Role.CONNECT)
    made = datagram_socket(address, Role.CONNECT, address.target.host, options)
    assert not made.getblocking()
    return made


@pytest.mark.parametrize(
    ("bound", "aimed"),
    [
        ("127.0.0.1:*", "127.0.0.1:PORT"),
        ("*:*", "127.0.0.1:PORT"),
        ("LOOPBACK:0", "127.0.0.1:PORT"),
        ("[::1]:*", "[::1]:PORT"),
    ],
)
def test_datagrams_to_one(bound: str, aimed: str) -> None:
    with receiver(bound.replace("LOOPBACK", loopback())) as taker:
        port = taker.getsockname()[1]
        with sender(aimed.replace("PORT", str(port))) as giver:
            giver.send(b"hello")
            assert taker.recv(100) == b"hello"


@pytest.mark.parametrize("interface", ["127.0.0.1", "LOOPBACK"])
def test_datagrams_to_many(interface: str) -> None:
    interface = interface.replace("LOOPBACK", loopback())
    with receiver(f"{interface};{GROUP_4}:*") as taker:
        port = taker.getsockname()[1]
        with (
            receiver(f"{interface};{GROUP_4}:{port}") as other,
            sender(f"{interface};{GROUP_4}:{port}") as giver,
        ):
            giver.send(b"hello")
            assert taker.recv(100) == other.recv(100) == b"hello"


@pytest.mark.parametrize("interface", ["LOOPBACK", "::1"])
def test_a_group_of_ipv6_belongs_to_an_interface(interface: str) -> None:
    name = loopback()
    index = socket.if_nametoindex(name)
    address = UdpAddress(interface.replace("LOOPBACK", name), HostPort(GROUP_6, "*", True))
    with datagram_socket(address, Role.BIND, GROUP_6, {}) as taker:
        host, port, _, scope = taker.getsockname()
        assert (host.partition("%")[0], scope) == (GROUP_6, index)
        again = UdpAddress(address.interface, HostPort(GROUP_6, str(port), True))
        datagram_socket(again, Role.BIND, GROUP_6, {}).close()


def test_a_zone_stands_for_an_interface() -> None:
    name = loopback()
    index = socket.if_nametoindex(name)
    assert scoped("127.0.0.1", 5) == ("127.0.0.1", 5)
    assert scoped("::1", 5) == ("::1", 5, 0, 0)
    assert scoped("fe80::1", 5, 7) == ("fe80::1", 5, 0, 7)
    assert scoped(f"fe80::1%{name}", 5) == ("fe80::1", 5, 0, index)
    assert scoped(f"fe80::1%{name}", 5, 99) == ("fe80::1", 5, 0, index)
    assert scoped("fe80::1%3", 5) == ("fe80::1", 5, 0, 3)
    with pytest.raises(OSError, match="No such device"):
        scoped("fe80::1%nope0", 5)


def test_hops_and_loop_of_a_sender() -> None:
    with sender(f"127.0.0.1;{GROUP_4}:5999", multicast_hops=7, multicast_loop=0) as made:
        assert made.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 7
        assert made.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP) == 0
    with sender(f"127.0.0.1;{GROUP_4}:5999") as made:
        assert made.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL) == 1
        assert made.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP) == 1


@pytest.mark.parametrize("role", Role)
def test_an_interface_that_does_not_exist(role: Role) -> None:
    address = parse_udp(f"nope0;{GROUP_4}:5999", role)
    with pytest.raises(OSError, match="No such device") as failed:
        datagram_socket(address, role, GROUP_4, {})
    assert failed.value.errno == errno.ENODEV


def test_a_port_of_datagrams_that_is_taken() -> None:
    with receiver("127.0.0.1:*") as taken, pytest.raises(OSError, match="in use"):
        receiver(f"127.0.0.1:{taken.getsockname()[1]}")
