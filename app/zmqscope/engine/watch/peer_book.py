"""The peers of one socket, from its monitor's events and what is learned besides. Loop thread."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.peers import PeerFigures, PeerId, PeerState
from zmqscope.core.types import Endpoint, Role, SocketId, SocketSpec, SocketType
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.connections import Connection, Connections
from zmqscope.engine.links.plan import PeerFacts
from zmqscope.engine.reasons import FITTING_PEERS
from zmqscope.engine.watch.departures import Departures
from zmqscope.engine.watch.descriptors import Ends, shown_address
from zmqscope.engine.watch.endpoint_watch import MOST_CANDIDATES, EndpointWatch, Way, least_likely
from zmqscope.engine.watch.figures import totals_of
from zmqscope.engine.watch.peer_record import PeerRecord
from zmqscope.engine.watch.subscribers import Subscribers
from zmqscope.engine.watch.user_ids import user_id_of

VERSION_3, VERSION_OLD = "3.x", "1.0 or 2.0"

_numbers = itertools.count(1)
_WITHOUT_HANDSHAKE = (SocketType.STREAM, SocketType.DGRAM)


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What a message says of the connection that it came over (zmq_msg_gets).

    Attributes:
        descriptor: ``ZMQ_SRCFD``.
        address: ``Peer-Address``: the IP, or ``localhost:`` and ids for ipc.
        kind: ``Socket-Type``.
        identity: ``Identity``; None if it has none.
        user_id: ``User-Id``.
        routing_id: The first frame, where that is one.
    """

    descriptor: int
    address: str = ""
    kind: SocketType | None = None
    identity: bytes | None = None
    user_id: str = ""
    routing_id: bytes | None = None


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
        self._kind = SocketType.PAIR
        self._mechanism = ""
        self._asks_access = False
        self._usual: tuple[SocketType, ...] = ()
        self._watches: dict[Endpoint, EndpointWatch] = {}
        self._at_departure: dict[Endpoint, PeerFigures] = {}
        self.socket_id = socket_id
        self.records: dict[int, PeerRecord] = {}
        self.departures = Departures()
        self.subscribers: Subscribers | None = None
        self.ready = 0
        self.arrivals = 0
        self.unintroduced = 0
        self.has_new = False
        self.inproc: dict[tuple[Endpoint, SocketId], PeerRecord] = {}

    def open(self, spec: SocketSpec, is_told_all: bool | None) -> None:
        """The socket is open: nobody is there yet.

        Args:
            spec: What it is.
            is_told_all: Whether it learns each subscription and each end of one; None if it learns
                none.
        """
        self.close()
        self._kind = spec.type
        self._usual = fitting_types(spec.type)
        has_lock = spec.type not in _WITHOUT_HANDSHAKE
        self._asks_access = spec.lock.asks_access
        self._mechanism = spec.lock.mechanism.value if has_lock else ""
        now_ns = self._parts.now_ns
        self.subscribers = None if is_told_all is None else Subscribers(is_told_all, now_ns)
        opened = totals_of(self._parts.counters(self.socket_id))
        self._at_departure = {e: opened for e in spec.endpoints if e.role is Role.CONNECT}

    def close(self) -> None:
        """The socket is closed: nobody is there any more."""
        for record in self.records.values():
            self._parts.gone(record)
        self.records.clear()
        self.inproc.clear()
        self._watches.clear()
        self.departures.clear()
        self.subscribers = None
        self.ready = self.unintroduced = 0
        self._parts.touched(self)

    @property
    def kind(self) -> SocketType:
        """The type of the socket."""
        return self._kind

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
            PeerId(next(_numbers)),
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
        record.types = self._usual
        record.before = self._before(record.endpoint)
        if record.is_tunnelled:
            record.address = watch.endpoint.address.partition("://")[2]
        if record.endpoint.role is Role.CONNECT:
            self.departures.know(record, record.endpoint)
        if self._parts.may_look():
            watch.look(record)
        self._parts.touched(self)

    def _before(self, endpoint: Endpoint) -> PeerFigures | None:
        """What had gone over the socket before, if the rest can be said to be of this one."""
        if self.ready or self.departures.has_fresh:
            return None
        now = totals_of(self._parts.counters(self.socket_id))
        then = self._at_departure.get(endpoint)
        if then is None:
            return now
        # What was sent while nobody was there waits in the pipe of a connect, for whoever comes.
        return PeerFigures(
            now.received_messages, now.received_bytes, then.sent_messages, then.sent_bytes
        )

    def done(self, record: PeerRecord, connection: Connection) -> None:
        """Its handshake is done, or is not after all."""
        was_ready = record.is_ready
        if not connection.is_done:
            record.state = PeerState.HANDSHAKE
            record.mechanism = record.version = ""
        else:
            record.state = PeerState.SURPLUS if connection.is_surplus else PeerState.READY
            if self._kind not in _WITHOUT_HANDSHAKE and not record.is_linked:
                record.version = VERSION_OLD if connection.is_old else VERSION_3
                record.mechanism = "" if connection.is_old else self._mechanism
        self.ready += record.is_ready - was_ready
        self.arrivals += 1
        self.has_new = True
        self._see_who_is_alone(record)
        if record.is_ready and self._asks_access and not record.user_id:
            record.user_id = user_id_of(record, self._parts.decisions(self.socket_id))
        self._parts.touched(self)

    def _see_who_is_alone(self, record: PeerRecord) -> None:
        if self.ready == 1:
            is_sole = record.is_ready and not self.inproc
            record.is_alone = is_sole and record.before is not None
        elif self.ready == 2:
            for each in self.records.values():
                each.is_alone, each.figures = False, None

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
        if record.is_ready and record.endpoint.role is Role.CONNECT:
            totals = totals_of(self._parts.counters(self.socket_id))
            self._at_departure[record.endpoint] = totals
        if self.subscribers is not None:
            self.subscribers.left(record.peer_id)

    def all(self) -> Iterator[PeerRecord]:
        """All of them, inproc ones last."""
        yield from self.records.values()
        yield from self.inproc.values()

    def meet(self, met: Mapping[tuple[Endpoint, SocketId], SocketType]) -> None:
        """Take in which sockets of this app are at the other end over inproc.

        Args:
            met: By endpoint and socket, the type of each.
        """
        if met.keys() == self.inproc.keys():
            return
        for key in self.inproc.keys() - met.keys():
            del self.inproc[key]
        for key, kind in met.items():
            if key not in self.inproc:
                self.inproc[key] = PeerRecord(
                    PeerId(next(_numbers)),
                    self.socket_id,
                    key[0],
                    self._parts.now_ns(),
                    pid=os.getpid(),
                    state=PeerState.READY,
                    types=(kind,),
                    is_type_told=True,
                    own_socket=key[1],
                )
                self._parts.located(self.inproc[key])
        for record in self.records.values():
            record.is_alone, record.figures = False, None
        self._parts.touched(self)

    def look_late(self, most: int) -> None:
        """Ask the system for those for which there was no time."""
        for record in list(self.records.values()):
            if not record.inode and record.descriptor >= 0 and most > 0:
                watch = self._watches.get(record.endpoint)
                if watch is not None:
                    watch.look(record)
                most -= 1

    # ---- what else is learned ---------------------------------------------------------------

    def find(self, facts: MessageFacts) -> PeerRecord | None:
        """Over which connection a message came that is read now; None if that is not certain."""
        if self.departures.is_fresh(facts.descriptor):
            return None
        record = self.records.get(facts.descriptor)
        if record is None or not _fits(record, facts.address):
            return None
        return record

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
        record.is_introduced = True
        if facts.kind is not None and not record.is_linked and record.own_socket is None:
            record.types, record.is_type_told = (facts.kind,), True
        if facts.identity is not None and not record.is_linked:
            record.identity = facts.identity
            if facts.identity:
                self.departures.know(record, (record.endpoint, facts.identity))
        record.user_id = facts.user_id or record.user_id
        record.routing_id = facts.routing_id
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
        record.address, record.local, record.remote = facts.address, facts.local, facts.remote
        record.pid, record.version, record.mechanism = facts.pid, facts.version, facts.mechanism
        if facts.kind is not None:
            record.types, record.is_type_told = (facts.kind,), True
        if facts.identity:
            record.identity = facts.identity
            self.departures.know(record, (record.endpoint, facts.identity))
        self._know_origin(record)
        self._parts.touched(self)

    def on_facts(self, endpoint: Endpoint, facts: PeerFacts) -> None:
        """A link reports of one of its peers: of which connection, is seen by the name it has."""
        watch = self._watches.get(endpoint)
        if watch is not None:
            watch.on_facts(facts)

    def _know_origin(self, record: PeerRecord) -> None:
        if record.pid is not None:
            self.departures.know(record, (record.endpoint, record.pid))
        elif record.remote and record.local and record.remote[0] != record.local[0]:
            # From another machine; on this one it is the process that counts.
            self.departures.know(record, (record.endpoint, record.remote[0]))
        self._parts.located(record)

    def take_ends(self, record: PeerRecord, ends: Ends) -> None:
        """The system says who is at both ends."""
        record.inode = ends.inode
        if record.is_linked or record.is_tunnelled:
            return
        record.local, record.remote, record.pid, record.uid = (
            *(ends.local, ends.remote),
            *(ends.pid, ends.uid),
        )
        if ends.remote is not None:
            record.address = shown_address(ends.remote)
        elif ends.pid is not None:
            record.address = f"pid {ends.pid}"
        self._know_origin(record)


def fitting_types(kind: SocketType) -> tuple[SocketType, ...]:
    """Which types the peers of a type can have."""
    words = FITTING_PEERS[kind].replace(",", "").split()
    return tuple(other for other in SocketType if other.name in words and words[0] != "any")


def _fits(record: PeerRecord, address: str) -> bool:
    """Whether a message's address is that of a connection."""
    if record.is_linked or record.is_tunnelled or not address:
        return True
    if record.remote is not None:
        return address.removeprefix("::ffff:") == record.remote[0].partition("%")[0]
    if record.pid is not None and address.startswith("localhost:"):
        return address.rpartition(":")[2] == str(record.pid)
    return True
