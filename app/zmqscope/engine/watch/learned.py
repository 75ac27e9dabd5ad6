"""Puts what was learned of a peer into its record: from messages, links and the system. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.types import SocketType
from zmqscope.engine.links.plan import PeerFacts
from zmqscope.engine.watch.departures import Departures
from zmqscope.engine.watch.descriptors import Ends, shown_address
from zmqscope.engine.watch.peer_record import PeerRecord


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


def may_be_of(record: PeerRecord, facts: MessageFacts) -> bool:
    """Whether a message's address is that of a connection."""
    address = facts.address
    if record.is_linked or record.is_tunnelled or not address:
        return True
    if record.remote is not None:
        return address.removeprefix("::ffff:") == record.remote[0].partition("%")[0]
    if record.pid is not None and address.startswith("localhost:"):
        return address.rpartition(":")[2] == str(record.pid)
    return True


def take_message(record: PeerRecord, facts: MessageFacts, departures: Departures) -> None:
    """A message came over it. Through a link all but the routing id is the link's word."""
    record.is_introduced = True
    record.routing_id = facts.routing_id
    record.user_id = facts.user_id or record.user_id
    if record.is_linked:
        return
    if facts.kind is not None and record.own_socket is None:
        record.types, record.is_type_told = (facts.kind,), True
    if facts.identity is not None:
        _take_identity(record, facts.identity, departures)


def take_facts(record: PeerRecord, facts: PeerFacts, departures: Departures) -> None:
    """A link has seen its handshake."""
    record.address, record.local, record.remote = facts.address, facts.local, facts.remote
    record.pid, record.version, record.mechanism = facts.pid, facts.version, facts.mechanism
    if facts.kind is not None:
        record.types, record.is_type_told = (facts.kind,), True
    if facts.identity:
        _take_identity(record, facts.identity, departures)
    _take_origin(record, departures)


def take_ends(record: PeerRecord, ends: Ends, departures: Departures) -> None:
    """The system says who is at both ends."""
    record.inode = ends.inode
    if record.is_linked or record.is_tunnelled:
        return
    record.local, record.remote = ends.local, ends.remote
    record.pid, record.uid = ends.pid, ends.uid
    if ends.remote is not None:
        record.address = shown_address(ends.remote)
    elif ends.pid is not None:
        record.address = f"pid {ends.pid}"
    _take_origin(record, departures)


def _take_identity(record: PeerRecord, identity: bytes, departures: Departures) -> None:
    record.identity = identity
    if identity:
        departures.know(record, (record.endpoint, identity))


def _take_origin(record: PeerRecord, departures: Departures) -> None:
    if record.pid is not None:
        departures.know(record, (record.endpoint, record.pid))
    elif record.remote and record.local and record.remote[0] != record.local[0]:
        # From another machine; on this one it is the process that counts.
        departures.know(record, (record.endpoint, record.remote[0]))
