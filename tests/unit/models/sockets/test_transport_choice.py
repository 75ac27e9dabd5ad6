from __future__ import annotations

import pytest

from zmqscope.core.endpoints import check_endpoint, parse_endpoint
from zmqscope.core.transports import ALL
from zmqscope.core.types import Role, SocketType
from zmqscope.models.sockets.transport_choice import (
    address_note,
    best_role,
    example_address,
    first_scheme,
    placeholder_of,
    scheme_of,
    transport_choices,
    with_role,
    with_scheme,
)

BIND, CONNECT = Role.BIND, Role.CONNECT


@pytest.mark.parametrize("kind", list(SocketType))
@pytest.mark.parametrize("role", list(Role))
def test_every_transport_is_listed_and_what_can_be_chosen_opens(
    kind: SocketType, role: Role
) -> None:
    choices = transport_choices(kind, role)
    assert [choice.scheme for choice in choices] == [transport.scheme for transport in ALL]
    for choice in choices:
        assert choice.meaning.endswith(".")
        if choice.problem is None:
            check_endpoint(kind, parse_endpoint(example_address(choice.scheme, role), role))
        else:
            assert choice.problem.text.endswith(".")
            assert choice.problem.hint


def test_a_dgram_only_binds_over_udp() -> None:
    usable = [c.scheme for c in transport_choices(SocketType.DGRAM, BIND) if c.problem is None]
    assert usable == ["udp"]
    assert first_scheme(SocketType.DGRAM, CONNECT) == ""
    assert best_role(SocketType.DGRAM, CONNECT) is BIND
    assert best_role(SocketType.SUB, CONNECT) is CONNECT
    assert placeholder_of(SocketType.DGRAM, BIND) == "udp://*:5556"
    assert placeholder_of(SocketType.SUB, CONNECT) == "tcp://localhost:5556"


@pytest.mark.parametrize(
    ("address", "scheme"),
    [("tcp://a:1", "tcp"), (" ws://", "ws"), ("foo://a", ""), ("tcp:a", ""), ("", "")],
)
def test_the_transport_of_what_is_typed(address: str, scheme: str) -> None:
    assert scheme_of(address) == scheme


@pytest.mark.parametrize(
    ("address", "scheme", "role", "result"),
    [
        ("", "tcp", CONNECT, "tcp://localhost:5556"),
        ("", "wss", BIND, "wss://*:8443"),
        ("tcp://localhost:5556", "ws", CONNECT, "ws://localhost:8080"),
        ("tcp://*:5556", "ws", BIND, "ws://*:8080"),
        ("tcp://a:1", "ws", CONNECT, "ws://a:1"),
        ("ws://a:1/feed", "wss", CONNECT, "wss://a:1/feed"),
        ("ws://a:1/feed", "tcp", CONNECT, "tcp://a:1"),
        ("tcp://b:2;a:1", "ws", CONNECT, "ws://a:1"),
        ("udp://eth0;239.192.1.1:7", "tcp", CONNECT, "tcp://239.192.1.1:7"),
        ("ipc:///tmp/x", "tcp", CONNECT, "tcp://localhost:5556"),
        ("tcp://a:1", "ipc", CONNECT, "ipc:///tmp/feed"),
        ("tcp://a", "ws", CONNECT, "ws://localhost:8080"),
        ("nonsense", "tcp", BIND, "tcp://*:5556"),
        ("tcp://a:1", "tcp", CONNECT, "tcp://a:1"),
    ],
)
def test_another_transport_keeps_what_makes_sense_there(
    address: str, scheme: str, role: Role, result: str
) -> None:
    assert with_scheme(address, scheme, role) == result


def test_an_example_follows_the_role_and_nothing_else_does() -> None:
    assert with_role("tcp://localhost:5556", BIND) == "tcp://*:5556"
    assert with_role("tcp://*:5556", CONNECT) == "tcp://localhost:5556"
    assert with_role("tcp://a:1", BIND) == "tcp://a:1"
    assert with_role("", BIND) == ""


def test_notes_tell_what_one_could_not_know() -> None:
    assert "only sockets of this app" in address_note(SocketType.CLIENT, "inproc://x", CONNECT)
    assert address_note(SocketType.PAIR, "inproc://x", CONNECT) == ""
    assert "/feed" in address_note(SocketType.SUB, "ws://a:1", CONNECT)
    assert address_note(SocketType.SUB, "ws://a:1/here", CONNECT) == ""
    assert address_note(SocketType.SUB, "tcp://a:1", CONNECT) == ""
