"""What the engine can be told to do: immutable, posted by any floor above."""

from __future__ import annotations

from dataclasses import dataclass, field

from zmqscope.core.load import LoadPlan
from zmqscope.core.security.access import AccessList, KnockId, Verdict
from zmqscope.core.types import Endpoint, JobId, RequestId, SocketId, SocketSpec


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """Make a socket and apply its spec."""

    socket_id: SocketId
    spec: SocketSpec


@dataclass(frozen=True, slots=True)
class CloseSocket:
    """Close a socket; it stays listed and can be opened again."""

    socket_id: SocketId


@dataclass(frozen=True, slots=True)
class ReopenSocket:
    """Close if open, then open with the spec as it is now."""

    socket_id: SocketId


@dataclass(frozen=True, slots=True)
class ChangeSpec:
    """Close if open, then open with another spec of the same type; its figures go on.

    Attributes:
        socket_id: The socket.
        spec: The spec from now on.
        opens: Whether it is opened; a closed one can be left closed.
    """

    socket_id: SocketId
    spec: SocketSpec
    opens: bool = True


@dataclass(frozen=True, slots=True)
class RemoveSocket:
    """Close a socket and forget it; captured rows stay."""

    socket_id: SocketId


@dataclass(frozen=True, slots=True)
class RenameSocket:
    """Give a socket another name."""

    socket_id: SocketId
    name: str


@dataclass(frozen=True, slots=True)
class AddEndpoint:
    """Bind or connect one more endpoint."""

    socket_id: SocketId
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class RemoveEndpoint:
    """Unbind or disconnect an endpoint."""

    socket_id: SocketId
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class RetryEndpoint:
    """Try an endpoint again that failed."""

    socket_id: SocketId
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Add a topic prefix to a SUB or XSUB."""

    socket_id: SocketId
    topic: bytes


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Take a topic prefix off a SUB or XSUB."""

    socket_id: SocketId
    topic: bytes


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Send one message now, or say at once why not."""

    request_id: RequestId
    socket_id: SocketId
    frames: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class StartPeriodicSend:
    """Send a message every ``interval_s`` seconds until stopped."""

    job_id: JobId
    socket_id: SocketId
    frames: tuple[bytes, ...] = field(repr=False)
    interval_s: float = 1.0


@dataclass(frozen=True, slots=True)
class StartLoad:
    """Send a message very often, until stopped or as many times as the plan says."""

    job_id: JobId
    socket_id: SocketId
    plan: LoadPlan


@dataclass(frozen=True, slots=True)
class StopJob:
    """Stop a periodic send or a load."""

    job_id: JobId


@dataclass(frozen=True, slots=True)
class SetAccess:
    """These access lists hold from now on, and no others."""

    lists: tuple[AccessList, ...]


@dataclass(frozen=True, slots=True)
class AnswerKnock:
    """Let an unknown peer in this time, or refuse it."""

    knock_id: KnockId
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Stop everything and end the loop."""


ChangeSocket = (
    CloseSocket
    | ReopenSocket
    | ChangeSpec
    | RemoveSocket
    | RenameSocket
    | AddEndpoint
    | RemoveEndpoint
    | RetryEndpoint
    | Subscribe
    | Unsubscribe
)

Command = (
    OpenSocket
    | ChangeSocket
    | SendMessage
    | StartPeriodicSend
    | StartLoad
    | StopJob
    | SetAccess
    | AnswerKnock
    | Shutdown
)
