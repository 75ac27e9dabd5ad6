"""Builds the topology's graph of sockets and peers; what is as it was is not looked at again.

Any thread, one at a time. Of a thousand peers that flap most are the same at the next look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.peers import Peer, PeerId, PeerState, SocketPeers
from zmqscope.core.types import (
    EndpointState,
    EndpointStatus,
    Role,
    Severity,
    SocketId,
    SocketSnapshot,
)
from zmqscope.models.peers.unknown import host_in, host_of, is_local, is_local_host
from zmqscope.models.topology.graph import MOST_NODES, Card, Graph, Lane, NodeKey, NodeKind, Row

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
_MOST_PLACES = 8_000


class _CardPlace(NamedTuple):
    """On which card somebody is."""

    key: NodeKey
    kind: NodeKind
    lane: Lane
    name: str


class _Group:
    """Connections of one socket that share a card."""

    __slots__ = ("endpoint", "peers", "place")

    def __init__(self, place: _CardPlace, endpoint: EndpointStatus | None = None) -> None:
        self.place = place
        self.endpoint = endpoint
        self.peers: list[Peer] = []


class _Share(NamedTuple):
    """What one socket has to do with others, and what that was made from."""

    told: SocketPeers | None
    endpoints: tuple[EndpointStatus, ...]
    sockets: tuple[SocketId, ...]
    groups: dict[NodeKey, _Group]
    own: frozenset[SocketId]


class GraphBuilder:
    """Puts graphs together, one after the other."""

    def __init__(self) -> None:
        self._shares: dict[SocketId, _Share] = {}
        self._places: dict[PeerId, tuple[Peer, _CardPlace]] = {}

    def build(
        self,
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
        ids = tuple(numbers)
        self._shares = {
            socket.socket_id: self._share(socket, peers.get(socket.socket_id), ids)
            for socket in sockets
        }
        more = {one: told.more for one, told in peers.items() if one in numbers and told.more}
        cards = _dealt(self._shares, set(shown), MOST_NODES - len(sockets), more)
        own = {
            _ordered(one, other, numbers)
            for one, share in self._shares.items()
            for other in share.own
        }
        return Graph(
            sockets,
            tuple(draft.card(numbers) for draft in cards.values()),
            tuple(sorted(own, key=lambda pair: (numbers[pair[0]], numbers[pair[1]]))),
            _by_socket(findings),
            len(snapshots) - len(sockets),
        )

    def _share(
        self, socket: SocketSnapshot, told: SocketPeers | None, ids: tuple[SocketId, ...]
    ) -> _Share:
        kept = self._shares.get(socket.socket_id)
        if (
            kept is not None
            and kept.told is told
            and kept.endpoints == socket.endpoints
            and kept.sockets == ids
        ):
            return kept
        groups: dict[NodeKey, _Group] = {}
        own: set[SocketId] = set()
        for peer in told.peers if told is not None else ():
            if peer.own_socket is not None and peer.own_socket in ids:
                own.add(peer.own_socket)
                continue
            place = self._place(peer)
            group = groups.get(place.key)
            if group is None:
                group = groups[place.key] = _Group(place)
            group.peers.append(peer)
        _add_absent(socket, told, groups)
        return _Share(told, socket.endpoints, ids, groups, frozenset(own))

    def _place(self, peer: Peer) -> _CardPlace:
        known = self._places.get(peer.peer_id)
        if known is not None and (known[0] is peer or _is_where(known[0], peer)):
            return known[1]
        if len(self._places) >= _MOST_PLACES:
            self._places.clear()
        place = _place_of(peer)
        self._places[peer.peer_id] = (peer, place)
        return place


def build_graph(
    snapshots: Mapping[SocketId, SocketSnapshot],
    peers: Mapping[SocketId, SocketPeers],
    findings: Iterable[Finding] = (),
    shown: Collection[NodeKey] = (),
) -> Graph:
    """One graph alone; see ``GraphBuilder.build``."""
    return GraphBuilder().build(snapshots, peers, findings, shown)


def _is_where(before: Peer, now: Peer) -> bool:
    """Whether a peer is on the card that it was on: nothing that decides it has changed."""
    return (
        before.address == now.address
        and before.endpoint == now.endpoint
        and before.own_socket == now.own_socket
        and (before.process and before.process.pid) == (now.process and now.process.pid)
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

    def add_all(self, group: _Group) -> None:
        """All connections of a group."""
        for peer in group.peers:
            self.add(peer)


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


def _place_of(peer: Peer) -> _CardPlace:
    if peer.process is not None:
        return _CardPlace(("process", peer.process.pid), NodeKind.PROCESS, Lane.THIS_MACHINE, "")
    if not is_local(peer):
        host = host_of(peer)
        if host:
            return _CardPlace(("host", host), NodeKind.HOST, Lane.OTHER_HOSTS, host)
        return _CardPlace(("peer", peer.peer_id), NodeKind.PEER, Lane.OTHER_HOSTS, "")
    if peer.endpoint.role is Role.CONNECT:
        # The same card whether somebody answers there or not: it must not come and go.
        address = peer.endpoint.address
        return _CardPlace(("address", address), NodeKind.ADDRESS, Lane.THIS_MACHINE, address)
    return _CardPlace(("peer", peer.peer_id), NodeKind.PEER, Lane.THIS_MACHINE, "")


def _add_absent(
    socket: SocketSnapshot, told: SocketPeers | None, groups: dict[NodeKey, _Group]
) -> None:
    """Where it would like to connect to, and nobody answers."""
    waiting = [
        status
        for status in socket.endpoints
        if status.endpoint.role is Role.CONNECT and status.state in _WAITS
    ]
    if not waiting:
        return
    reached = {peer.endpoint for peer in told.peers} if told is not None else set()
    for status in waiting:
        if status.endpoint not in reached:
            place = _place_of_address(status.endpoint.address)
            groups.setdefault(place.key, _Group(place, status))


def _place_of_address(address: str) -> _CardPlace:
    host = host_in(address)
    is_here = address.startswith(_HERE) or is_local_host(host)
    if is_here or not host:
        return _CardPlace(("address", address), NodeKind.ADDRESS, Lane.THIS_MACHINE, address)
    return _CardPlace(("host", host), NodeKind.HOST, Lane.OTHER_HOSTS, host)


def _dealt(
    shares: Mapping[SocketId, _Share],
    shown: set[NodeKey],
    room: int,
    more: Mapping[SocketId, int],
) -> dict[NodeKey, _Draft]:
    """As many cards as there is room for; the rest of a socket's peers share one."""
    most, kept = _step(shares, room)
    cards: dict[NodeKey, _Draft] = {}
    rest: dict[SocketId, list[_Group]] = {}
    for socket_id, share in shares.items():
        groups = list(share.groups.values())
        if len(groups) > most:
            groups.sort(key=lambda group: group.place.key not in shown)
            groups, surplus = groups[:kept], groups[kept:]
            rest[socket_id] = surplus
        elif socket_id in more:
            rest[socket_id] = []
        for group in groups:
            draft = cards.get(group.place.key)
            if draft is None:
                draft = cards[group.place.key] = _Draft(*group.place)
            tally = draft.rows[socket_id] = _Tally(group.endpoint)
            tally.add_all(group)
    for socket_id, surplus in rest.items():
        draft = _rest(socket_id, surplus, more.get(socket_id, 0))
        cards[draft.key] = draft
    return cards


