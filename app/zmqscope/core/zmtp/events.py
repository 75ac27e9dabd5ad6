"""What comes out of the codec. Any thread.

``at`` is where something begins, in bytes since the beginning of its direction.
"""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.zmtp.command_reader import Command
from zmqscope.core.zmtp.greeting import Greeting
from zmqscope.core.zmtp.opening import Revision


@dataclass(frozen=True, slots=True)
class GreetingReceived:
    """The 64 bytes of ZMTP 3.x."""

    greeting: Greeting


@dataclass(frozen=True, slots=True)
class LegacyGreetingReceived:
    """The beginning of a direction that uses ZMTP 1.0 or 2.0; ``IdentityReceived`` follows.

    Attributes:
        revision: What it uses.
        major: What it claims; 3 if it went down to its peer's version, -1 if it claims none.
        socket_type: In capitals; empty in ZMTP 1.0, and if it is not known.
    """

    revision: Revision
    major: int
    socket_type: bytes


@dataclass(frozen=True, slots=True)
class IdentityReceived:
    """The first frame in ZMTP 1.0 and 2.0; empty for a peer without a name."""

    at: int
    identity: bytes


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A command.

    Attributes:
        at: Place of its frame.
        name: As it was written.
        command: What it says.
    """

    at: int
    name: bytes
    command: Command


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """A frame of a message.

    Attributes:
        at: Place of the frame.
        more: Whether another frame of the same message follows.
        length: Bytes of its body.
        body: The body, or as much of its beginning as was to be kept.
    """

    at: int
    more: bool
    length: int
    body: bytes

    @property
    def is_truncated(self) -> bool:
        """Whether there was more than was to be kept."""
        return len(self.body) < self.length


@dataclass(frozen=True, slots=True)
class BoxReceived:
    """A frame of a connection with CURVE: one frame of a message, or a command, encrypted.

    Whether more frames of the same message follow cannot be seen.

    Attributes:
        at: Place of the frame.
        nonce: Counts up in each direction.
        length: Bytes of its payload.
    """

    at: int
    nonce: int
    length: int


@dataclass(frozen=True, slots=True)
class ProtocolFailed:
    """What came is not ZMTP; nothing more comes out of this direction.

    Attributes:
        at: Place of what is wrong.
        reason: A sentence.
    """

    at: int
    reason: str


Event = (
    GreetingReceived
    | LegacyGreetingReceived
    | IdentityReceived
    | CommandReceived
    | FrameReceived
    | BoxReceived
    | ProtocolFailed
)
