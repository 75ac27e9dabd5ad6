"""Lines of the event log: what happened to a socket, collapsed. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from zmqscope.core.types import Severity, SocketId


class EventKind(Enum):
    """Where a line comes from."""

    NOTICE = "notice"
    """The app's own word."""
    PEER = "peer"
    """A peer came or went."""
    MONITOR = "monitor"
    """An event of libzmq's socket monitor as it is, in words."""
    FINDING = "finding"
    """The doctor found something, or its cause has gone."""
    ACCESS = "access"
    """Somebody was let in, refused or knocks."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line; the same happening again counts up in it.

    Attributes:
        number: Of the line; grows. The same number again replaces what was told of it.
        kind: Where it comes from.
        severity: How much it matters.
        socket_id: The socket; None for the whole app.
        text: What happened, in one sentence.
        hint: The next step; may be empty.
        address: The endpoint or peer address that it is about; may be empty.
        count: How often; 0 withdraws the line: another one tells of it now.
        first_ns: When first, on the capture clock.
        last_ns: When last.
    """

    number: int
    kind: EventKind
    severity: Severity
    socket_id: SocketId | None
    text: str
    hint: str
    address: str
    count: int
    first_ns: int
    last_ns: int
