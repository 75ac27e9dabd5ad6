"""What the doctor remembers of the messages of one direction. Loop thread."""

from __future__ import annotations

from dataclasses import dataclass

_S = 1_000_000_000
_RATE_EVERY_NS = 2 * _S


@dataclass(slots=True)
class FlowMemory:
    """What was seen last of one direction.

    Attributes:
        messages: How many there were.
        last_ns: When their number was seen to grow.
        topics: Their topics.
        is_whole: Whether those are all.
        topics_ns: When they were read.
        table_size: How many topics there were in all then.
        mark_ns: Since when the rate is measured.
        mark_messages: How many messages there were then.
        per_s: Messages a second before that.
    """

    messages: int = 0
    last_ns: int = 0
    topics: tuple[bytes, ...] = ()
    is_whole: bool = True
    topics_ns: int = 0
    table_size: int = 0
    mark_ns: int = 0
    mark_messages: int = 0
    per_s: float = 0.0

    def measure(self, messages: int, now_ns: int) -> None:
        """How many a second there are, if it is time."""
        passed_ns = now_ns - self.mark_ns
        if passed_ns < _RATE_EVERY_NS:
            return
        # The first look, or one after a long calm, only begins.
        is_known = self.mark_ns and passed_ns < 2 * _RATE_EVERY_NS
        self.per_s = (messages - self.mark_messages) * _S / passed_ns if is_known else 0.0
        self.mark_ns, self.mark_messages = now_ns, messages
