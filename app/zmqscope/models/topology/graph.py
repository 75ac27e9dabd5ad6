"""What the topology shows: sockets of this app, and cards of whoever is at the other end.

Pure, any thread. A card is a process, a host, a single peer of which no more is known, an address
where nobody answers, or all peers of a socket that found no room; each of its rows is what one
socket of this app has to do with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.peers import Peer
from zmqscope.core.types import EndpointStatus, SocketId, SocketSnapshot

NodeKey = tuple[str, Hashable]
"""What stays the same for as long as a node is the same."""
RowKey = tuple[NodeKey, SocketId]

MOST_NODES = 200


class NodeKind(Enum):
    """What a card stands for."""

    SOCKET = "socket"
    PROCESS = "process"
    HOST = "host"
    PEER = "peer"
    ADDRESS = "address"
    MORE = "more"


class Lane(IntEnum):
    """Where a node belongs, from left to right."""

    OTHER_HOSTS = 0
    THIS_APP = 1
    THIS_MACHINE = 2


@dataclass(frozen=True, slots=True)
class Row:
    """What one socket of this app has to do with a card.

    Attributes:
        socket_id: The socket.
        peer: The first of its connections there, which stands for the others; None if there is
            none.
        count: How many there are.
        state: The theme token of the worst of them.
        totals: Messages received from all of them and sent to them; None if not told apart.
        endpoint: For an address where nobody answers, how it stands.
    """

    socket_id: SocketId
    peer: Peer | None = None
    count: int = 0
    state: str = "received"
    totals: tuple[int, int] | None = None
    endpoint: EndpointStatus | None = None

    @property
    def is_absent(self) -> bool:
        """Whether nobody answers."""
        return self.endpoint is not None and self.peer is None


@dataclass(frozen=True, slots=True)
class Card:
    """Whoever is at the other end.

    Attributes:
        key: Its key.
        kind: What it stands for.
        lane: Where it belongs.
        name: What it is called by: a host, an address; empty where the first peer says it.
        rows: One for each socket that has to do with it, in the order of the list.
    """

    key: NodeKey
    kind: NodeKind
    lane: Lane
    name: str
    rows: tuple[Row, ...]

    @property
    def is_absent(self) -> bool:
        """Whether nobody answers there."""
        return all(row.is_absent for row in self.rows)


@dataclass(frozen=True, slots=True)
class Graph:
    """All of it.

    Attributes:
        sockets: This app's sockets, in the order of the list.
        cards: Everybody else.
        own: Pairs of this app's sockets that talk with each other, the one first listed first.
        findings: What the doctor found, by socket, the worst first.
        left_out: How many of this app's sockets are not drawn, as there are too many.
    """

    sockets: tuple[SocketSnapshot, ...] = ()
    cards: tuple[Card, ...] = ()
    own: tuple[tuple[SocketId, SocketId], ...] = ()
    findings: Mapping[SocketId, tuple[Finding, ...]] = field(default_factory=dict)
    left_out: int = 0

    @property
    def shape(self) -> Hashable:
        """Whatever makes a difference to where things are."""
        return (
            tuple(socket.socket_id for socket in self.sockets),
            tuple((card.key, tuple(row.socket_id for row in card.rows)) for card in self.cards),
            self.own,
        )


def socket_key(socket_id: SocketId) -> NodeKey:
    """The key of a socket of this app."""
    return ("socket", socket_id)
