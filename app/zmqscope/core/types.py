"""The values that every floor shares: frozen, slotted, safe to hand across threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NewType

from zmqscope.core.security.lock import NO_LOCK, Lock

SocketId = NewType("SocketId", int)
"""Number of a socket in this process; never used twice."""

RowId = NewType("RowId", int)
"""Number of a captured message, from 0; only grows."""

RequestId = NewType("RequestId", int)
"""Ties a send to its report."""

JobId = NewType("JobId", int)
"""Number of something that runs until stopped."""


class SocketType(Enum):
    """ZeroMQ's twelve stable and nine draft socket types; values are libzmq's numbers (zmq.h).

    No draft type is ever opened as itself: libzmq as pyzmq ships it ends the process when one meets
    its peer. Each has a stable twin, and a link that lets peers see the draft type.
    """

    PAIR = 0
    PUB = 1
    SUB = 2
    REQ = 3
    REP = 4
    DEALER = 5
    ROUTER = 6
    PULL = 7
    PUSH = 8
    XPUB = 9
    XSUB = 10
    STREAM = 11
    SERVER = 12
    CLIENT = 13
    RADIO = 14
    DISH = 15
    GATHER = 16
    SCATTER = 17
    DGRAM = 18
    PEER = 19
    CHANNEL = 20

    @property
    def is_draft(self) -> bool:
        """Whether libzmq calls it a draft."""
        return self in _TWINS

    @property
    def twin(self) -> SocketType:
        """The stable type that works in its place; of a stable type, itself."""
        return _TWINS.get(self, self)

    @property
    def can_receive(self) -> bool:
        """Whether ``recv`` is allowed at all on this type."""
        return self not in _SEND_ONLY

    @property
    def can_send(self) -> bool:
        """Whether ``send`` is allowed at all on this type."""
        return self not in _RECEIVE_ONLY

    @property
    def can_subscribe(self) -> bool:
        """Whether this type has subscriptions of its own: topic prefixes."""
        return self in (SocketType.SUB, SocketType.XSUB)

    @property
    def can_join(self) -> bool:
        """Whether this type joins groups (RFC 48)."""
        return self is SocketType.DISH

    @property
    def has_groups(self) -> bool:
        """Whether the first frame of each message is a group (RFC 48)."""
        return self in (SocketType.RADIO, SocketType.DISH)

    @property
    def routes_by_identity(self) -> bool:
        """Whether the first frame of each message is a routing id (RFC 28, RFC 41)."""
        return self in _ROUTES

    @property
    def names_address(self) -> bool:
        """Whether the first frame of each message is an address such as ``127.0.0.1:5556``."""
        return self is SocketType.DGRAM

    @property
    def body_frames(self) -> int:
        """How many frames may follow a routing id, group or address; 0 for any number."""
        return 1 if self.is_draft else 0


_TWINS = {
    SocketType.SERVER: SocketType.ROUTER,
    SocketType.CLIENT: SocketType.DEALER,
    SocketType.RADIO: SocketType.PUB,
    SocketType.DISH: SocketType.SUB,
    SocketType.GATHER: SocketType.PULL,
    SocketType.SCATTER: SocketType.PUSH,
    SocketType.DGRAM: SocketType.PAIR,
    SocketType.PEER: SocketType.ROUTER,
    SocketType.CHANNEL: SocketType.PAIR,
}
_SEND_ONLY = (SocketType.PUB, SocketType.PUSH, SocketType.RADIO, SocketType.SCATTER)
_RECEIVE_ONLY = (SocketType.SUB, SocketType.PULL, SocketType.DISH, SocketType.GATHER)
_ROUTES = (SocketType.ROUTER, SocketType.STREAM, SocketType.SERVER, SocketType.PEER)


class Direction(IntEnum):
    """Which way a message went, seen from this app."""

    RECEIVED = 0
    SENT = 1


class Role(Enum):
    """What a socket does with an endpoint."""

    CONNECT = "connect"
    BIND = "bind"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and what to do with it, as the user wrote it.

    Attributes:
        role: Bind or connect.
        address: A libzmq endpoint such as ``tcp://127.0.0.1:5556``.
    """

    role: Role
    address: str


