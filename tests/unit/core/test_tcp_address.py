"""The parts of a tcp address; its many errors are in test_endpoints."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import EndpointError
from zmqscope.core.tcp_address import HostPort, TcpAddress, parse_host_port, parse_tcp
from zmqscope.core.types import Role


@pytest.mark.parametrize(
    ("rest", "address"),
    [
        ("host:1", TcpAddress(HostPort("host", "1", bracketed=False))),
        ("[::1]:1", TcpAddress(HostPort("::1", "1", bracketed=True))),
        (
            "[::1]:0;host:1",
            TcpAddress(
                HostPort("host", "1", bracketed=False), HostPort("::1", "0", bracketed=True)
            ),
        ),
        (
            "eth0:77;[fe80::1%eth0]:1",
            TcpAddress(
                HostPort("fe80::1%eth0", "1", bracketed=True),
                HostPort("eth0", "77", bracketed=False),
            ),
        ),
    ],
)
def test_takes_an_address_apart(rest: str, address: TcpAddress) -> None:
    assert parse_tcp(rest, Role.CONNECT) == address


@pytest.mark.parametrize(
    ("host", "is_name"),
    [("example.org", True), ("eth0", True), ("*", False), ("127.0.0.1", False)],
)
def test_tells_names_from_numbers(host: str, is_name: bool) -> None:
    assert HostPort(host, "1", bracketed=False).is_name is is_name


def test_an_address_in_brackets_is_no_name() -> None:
    assert not HostPort("::1", "1", bracketed=True).is_name


def test_the_source_is_checked_like_the_target() -> None:
    for rest in ("300.1.1.1:0;a:1", "a b:0;c:1", "a:99999;b:1", ":0;b:1", "a:x;b:1", "[a]:0;b:1"):
        with pytest.raises(EndpointError):
            parse_tcp(rest, Role.CONNECT)


def test_sentences_name_the_scheme_in_use() -> None:
    with pytest.raises(EndpointError, match=r"“ws://host” has no port\. Type ws://host:5556\."):
        parse_host_port("ws", "host", Role.CONNECT)
