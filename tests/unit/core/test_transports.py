"""Which type can use which transport in which role: every cell, and why not."""

from __future__ import annotations

import pytest

from zmqscope.core import transports
from zmqscope.core.endpoints import check_endpoint, parse_endpoint
from zmqscope.core.errors import EndpointError
from zmqscope.core.transports import (
    ALL,
    Carrier,
    LibraryTransports,
    carrier_of,
    mismatch,
    missing_here,
    transport_named,
)
from zmqscope.core.types import Endpoint, Role, SocketType

BIND, CONNECT = Role.BIND, Role.CONNECT
SCHEMES = [transport.scheme for transport in ALL]
OPTIONAL = {"tipc", "pgm", "epgm", "norm", "vmci", "vsock"}
MULTICAST = {"pgm", "epgm", "norm"}

# What each type can use, by hand: the code says it in rules.
EVERYWHERE = {"tcp", "ipc", "inproc", "ws", "wss", "tipc", "vmci", "vsock"}
LINKED = {"tcp", "ipc", "inproc", "ws", "wss"}
USES: dict[SocketType, set[str]] = {
    SocketType.PAIR: EVERYWHERE,
    SocketType.PUB: EVERYWHERE | MULTICAST,
    SocketType.SUB: EVERYWHERE | MULTICAST,
    SocketType.REQ: EVERYWHERE,
    SocketType.REP: EVERYWHERE,
    SocketType.DEALER: EVERYWHERE,
    SocketType.ROUTER: EVERYWHERE,
    SocketType.PULL: EVERYWHERE,
    SocketType.PUSH: EVERYWHERE,
    SocketType.XPUB: EVERYWHERE | MULTICAST,
    SocketType.XSUB: EVERYWHERE | MULTICAST,
    SocketType.STREAM: {"tcp", "ipc"},
    SocketType.SERVER: LINKED,
    SocketType.CLIENT: LINKED,
    SocketType.RADIO: LINKED,
    SocketType.DISH: LINKED,
    SocketType.GATHER: LINKED,
    SocketType.SCATTER: LINKED,
    SocketType.DGRAM: set(),
    SocketType.PEER: LINKED,
    SocketType.CHANNEL: LINKED,
}
OVER_UDP = {(SocketType.RADIO, CONNECT), (SocketType.DISH, BIND), (SocketType.DGRAM, BIND)}


def sentence(kind: SocketType, scheme: str, role: Role) -> str:
    """What is said of a cell; empty if it can be used."""
    if scheme == "udp" and kind in (SocketType.RADIO, SocketType.DISH, SocketType.DGRAM):
        if (kind, role) in OVER_UDP:
            return ""
        verb = "connects" if kind is SocketType.RADIO else "binds"
        return f"A {kind.name} only {verb} over udp://."
    if scheme == "udp":
        return "Only RADIO, DISH and DGRAM use udp://."
    if kind is SocketType.DGRAM:
        return "A DGRAM uses only udp://."
    if scheme in USES[kind]:
        return ""
    if kind is SocketType.STREAM:
        return f"A STREAM cannot use {scheme}://, because it talks to raw TCP or ipc connections."
    if scheme in MULTICAST:
        return f"A {kind.name} cannot use {scheme}://, which only publishes."
    return f"A {kind.name} cannot use {scheme}:// here."


@pytest.fixture
def every_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    """A libzmq that was built with all of them, on Linux."""
    monkeypatch.setattr(LibraryTransports, "present", frozenset(OPTIONAL))
    monkeypatch.setattr(transports, "_PLATFORM", "linux")


@pytest.mark.usefixtures("every_transport")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", SocketType)
def test_type_transport_and_role(kind: SocketType, scheme: str, role: Role) -> None:
    expected = sentence(kind, scheme, role)
    found = mismatch(kind, scheme, role)
    assert (found.text if found else "") == expected
    assert found is None or found.hint.endswith(".")
    endpoint = example(scheme, role)
    if not expected:
        check_endpoint(kind, endpoint)
    else:
        with pytest.raises(EndpointError) as raised:
            check_endpoint(kind, endpoint)
        assert raised.value.problem == found


def example(scheme: str, role: Role) -> Endpoint:
    transport = transport_named(scheme)
    assert transport is not None
    bound, connected = transport.example
    return Endpoint(role, f"{scheme}://{bound if role is BIND else connected}")


@pytest.mark.usefixtures("every_transport")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_example_can_be_typed(scheme: str, role: Role) -> None:
    endpoint = example(scheme, role)
    assert parse_endpoint(endpoint.address, role) == endpoint


@pytest.mark.parametrize("kind", SocketType)
def test_every_type_has_a_transport_to_bind_and_every_but_dgram_one_to_connect(
    kind: SocketType,
) -> None:
    usable = {role for role in Role for scheme in SCHEMES if mismatch(kind, scheme, role) is None}
    assert usable == ({BIND} if kind is SocketType.DGRAM else {BIND, CONNECT})


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_a_libzmq_without_extras_lacks(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setattr(LibraryTransports, "present", frozenset())
    monkeypatch.setattr(transports, "_PLATFORM", "linux")
    found = missing_here(scheme)
    assert (found is not None) is (scheme in OPTIONAL)
    if found is not None:
        assert found.text == f"This libzmq was built without {scheme}://."
        assert found.hint.startswith("Use tcp://")


def test_noting_what_the_library_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LibraryTransports, "present", frozenset())
    assert missing_here("pgm") is not None
    LibraryTransports.note(frozenset({"pgm", "epgm"}))
    assert missing_here("pgm") is None
    assert missing_here("norm") is not None


@pytest.mark.parametrize(
    ("platform", "scheme", "text"),
    [
        ("darwin", "tipc", "tipc:// exists only on Linux."),
        ("win32", "tipc", "tipc:// exists only on Linux."),
        ("win32", "ipc", "This libzmq has no ipc:// on Windows."),
        ("darwin", "ipc", None),
        ("win32", "tcp", None),
        ("linux", "tipc", None),
    ],
)
@pytest.mark.usefixtures("every_transport")
def test_transports_of_other_systems(
    monkeypatch: pytest.MonkeyPatch, platform: str, scheme: str, text: str | None
) -> None:
    monkeypatch.setattr(transports, "_PLATFORM", platform)
    found = missing_here(scheme)
    assert (found.text if found else None) == text


@pytest.mark.parametrize("kind", SocketType)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_who_speaks_to_the_peers(kind: SocketType, scheme: str) -> None:
    linked = kind.is_draft or scheme in ("ws", "wss", "udp")
    assert carrier_of(kind, scheme) is (Carrier.LINK if linked else Carrier.LIBZMQ)


def test_a_link_speaks_through_a_proxy() -> None:
    assert carrier_of(SocketType.SUB, "tcp", by_proxy=True) is Carrier.LINK
    assert carrier_of(SocketType.SUB, "ipc", by_proxy=True) is Carrier.LIBZMQ


def test_unknown_transports_have_no_name() -> None:
    assert transport_named("carrierpigeon") is None
    assert len({transport.scheme for transport in ALL}) == len(ALL)
    for transport in ALL:
        assert transport.meaning.endswith(".")
        assert transport.optional is bool(transport.instead)
