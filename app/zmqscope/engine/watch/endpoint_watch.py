"""The connections of one endpoint of a socket, told to the socket's book of peers. Loop thread."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Protocol

from zmqscope.core.endpoints import transport_of
from zmqscope.core.types import Endpoint, Role
from zmqscope.engine.connections import Connection, Connections
from zmqscope.engine.links.plan import PeerFacts
from zmqscope.engine.watch.descriptors import Ends, bytes_received, ends_of
from zmqscope.engine.watch.peer_record import PeerRecord

MOST_CANDIDATES = 64
_MOST_FACTS = 1_000
_MOST_NAMELESS = 10
# Greeting and READY of the shortest kind (RFC 37): who has sent less is not through.
_LEAST_HANDSHAKE_BYTES = 64 + 2 + 6 + 1 + 11 + 4 + 3


class Way(Enum):
    """Who stands between libzmq and a peer."""

    STRAIGHT = "nobody"
    LINK = "a link, which shakes hands with both"
    TUNNEL = "a link, which passes everything on"


class Book(Protocol):
    """What is needed of a ``PeerBook``.

    Attributes:
        records: The connections of the socket, by descriptor.
    """

    records: dict[int, PeerRecord]

    def came(self, watch: EndpointWatch, descriptor: int) -> None:
        """A connection is there."""
        ...

    def done(self, record: PeerRecord, connection: Connection) -> None:
        """Its handshake is done, or is not after all."""
        ...

    def left(self, descriptor: int) -> None:
        """One has ended."""
        ...

    def take_ends(self, record: PeerRecord, ends: Ends) -> None:
        """The system says who is at both ends."""
        ...

    def note_facts(self, record: PeerRecord, facts: PeerFacts) -> None:
        """A link has seen the handshake of a peer."""
        ...


class EndpointWatch:
    """Tells a book of the connections of one endpoint; see ``ConnectionWatch``.

    Args:
        book: The socket's.
        endpoint: As the user wrote it.
        actual: Its real address.
        connections: What is told of.
        way: Who stands between libzmq and its peers.
    """

    def __init__(
        self,
        book: Book,
        endpoint: Endpoint,
        actual: Callable[[], str],
        connections: Connections,
        way: Way,
    ) -> None:
        self._book = book
        self.endpoint = endpoint
        self._actual = actual
        self.way = way
        # By the name of the link's end: what links tell, and connections of which they may tell.
        self._facts: dict[str, PeerFacts] = {}
        self._inner: dict[str, PeerRecord] = {}
        # Of a connect there is one link at a time, and its end has no name.
        self._nameless: list[PeerFacts] = []
        self.connections = connections

    def came(self, descriptor: int) -> None:
        """A new one."""
        self._book.came(self, descriptor)

    def done(self, descriptor: int, connection: Connection) -> None:
        """Its handshake is done."""
        record = self._book.records.get(descriptor)
        if record is None:
            return
        if not record.inode:
            self.look(record)
        self._book.done(record, connection)
        if self.way is Way.LINK:
            self._match(record)

    def left(self, descriptor: int) -> None:
        """One has ended."""
        record = self._book.records.get(descriptor)
        if record is not None:
            self._inner.pop(record.inner, None)
            self._facts.pop(record.inner, None)
        self._nameless.clear()
        self._book.left(descriptor)

    def likely_done(self, unfinished: Mapping[int, Connection]) -> int | None:
        """The first over which as much has come as a handshake takes."""
        for descriptor in itertools.islice(unfinished, MOST_CANDIDATES):
            record = self._book.records.get(descriptor)
            if record is None or not record.inode:
                continue
            came = bytes_received(descriptor)
            if came is not None and came >= _LEAST_HANDSHAKE_BYTES:
                return descriptor
        return None

    # ---- who it is --------------------------------------------------------------------------

    def look(self, record: PeerRecord) -> None:
        """Ask the system who is at both ends, and whether that can be this endpoint's."""
        ends = ends_of(record.descriptor)
        if ends is not None and self._is_ours(ends):
            self._book.take_ends(record, ends)
            if self.way is Way.LINK and ends.name and self.endpoint.role is Role.BIND:
                record.inner = ends.name
                self._inner[ends.name] = record

    def _is_ours(self, ends: Ends) -> bool:
        """Whether these are ends of a connection of this endpoint: libzmq may have closed it."""
        scheme = transport_of(self.endpoint) if self.way is Way.STRAIGHT else "ipc"
        if scheme == "ipc":
            return ends.local is None
        if scheme != "tcp" or ends.local is None or ends.remote is None:
            return scheme != "tcp"
        port = self._actual().rpartition(":")[2]
        end = ends.local if self.endpoint.role is Role.BIND else ends.remote
        return not port.isdigit() or int(port) == end[1]

    def on_facts(self, facts: PeerFacts) -> None:
        """Keep what a link tells until libzmq tells of the same connection."""
        if not facts.inner:
            self._nameless.append(facts)
            del self._nameless[:-_MOST_NAMELESS]
            return
        record = self._inner.get(facts.inner)
        if record is not None:
            self._book.note_facts(record, facts)
            return
        self._facts[facts.inner] = facts
        if len(self._facts) > _MOST_FACTS:
            del self._facts[next(iter(self._facts))]

    def _match(self, record: PeerRecord) -> None:
        """By the name that the link gave to its end; else only if it can be nobody else's."""
        if record.inner:
            facts = self._facts.pop(record.inner, None)
            if facts is not None:
                self._book.note_facts(record, facts)
            return
        nameless, self._nameless = self._nameless, []
        if len(nameless) == 1:
            self._book.note_facts(record, nameless[0])


def least_likely(record: PeerRecord) -> int:
    """Orders connections by how much has come over them, where that is known."""
    if not record.inode:
        return 0
    came = bytes_received(record.descriptor)
    return 1 << 40 if came is None else came
