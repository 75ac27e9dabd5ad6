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
from zmqscope.core.peers import Peer, PeerState, SocketPeers
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
_STATE_TOKENS = {
    PeerState.READY: "received",
    PeerState.HANDSHAKE: "waiting",
    PeerState.SURPLUS: "broken",
}
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
            else:
                _add_peer(peer, cards, keys)
        _add_absent(socket, told, cards, keys)
    more = {one: told.more for one, told in peers.items() if one in numbers and told.more}
    _collapse(cards, by_socket, set(shown), MOST_NODES - len(sockets), more)
    return Graph(
        sockets,
        tuple(draft.card(numbers) for draft in cards.values() if draft.rows),
        tuple(sorted(own, key=lambda pair: (numbers[pair[0]], numbers[pair[1]]))),
        _by_socket(findings),
    )


class _Tally:
    """A row to be: many connections in a few figures."""

    __slots__ = ("count", "endpoint", "first", "received", "sent", "state")

    def __init__(self, endpoint: EndpointStatus | None = None) -> None:
        self.first: Peer | None = None
        self.count = 0
        self.state = PeerState.READY
        self.received: int | None = 0
        self.sent = 0
        self.endpoint = endpoint

    def add(self, peer: Peer) -> None:
        """One more connection."""
        if self.first is None:
            self.first = peer
        self.count += 1
        if peer.state is not PeerState.READY and self.state is not PeerState.SURPLUS:
            self.state = peer.state
        if peer.process is not None and peer.process.is_stopped:
            self.state = PeerState.SURPLUS
        if peer.figures is None:
            self.received = None
        elif self.received is not None:
            self.received += peer.figures.received_messages
            self.sent += peer.figures.sent_messages

    def row(self, socket_id: SocketId) -> Row:
        totals = None
        if self.received is not None and self.first is not None:
            totals = (self.received, self.sent)
        state = _STATE_TOKENS[self.state]
        return Row(socket_id, self.first, self.count, state, totals, self.endpoint)


class _Draft:
    """A card to be."""

    def __init__(self, key: NodeKey, kind: NodeKind, lane: Lane, name: str) -> None:
        self.key, self.kind, self.lane, self.name = key, kind, lane, name
        self.rows: dict[SocketId, _Tally] = {}

    def card(self, numbers: Mapping[SocketId, int]) -> Card:
        rows = tuple(
            self.rows[socket_id].row(socket_id)
            for socket_id in sorted(self.rows, key=numbers.__getitem__)
        )
        return Card(self.key, self.kind, self.lane, self.name, rows)


def _ordered(
    one: SocketId, other: SocketId, numbers: Mapping[SocketId, int]
) -> tuple[SocketId, SocketId]:
    return (one, other) if numbers[one] <= numbers[other] else (other, one)


def _add_peer(peer: Peer, cards: dict[NodeKey, _Draft], keys: list[NodeKey]) -> None:
    """Count a peer on its card."""
    draft = _draft_of(peer, cards)
    tally = draft.rows.get(peer.socket_id)
    if tally is None:
        keys.append(draft.key)
        tally = draft.rows[peer.socket_id] = _Tally()
    tally.add(peer)


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
            cards[key].rows[socket.socket_id] = _Tally(status)


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
        tally = draft.rows[socket_id] = _Tally()
        tally.received = None
        for key in surplus:
            gone = cards[key].rows.pop(socket_id)
            tally.count += gone.count
            tally.first = tally.first or gone.first
            if not cards[key].rows:
                del cards[key]
        tally.count += more.get(socket_id, 0)
        if tally.first is not None and not is_local(tally.first):
            draft.lane = Lane.OTHER_HOSTS
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
