"""When the loop rests between events, and for how long."""

from __future__ import annotations

import pytest

from zmqscope.engine.event_pace import REST_S, EventPace


def test_few_events_are_taken_as_they_come() -> None:
    pace = EventPace()
    for step in range(1_000):
        now_s = step * 0.001
        assert pace.rest_s(step % 7 == 0, now_s, now_s) == 0.0


def test_a_flood_is_taken_in_larger_parts() -> None:
    pace = EventPace()
    rests = []
    now_s = 0.0
    while now_s < 1.0:
        # 10,000 events a second; a step that was there for 0.1 ms already.
        rests.append(pace.rest_s(round(10_000 * 0.0001), now_s, now_s + 0.0001))
        now_s += 0.0001 + rests[-1]
        if rests[-1]:
            # What has come meanwhile.
            rests.append(pace.rest_s(20, now_s, now_s + 0.0001))
            now_s += 0.0001 + rests[-1]
    assert rests[0] == 0.0
    assert rests[-1] == pytest.approx(REST_S - 0.0001)
    assert len(rests) < 1_000


def test_a_step_that_took_long_needs_no_rest() -> None:
    pace = EventPace()
    assert pace.rest_s(1_000, 5.0, 5.0 + REST_S) == 0.0
    assert pace.rest_s(1_000, 5.0, 5.0) == pytest.approx(REST_S)


def test_a_step_without_events_never_rests_and_a_flood_is_forgotten() -> None:
    pace = EventPace()
    assert pace.rest_s(1_000, 5.0, 5.0) == pytest.approx(REST_S)
    assert pace.rest_s(0, 5.01, 5.01) == 0.0
    assert pace.rest_s(1, 5.15, 5.15) == pytest.approx(REST_S)
    assert pace.rest_s(1, 5.30, 5.30) == 0.0
    assert pace.rest_s(1, 9.0, 9.0) == 0.0
