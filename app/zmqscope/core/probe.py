"""What a probe of an endpoint has found. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from zmqscope.core.security.lock import Lock
from zmqscope.core.types import SocketType


class Answer(Enum):
    """Who answers at an endpoint."""

    ZMTP = "ZeroMQ"
    HTTP = "HTTP"
    TLS = "TLS"
    SSH = "SSH"
    OTHER = "something else"
    SILENT = "silent"
    CLOSES = "closes at once"
    REFUSED = "nobody listens"
    UNREACHABLE = "not reachable"


class Fate(Enum):
    """What became of a whole handshake with the plan's own lock."""

    NOT_TRIED = "not tried"
    LET_IN = "let in"
    WRONG_SERVER_KEY = "wrong server key"
    REFUSED = "refused"
    CLOSED_AFTER_LOCK = "closed after the lock was opened"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """What to ask.

    Attributes:
        address: A tcp, ipc, ws or wss endpoint.
        kind: The socket type that one would like to talk with it; None for none in particular.
        lock: The lock that one would use.
        timeout_s: When to give up, for all steps together.
        tries_lock: Whether the lock is tried: a PLAIN server is then shown name and password.
    """

    address: str
    kind: SocketType | None = None
    lock: Lock = field(default_factory=Lock)
    timeout_s: float = 3.0
    tries_lock: bool = True


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What was found.

    Attributes:
        plan: What was asked.
        answer: Who answers.
        text: What that means, in one sentence.
        hint: What to do; may be empty.
        version: Of ZMTP, such as ``3.1``; empty if it is none.
        mechanism: The peer's; empty if not known.
        is_server: Whether the peer says that it is the mechanism's server; None if not known.
        type_name: The peer's socket type; empty if not known (CURVE hides it).
        identity: The peer's routing id; None if not known.
        metadata: Everything else that READY says, name and value as text.
        fits: Whether ``plan.kind`` and ``plan.lock`` could talk with it; None if that cannot be
            said.
        first_bytes: What came first, at most 256 bytes.
        fate: What became of the lock, if it was tried.
        took_s: How long it took.
        local_owner: For a local endpoint: ``name (pid)`` of who listens; empty if not known.
    """

    plan: ProbePlan
    answer: Answer
    text: str
    hint: str = ""
    version: str = ""
    mechanism: str = ""
    is_server: bool | None = None
    type_name: str = ""
    identity: bytes | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    fits: bool | None = None
    first_bytes: bytes = field(default=b"", repr=False)
    fate: Fate = Fate.NOT_TRIED
    took_s: float = 0.0
    local_owner: str = ""
