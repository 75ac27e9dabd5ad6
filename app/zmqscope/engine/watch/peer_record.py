"""What is known of one connection, while it lasts; told as a frozen ``Peer``. Loop thread."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from zmqscope.core.peers import Peer, PeerFigures, PeerId, PeerState, ProcessInfo
from zmqscope.core.types import Endpoint, SocketId, SocketType
from zmqscope.engine.watch.descriptors import HostPort

_numbers = itertools.count(1)


def next_peer_id() -> PeerId:
    """A number that no connection of any socket has had."""
    return PeerId(next(_numbers))


@dataclass(slots=True, eq=False)
class PeerRecord:
    """One connection of one socket; ``Peer`` says what most of it means.

    Attributes:
        descriptor: Its number in our process; -1 for inproc.
        inode: What the descriptor stands for.
        local: Our end, for tcp.
        remote: The other end, for tcp.
        pid: The process at the other end, where the system says so itself.
        routing_id: By which our ROUTER knows it.
        is_proven: Whether something has come over it, so that it surely is ready.
        is_introduced: Whether there is nothing more to be learned from a message of it.
        is_linked: Whether libzmq's connection is one with a link, which shakes hands itself.
        is_tunnelled: Whether it is one with a link, and the handshake is with the peer beyond.
        is_alone: Whether it has been the only one for as long as it is there.
        before: The socket's totals when it came.
        inner: The name of the link's end of the connection.
        leaves: What ``Departures`` knows it by, as far as that is known.
    """

    peer_id: PeerId
    socket_id: SocketId
    endpoint: Endpoint
    since_ns: int
    descriptor: int = -1
    inode: int = 0
    local: HostPort | None = None
    remote: HostPort | None = None
    pid: int | None = None
    uid: int | None = None
    state: PeerState = PeerState.HANDSHAKE
    address: str = ""
    mechanism: str = ""
    version: str = ""
    types: tuple[SocketType, ...] = ()
    is_type_told: bool = False
    identity: bytes | None = None
    routing_id: bytes | None = None
    user_id: str = ""
    reconnects: int = 0
    process: ProcessInfo | None = None
    own_socket: SocketId | None = None
    figures: PeerFigures | None = None
    unsent_bytes: int | None = None
    unread_bytes: int | None = None
    is_proven: bool = False
    is_introduced: bool = False
    is_linked: bool = False
    is_tunnelled: bool = False
    is_alone: bool = False
    before: PeerFigures | None = None
    inner: str = ""
    leaves: set[object] = field(default_factory=set)
    _told: Peer | None = None

    @property
    def is_ready(self) -> bool:
        """Whether messages can go over it."""
        return self.state is PeerState.READY

    @property
    def origin(self) -> object:
        """By what it would be known again: its process, or else its host."""
        if self.process is not None:
            return self.process.pid
        return self.pid or (None if self.remote is None else self.remote[0])

    def peer(self) -> Peer:
        """As it is now; the same object as long as nothing changes."""
        told = self._told
        if told is None or not self._is_as_told(told):
            told = self._told = self._make()
        return told

    def _is_as_told(self, told: Peer) -> bool:
        """Compared by what may change, the likeliest first: there may be thousands of them."""
        return (
            told.figures is self.figures
            and told.unsent_bytes == self.unsent_bytes
            and told.unread_bytes == self.unread_bytes
            and told.state is self.state
            and told.process is self.process
            and told.types is self.types
            and told.address is self.address
            and told.is_type_told is self.is_type_told
            and told.identity is self.identity
            and told.own_socket == self.own_socket
            and told.reconnects == self.reconnects
            and told.user_id == self.user_id
            and told.version == self.version
            and told.mechanism == self.mechanism
        )

    def _make(self) -> Peer:
        return Peer(
            self.peer_id,
            self.socket_id,
            self.endpoint,
            self.state,
            self.since_ns,
            self.address,
            self.mechanism,
            self.version,
            self.types,
            self.is_type_told,
            self.identity,
            self.user_id,
            self.reconnects,
            self.process,
            self.own_socket,
            self.figures,
            self.unsent_bytes,
            self.unread_bytes,
        )
