"""The peers of one socket, from its monitor's events and what is learned besides. Loop thread."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.peers import PeerState
from zmqscope.core.types import Endpoint, Role, SocketId, SocketSpec, SocketType
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.connections import Connection, Connections
from zmqscope.engine.links.plan import PeerFacts
from zmqscope.engine.reasons import FITTING_PEERS
from zmqscope.engine.watch.departures import Departures
from zmqscope.engine.watch.descriptors import Ends
from zmqscope.engine.watch.endpoint_watch import MOST_CANDIDATES, EndpointWatch, Way, least_likely
from zmqscope.engine.watch.inproc_peers import InprocPeers
from zmqscope.engine.watch.learned import (
    MessageFacts,
    may_be_of,
    take_ends,
    take_facts,
    take_message,
)
from zmqscope.engine.watch.peer_record import PeerRecord, next_peer_id
from zmqscope.engine.watch.sole_peer import SolePeer
from zmqscope.engine.watch.subscribers import Subscribers
from zmqscope.engine.watch.user_ids import UserIds

VERSION_3, VERSION_OLD = "3.x", "1.0 or 2.0"

_WITHOUT_HANDSHAKE = (SocketType.STREAM, SocketType.DGRAM)


@dataclass(frozen=True, slots=True)
class BookParts:
    """What a book works with.

    Attributes:
        now_ns: The capture clock.
        counters: Live figures of a socket.
        may_look: Whether there is time to ask the system for one more descriptor now.
        touched: Told of a socket whose peers have changed.
        located: Told of a connection of which it is known now where it comes from.
        gone: Told of one that has ended.
        decisions: The last of the authenticator at a socket's door.
    """

    now_ns: Callable[[], int]
    counters: Callable[[SocketId], SocketCounters]
    may_look: Callable[[], bool]
    touched: Callable[[PeerBook], None]
    located: Callable[[PeerRecord], None]
    gone: Callable[[PeerRecord], None]
    decisions: Callable[[SocketId], Sequence[AccessRecord]]


class PeerBook:
    """All connections of one socket, by descriptor.

    Args:
        socket_id: The socket.
        parts: See ``BookParts``.

    Attributes:
        kind: The type of the socket.
        records: Those that last, in the order in which they came.
        departures: Those that have ended.
        subscribers: Who wants what; None on sockets that do not learn it.
        ready: How many have shaken hands.
        arrivals: How many ever have.
        unintroduced: Of how many more could be learned from a message.
        has_new: Whether figures of some have not been looked at yet.
        inproc: Peers over inproc, of which libzmq tells nothing.
    """

    def __init__(self, socket_id: SocketId, parts: BookParts) -> None:
        self._parts = parts
        self.kind = SocketType.PAIR
        self._mechanism = ""
        self._asks_access = False
        self._usual: tuple[SocketType, ...] = ()
        self._watches: dict[Endpoint, EndpointWatch] = {}
        self._sole = SolePeer(parts.counters(socket_id))
        self.socket_id = socket_id
        self.records: dict[int, PeerRecord] = {}
        self.departures = Departures()
        self.subscribers: Subscribers | None = None
        self.ready = 0
        self.arrivals = 0
        self.unintroduced = 0
        self.has_new = False
        self.inproc = InprocPeers(socket_id, parts.now_ns, parts.located, parts.gone)
        self._names = UserIds(lambda: parts.decisions(socket_id))

    def open(self, spec: SocketSpec, is_told_all: bool | None) -> None:
        """The socket is open: nobody is there yet.

        Args:
            spec: What it is.
            is_told_all: Whether it learns each subscription and each end of one; None if it learns
                none.
        """
        self.close()
        self.kind = spec.type
        self._usual = fitting_types(spec.type)
        self._asks_access = spec.lock.asks_access
        self._mechanism = "" if spec.type in _WITHOUT_HANDSHAKE else spec.lock.mechanism.value
        now_ns = self._parts.now_ns
        self.subscribers = None if is_told_all is None else Subscribers(is_told_all, now_ns)
        self._sole.open(spec.endpoints)

    def close(self) -> None:
        """The socket is closed: nobody is there any more."""
        for record in self.all():
            self._parts.gone(record)
        self.records.clear()
        self.inproc.clear()
        self._names.clear()
        self._watches.clear()
        self.departures.clear()
        self.subscribers = None
        self.ready = self.unintroduced = 0
        self._parts.touched(self)

    def watch(
        self, endpoint: Endpoint, actual: Callable[[], str], connections: Connections, way: Way
    ) -> None:
        """Follow the connections of an endpoint.

        Args:
            endpoint: As the user wrote it.
            actual: Its real address.
            connections: What is told of.
            way: Who stands between libzmq and its peers.
        """
        connections.watch = self._watches[endpoint] = EndpointWatch(
            self, endpoint, actual, connections, way
        )

    # ---- connections ------------------------------------------------------------------------

    def came(self, watch: EndpointWatch, descriptor: int) -> None:
        """A connection is there."""
        record = PeerRecord(
            next_peer_id(),
            self.socket_id,
            watch.endpoint,
            self._parts.now_ns(),
            descriptor,
            is_linked=watch.way is Way.LINK,
            is_tunnelled=watch.way is Way.TUNNEL,
        )
        former = self.records.pop(record.descriptor, None)
        if former is not None:
            self._forget(former)
        self.records[record.descriptor] = record
        self.unintroduced += 1
        self._sole.came(record, not (self.ready or self.inproc or self.departures.has_fresh))
        if record.is_tunnelled:
            record.address = watch.endpoint.address.partition("://")[2]
        if record.endpoint.role is Role.CONNECT:
            self.departures.know(record, record.endpoint)
        if self._parts.may_look():
            watch.look(record)
        self._parts.touched(self)

    def done(self, record: PeerRecord, connection: Connection) -> None:
        """Its handshake is done, or is not after all."""
        was_ready = record.is_ready
        if not connection.is_done:
            record.state = PeerState.HANDSHAKE
            record.mechanism = record.version = ""
            record.types = record.types if record.is_type_told else ()
        else:
            record.types = record.types if record.is_type_told else self._usual
            record.state = PeerState.SURPLUS if connection.is_surplus else PeerState.READY
            if self.kind not in _WITHOUT_HANDSHAKE and not record.is_linked:
                record.version = VERSION_OLD if connection.is_old else VERSION_3
                record.mechanism = "" if connection.is_old else self._mechanism
        self.ready += record.is_ready - was_ready
        self.arrivals += 1
        self.has_new = True
        self._sole.done(record, self.records.values(), self.ready + len(self.inproc))
        if record.is_ready and self._asks_access:
            self._names.name(record)
        self._parts.touched(self)

    def name_late(self) -> None:
        """Name those of whom the authenticator had not noted its decision when they came in."""
        if self._names.name_late(self._parts.now_ns()):
            self._parts.touched(self)

    def left(self, descriptor: int) -> None:
        """One has ended."""
        record = self.records.pop(descriptor, None)
        if record is not None:
            self._forget(record)
            self._parts.touched(self)

    def _forget(self, record: PeerRecord) -> None:
        self.departures.note(record)
        self._parts.gone(record)
        self.ready -= record.is_ready
        self.unintroduced -= not record.is_introduced
        self._sole.left(record)
        if self.subscribers is not None:
            self.subscribers.left(record.peer_id)

    def all(self) -> Iterator[PeerRecord]:
        """All of them, inproc ones last."""
        yield from self.records.values()
        yield from self.inproc

    def meet(self, met: Mapping[tuple[Endpoint, SocketId], SocketType]) -> None:
        """Take in which sockets of this app are at the other end over inproc.

        Args:
            met: By endpoint and socket, the type of each.
        """
        if not self.inproc.meet(met):
            return
        self._sole.end(self.records.values())
        self._parts.touched(self)

    def look_late(self, most: int) -> int:
        """Ask the system for those for which there was no time; how many it was asked for."""
        missed = (record for record in list(self.records.values()) if not record.inode)
        looked = 0
        for record in itertools.islice(missed, most):
            watch = self._watches.get(record.endpoint)
            if watch is not None:
                watch.look(record)
            looked += 1
        return looked

    # ---- what else is learned ---------------------------------------------------------------

    def find(self, facts: MessageFacts) -> PeerRecord | None:
        """Over which connection a message came that is read now; None if that is not certain."""
        if self.departures.is_fresh(facts.descriptor):
            return None
        record = self.records.get(facts.descriptor)
        return record if record is not None and may_be_of(record, facts) else None

    def note_message(self, facts: MessageFacts) -> bool:
        """A message introduces its peer; whether anything new was learned."""
        record = self.find(facts)
        if record is None:
            return False
        if not record.is_ready and record.state is PeerState.HANDSHAKE:
            self._prove(record)
        record.is_proven = True
        if record.is_introduced:
            return False
        self.unintroduced -= 1
        take_message(record, facts, self.departures)
        self.has_new = True
        self._parts.touched(self)
        return True

    def _prove(self, record: PeerRecord) -> None:
        """It is ready: then another was credited with its handshake."""
        watch = self._watches.get(record.endpoint)
        doubtful = [
            each
            for each in self.records.values()
            if each.endpoint == record.endpoint and each.is_ready and not each.is_proven
        ]
        if watch is None or not doubtful:
            return
        least = min(doubtful[:MOST_CANDIDATES], key=least_likely)
        watch.connections.prove(record.descriptor, least.descriptor)

    def note_facts(self, record: PeerRecord, facts: PeerFacts) -> None:
        """A link has seen the handshake of a peer."""
        take_facts(record, facts, self.departures)
        self.has_new = True
        self._parts.located(record)
        self._parts.touched(self)

    def on_facts(self, endpoint: Endpoint, facts: PeerFacts) -> None:
        """A link reports of one of its peers: of which connection, is seen by the name it has."""
        watch = self._watches.get(endpoint)
        if watch is not None:
            watch.on_facts(facts)

    def take_ends(self, record: PeerRecord, ends: Ends) -> None:
        """The system says who is at both ends."""
        take_ends(record, ends, self.departures)
        if not record.is_linked:
            self._parts.located(record)


def fitting_types(kind: SocketType) -> tuple[SocketType, ...]:
    """Which types the peers of a type can have."""
    words = FITTING_PEERS[kind].replace(",", "").split()
    return tuple(other for other in SocketType if other.name in words and words[0] != "any")