@dataclass(frozen=True, slots=True)
class SocketSpec:
    """Everything needed to open a socket; can be saved, copied and shown.

    Attributes:
        type: The socket type.
        endpoints: Where it binds and connects, in order, without repeats.
        name: What the user calls it; empty lets the app choose.
        subscriptions: Topic prefixes of a SUB or XSUB, ``(b"",)`` is everything; groups of a DISH.
        options: libzmq option name (lower case) and value, in the order given.
        lock: Mechanism and side, and where its secret is; never the secret.
    """

    type: SocketType
    endpoints: tuple[Endpoint, ...] = ()
    name: str = ""
    subscriptions: tuple[bytes, ...] = ()
    options: tuple[tuple[str, int | bytes], ...] = ()
    lock: Lock = NO_LOCK


class Severity(IntEnum):
    """How much a notice matters."""

    INFO = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong, in words for the user.

    Attributes:
        text: What failed, in one sentence.
        hint: What to do next, in one sentence; may be empty.
    """

    text: str
    hint: str = ""

    def sentence(self) -> str:
        """Both parts as one line."""
        return f"{self.text} {self.hint}".strip()


class EndpointState(Enum):
    """Where an endpoint of an open socket stands."""

    PENDING = "pending"
    LISTENING = "listening"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RETRYING = "retrying"
    FAILED = "failed"
    CLOSED = "closed"


class SocketState(Enum):
    """Where a socket stands, the worst or best of its endpoints."""

    OPENING = "opening"
    IDLE = "no endpoint"
    LISTENING = "listening"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RETRYING = "retrying"
    FAILED = "failed"
    CLOSED = "closed"


class Turn(Enum):
    """Whose turn it is on a lock-step socket (REQ, REP); FREE on all others."""

    FREE = "free"
    MAY_SEND = "may send"
    AWAITS_REPLY = "awaits reply"
    AWAITS_REQUEST = "awaits request"
    HOLDS_REQUEST = "holds request"


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """One endpoint of a socket, as it is now.

    Attributes:
        endpoint: What the user asked for.
        actual: The real address once bound (ephemeral ports resolved), else the address asked.
        state: Where it stands.
        peers: Connections alive through it, when libzmq tells them apart.
        problem: Why it does not work, if it does not.
    """

    endpoint: Endpoint
    actual: str
    state: EndpointState
    peers: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SocketSnapshot:
    """A socket as it is now, sent from the engine to whoever shows it.

    Attributes:
        socket_id: Its number.
        spec: What would open it again as it is (endpoints, subscriptions and name kept current).
        state: Where it stands.
        endpoints: Each endpoint's state, in the order of the spec.
        peer_count: Connections alive.
        problem: The problem that the list shows for it, if any.
    """

    socket_id: SocketId
    spec: SocketSpec
    state: SocketState
    endpoints: tuple[EndpointStatus, ...] = ()
    peer_count: int = 0
    problem: Problem | None = None

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.spec.name

    @property
    def is_open(self) -> bool:
        """Whether the libzmq socket exists."""
        return self.state is not SocketState.CLOSED


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling: what happened, where, when, and what to do.

    Attributes:
        time_ns: When, on the capture clock.
        socket_id: The socket it concerns; None for the whole app.
        severity: How much it matters.
        text: One sentence.
        hint: The next step; may be empty.
        line: Number of the event line that tells the same; 0 if there is none.
    """

    time_ns: int
    socket_id: SocketId | None
    severity: Severity
    text: str
    hint: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of one send.

    Attributes:
        request_id: The number that the send got.
        socket_id: Where it was sent.
        accepted: Whether libzmq took the message.
        problem: The reason when it did not, or a warning when it did (nobody connected).
    """

    request_id: RequestId
    socket_id: SocketId
    accepted: bool
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class JobSnapshot:
    """A periodic send as it is now.

    Attributes:
        job_id: Its number.
        socket_id: Where it sends.
        interval_s: Seconds from one send to the next.
        running: False once stopped.
        sent: Messages that libzmq took.
        refused: Messages that libzmq did not take.
        problem: The reason for the last refusal, if the last one was refused.
    """

    job_id: JobId
    socket_id: SocketId
    interval_s: float
    running: bool
    sent: int = 0
    refused: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Message:
    """One captured message, made of Python objects because somebody looks at it.

    Attributes:
        row: Its row in the store.
        time_ns: Arrival or send time, ns since the epoch, on the capture clock.
        socket_id: The socket.
        direction: Which way it went.
        frames: All frames, whole.
    """

    row: RowId
    time_ns: int
    socket_id: SocketId
    direction: Direction
    frames: tuple[bytes, ...] = field(repr=False)
