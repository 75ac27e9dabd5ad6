"""What can reach what: socket types, transports and roles, and why not. Pure; any thread.

Sources: zmq_tcp(7), zmq_ipc(7), zmq_inproc(7), zmq_udp(7), zmq_pgm(7), zmq_tipc(7), zmq_vmci(7),
RFC 45 (ZeroMQ over WebSocket), RFC 41 (CLIENT-SERVER), RFC 48 (RADIO-DISH).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum

from zmqscope.core.types import Problem, Role, SocketType


class Carrier(Enum):
    """Who speaks to the peer."""

    LIBZMQ = "libzmq"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Transport:
    """One way to reach a peer.

    Attributes:
        scheme: What stands before ``://``.
        meaning: What it is for, in one sentence.
        example: What follows the scheme, for a bind and for a connect.
        optional: Whether libzmq can be built without it.
        instead: What to use where it cannot be had.
    """

    scheme: str
    meaning: str
    example: tuple[str, str]
    optional: bool = False
    instead: str = ""


_MULTICAST_EXAMPLE = ("eth0;239.192.1.1:5555", "eth0;239.192.1.1:5555")
_BETWEEN_MACHINES = "Use tcp:// between the machines."

ALL: tuple[Transport, ...] = (
    Transport("tcp", "Between programs on any machines.", ("*:5556", "localhost:5556")),
    Transport("ipc", "Between programs on this machine.", ("/tmp/feed", "/tmp/feed")),
    Transport("inproc", "Between sockets of this app.", ("name", "name")),
    Transport("ws", "WebSocket, as browsers speak it (RFC 45).", ("*:8080", "localhost:8080")),
    Transport("wss", "WebSocket over TLS.", ("*:8443", "localhost:8443")),
    Transport("udp", "Datagrams, to one or many machines.", ("*:5556", "239.192.1.1:5556")),
    Transport(
        "tipc", "Between the nodes of a Linux cluster.", ("{5560,0,9}", "{5560,0}"), True,
        "Use tcp://.",
    ),
    Transport(
        "pgm", "Reliable multicast.", _MULTICAST_EXAMPLE, True, "Use tcp:// with PUB and SUB.",
    ),
    Transport(
        "epgm", "Reliable multicast over udp.", _MULTICAST_EXAMPLE, True,
        "Use tcp:// with PUB and SUB.",
    ),
    Transport(
        "norm", "Reliable multicast (NORM).", _MULTICAST_EXAMPLE, True,
        "Use tcp:// with PUB and SUB.",
    ),
    Transport(
        "vmci", "Between a VMware guest and its host.", ("*:5556", "2:5556"), True,
        _BETWEEN_MACHINES,
    ),
    Transport(
        "vsock", "Between a virtual machine and its host.", ("*:5556", "2:5556"), True,
        _BETWEEN_MACHINES,
    ),
)  # fmt: skip
"""Every transport that some libzmq has, in the order in which a list shows them."""

_BY_SCHEME = {transport.scheme: transport for transport in ALL}
_PLATFORM: str = sys.platform
_WEB = ("ws", "wss")
_PUBLISHING = (SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB)
_MULTICAST = ("pgm", "epgm", "norm")
_LINKED_WITH_DRAFTS = ("tcp", "ipc", "inproc", *_WEB)


class LibraryTransports:
    """Which of the optional transports the libzmq in this process was built with.

    A fact of the process such as its platform: noted once, at the start, by whoever loads libzmq.
    Until then it is taken to be the one that pyzmq ships.
    """

    present: frozenset[str] = frozenset({"tipc"})

    @classmethod
    def note(cls, present: frozenset[str]) -> None:
        """Note what ``zmq_has`` says."""
        cls.present = present


def transport_named(scheme: str) -> Transport | None:
    """The transport of a scheme; None if no libzmq has one of that name."""
    return _BY_SCHEME.get(scheme)


def missing_here(scheme: str) -> Problem | None:
    """Why a transport cannot be used in this process at all; None if it can."""
    transport = _BY_SCHEME[scheme]
    if scheme == "tipc" and not _PLATFORM.startswith("linux"):
        return Problem("tipc:// exists only on Linux.", transport.instead)
    if scheme == "ipc" and _PLATFORM == "win32":
        return Problem("This libzmq has no ipc:// on Windows.", "Use tcp://127.0.0.1.")
    if transport.optional and scheme not in LibraryTransports.present:
        return Problem(f"This libzmq was built without {scheme}://.", transport.instead)
    return None


def mismatch(kind: SocketType, scheme: str, role: Role) -> Problem | None:
    """Why sockets of a type cannot use a transport in a role; None if they can.

    Args:
        kind: The type.
        scheme: A transport's.
        role: Bind or connect.
    """
    if kind is SocketType.DGRAM or scheme == "udp":
        return _udp_mismatch(kind, scheme, role)
    if kind is SocketType.STREAM and scheme not in ("tcp", "ipc"):
        # Over inproc libzmq would abort the whole process at the first message.
        return Problem(
            f"A STREAM cannot use {scheme}://, because it talks to raw TCP or ipc connections.",
            "Use a tcp:// endpoint, or a DEALER for messages between ZeroMQ sockets.",
        )
    if scheme in _MULTICAST and kind not in _PUBLISHING:
        return Problem(
            f"A {kind.name} cannot use {scheme}://, which only publishes.",
            "Use PUB and SUB, or tcp://.",
        )
    if kind.is_draft and scheme not in _LINKED_WITH_DRAFTS:
        return Problem(
            f"A {kind.name} cannot use {scheme}:// here.", "Use tcp://, ipc://, inproc:// or ws://."
        )
    return None


def _udp_mismatch(kind: SocketType, scheme: str, role: Role) -> Problem | None:
    if scheme != "udp":
        return Problem("A DGRAM uses only udp://.", "Type udp://*:5556 and bind.")
    if kind is SocketType.RADIO:
        if role is Role.CONNECT:
            return None
        return Problem("A RADIO only connects over udp://.", "Connect it; the DISH binds.")
    if kind in (SocketType.DISH, SocketType.DGRAM):
        if role is Role.BIND:
            return None
        return Problem(f"A {kind.name} only binds over udp://.", "Bind it to the port to hear.")
    return Problem("Only RADIO, DISH and DGRAM use udp://.", "Use tcp://, or open one of these.")


def carrier_of(kind: SocketType, scheme: str, *, by_proxy: bool = False) -> Carrier:
    """Who speaks to the peers of a type over a transport.

    Args:
        kind: The type.
        scheme: The transport's.
        by_proxy: Whether the socket connects through a SOCKS proxy (``socks_proxy``).
    """
    is_linked = kind.is_draft or scheme in (*_WEB, "udp") or (by_proxy and scheme == "tcp")
    return Carrier.LINK if is_linked else Carrier.LIBZMQ
