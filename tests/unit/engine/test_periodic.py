"""Periodic sends: pace, stop, refusals."""

from __future__ import annotations

import time

from zmqscope.core.types import JobId, JobSnapshot, Problem, SocketId
from zmqscope.engine.jobs.periodic import PeriodicSends

ME = SocketId(1)


class Recorder:
    def __init__(self, taken: bool = True) -> None:
        self.sent: list[tuple[bytes, ...]] = []
        self.told: list[JobSnapshot] = []
        self.taken = taken
        self.jobs = PeriodicSends(self.send, self.told.append)

    def send(self, _: SocketId, frames: tuple[bytes, ...]) -> tuple[bool, Problem | None]:
        self.sent.append(frames)
        return self.taken, None if self.taken else Problem("no peer")

    def run_until(self, count: int) -> None:
        while len(self.sent) < count:
            time.sleep(self.jobs.wait_ms(10) / 1000)
            self.jobs.run_due()


def test_first_message_at_once_then_at_the_interval() -> None:
    r = Recorder()
    r.jobs.start(JobId(1), ME, (b"x",), 60.0)
    r.jobs.run_due()
    assert r.sent == [(b"x",)]
    assert 0 < r.jobs.wait_ms(100_000) <= 60_000
    r.jobs.stop(JobId(1))
    begun_s = time.monotonic()
    r.jobs.start(JobId(2), ME, (b"y",), 0.05)
    r.run_until(5)
    # The first at once; what is late is not caught up with, so that none comes too early.
    assert time.monotonic() - begun_s >= 3 * 0.05 - 0.005


def test_stop_is_final_and_told() -> None:
    r = Recorder()
    r.jobs.start(JobId(1), ME, (b"x",), 0.001)
    r.jobs.run_due()
    r.jobs.stop(JobId(1))
    r.jobs.run_due()
    assert len(r.sent) == 1
    assert (r.told[-1].running, r.told[-1].sent) == (False, 1)
    assert r.jobs.wait_ms(500) == 500


def test_a_late_job_does_not_catch_up_in_a_burst() -> None:
    r = Recorder()
    r.jobs.start(JobId(1), ME, (b"x",), 0.001)
    time.sleep(0.05)
    r.jobs.run_due()
    r.jobs.run_due()
    assert len(r.sent) <= 2


def test_refusals_are_counted_with_the_reason() -> None:
    r = Recorder(taken=False)
    r.jobs.start(JobId(1), ME, (b"x",), 0.001)
    r.jobs.run_due()
    r.jobs.stop_for(ME, Problem("The socket was closed."))
    last = r.told[-1]
    assert (last.sent, last.refused, last.running) == (0, 1, False)
    assert last.problem == Problem("The socket was closed.")
