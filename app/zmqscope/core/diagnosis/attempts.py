"""What the handshakes of one endpoint came to: counted, bounded, a step an event. One thread; pure.

There may be ten thousand strangers a second, so nothing here grows with their number. Times are ns
of the monotonic clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from zmqscope.core.types import Role

_MOST_KINDS = 32
_MOST_LOSSES = 32
_MS = 1_000_000
# libzmq says that it tries again at once; it must only have been read.
_TOLD_BY_NS = 400 * _MS
# The end of a connection whose handshake failed follows within moments.
_END_FOLLOWS_NS = 1_000 * _MS
_FORGET_NS = 120_000 * _MS


class Outcome(Enum):
    """What an attempt came to when it came to nothing."""

    NO_DETAIL = "ended without a reason"
    """Value: errno."""
    PROTOCOL = "broke the protocol"
    """Value: libzmq's protocol code."""
    REFUSED = "refused by the authenticator"
    """Value: ZAP status."""
    CLOSED = "closed without a word"
    UNREACHED = "nobody listens"


@dataclass(slots=True)
class Tally:
    """How often one thing happened.

    Attributes:
        count: How often; begins again when it has not happened for two minutes.
        first_ns: When first.
        last_ns: When last.
    """

    count: int
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class Loss:
    """A connection that ended after its handshake.

    Attributes:
        time_ns: When.
        lived_ns: For how long it was there.
    """

    time_ns: int
    lived_ns: int


