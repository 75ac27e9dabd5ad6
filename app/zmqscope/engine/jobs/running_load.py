"""One load while it runs: what it may send now, what it has sent, how it is told. Loop thread."""

from __future__ import annotations

import errno
from collections import deque

from zmqscope.core.load import LoadEnd, LoadPlan, LoadSnapshot
from zmqscope.core.types import JobId, Problem, SocketId
from zmqscope.engine.bursts import BurstResult
from zmqscope.engine.jobs.pace import Pace

_S = 1_000_000_000
_MS = 1_000_000
_PUBLISH_EVERY_NS = 200 * _MS
_RATE_OVER_NS = _S
_FIRST_RETRY_NS = 1 * _MS
_LAST_RETRY_NS = 8 * _MS
# A queue that is full for a moment is what flat out means; one that stays full is worth a word.
STUCK_NS = 500 * _MS
_MOST = 1 << 40


class RunningLoad:
    """Counts, paces and tells one load; times are ns of the monotonic clock.

    Args:
        job_id: Its number.
        socket_id: Where it sends.
        plan: What and how fast.
        now_ns: When it begins.

    Attributes:
        sent: Messages that libzmq took.
    """

    def __init__(self, job_id: JobId, socket_id: SocketId, plan: LoadPlan, now_ns: int) -> None:
        self.job_id = job_id
        self.socket_id = socket_id
        self.plan = plan
        self.sent = 0
        self._pace = None if plan.rate_per_s is None else Pace(plan.rate_per_s, now_ns)
        self._begun_ns = now_ns
        self._published_ns = now_ns
        self._samples: deque[tuple[int, int]] = deque([(now_ns, 0)])
        self._blocked_since_ns: int | None = None
        self._blocked_ns = 0
        self._blocked_times = 0
        self._retry_ns = now_ns
        self._retry_after_ns = _FIRST_RETRY_NS

    # ---- sending ----------------------------------------------------------------------------

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for is sent."""
        return self.plan.count is not None and self.sent >= self.plan.count

    def due(self, now_ns: int) -> int:
        """Messages that it may send now."""
        if self._retry_ns > now_ns:
            return 0
        due = _MOST if self._pace is None else self._pace.due(now_ns)
        return due if self.plan.count is None else min(due, self.plan.count - self.sent)

    def wait_ns(self, now_ns: int) -> int:
        """How long it has nothing to send."""
        pace_ns = 0 if self._pace is None else self._pace.wait_ns(now_ns)
        return max(0, pace_ns, self._retry_ns - now_ns)

    def note(self, result: BurstResult, began_ns: int, now_ns: int) -> None:
        """A burst is over."""
        self.sent += result.sent
        if self._pace is not None:
            self._pace.note(result.sent)
        self._blocked_times += result.waits
        self._blocked_ns += result.waited_ns
        if result.sent:
            self._retry_after_ns = _FIRST_RETRY_NS
            self._unblock(began_ns)
        if result.errno == errno.EAGAIN:
            self._block(now_ns)

    def _unblock(self, now_ns: int) -> None:
        if self._blocked_since_ns is not None:
            self._blocked_ns += max(0, now_ns - self._blocked_since_ns)
            self._blocked_since_ns = None

    def _block(self, now_ns: int) -> None:
        if self._blocked_since_ns is None:
            self._blocked_since_ns = now_ns
            self._blocked_times += 1
        self._retry_ns = now_ns + self._retry_after_ns
        self._retry_after_ns = min(_LAST_RETRY_NS, 2 * self._retry_after_ns)

    @property
    def is_blocked(self) -> bool:
        """Whether libzmq took nothing when it was tried last."""
        return self._blocked_since_ns is not None

    def is_stuck(self, now_ns: int) -> bool:
        """Whether libzmq has taken nothing for a while."""
        since_ns = self._blocked_since_ns
        return since_ns is not None and now_ns - since_ns >= STUCK_NS

    # ---- telling ----------------------------------------------------------------------------

    def should_tell(self, now_ns: int) -> bool:
        """Whether it is time to tell how it goes; at most five times a second."""
        if now_ns - self._published_ns < _PUBLISH_EVERY_NS:
            return False
        self._published_ns = now_ns
        return True

    def snapshot(
        self, now_ns: int, problem: Problem | None = None, end: LoadEnd | None = None
    ) -> LoadSnapshot:
        """How it goes, or how it ended.

        Args:
            now_ns: Now.
            problem: What keeps it from sending, or why it ended.
            end: How it ended, if it did.
        """
        plan, pace, since_ns = self.plan, self._pace, self._blocked_since_ns
        blocked_ns = self._blocked_ns + (0 if since_ns is None else now_ns - since_ns)
        return LoadSnapshot(
            self.job_id,
            self.socket_id,
            plan.rate_per_s,
            plan.count,
            sent=self.sent,
            sent_bytes=self.sent * plan.message_bytes,
            seconds=(now_ns - self._begun_ns) / _S,
            rate_per_s=self._rate_per_s(now_ns),
            blocked_times=self._blocked_times,
            blocked_s=blocked_ns / _S,
            given_up=0 if pace is None else pace.given_up,
            end=end,
            problem=problem,
        )

    def _rate_per_s(self, now_ns: int) -> float:
        samples = self._samples
        while len(samples) > 1 and now_ns - samples[1][0] >= _RATE_OVER_NS:
            samples.popleft()
        since_ns, before = samples[0]
        samples.append((now_ns, self.sent))
        return (self.sent - before) * _S / (now_ns - since_ns) if now_ns > since_ns else 0.0
