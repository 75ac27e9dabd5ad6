"""What is searched for. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.types import Direction, SocketId


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions that a message has to meet, all of them; an empty query is met by every message.

    Attributes:
        contains: Bytes that stand within one frame, any frame; empty for no condition.
        topic_prefix: Bytes that the first frame begins with; empty for no condition.
        topics: Topic ids as ``CaptureStore.topics`` numbers them; None for any.
        sockets: Sockets that carried it; None for any.
        direction: Which way it went; None for both.
        min_bytes: Payload bytes of all frames, at least.
        max_bytes: Payload bytes of all frames, at most; None for no limit.
        from_ns: Not before this time, ns since the epoch; None for no limit.
        until_ns: Before this time, ns since the epoch; None for no limit.
    """

    contains: bytes = b""
    topic_prefix: bytes = b""
    topics: frozenset[int] | None = None
    sockets: frozenset[SocketId] | None = None
    direction: Direction | None = None
    min_bytes: int = 0
    max_bytes: int | None = None
    from_ns: int | None = None
    until_ns: int | None = None

    @property
    def matches_all(self) -> bool:
        """Whether it asks for nothing at all."""
        return self == Query()
