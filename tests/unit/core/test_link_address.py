"""Addresses of WebSocket and udp endpoints, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from zmqscope.core.errors import EndpointError
from zmqscope.core.link_address import (
    MAX_PATH_CHARACTERS,
    UdpAddress,
    WebSocketAddress,
    parse_udp,
    parse_websocket,
)
from zmqscope.core.tcp_address import HostPort
from zmqscope.core.types import Problem, Role

BIND, CONNECT = Role.BIND, Role.CONNECT


def name(host: str, port: str) -> HostPort:
    return HostPort(host, port, bracketed=False)


def v6(host: str, port: str) -> HostPort:
    return HostPort(host, port, bracketed=True)


@pytest.mark.parametrize("scheme", ["ws", "wss"])
@pytest.mark.parametrize(
    ("rest", "role", "target", "path"),
    [
        ("localhost:8080", CONNECT, name("localhost", "8080"), ""),
        ("localhost:8080/", CONNECT, name("localhost", "8080"), "/"),
        ("localhost:8080/a/b.c?d=e&f", CONNECT, name("localhost", "8080"), "/a/b.c?d=e&f"),
        ("localhost:8080/%C3%BC@x:y//z", CONNECT, name("localhost", "8080"), "/%C3%BC@x:y//z"),
        ("localhost:80/" + "x" * 1_999, CONNECT, name("localhost", "80"), "/" + "x" * 1_999),
        ("[::1]:8080/x", CONNECT, v6("::1", "8080"), "/x"),
        ("[fe80::1%eth0]:8080/x", CONNECT, v6("fe80::1%eth0", "8080"), "/x"),
        ("*:8080", BIND, name("*", "8080"), ""),
        ("*:*", BIND, name("*", "*"), ""),
        ("127.0.0.1:0/x", BIND, name("127.0.0.1", "0"), "/x"),
        ("[::]:*/x", BIND, v6("::", "*"), "/x"),
        ("[*]:80", BIND, v6("*", "80"), ""),
    ],
)
def test_reads_a_websocket_address(
    scheme: str, rest: str, role: Role, target: HostPort, path: str
) -> None:
    assert parse_websocket(scheme, rest, role) == WebSocketAddress(target, path, scheme == "wss")


@pytest.mark.parametrize(
    ("rest", "role", "problem", "hint"),
    [
        ("", CONNECT, "“ws://” has no address.", "Type ws://localhost:5556."),
        ("/x", CONNECT, "“ws://” has no address.", "Type ws://localhost:5556."),
        ("host", CONNECT, "“ws://host” has no port.", "Type ws://host:80."),
        ("host/x", CONNECT, "“ws://host/x” has no port.", "Type ws://host:80/x."),
        (":80", CONNECT, "“ws://:80” has no host.", "Type ws://localhost:80."),
        ("h:99999/x", BIND, "has the port “99999”; the highest is 65535.", "1 to 65535."),
        ("*:80", CONNECT, "has the host “*”", "or bind instead."),
        ("host:*", CONNECT, "has the port “*”", "or bind instead."),
        ("host:0/x", CONNECT, "has the port “0”", "or bind instead."),
        ("::1:80/x", CONNECT, "an IPv6 address without brackets.", "Type ws://[::1]:80."),
        ("[fe80::1%]:80", CONNECT, "has “%” without a zone.", "[fe80::1%eth0]"),
        ("a b:80/x", CONNECT, "“ws://a b:80/x” has a blank in it.", "Type ws://ab:80/x."),
        ("a:80?x=1", CONNECT, "has “?” where its port should end.", "Type ws://a:80/?x=1."),
        ("a:80#x", CONNECT, "has “#” where its port should end.", "Type ws://a:80."),
        ("a:80/x#y", CONNECT, "has a “#” in its path", "all behind it out."),
        ("a:80/x y", CONNECT, "has “ ” in its path, where it cannot be.", "as %20; in a"),
        (
            "a:80/ü",
            BIND,
            "has “ü” in its path, where it cannot be.",
            "as %C3%BC; in a",
        ),
        ("a:80/[x]", BIND, "has “[” in its path, where it cannot be.", "spec, as %255B."),
        ("a:80/100%", BIND, "a percent sign without two hex digits in its path.", "as %2525."),
        ("a:80/%zz", BIND, "a percent sign without two hex digits in its path.", "as %2525."),
        ("a:80/" + "x" * MAX_PATH_CHARACTERS, BIND, "has a path of 2001 characters", "shorter"),
    ],
)
def test_refuses_a_websocket_address(rest: str, role: Role, problem: str, hint: str) -> None:
    found = websocket_problem("ws", rest, role)
    assert problem in found.text
    assert hint in found.hint
    assert found.sentence().isprintable()
    assert len(found.sentence()) < 250


def test_the_usual_port_of_tls_is_another() -> None:
    assert websocket_problem("wss", "host/x", CONNECT).hint == "Type wss://host:443/x."


@pytest.mark.parametrize("rest", ["me:hunter2@host:80", "hunter2@host:80/x", "a@hunter2@host"])
@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_a_password_is_refused_and_not_repeated(scheme: str, rest: str) -> None:
    found = websocket_problem(scheme, rest, CONNECT)
    assert "user name or password" in found.text
    assert "hunter2" not in found.sentence()
    assert found.hint == "Leave out what stands before “@”."


def websocket_problem(scheme: str, rest: str, role: Role) -> Problem:
    with pytest.raises(EndpointError) as raised:
        parse_websocket(scheme, rest, role)
    return raised.value.problem


@pytest.mark.parametrize(
    ("rest", "role", "address", "is_multicast"),
    [
        ("127.0.0.1:5556", CONNECT, UdpAddress("", name("127.0.0.1", "5556")), False),
        ("example.org:5556", CONNECT, UdpAddress("", name("example.org", "5556")), False),
        ("[::1]:5556", CONNECT, UdpAddress("", v6("::1", "5556")), False),
        ("*:5556", BIND, UdpAddress("", name("*", "5556")), False),
        ("127.0.0.1:*", BIND, UdpAddress("", name("127.0.0.1", "*")), False),
        ("239.192.1.1:5556", CONNECT, UdpAddress("", name("239.192.1.1", "5556")), True),
        ("224.0.0.1:5556", BIND, UdpAddress("", name("224.0.0.1", "5556")), True),
        ("240.0.0.1:5556", CONNECT, UdpAddress("", name("240.0.0.1", "5556")), False),
        ("eth0;239.1.1.1:5", BIND, UdpAddress("eth0", name("239.1.1.1", "5")), True),
        ("10.0.0.7;239.1.1.1:5", CONNECT, UdpAddress("10.0.0.7", name("239.1.1.1", "5")), True),
        ("*;239.1.1.1:5", BIND, UdpAddress("", name("239.1.1.1", "5")), True),
        ("br-1.2_x;239.1.1.1:5", BIND, UdpAddress("br-1.2_x", name("239.1.1.1", "5")), True),
        ("[ff02::1]:5", BIND, UdpAddress("", v6("ff02::1", "5")), True),
        ("[ff02::1%eth0]:5", BIND, UdpAddress("", v6("ff02::1%eth0", "5")), True),
        ("eth0;[ff02::1]:5", CONNECT, UdpAddress("eth0", v6("ff02::1", "5")), True),
    ],
)
def test_reads_a_udp_address(
    rest: str, role: Role, address: UdpAddress, is_multicast: bool
) -> None:
    found = parse_udp(rest, role)
    assert found == address
    assert found.is_multicast is is_multicast


@pytest.mark.parametrize(
    ("rest", "role", "problem", "hint"),
    [
        ("", CONNECT, "“udp://” has no address.", "Type udp://localhost:5556."),
        ("239.1.1.1", BIND, "“udp://239.1.1.1” has no port.", "Type udp://239.1.1.1:5556."),
        ("*:5", CONNECT, "has the host “*”", "or bind instead."),
        ("h:*", CONNECT, "has the port “*”", "or bind instead."),
        ("eth0; 239.1.1.1:5", BIND, "has a blank in it.", "Type udp://eth0;239.1.1.1:5."),
        (";239.1.1.1:5", BIND, "has no interface before “;”.", "udp://eth0;239.192.1.1:5556."),
        ("a;b;239.1.1.1:5", BIND, "has more than one “;”.", "udp://eth0;239.192.1.1:5556."),
        ("a/b;239.1.1.1:5", BIND, "has “a/b” before “;”, which is no interface.", "udp://eth0;"),
        ("eth0;", BIND, "has no address.", "Type udp://*:5556."),
        ("eth0;239.1.1.1", BIND, "has no port.", "Type udp://239.1.1.1:5556."),
        ("eth0;10.1.1.1:5", BIND, "names an interface, but no multicast group.", "239.192.1.1"),
        ("*;10.1.1.1:5", BIND, "names an interface, but no multicast group.", "239.192.1.1"),
        ("eth0;host:5", CONNECT, "names an interface, but no multicast group.", "239.192.1.1"),
        ("h:5/x", CONNECT, "has “/x” after the port", "Type udp://h:5."),
    ],
)
def test_refuses_a_udp_address(rest: str, role: Role, problem: str, hint: str) -> None:
    with pytest.raises(EndpointError) as raised:
        parse_udp(rest, role)
    assert problem in raised.value.problem.text
    assert hint in raised.value.problem.hint
    assert str(raised.value).isprintable()
