"""What the doctor sees: one socket at one moment, and all of them together.

Times are ns of the monotonic clock, 0 for never. Made and read on one thread, at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from zmqscope.core.diagnosis.attempts import Attempts
from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.peers import Peer, ProcessInfo, SocketPeers
from zmqscope.core.probe import ProbeResult
from zmqscope.core.security.access import Knock
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import (
    Endpoint,
    EndpointStatus,
    Problem,
    Role,
    SocketId,
    SocketSpec,
    SocketType,
    Turn,
)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What the links of an endpoint told last.

    Attributes:
        problem: In words.
        rule: Which rule it is a case of; None if none in particular.
        time_ns: When.
        count: How often it was told.
    """

    problem: Problem
    rule: Rule | None
    time_ns: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class EndpointView:
    """One endpoint.

    Attributes:
        status: Where it stands.
        attempts: What its handshakes came to; to be read only.
        waiting: Connections whose handshake is not done.
        waiting_since_ns: Since when the oldest of them stands.
        old_peers: Peers that are known by their messages only: ZMTP 1 and 2 have no handshake.
        surplus: Peers of a PAIR beyond the first.
        is_linked: Whether links serve it, so that libzmq does not see the peer itself.
        report: What they told last.
        failed_with: Why its bind or connect was refused, as errno; 0 if it was not.
        owner: Who has the address that a bind wanted; empty if not known.
        answer: What a probe has found there since this began; None if none was sent, or it is out.
    """

    status: EndpointStatus
    attempts: Attempts
    waiting: int = 0
    waiting_since_ns: int = 0
    old_peers: int = 0
    surplus: int = 0
    is_linked: bool = False
    report: LinkReport | None = None
    failed_with: int = 0
    owner: str = ""
    answer: ProbeResult | None = None

    @property
    def endpoint(self) -> Endpoint:
        """What the user asked for."""
        return self.status.endpoint

    @property
    def is_connect(self) -> bool:
        """Whether it connects; else it is bound."""
        return self.status.endpoint.role is Role.CONNECT

    @property
    def where(self) -> str:
        """Its address as users know it: the real one where it is bound."""
        return self.status.endpoint.address if self.is_connect else self.status.actual


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that libzmq did not take.

    Attributes:
        time_ns: When last.
        since_ns: When first, without a message that it took in between.
        count: How often in that time.
        peers: How many peers there were.
        first_frame: What the message began with: of a ROUTER, a routing id.
    """

    time_ns: int
    since_ns: int
    count: int
    peers: int
    first_frame: bytes = b""


@dataclass(frozen=True, slots=True)
class Sending:
    """What was sent by hand or by timer, and what was refused.

    Attributes:
        sent_ns: When something was sent last.
        last_bytes: Its size.
        largest_ns: When the largest message so far was sent.
        largest_bytes: Its size.
        alone: Messages that were sent while no peer was there, since one was last.
        alone_since_ns: When the first of them was.
        multipart: Messages of several frames.
        bare: Messages whose second (ROUTER) or first frame (DEALER) was not empty.
        bare_ns: When the last of them was sent.
        bare_to: The routing id that it went to; empty unless this is a ROUTER.
        bare_type: The type of that peer; None if it is not known.
        full: libzmq's queue was full, or there was none (EAGAIN).
        out_of_turn: A REQ or REP whose turn it is not (EFSM).
        unknown_peer: No peer has this routing id (EHOSTUNREACH).
        is_stuck: Whether generated load has not got on for a while.
    """

    sent_ns: int = 0
    last_bytes: int = 0
    largest_ns: int = 0
    largest_bytes: int = 0
    alone: int = 0
    alone_since_ns: int = 0
    multipart: int = 0
    bare: int = 0
    bare_ns: int = 0
    bare_to: bytes = b""
    bare_type: SocketType | None = None
    full: Refusal | None = None
    out_of_turn: Refusal | None = None
    unknown_peer: Refusal | None = None
    is_stuck: bool = False


NOTHING_SENT = Sending()


@dataclass(frozen=True, slots=True)
class Flow:
    """Messages of one direction.

    Attributes:
        messages: Since the socket was made.
        frames: The same.
        size_bytes: Their payload.
        last_ns: When the doctor last saw the number grow.
        topics: Topics that went this way, as far as they are kept.
        is_topics_whole: Whether those are all.
        per_s: Messages a second, over the last two seconds or a little more.
    """

    messages: int = 0
    frames: int = 0
    size_bytes: int = 0
    last_ns: int = 0
    topics: tuple[bytes, ...] = ()
    is_topics_whole: bool = True
    per_s: float = 0.0


NOTHING = Flow()


@dataclass(frozen=True, slots=True)
class Departed:
    """A local process that was a peer until a moment ago.

    Attributes:
        process: Which, as it is now.
        endpoint: Through which endpoint.
        time_ns: When it was missed.
    """

    process: ProcessInfo
    endpoint: Endpoint
    time_ns: int


@dataclass(frozen=True, slots=True)
class Observation:
    """One socket at one moment.

    Attributes:
        socket_id: Its number.
        spec: What would open it again.
        is_open: Whether the libzmq socket exists.
        opened_ns: When it was opened last.
        problem: Why the socket as a whole does not work.
        endpoints: In the order of the spec.
        peer_count: Connections alive, inproc ones included.
        peers_since_ns: Since when there has been at least one.
        turn: Of a REQ or REP.
        turn_since_ns: Since when.
        received: What came.
        sent: What went.
        sending: More about that.
        subscribed_ns: When its subscriptions changed last.
        backlog_since_ns: Since when its queue has never been empty; 0 if it is.
        missed: What a publisher had sent before its first subscriber came.
        joined_ns: When that one came.
        peers: Its peers one by one; None if they are not known.
        departed: Local processes that were peers.
        knocks: Unknown peers that wait for an answer.
        public_key: Of a CURVE server: its public key; empty if not known.
        refused: Who was refused last by the access list, and why, as a sentence; empty if nobody.
    """

    socket_id: SocketId
    spec: SocketSpec
    is_open: bool = True
    opened_ns: int = 0
    problem: Problem | None = None
    endpoints: tuple[EndpointView, ...] = ()
    peer_count: int = 0
    peers_since_ns: int = 0
    turn: Turn = Turn.FREE
    turn_since_ns: int = 0
    received: Flow = NOTHING
    sent: Flow = NOTHING
    sending: Sending = NOTHING_SENT
    subscribed_ns: int = 0
    backlog_since_ns: int = 0
    missed: int = 0
    joined_ns: int = 0
    peers: SocketPeers | None = None
    departed: tuple[Departed, ...] = ()
    knocks: tuple[Knock, ...] = ()
    public_key: str = ""
    refused: str = ""

    @property
    def type(self) -> SocketType:
        """Its type."""
        return self.spec.type

    @property
    def mechanism(self) -> Mechanism:
        """What it speaks."""
        return self.spec.lock.mechanism

    @property
    def name(self) -> str:
        """What the user calls it, or its type."""
        return self.spec.name or self.spec.type.name

    def option(self, name: str, otherwise: int) -> int:
        """The value of an option that is a number, or another if it is not set."""
        for key, value in self.spec.options:
            if key == name and isinstance(value, int):
                return value
        return otherwise

    @property
    def known_peers(self) -> tuple[Peer, ...]:
        """Its peers one by one, as far as they are known."""
        return self.peers.peers if self.peers is not None else ()


@dataclass(frozen=True, slots=True)
class Scene:
    """All sockets of this app.

    Attributes:
        sockets: By number, as they were seen last.
        binders: Addresses that they are bound to, and who is.
    """

    sockets: Mapping[SocketId, Observation] = field(default_factory=dict)
    binders: Mapping[str, SocketId] = field(default_factory=dict)

    def binder(self, endpoint: Endpoint) -> Observation | None:
        """Which socket of this app a connect leads to; None if to none of them."""
        if endpoint.role is Role.BIND:
            return None
        for address in local_names(endpoint.address):
            found = self.binders.get(address)
            if found is not None:
                return self.sockets.get(found)
        return None

    def name(self, socket_id: SocketId) -> str:
        """What the user calls a socket, in quotation marks."""
        seen = self.sockets.get(socket_id)
        return f"“{seen.name}”" if seen is not None else "another socket of this app"


_ANYWHERE = ("0.0.0.0", "[::]", "*", "::")
_HERE = ("127.0.0.1", "localhost", "[::1]")


@lru_cache(maxsize=2_000)
def local_names(address: str) -> tuple[str, ...]:
    """Under which names a socket may be bound that a connect to this address reaches."""
    scheme, separator, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    if scheme != "tcp" or not separator or host not in _HERE:
        return (address,)
    if host == "localhost":
        hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]", *_ANYWHERE)
    else:
        hosts = (host, "localhost", *_ANYWHERE)
    return tuple(f"tcp://{each}:{port}" for each in hosts)
