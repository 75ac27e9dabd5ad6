"""The capture clock: wall time that never runs backwards."""

from __future__ import annotations

import time

import pytest

from zmqscope.core.clock import CaptureClock


def test_is_wall_time() -> None:
    clock = CaptureClock()
    before = time.time_ns()
    now = clock.now_ns()
    assert abs(now - before) < 1_000_000_000


def test_never_runs_backwards() -> None:
    clock = CaptureClock()
    times = [clock.now_ns() for _ in range(1_000)]
    assert times == sorted(times)


def test_a_step_of_the_system_clock_does_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = CaptureClock()
    before = clock.now_ns()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert clock.now_ns() >= before


def test_is_the_monotonic_clock_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = CaptureClock()
    monkeypatch.setattr(time, "monotonic_ns", lambda: 5)
    assert clock.now_ns() == 5 + clock.offset_ns
