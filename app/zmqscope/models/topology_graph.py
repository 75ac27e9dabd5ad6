"""What the topology shows: sockets of this app, and cards of whoever is at the other end.

Pure, any thread. A card is a process, a host, a single peer of which no more is known, an address
where nobody answers, or all peers of a socket that found no room; each of its rows is what one
socket of this app has to do with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.peers import Peer, SocketPeers
from zmqscope.core.types import (
    EndpointState,
    EndpointStatus,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
)
from zmqscope.models.peers_unknown import host_in, host_of, is_local, is_local_host

NodeKey = tuple[str, Hashable]
"""What stays the same for as long as a node is the same."""
RowKey = tuple[NodeKey, SocketId]

MOST_NODES = 200
_MOST_SOCKETS = 100
# Cards of one socket: beyond the first number only the second is shown one by one.
_STEPS = ((24, 12), (12, 8), (6, 5), (3, 2), (1, 0))
_HERE = ("ipc://", "inproc://", "tipc://")
_WAITS = (EndpointState.CONNECTING, EndpointState.RETRYING, EndpointState.FAILED)


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
        peers: Its connections there, at most a few; the first stands for the others.
        count: How many there are.
        endpoint: For an address where nobody answers, how it stands.
    """

    socket_id: SocketId
    peers: tuple[Peer, ...] = ()
    count: int = 0
    endpoint: EndpointStatus | None = None


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
        return all(row.endpoint is not None and not row.peers for row in self.rows)


@dataclass(frozen=True, slots=True)
class Graph:
    """All of it.

    Attributes:
        sockets: This app's sockets, in the order of the list.
        cards: Everybody else.
        own: Pairs of this app's sockets that talk with each other, the one first listed first.
        findings: What the doctor found, by socket, the worst first.
    """

    sockets: tuple[SocketSnapshot, ...] = ()
    cards: tuple[Card, ...] = ()
    own: tuple[tuple[SocketId, SocketId], ...] = ()
    findings: Mapping[SocketId, tuple[Finding, ...]] = field(default_factory=dict)

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


def build_graph(
    snapshots: Mapping[SocketId, SocketSnapshot],
    peers: Mapping[SocketId, SocketPeers],
    findings: Iterable[Finding] = (),
    shown: Collection[NodeKey] = (),
) -> Graph:
    """Put together what is to be seen now.

    Args:
        snapshots: The sockets.
        peers: Their peers.
        findings: What the doctor found.
        shown: Cards that are seen already: of too many, these are the ones that stay.
    """
    sockets = tuple(snapshots.values())[:_MOST_SOCKETS]
    numbers = {socket.socket_id: number for number, socket in enumerate(sockets)}
    cards: dict[NodeKey, _Draft] = {}
    by_socket: dict[SocketId, list[NodeKey]] = {}
    own: set[tuple[SocketId, SocketId]] = set()
    for socket in sockets:
        told = peers.get(socket.socket_id)
        keys = by_socket.setdefault(socket.socket_id, [])
        for peer in told.peers if told is not None else ():
            if peer.own_socket in numbers and peer.own_socket is not None:
                own.add(_ordered(peer.socket_id, peer.own_socket, numbers))
                continue
            draft = _draft_of(peer, cards)
            if socket.socket_id not in draft.rows:
                keys.append(draft.key)
            draft.rows[socket.socket_id].append(peer)
        _add_absent(socket, told, cards, keys)
    more = {one: told.more for one, told in peers.items() if one in numbers and told.more}
    _collapse(cards, by_socket, set(shown), MOST_NODES - len(sockets), more)
    return Graph(
        sockets,
        tuple(draft.card(numbers) for draft in cards.values() if draft.rows),
        tuple(sorted(own, key=lambda pair: (numbers[pair[0]], numbers[pair[1]]))),
        _by_socket(findings),
    )


class _Draft:
    """A card to be."""

    def __init__(self, key: NodeKey, kind: NodeKind, lane: Lane, name: str) -> None:
        self.key, self.kind, self.lane, self.name = key, kind, lane, name
        self.rows: defaultdict[SocketId, list[Peer]] = defaultdict(list)
        self.counts: dict[SocketId, int] = {}
        self.endpoints: dict[SocketId, EndpointStatus] = {}

    def card(self, numbers: Mapping[SocketId, int]) -> Card:
        rows = tuple(
            Row(
                socket_id,
                tuple(self.rows[socket_id]),
                self.counts.get(socket_id, len(self.rows[socket_id])),
                self.endpoints.get(socket_id),
            )
            for socket_id in sorted(self.rows, key=numbers.__getitem__)
        )
        return Card(self.key, self.kind, self.lane, self.name, rows)


