"""What was heard at an endpoint, step by step. Frozen; any thread."""

from __future__ import annotations

from dataclasses import dataclass, field

from zmqscope.core.probe import Answer, Fate
from zmqscope.core.zmtp.commands import Metadata


@dataclass(frozen=True, slots=True)
class Heard:
    """What an attempt has found.

    Attributes:
        answer: Who answers.
        detail: More of it, such as the first line of an HTTP answer; from a stranger.
        version: Of ZMTP.
        mechanism: The peer's.
        is_server: Whether it is the mechanism's server, if that is known.
        type_name: Its socket type.
        identity: Its routing id.
        metadata: What else its READY says.
        refusal: The reason of its ERROR, if it sent one.
        first_bytes: What came first.
        is_websocket: Whether it is ZeroMQ over WebSocket.
    """

    answer: Answer
    detail: str = ""
    version: str = ""
    mechanism: str = ""
    is_server: bool | None = None
    type_name: str = ""
    identity: bytes | None = None
    metadata: Metadata = ()
    refusal: bytes | None = None
    first_bytes: bytes = field(default=b"", repr=False)
    is_websocket: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A handshake that was tried.

    Attributes:
        fate: What became of it.
        status: The reason that the peer gave for refusing.
    """

    fate: Fate
    status: str = ""
