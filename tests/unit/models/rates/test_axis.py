"""Nice ranges, their hysteresis, ticks and labels."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.models.rates.axis import (
    RateUnit,
    ValueAxis,
    axis_label,
    nice_step,
    nice_top,
    time_ticks,
)

S = 1_000_000_000
rates = st.floats(0, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("least", "step"), [(0.9, 1), (1, 1), (1.01, 2), (3, 5), (5.1, 10), (1000, 1000), (0, 1)]
)
def test_steps_are_one_two_five(least: float, step: float) -> None:
    assert nice_step(least) == step


@given(st.floats(1e-3, 1e12))
def test_a_top_leaves_headroom_and_wastes_little(highest: float) -> None:
    top = nice_top(highest)
    assert highest < top <= highest * 1.04 * 2


@pytest.mark.parametrize(
    ("value", "unit", "label"),
    [
        (0, RateUnit.MESSAGES, "0"),
        (0.1 * 3, RateUnit.MESSAGES, "0.3"),
        (200_000, RateUnit.MESSAGES, "200 k"),
        (1_500_000, RateUnit.MESSAGES, "1.5 M"),
        (0, RateUnit.BYTES, "0"),
        (500, RateUnit.BYTES, "500 B"),
        (25e6, RateUnit.BYTES, "25 MB"),
        (2e15, RateUnit.MESSAGES, "2000 T"),
    ],
)
def test_labels_are_short_and_exact(value: float, unit: RateUnit, label: str) -> None:
    assert axis_label(value, unit) == label


def test_the_first_traffic_sets_the_range_at_once() -> None:
    axis = ValueAxis(RateUnit.MESSAGES)
    axis.fit(0, 0, 0)
    assert (axis.bottom, axis.top) == (0, 1)
    axis.fit(100, 184_000, S)
    assert axis.top == 200_000
    assert axis.is_settled


def test_the_range_grows_at_once_and_eases_there() -> None:
    axis = fitted(184_000)
    axis.fit(1, 390_000, 0)
    tops = []
    for frame in range(1, 60):
        axis.ease(frame * 16_000_000)
        tops.append(axis.top)
    assert tops == sorted(tops)
    assert 200_000 < tops[0] < 500_000
    assert axis.top == 500_000
    assert not axis.ease(2 * S)


def test_the_range_shrinks_only_after_two_quiet_seconds() -> None:
    axis = fitted(390_000)
    for tick in range(20):
        axis.fit(1, 90_000, tick * S // 10)
    assert axis.is_settled
    axis.fit(1, 150_000, 2 * S)
    assert not axis.is_settled
    settle(axis)
    # The highest that was needed meanwhile, not the last.
    assert axis.top == 200_000


def test_silence_leaves_the_range_alone() -> None:
    axis = fitted(390_000)
    for second in range(60):
        axis.fit(0, 0, second * S)
    assert axis.is_settled
    assert axis.top == 500_000


def test_a_peak_starts_the_two_seconds_anew() -> None:
    axis = fitted(390_000)
    axis.fit(1, 90_000, 0)
    axis.fit(1, 390_000, S)
    axis.fit(1, 90_000, 2 * S)
    axis.fit(1, 90_000, 3 * S)
    assert axis.is_settled


@given(st.lists(rates, min_size=1, max_size=30))
def test_no_curve_ever_leaves_the_range_that_is_aimed_at(highest: list[float]) -> None:
    axis = ValueAxis(RateUnit.MESSAGES)
    for tick, rate in enumerate(highest):
        axis.fit(rate, rate, tick * S)
        settle(axis, from_ns=tick * S)
        assert axis.top >= rate


@given(st.lists(rates, min_size=1, max_size=20), st.integers(2, 12))
def test_log_positions_lie_on_the_axis(values: list[float], most: int) -> None:
    axis = ValueAxis(RateUnit.MESSAGES, log=True)
    positive = [value for value in values if value > 0]
    axis.fit(min(positive, default=0), max(positive, default=0), 0)
    positions = axis.positions(np.array(values))
    assert (positions >= axis.bottom).all()
    assert (positions <= axis.top).all()
    ticks = axis.ticks(most)
    assert ticks[0].label == "0"
    assert ticks[0].position == axis.bottom
    assert [tick.position for tick in ticks] == sorted(tick.position for tick in ticks)


def test_zero_is_drawn_apart_from_the_lowest_rate_on_a_log_axis() -> None:
    axis = ValueAxis(RateUnit.MESSAGES, log=True)
    axis.fit(20, 184_000, 0)
    positions = axis.positions(np.array([0.0, 20.0, 100_000.0]))
    assert positions[0] == axis.bottom == 0.5
    assert positions[1] == pytest.approx(math.log10(20))
    assert positions[2] == pytest.approx(5)


def test_ticks_stay_within_the_range_and_number() -> None:
    axis = fitted(184_000)
    assert [tick.label for tick in axis.ticks(5)] == ["0", "50 k", "100 k", "150 k", "200 k"]
    assert [tick.label for tick in axis.ticks(2)] == ["0", "100 k", "200 k"]


def test_a_chosen_range_is_held_until_released() -> None:
    axis = fitted(184_000)
    axis.hold(40_000, 61_000)
    axis.fit(1, 900_000, S)
    axis.ease(2 * S)
    assert (axis.bottom, axis.top) == (40_000, 61_000)
    assert all(40_000 <= tick.position <= 61_000 for tick in axis.ticks(5))
    axis.release()
    axis.fit(1, 184_000, 3 * S)
    assert (axis.bottom, axis.top) == (0, 200_000)


@given(
    st.integers(1_500_000_000, 2_000_000_000),
    st.integers(1, 7_200),
    st.integers(1, 12),
    st.sampled_from([0, 3_600, -12_600, 20_700]),
)
def test_time_ticks_are_round_and_few(start_s: int, width_s: int, most: int, offset: int) -> None:
    start, end = start_s * S + 123_456_789, (start_s + width_s) * S
    ticks = time_ticks(start, end, most, offset)
    assert len(ticks) <= most + 1
    assert all(start <= tick.position <= end for tick in ticks)
    gaps = {b.position - a.position for a, b in pairwise(ticks)}
    assert len(gaps) <= 1


def test_time_labels_are_as_fine_as_their_steps() -> None:
    at = 1_795_442_520 * S
    assert time_ticks(at, at + S, 10, 0)[1].label.endswith(".1")
    assert time_ticks(at, at + 60 * S, 6, 0)[1].label.endswith(":10")
    assert len(time_ticks(at, at + 3_600 * S, 6, 0)[1].label) == 5


def fitted(highest: float) -> ValueAxis:
    axis = ValueAxis(RateUnit.MESSAGES)
    axis.fit(1, highest, 0)
    return axis


def settle(axis: ValueAxis, from_ns: int = 0) -> None:
    for frame in range(200):
        if not axis.ease(from_ns + frame * 33_000_000):
            return
    raise AssertionError("the range never arrives")
