"""What is open during the soak of the links: each socket of the engine and its peer."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STEADY, CHANGING = b"steady", b"changing"
"""Groups and topics: what everybody hears all the time, and what is joined and left."""

PER_S = 20
_NOT_GIVEN_AWAY = range(12_000, 32_000)


@dataclass(frozen=True, slots=True)
class End:
    """One socket.

    Attributes:
        kind: Its type.
        binds: Whether it binds; else it connects.
        speaks: Whether it sends numbered messages of its own.
        echoes: Whether it sends back what comes.
        prefixes: What stands before its numbers; each has a stream of its own.
        joins: Groups or topics that it wants to hear.
    """

    kind: str
    binds: bool
    speaks: bool = False
    echoes: bool = False
    prefixes: tuple[bytes, ...] = ()
    joins: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A socket of the engine and its peer.

    Attributes:
        name: Of both.
        group: Which process the peer lives in; empty for the engine itself (inproc).
        address: Where they meet.
        ours: The engine's.
        theirs: The peer's.
        their_address: Where the peer's binds, if that is another place.
    """

    name: str
    group: str
    address: str
    ours: End
    theirs: End
    their_address: str = ""

    @property
    def we_hear(self) -> bool:
        """Whether messages come to the engine's."""
        return self.theirs.speaks or self.theirs.echoes

    @property
    def they_hear(self) -> bool:
        """Whether messages come to the peer's."""
        return self.ours.speaks or self.ours.echoes

    @property
    def is_lossless(self) -> bool:
        """Whether nothing is lost between disturbances: datagrams may be."""
        return not self.address.startswith("udp:")


def _speaker(kind: str, binds: bool, prefixes: tuple[bytes, ...] = ()) -> End:
    return End(kind, binds, speaks=True, prefixes=prefixes)


def _two_way(kind: str, asked: str, binds: bool) -> tuple[End, End]:
    """One that speaks first, and one that can only answer."""
    return End(kind, binds, speaks=True), End(asked, not binds, echoes=True)


_BOTH = (STEADY, CHANGING)


def _draft_ends() -> Iterator[tuple[End, End]]:
    """Ours and theirs, each kind of conversation bound here and there."""
    client, server = _two_way("CLIENT", "SERVER", binds=False)
    yield server, client
    yield client, server
    radio = _speaker("RADIO", True, _BOTH)
    yield radio, End("DISH", False, joins=(STEADY,))
    yield End("DISH", False, joins=(STEADY,)), radio
    yield End("GATHER", True), _speaker("SCATTER", False)
    yield _speaker("SCATTER", False), End("GATHER", True)
    bound, connected = _speaker("CHANNEL", True), _speaker("CHANNEL", False)
    yield bound, connected
    yield connected, bound
    asks, answers = _two_way("PEER", "PEER", binds=False)
    yield answers, asks
    yield asks, answers


def _web_ends() -> Iterator[tuple[End, End]]:
    yield End("PULL", True), _speaker("PUSH", False)
    yield _speaker("PUSH", False), End("PULL", True)
    yield _speaker("PUB", True, _BOTH), End("SUB", False, joins=(STEADY,))
    yield End("SUB", False, joins=(STEADY,)), _speaker("PUB", True, _BOTH)
    dealer, router = _two_way("DEALER", "ROUTER", binds=False)
    yield router, dealer
    yield dealer, router
    yield _speaker("PAIR", True), _speaker("PAIR", False)


def _inproc_ends() -> Iterator[tuple[End, End]]:
    for ours, theirs in _draft_ends():
        if ours.binds:
            yield ours, theirs


def pairs(folder: Path) -> list[Pair]:
    """Everything.

    Args:
        folder: For ipc; its path has to be short.
    """
    found: list[Pair] = []
    plan = (
        ("tcp", "tcp", _draft_ends),
        ("ipc", "ipc", _draft_ends),
        ("ws drafts", "ws", _draft_ends),
        ("ws", "ws", _web_ends),
        ("wss", "wss", _web_ends),
        ("", "inproc", _inproc_ends),
    )
    ports = _quiet_ports()
    for group, scheme, ends in plan:
        for ours, theirs in ends():
            side = "bound" if ours.binds else "connected"
            name = f"{ours.kind.lower()} {side} {scheme}"
            if scheme in ("ipc", "inproc"):
                place = f"{folder}/{len(found)}" if scheme == "ipc" else f"soak-{len(found)}"
            else:
                place = f"127.0.0.1:{next(ports)}" + ("/soak" if scheme != "tcp" else "")
            found.append(Pair(name, group, f"{scheme}://{place}", ours, theirs))
    found += _datagrams(next(ports), next(ports), next(ports), next(ports))
    return found


def _quiet_ports() -> Iterator[int]:
    """Free ports that are none of those that the system gives to whoever connects.

    While a peer is away somebody else's connection, or a retry of our own, would take its port.
    """
    ports = list(_NOT_GIVEN_AWAY)
    random.shuffle(ports)
    for port in ports:
        with contextlib.suppress(OSError):
            socket.create_server(("127.0.0.1", port)).close()
            yield port


def _datagrams(radio: int, dish: int, dgram: int, peer: int) -> Iterator[Pair]:
    def at(port: int) -> str:
        return f"udp://127.0.0.1:{port}"

    steady = _speaker("RADIO", False, _BOTH)
    yield Pair("radio connected udp", "udp", at(radio), steady, End("DISH", True, joins=(STEADY,)))
    yield Pair("dish bound udp", "udp", at(dish), End("DISH", True, joins=(STEADY,)), steady)
    # Both bind: whoever speaks says where to.
    asks = _speaker("DGRAM", True, (f"127.0.0.1:{dgram}".encode(),))
    yield Pair("dgram bound udp", "udp", at(dgram), End("DGRAM", True, echoes=True), asks, at(peer))
