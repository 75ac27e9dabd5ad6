"""How many messages of a paced load are due. Pure; times are ns of the monotonic clock."""

from __future__ import annotations

_S = 1_000_000_000
STEP_NS = 2_000_000
"""Bursts do not follow each other more closely: each of them costs as much as 500 messages."""
FINE_STEP_NS = 1_000_000
"""The same for rates at which single messages can be told apart."""
FINE_PER_S = 1_000.0
BURST_NS = 2_000_000
"""A burst holds about so much traffic, beside what became due since the one before."""
BACKLOG_NS = 100_000_000
"""What lies further back is not made up for."""
_MEMORY = 16


class Pace:
    """The clock says what is due; what comes late is made up for, little by little.

    Args:
        rate_per_s: Messages/s.
        now_ns: When the first message is due.

    Attributes:
        given_up: Messages that were due too long ago to be made up for.
    """

    def __init__(self, rate_per_s: float, now_ns: int) -> None:
        self._rate_per_s = rate_per_s
        self._origin_ns = now_ns
        self._step_ns = FINE_STEP_NS if rate_per_s <= FINE_PER_S else STEP_NS
        self._looked_ns = now_ns - self._step_ns
        self._usual_gap_ns = 0.0
        self._done = 0
        self.given_up = 0

    def due(self, now_ns: int) -> int:
        """Messages to send now.

        After a pause it is no more than a short burst at first. Where pauses are the rule, as in a
        loop that is busy with other sockets, bursts grow with them, or the rate would be missed.
        """
        if self.wait_ns(now_ns):
            return 0
        gap_ns = now_ns - self._looked_ns
        self._looked_ns = now_ns
        self._usual_gap_ns += (gap_ns - self._usual_gap_ns) / _MEMORY
        behind = self._behind(now_ns)
        backlog = self._messages_in(BACKLOG_NS)
        if behind > backlog:
            self.given_up += behind - backlog
            self._done += behind - backlog
            behind = backlog
        return max(0, min(behind, self._messages_in(BURST_NS + self._usual_gap_ns)))

    def note(self, sent: int) -> None:
        """So many were sent."""
        self._done += sent

    def wait_ns(self, now_ns: int) -> int:
        """How long until the next burst is due; 0 if it is now."""
        next_ns = self._origin_ns + int(self._done * _S / self._rate_per_s)
        if now_ns - next_ns >= BURST_NS:
            return 0
        return max(0, next_ns - now_ns, self._looked_ns + self._step_ns - now_ns)

    def _behind(self, now_ns: int) -> int:
        return int((now_ns - self._origin_ns) / _S * self._rate_per_s) + 1 - self._done

    def _messages_in(self, ns: float) -> int:
        return max(1, int(self._rate_per_s * ns / _S))