def _ordered(
    one: SocketId, other: SocketId, numbers: Mapping[SocketId, int]
) -> tuple[SocketId, SocketId]:
    return (one, other) if numbers[one] <= numbers[other] else (other, one)


def _draft_of(peer: Peer, cards: dict[NodeKey, _Draft]) -> _Draft:
    key, kind, lane, name = _place_of(peer)
    draft = cards.get(key)
    if draft is None:
        draft = cards[key] = _Draft(key, kind, lane, name)
    return draft


def _place_of(peer: Peer) -> tuple[NodeKey, NodeKind, Lane, str]:
    if peer.process is not None:
        return ("process", peer.process.pid), NodeKind.PROCESS, Lane.THIS_MACHINE, ""
    if not is_local(peer):
        host = host_of(peer)
        if host:
            return ("host", host), NodeKind.HOST, Lane.OTHER_HOSTS, host
        return ("peer", peer.peer_id), NodeKind.PEER, Lane.OTHER_HOSTS, ""
    if peer.endpoint.role is Role.CONNECT:
        # The same card whether somebody answers there or not: it must not come and go.
        address = peer.endpoint.address
        return ("address", address), NodeKind.ADDRESS, Lane.THIS_MACHINE, address
    return ("peer", peer.peer_id), NodeKind.PEER, Lane.THIS_MACHINE, ""


def _add_absent(
    socket: SocketSnapshot,
    told: SocketPeers | None,
    cards: dict[NodeKey, _Draft],
    keys: list[NodeKey],
) -> None:
    """Where it would like to connect to, and nobody answers."""
    reached = {peer.endpoint for peer in told.peers} if told is not None else set()
    for status in socket.endpoints:
        is_waiting = status.endpoint.role is Role.CONNECT and status.state in _WAITS
        if not is_waiting or status.endpoint in reached:
            continue
        key, kind, lane, name = _place_of_address(status.endpoint.address)
        if key not in cards:
            cards[key] = _Draft(key, kind, lane, name)
        if socket.socket_id not in cards[key].rows:
            keys.append(key)
            cards[key].rows[socket.socket_id] = []
        cards[key].endpoints[socket.socket_id] = status


def _place_of_address(address: str) -> tuple[NodeKey, NodeKind, Lane, str]:
    host = host_in(address)
    is_here = address.startswith(_HERE) or is_local_host(host)
    if is_here or not host:
        return ("address", address), NodeKind.ADDRESS, Lane.THIS_MACHINE, address
    return ("host", host), NodeKind.HOST, Lane.OTHER_HOSTS, host


def _collapse(
    cards: dict[NodeKey, _Draft],
    by_socket: Mapping[SocketId, list[NodeKey]],
    shown: set[NodeKey],
    room: int,
    more: Mapping[SocketId, int],
) -> None:
    """Leave as many cards as there is room for; the rest of a socket's peers share one."""
    steps = iter(_STEPS)
    most, kept = next(steps)
    while _count(by_socket, most, kept) > room:
        step = next(steps, None)
        if step is None:
            break
        most, kept = step
    for socket_id, keys in by_socket.items():
        surplus: list[NodeKey] = []
        if len(keys) > most:
            surplus = sorted(keys, key=lambda key: key not in shown)[kept:]
        if not surplus and socket_id not in more:
            continue
        draft = _Draft(("more", socket_id), NodeKind.MORE, Lane.THIS_MACHINE, "")
        peers: list[Peer] = []
        for key in surplus:
            peers += cards[key].rows.pop(socket_id, [])
            if not cards[key].rows:
                del cards[key]
        draft.rows[socket_id] = peers[:1]
        draft.counts[socket_id] = len(peers) + more.get(socket_id, 0)
        if all(not is_local(peer) for peer in peers[:1]):
            draft.lane = Lane.OTHER_HOSTS if peers else Lane.THIS_MACHINE
        cards[draft.key] = draft


def _count(by_socket: Mapping[SocketId, list[NodeKey]], most: int, kept: int) -> int:
    return sum(len(keys) if len(keys) <= most else kept + 1 for keys in by_socket.values())


def _by_socket(findings: Iterable[Finding]) -> dict[SocketId, tuple[Finding, ...]]:
    found: defaultdict[SocketId, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.severity > Severity.INFO:
            found[finding.socket_id].append(finding)
    return {
        socket_id: tuple(sorted(several, key=lambda one: -one.severity))
        for socket_id, several in found.items()
    }
