"""Which endpoints are reached through a proxy."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import EndpointError
from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType
from zmqscope.engine.links.proxy import Proxy, proxy_of

ADDRESS = b"proxy.example:1080"


def spec(*options: tuple[str, int | bytes]) -> SocketSpec:
    return SocketSpec(SocketType.SUB, options=options)


@pytest.mark.parametrize("address", ["tcp://a:1", "ws://a:1/x", "wss://a:1", "tcp://[::1]:1"])
def test_whoever_connects_over_tcp_or_websocket(address: str) -> None:
    endpoint = Endpoint(Role.CONNECT, address)
    wanted = spec(("socks_proxy", ADDRESS), ("socks_username", b"me"))
    assert proxy_of(wanted, endpoint) == Proxy("proxy.example:1080", b"me")
    assert proxy_of(spec(("socks_proxy", ADDRESS)), endpoint) == Proxy("proxy.example:1080")
    assert proxy_of(spec(("socks_username", b"me")), endpoint) is None
    assert proxy_of(spec(("socks_proxy", b"")), endpoint) is None


@pytest.mark.parametrize(
    "endpoint",
    [
        Endpoint(Role.BIND, "tcp://*:1"),
        Endpoint(Role.BIND, "ws://*:1"),
        Endpoint(Role.CONNECT, "ipc:///tmp/a"),
        Endpoint(Role.CONNECT, "inproc://a"),
        Endpoint(Role.CONNECT, "udp://a:1"),
    ],
)
def test_nobody_else(endpoint: Endpoint) -> None:
    assert proxy_of(spec(("socks_proxy", ADDRESS)), endpoint) is None


@pytest.mark.parametrize(
    ("address", "host", "port", "is_name"),
    [
        ("proxy.example:1080", "proxy.example", "1080", True),
        ("127.0.0.1:1080", "127.0.0.1", "1080", False),
        ("[::1]:1080", "::1", "1080", False),
    ],
)
def test_its_host_and_port(address: str, host: str, port: str, is_name: bool) -> None:
    target = Proxy(address).target
    assert (target.host, target.port, target.is_name) == (host, port, is_name)


@pytest.mark.parametrize("address", ["proxy", "proxy:", "http://proxy:1", "proxy:99999", ":1"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(EndpointError) as raised:
        _ = Proxy(address).target
    assert "socks_proxy" in raised.value.problem.text
    assert raised.value.problem.hint
