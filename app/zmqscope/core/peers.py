"""Peers: who is at the other end of a socket, as far as it can be known. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NewType

from zmqscope.core.types import Endpoint, SocketId, SocketType

PeerId = NewType("PeerId", int)
"""Number of a connection in this process; never used twice."""


class PeerState(Enum):
    """How far a connection has come."""

    HANDSHAKE = "handshake"
    READY = "ready"
    SURPLUS = "surplus"
    """A PAIR's second one, with which nothing is exchanged."""


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """A process of this machine.

    Attributes:
        pid: Its number.
        name: Of the program.
        command: Its command line, shortened; empty where it may not be read.
        is_own: Whether it is this app.
        is_stopped: Whether it is stopped (SIGSTOP, a debugger), so that it reads nothing.
    """

    pid: int
    name: str
    command: str = ""
    is_own: bool = False
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """What went over one connection, or with one routing id, where that can be told apart."""

    received_messages: int
    received_bytes: int
    sent_messages: int
    sent_bytes: int


@dataclass(frozen=True, slots=True)
class Peer:
    """One connection of one socket. What is not known is empty or None, never guessed.

    Attributes:
        peer_id: Its number.
        socket_id: Whose peer it is.
        endpoint: Through which of its endpoints.
        state: How far it has come.
        since_ns: When it connected, on the capture clock.
        address: Its address, such as ``127.0.0.1:40312``; for ipc and inproc what is known instead.
        mechanism: NULL, PLAIN or CURVE; empty before the handshake.
        version: Of ZMTP: ``3.1``, or ``3.x`` where only that is known, ``1.0 or 2.0``; or empty.
        types: Its socket type; several where only the choice is known.
        is_type_told: Whether the peer itself has said its type; else it follows from the rules.
        identity: The routing id that it gives itself; None if not known.
        user_id: What the authenticator calls it; empty if it was not asked.
        reconnects: How often the same has come again.
        process: For local peers; None if not known (yet).
        own_socket: The socket of this app that is at the other end.
        figures: None where messages cannot be told apart.
        unsent_bytes: What waits in the system's send queue; None if not known.
        unread_bytes: What waits in the system's receive queue; None if not known.
    """

    peer_id: PeerId
    socket_id: SocketId
    endpoint: Endpoint
    state: PeerState
    since_ns: int
    address: str = ""
    mechanism: str = ""
    version: str = ""
    types: tuple[SocketType, ...] = ()
    is_type_told: bool = False
    identity: bytes | None = None
    user_id: str = ""
    reconnects: int = 0
    process: ProcessInfo | None = None
    own_socket: SocketId | None = None
    figures: PeerFigures | None = None
    unsent_bytes: int | None = None
    unread_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class PeerSubscription:
    """A topic prefix that peers of a PUB or XPUB want, or a group that they joined at a RADIO.

    Attributes:
        topic: The prefix or group.
        peers: Which connections want it, as far as they are known.
        count: How many want it.
        since_ns: Since when.
    """

    topic: bytes
    peers: tuple[PeerId, ...] = field(default=())
    count: int = 0
    since_ns: int = 0


@dataclass(frozen=True, slots=True)
class SocketPeers:
    """All peers of one socket as they are now.

    Attributes:
        socket_id: The socket.
        peers: In the order in which they came, at most ``MOST_SHOWN``.
        more: How many there are beyond those.
        subscriptions: What they want, where the socket learns that; None where it does not.
    """

    socket_id: SocketId
    peers: tuple[Peer, ...] = ()
    more: int = 0
    subscriptions: tuple[PeerSubscription, ...] | None = None


MOST_SHOWN = 5_000
"""Peers of one socket that are told one by one."""