class Attempts:
    """The history of one endpoint; rules only read it.

    A connect forgets what failed once it succeeds. A bind does not: another peer may have.

    Args:
        role: What the socket does with the endpoint.

    Attributes:
        version: Grows with everything that happens.
        successes: Handshakes that were done.
        success_ns: When the last one was; 0 if never.
        losses: The latest connections that ended, oldest first.
        dialling_since_ns: Since when a connect waits for the other machine to answer; 0 if not.
        rounds: Attempts of a connect that came to nothing since it last succeeded.
    """

    __slots__ = (
        "_ended_ns",
        "_is_connect",
        "_tallies",
        "_unended",
        "_unended_ns",
        "dialling_since_ns",
        "losses",
        "rounds",
        "success_ns",
        "successes",
        "version",
    )

    def __init__(self, role: Role) -> None:
        self._is_connect = role is Role.CONNECT
        self._tallies: dict[tuple[Outcome, int], Tally] = {}
        # Failed handshakes of which no end was told yet.
        self._unended = 0
        self._unended_ns = 0
        # When a connect ended, as long as libzmq has not said that it tries again.
        self._ended_ns = 0
        self.version = 0
        self.successes = 0
        self.success_ns = 0
        self.losses: deque[Loss] = deque(maxlen=_MOST_LOSSES)
        self.dialling_since_ns = 0
        self.rounds = 0

    # ---- what happens -----------------------------------------------------------------------

    def note_dialling(self, now_ns: int) -> None:
        """A connect has begun to wait for the other machine."""
        self.version += 1
        self._ended_ns = 0
        self.dialling_since_ns = self.dialling_since_ns or now_ns

    def note_connection(self) -> None:
        """A connection stands; its handshake begins."""
        self.version += 1
        self._ended_ns = self.dialling_since_ns = 0

    def note_success(self, now_ns: int) -> None:
        """A handshake is done."""
        self.version += 1
        self.successes += 1
        self.success_ns = now_ns
        self._ended_ns = self.dialling_since_ns = self.rounds = 0
        if self._is_connect:
            self._tallies.clear()
            self._unended = 0

    def note_failure(self, outcome: Outcome, value: int, now_ns: int) -> None:
        """An attempt came to nothing."""
        self.version += 1
        if outcome in (Outcome.NO_DETAIL, Outcome.PROTOCOL, Outcome.REFUSED):
            self._unended += 1
            self._unended_ns = now_ns
        self._count(outcome, value, now_ns)
        if self._is_connect:
            self.rounds += 1
            self._ended_ns = now_ns

    def note_closed(self, now_ns: int) -> None:
        """A connection ended before its handshake was done; perhaps why was told before."""
        if self._unended and now_ns - self._unended_ns <= _END_FOLLOWS_NS:
            self._unended -= 1
            self.version += 1
        else:
            self._unended = 0
            self.note_failure(Outcome.CLOSED, 0, now_ns)
        if self._is_connect:
            self._ended_ns = now_ns

    def note_loss(self, now_ns: int, lived_ns: int) -> None:
        """A connection ended whose handshake had been done."""
        self.version += 1
        self.losses.append(Loss(now_ns, lived_ns))
        if self._is_connect:
            self._ended_ns = now_ns

    def note_undialled(self, now_ns: int) -> None:
        """The other machine did not take the connection."""
        self.version += 1
        self._ended_ns = now_ns

    def note_retry(self, was_reached: bool, now_ns: int) -> None:
        """Libzmq says that it will try again.

        Args:
            was_reached: Whether somebody listened this time.
            now_ns: Now.
        """
        self.version += 1
        self._ended_ns = self.dialling_since_ns = 0
        if not was_reached:
            self.rounds += 1
            self._count(Outcome.UNREACHED, 0, now_ns)

    def _count(self, outcome: Outcome, value: int, now_ns: int) -> None:
        tally = self._tallies.get((outcome, value))
        if tally is not None and now_ns - tally.last_ns < _FORGET_NS:
            tally.count += 1
            tally.last_ns = now_ns
            return
        self._tallies[outcome, value] = Tally(1, now_ns, now_ns)
        if len(self._tallies) > _MOST_KINDS:
            oldest = min(self._tallies, key=lambda key: self._tallies[key].last_ns)
            del self._tallies[oldest]

    # ---- what came of it --------------------------------------------------------------------

    @property
    def has_failures(self) -> bool:
        """Whether anything failed that is not forgotten."""
        return bool(self._tallies)

    @property
    def has_failed_handshakes(self) -> bool:
        """Whether one came that did not finish."""
        return any(outcome is not Outcome.UNREACHED for outcome, _ in self._tallies)

    @property
    def failing_since_ns(self) -> int:
        """When the first of what failed did so; 0 if nothing did."""
        return min((tally.first_ns for tally in self._tallies.values()), default=0)

    def failed(self, outcome: Outcome, values: Iterable[int] | None = None) -> Tally | None:
        """How often something failed so; None if never.

        Args:
            outcome: How.
            values: Only with one of these; None with any.
        """
        found = [
            tally
            for (kind, value), tally in self._tallies.items()
            if kind is outcome and (values is None or value in values)
        ]
        if len(found) < 2:
            return found[0] if found else None
        return Tally(
            sum(tally.count for tally in found),
            min(tally.first_ns for tally in found),
            max(tally.last_ns for tally in found),
        )

    def values(self, outcome: Outcome) -> list[int]:
        """The values that came with an outcome, the latest last."""
        found = [(t.last_ns, v) for (kind, v), t in self._tallies.items() if kind is outcome]
        return [value for _, value in sorted(found)]

    def is_given_up(self, now_ns: int) -> bool:
        """Whether libzmq has ended a connect and did not say that it tries again."""
        return bool(self._ended_ns) and now_ns - self._ended_ns >= _TOLD_BY_NS

    @property
    def may_be_given_up(self) -> bool:
        """Whether that will be so unless libzmq says something soon."""
        return bool(self._ended_ns)

    @property
    def given_up_ns(self) -> int:
        """When a connect ended of which libzmq has not said that it tries again; else 0."""
        return self._ended_ns

    def losses_since(self, since_ns: int) -> int:
        """How many connections ended after a moment."""
        return sum(loss.time_ns >= since_ns for loss in self.losses)
