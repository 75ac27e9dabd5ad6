"""Pacing by a clock that the test moves."""

from __future__ import annotations

import random

import pytest

from zmqscope.engine.jobs.pace import BACKLOG_NS, BURST_NS, STEP_NS, Pace

MS = 1_000_000
S = 1_000 * MS


def run(pace: Pace, gaps_ns: list[int], now_ns: int = 0) -> tuple[list[int], int]:
    """Ask and send all that is due, after each of these pauses; the bursts, and the time then."""
    bursts = []
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        due = pace.due(now_ns)
        pace.note(due)
        bursts.append(due)
    return bursts, now_ns


def test_the_first_message_is_due_at_once() -> None:
    pace = Pace(10.0, 5 * S)
    assert pace.wait_ns(5 * S) == 0
    assert pace.due(5 * S) == 1
    pace.note(1)
    assert pace.due(5 * S) == 0
    assert pace.wait_ns(5 * S) == 100 * MS
    assert pace.wait_ns(5 * S + 99 * MS) == 1 * MS


@pytest.mark.parametrize("rate", [0.5, 3.0, 100.0, 1_000.0, 1_500.0, 100_000.0, 3_000_000.0])
def test_the_rate_is_kept(rate: float) -> None:
    pace = Pace(rate, 0)
    steps = int(4 * S / STEP_NS)
    bursts, now_ns = run(pace, [STEP_NS] * steps)
    assert sum(bursts) == pytest.approx(rate * now_ns / S, abs=1.5, rel=0.001)
    assert pace.given_up == 0


def test_bursts_do_not_follow_each_other_too_closely() -> None:
    pace = Pace(100_000.0, 0)
    bursts, now_ns = run(pace, [20_000] * 10_000)
    assert sum(1 for burst in bursts if burst) <= now_ns / STEP_NS + 1
    assert sum(bursts) == pytest.approx(20_000, rel=0.01)


def test_after_a_pause_it_catches_up_in_short_bursts() -> None:
    pace = Pace(100_000.0, 0)
    before, now_ns = run(pace, [MS] * 1_000)
    bursts, now_ns = run(pace, [50 * MS, *[MS // 10] * 40], now_ns)
    most = (BURST_NS + 50 * MS / 16 + 2 * MS) / S * 100_000
    assert 100 < max(bursts) <= most
    steady, now_ns = run(pace, [MS] * 1_000, now_ns)
    assert max(steady[200:]) <= BURST_NS / S * 100_000 + 101
    assert sum(before + bursts + steady) == pytest.approx(100_000 * now_ns / S, abs=200)
    assert pace.given_up == 0


def test_the_rate_is_kept_in_a_loop_that_comes_round_slowly() -> None:
    rnd = random.Random(3)
    pace = Pace(50_000.0, 0)
    bursts, now_ns = run(pace, [rnd.choice([MS, 9 * MS, 25 * MS]) for _ in range(600)])
    assert sum(bursts) == pytest.approx(50_000 * now_ns / S, rel=0.01)


def test_what_is_too_long_overdue_is_given_up_and_counted() -> None:
    pace = Pace(1_000.0, 0)
    bursts, now_ns = run(pace, [MS] * 10)
    assert sum(bursts) == pytest.approx(11, abs=1)
    more, _ = run(pace, [S, *[MS] * 500], now_ns)
    backlog = BACKLOG_NS / S * 1_000
    assert pace.given_up == pytest.approx(1_000 - backlog, abs=2)
    assert sum(more) == pytest.approx(500 + backlog, abs=3)


def test_what_libzmq_did_not_take_stays_due() -> None:
    pace = Pace(10_000.0, 0)
    assert pace.due(MS) == 11
    pace.note(3)
    assert pace.due(MS) == 0
    more, _ = run(pace, [2 * MS] * 5, MS)
    assert 3 + sum(more) == 10 * 11 + 1