def _rest(socket_id: SocketId, surplus: Iterable[_Group], more: int) -> _Draft:
    """The card of all those of a socket that find no room."""
    draft = _Draft(("more", socket_id), NodeKind.MORE, Lane.THIS_MACHINE, "")
    tally = draft.rows[socket_id] = _Tally()
    tally.received = None
    tally.count = more
    for group in surplus:
        tally.count += len(group.peers)
        if tally.first is None and group.peers:
            tally.first = group.peers[0]
    if tally.first is not None and not is_local(tally.first):
        draft.lane = Lane.OTHER_HOSTS
    return draft


def _step(shares: Mapping[SocketId, _Share], room: int) -> tuple[int, int]:
    """How many cards of one socket are shown, and how many if it has more."""
    counts = [len(share.groups) for share in shares.values()]
    for most, kept in _STEPS:
        if sum(count if count <= most else kept + 1 for count in counts) <= room:
            break
    return most, kept


def _by_socket(findings: Iterable[Finding]) -> dict[SocketId, tuple[Finding, ...]]:
    found: defaultdict[SocketId, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.severity > Severity.INFO:
            found[finding.socket_id].append(finding)
    return {
        socket_id: tuple(sorted(several, key=lambda one: -one.severity))
        for socket_id, several in found.items()
    }
