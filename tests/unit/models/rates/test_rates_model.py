"""Curves, points and figures of the rate plot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.models.rates.rates_rig import IN, NOW, OUT, Bench, S
from zmqscope.core.capture.rates import Span
from zmqscope.core.types import SocketId, SocketState
from zmqscope.core.types import SocketType as T
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import CurveKey
from zmqscope.models.rates.rates import rate_text, short_rate_text
from zmqscope.models.rates.view import TimeView


@pytest.fixture
def bench() -> Bench:
    return Bench()


# ---- which curves ------------------------------------------------------------------------------


def test_an_open_socket_without_traffic_has_one_curve(bench: Bench) -> None:
    bench.sockets.put(1, "in", T.SUB)
    bench.sockets.put(2, "out", T.PUSH)
    bench.sockets.put(3, "gone", T.PAIR, SocketState.CLOSED)
    assert bench.labels() == ["in ↓", "out ↑"]
    assert not bench.curves.has_traffic


def test_traffic_gives_each_direction_a_curve(bench: Bench) -> None:
    bench.sockets.put(1, "req", T.REQ)
    bench.sockets.put(2, "sub", T.SUB)
    assert bench.labels() == ["req ↓", "sub ↓"]
    bench.carry(1, OUT, 10, NOW - S, NOW)
    assert bench.labels() == ["req ↑", "sub ↓"]
    bench.carry(1, IN, 10, NOW - S, NOW)
    assert bench.labels() == ["req ↓", "req ↑", "sub ↓"]
    assert bench.curves.has_traffic


def test_a_closed_socket_keeps_its_curve_and_a_removed_one_does_not(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.carry(1, IN, 10, NOW - S, NOW)
    bench.sockets.put(1, "a", state=SocketState.CLOSED)
    assert bench.labels() == ["a ↓"]
    bench.sockets.remove(1)
    assert bench.labels() == []


def test_colours_belong_to_sockets_for_life(bench: Bench) -> None:
    for number in (1, 2, 3):
        bench.sockets.put(number, f"s{number}")
    bench.model.sync(NOW)
    bench.sockets.remove(2)
    bench.carry(3, IN, 10, NOW - S, NOW)
    bench.carry(3, OUT, 10, NOW - S, NOW)
    bench.model.sync(NOW)
    assert [(c.key.socket_id, c.color) for c in bench.curves.all] == [(1, 0), (3, 2), (3, 2)]
    bench.sockets.put(4, "s4")
    bench.model.sync(NOW)
    assert bench.curves.all[-1].color == 1


def test_names_are_safe_and_follow_renames(bench: Bench) -> None:
    bench.sockets.put(1, "a\x1b[31m\u202eb")
    assert bench.labels() == ["a␛[31m⟨U+202E⟩b ↓"]
    bench.sockets.put(1, "quotes")
    assert bench.labels() == ["quotes ↓"]


def test_curves_are_switched_one_by_one_and_together(bench: Bench) -> None:
    for number in (1, 2, 3):
        bench.sockets.put(number, f"s{number}")
    bench.model.sync(NOW)
    told: list[int] = []
    bench.curves.changed.connect(lambda: told.append(len(bench.curves.shown)))
    bench.curves.set_shown(CurveKey(SocketId(2), IN), False)
    bench.curves.show_only(CurveKey(SocketId(3), IN))
    bench.curves.show_all()
    bench.curves.show_all()
    assert told == [2, 1, 3]


# ---- points ------------------------------------------------------------------------------------


def test_silence_reads_as_zero_not_as_a_gap(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.carry(1, IN, 100, NOW - 40 * S, NOW - 30 * S)
    bench.model.sync(NOW)
    shown = bench.model.view.range(NOW)
    reading = bench.model.read(shown, NOW)
    rates = reading.rates[CurveKey(SocketId(1), IN)]
    assert set(rates.tolist()) == {0.0, 100.0}
    assert rates[-1] == 0.0
    assert np.count_nonzero(rates) == 20
    assert reading.middle_ns(reading.first_traffic() or 0) == NOW - 40 * S + S // 4


def test_the_last_whole_bin_always_reaches_the_right_edge(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.model.sync(NOW)
    for span in Span:
        bench.model.view.go_live(span)
        for later in range(0, span.bin_ns * 2, span.bin_ns // 7):
            shown = bench.model.view.range(NOW + later)
            reading = bench.model.read(shown, NOW + later)
            assert reading.middle_ns(reading.points - 1) >= shown.end_ns
            assert reading.middle_ns(0) <= shown.start_ns
            assert reading.start_ns + reading.points * reading.bin_ns <= NOW + later
            assert shown.width_ns == span.seconds * S


def test_a_live_range_moves_by_whole_pixels() -> None:
    view = TimeView(Span.MINUTE)
    pixel = 60 * S / 1000
    ends = [view.range(NOW + ms * 1_000_000, 1000).end_ns for ms in range(0, 500, 16)]
    steps = np.diff(ends) / pixel
    assert np.allclose(steps, np.round(steps), atol=1e-4)
    assert steps.max() == pytest.approx(1, abs=1e-4)


def test_bytes_are_counted_as_well(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.carry(1, IN, 100, NOW - 40 * S, NOW, size=250)
    bench.model.sync(NOW)
    bench.model.unit = RateUnit.BYTES
    figures = bench.model.figures(CurveKey(SocketId(1), IN), bench.model.view.range(NOW), NOW)
    assert figures.current == 25_000


def test_hidden_curves_are_not_read(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.sockets.put(2, "b")
    bench.model.sync(NOW)
    bench.curves.set_shown(CurveKey(SocketId(1), IN), False)
    shown = bench.model.view.range(NOW)
    assert list(bench.model.read(shown, NOW).rates) == [CurveKey(SocketId(2), IN)]
    assert len(bench.model.read(shown, NOW, all_curves=True).rates) == 2


# ---- figures -----------------------------------------------------------------------------------


def test_the_peak_agrees_with_the_drawn_curve(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.model.sync(NOW - 60 * S)
    burst = NOW - 20 * S
    bench.rates.add(SocketId(1), IN, np.full(50, burst), np.full(50, 10))
    bench.model.sync(NOW)
    shown = bench.model.view.range(NOW)
    figures = bench.model.figures(CurveKey(SocketId(1), IN), shown, NOW)
    drawn = bench.model.read(shown, NOW).extremes()[1]
    assert figures.peak == drawn == 100
    assert figures.mean == pytest.approx(50 / 60, rel=0.02)
    assert figures.current == 0


def test_the_peak_is_not_lost_when_points_are_coarse(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.model.sync(NOW - 3_600 * S)
    bench.rates.add(SocketId(1), IN, np.full(50, NOW - 1_000 * S), np.full(50, 10))
    bench.model.view.go_live(Span.HOUR)
    bench.model.sync(NOW)
    shown = bench.model.view.range(NOW)
    assert bench.model.read(shown, NOW).extremes()[1] == 5
    assert bench.model.figures(CurveKey(SocketId(1), IN), shown, NOW).peak == 50


def test_the_mean_does_not_count_the_time_before_the_socket(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.model.sync(NOW - 10 * S)
    bench.carry(1, IN, 100, NOW - 10 * S, NOW)
    bench.model.sync(NOW)
    figures = bench.model.figures(CurveKey(SocketId(1), IN), bench.model.view.range(NOW), NOW)
    assert figures.mean == pytest.approx(100, rel=0.02)


def test_mean_and_peak_are_those_of_what_is_zoomed_to(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.model.sync(NOW - 60 * S)
    bench.carry(1, IN, 100, NOW - 40 * S, NOW - 30 * S)
    bench.carry(1, IN, 500, NOW - 30 * S, NOW)
    bench.model.sync(NOW)
    bench.model.view.select(NOW - 38 * S, NOW - 32 * S, NOW)
    figures = bench.model.figures(CurveKey(SocketId(1), IN), bench.model.view.range(NOW), NOW)
    assert (figures.mean, figures.peak) == (100, 100)
    assert figures.current == 500


@pytest.mark.parametrize(
    ("per_s", "exact", "short"),
    [
        (0, "0/s", "0"),
        (0.5, "0.5/s", "0.5"),
        (9.97, "10/s", "10"),
        (184_120.4, "184,120/s", "184 k"),
        (999_999.4, "999,999/s", "1.0 M"),
        (999_999.6, "1.00 M/s", "1.0 M"),
        (12_345_678, "12.35 M/s", "12 M"),
    ],
)
def test_message_rates_fit_their_fields(per_s: float, exact: str, short: str) -> None:
    assert rate_text(per_s, RateUnit.MESSAGES) == exact
    assert short_rate_text(per_s, RateUnit.MESSAGES) == short


@given(st.floats(0, 9e7), st.floats(0, 9e11))
def test_rates_never_outgrow_their_fields(messages_per_s: float, bytes_per_s: float) -> None:
    assert len(rate_text(messages_per_s, RateUnit.MESSAGES)) <= 9
    assert len(short_rate_text(messages_per_s, RateUnit.MESSAGES)) <= 5
    assert len(rate_text(bytes_per_s, RateUnit.BYTES)) <= 9
    assert len(short_rate_text(bytes_per_s, RateUnit.BYTES)) <= 7
