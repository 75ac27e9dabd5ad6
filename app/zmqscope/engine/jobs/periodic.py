"""Sends a message every N seconds until stopped. Loop thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from zmqscope.core.types import JobId, JobSnapshot, Problem, SocketId

Send = Callable[[SocketId, tuple[bytes, ...]], tuple[bool, Problem | None]]
Publish = Callable[[JobSnapshot], None]

MIN_INTERVAL_S = 0.001
_PUBLISH_EVERY_S = 0.2


@dataclass(slots=True)
class _Job:
    job_id: JobId
    socket_id: SocketId
    frames: tuple[bytes, ...]
    interval_s: float
    due_s: float
    sent: int = 0
    refused: int = 0
    problem: Problem | None = None
    published_s: float = 0.0

    def snapshot(self, running: bool) -> JobSnapshot:
        return JobSnapshot(
            self.job_id,
            self.socket_id,
            self.interval_s,
            running,
            self.sent,
            self.refused,
            self.problem,
        )


class PeriodicSends:
    """All running periodic sends.

    Args:
        send: Sends one message; whether libzmq took it, and what to say.
        publish: Told a job's state when it changes, at most five times a second while it runs.
    """

    def __init__(self, send: Send, publish: Publish) -> None:
        self._send = send
        self._publish = publish
        self._jobs: dict[JobId, _Job] = {}

    def start(
        self, job_id: JobId, socket_id: SocketId, frames: tuple[bytes, ...], interval_s: float
    ) -> None:
        """Begin; the first message goes at once."""
        job = _Job(job_id, socket_id, frames, max(MIN_INTERVAL_S, interval_s), time.monotonic())
        self._jobs[job_id] = job
        self._publish(job.snapshot(running=True))

    def stop(self, job_id: JobId, problem: Problem | None = None) -> None:
        """End one, with the reason if it was not the user's wish."""
        job = self._jobs.pop(job_id, None)
        if job is not None:
            job.problem = problem or job.problem
            self._publish(job.snapshot(running=False))

    def stop_for(self, socket_id: SocketId, problem: Problem | None) -> None:
        """End those of a socket that went away."""
        for job_id in [j.job_id for j in self._jobs.values() if j.socket_id == socket_id]:
            self.stop(job_id, problem)

    def stop_all(self) -> None:
        """End all."""
        for job_id in list(self._jobs):
            self.stop(job_id)

    def wait_ms(self, limit_ms: int) -> int:
        """How long the loop may sleep, at most ``limit_ms``."""
        if not self._jobs:
            return limit_ms
        next_due = min(job.due_s for job in self._jobs.values())
        return max(0, min(limit_ms, int((next_due - time.monotonic()) * 1000 + 0.999)))

    def run_due(self) -> None:
        """Send what is due; a job that fell behind skips, it does not catch up in a burst."""
        now = time.monotonic()
        for job in list(self._jobs.values()):
            if job.due_s > now:
                continue
            taken, job.problem = self._send(job.socket_id, job.frames)
            job.sent += taken
            job.refused += not taken
            missed = int((now - job.due_s) / job.interval_s)
            job.due_s += (missed + 1) * job.interval_s
            if now - job.published_s >= min(_PUBLISH_EVERY_S, job.interval_s):
                job.published_s = now
                self._publish(job.snapshot(running=True))
