"""What is seen of the rates: frozen, zoomed, copied."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.models.rates.rates_rig import IN, NOW, OUT, Bench, S
from zmqscope.core.capture.rates import RateTable, Span
from zmqscope.core.types import SocketId
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import CurveKey
from zmqscope.models.rates.history import FrozenRates
from zmqscope.models.rates.table import csv_text, iso_time
from zmqscope.models.rates.view import TimeRange, TimeView


@pytest.fixture
def bench() -> Bench:
    return Bench()


# ---- pauses ------------------------------------------------------------------------------------


def test_frozen_everything_stays_and_thawed_nothing_is_missing(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.carry(1, IN, 100, NOW - 30 * S, NOW)
    bench.model.sync(NOW)
    key = CurveKey(SocketId(1), IN)
    later = NOW + 200 * S
    before = bench.model.read(bench.model.view.range(NOW), NOW)
    bench.model.freeze(NOW)
    bench.carry(1, IN, 500, NOW, later)
    bench.sockets.put(2, "b")
    frozen = bench.model.view.range(bench.model.time_ns(later))
    after = bench.model.read(frozen, later)
    assert after.start_ns == before.start_ns
    assert after.rates[key].tolist() == before.rates[key].tolist()
    assert bench.labels(later) == ["a ↓"]
    assert bench.model.figures(key, frozen, later).current == 100
    bench.model.thaw()
    assert bench.labels(later) == ["a ↓", "b ↓"]
    live = bench.model.read(bench.model.view.range(later), later)
    assert set(live.rates[key].tolist()) == {500.0}


def test_a_paused_socket_ends_where_it_was_paused(bench: Bench) -> None:
    bench.sockets.put(1, "a")
    bench.sockets.put(2, "b")
    later = NOW + 10 * S
    for number in (1, 2):
        bench.carry(number, IN, 100, NOW - 30 * S, NOW)
    bench.model.sync(NOW)
    bench.model.set_paused_sockets(frozenset({SocketId(1)}), NOW)
    for number in (1, 2):
        bench.carry(number, IN, 300, NOW, later)
    assert [curve.paused for curve in bench.curves.all] == [True, False]
    shown = bench.model.view.range(later)
    reading = bench.model.read(shown, later)
    paused, running = (reading.rates[CurveKey(SocketId(n), IN)] for n in (1, 2))
    assert reading.start_ns + len(paused) * reading.bin_ns == NOW
    assert len(running) > len(paused)
    assert bench.model.figures(CurveKey(SocketId(1), IN), shown, later).current == 100
    bench.model.set_paused_sockets(frozenset(), later)
    assert len(bench.model.read(shown, later).rates[CurveKey(SocketId(1), IN)]) == len(running)


@given(st.integers(-400, 50), st.integers(1, 60), st.sampled_from([1, 5, 10, 20, 100]))
def test_a_copy_reads_as_the_table_did(last: int, points: int, factor: int) -> None:
    rates = RateTable()
    times = np.arange(NOW - 60 * S, NOW, S // 7)
    rates.add(SocketId(1), IN, times, np.full(len(times), 10))
    copy = FrozenRates(rates, SocketId(1), IN, NOW)
    step = factor * S // 10
    end = NOW // step * step + last * step
    if factor < 10 and end - points * step < NOW - 120 * S:
        return
    expected = rates.window(SocketId(1), IN, end, points, step)
    actual = copy.window(SocketId(1), IN, end, points, step)
    assert actual.messages_per_s == pytest.approx(expected.messages_per_s)
    assert actual.bytes_per_s == pytest.approx(expected.bytes_per_s)


# ---- the view ----------------------------------------------------------------------------------


def test_a_zoomed_view_stays_while_time_goes_on() -> None:
    view = TimeView(Span.MINUTE)
    about = NOW - 20 * S
    view.zoom(view.range(NOW), 0.5, about, NOW)
    shown = view.range(NOW)
    assert shown.width_ns == 30 * S
    assert shown.start_ns < about < shown.end_ns
    assert view.range(NOW + 100 * S) == shown
    assert not view.is_live
    view.go_live()
    assert view.range(NOW).width_ns == 60 * S


def test_zoom_keeps_what_is_under_the_mouse() -> None:
    view = TimeView(Span.TEN_MINUTES)
    before = view.range(NOW)
    about = before.start_ns + before.width_ns // 4
    view.zoom(before, 0.3, about, NOW)
    after = view.range(NOW)
    assert (about - after.start_ns) / after.width_ns == pytest.approx(0.25, abs=1e-6)


@given(
    st.sampled_from(list(Span)),
    st.lists(
        st.one_of(
            st.tuples(st.just("zoom"), st.floats(0.01, 100)),
            st.tuples(st.just("pan"), st.floats(-1e13, 1e13)),
        ),
        max_size=12,
    ),
)
def test_a_view_stays_within_what_is_held(span: Span, moves: list[tuple[str, float]]) -> None:
    view = TimeView(span)
    for kind, amount in moves:
        shown = view.range(NOW)
        if kind == "zoom":
            view.zoom(shown, amount, shown.start_ns + shown.width_ns // 3, NOW)
        else:
            view.pan(shown, int(amount), NOW)
        shown = view.range(NOW)
        assert shown.end_ns <= NOW
        assert shown.start_ns >= NOW - 7_200 * S
        assert shown.width_ns >= S
        assert shown.width_ns / view.bin_ns(NOW) <= 720


def test_zooming_in_brings_finer_bins_as_long_as_they_are_held() -> None:
    view = TimeView(Span.HOUR)
    assert view.bin_ns(NOW) == 10 * S
    view.select(NOW - 110 * S, NOW - 90 * S, NOW)
    assert view.bin_ns(NOW) == S // 10
    assert view.bin_ns(NOW + 60 * S) == S


# ---- the table ---------------------------------------------------------------------------------


def test_the_table_has_a_time_and_a_column_for_each_curve(bench: Bench) -> None:
    bench.sockets.put(1, 'with, "quotes"')
    bench.sockets.put(2, "twin")
    bench.sockets.put(3, "twin")
    bench.carry(1, OUT, 100, NOW - 30 * S, NOW)
    bench.model.sync(NOW)
    shown = TimeRange(NOW - 20 * S, NOW - 10 * S)
    bench.model.view.select(shown.start_ns, shown.end_ns, NOW)
    reading = bench.model.read(shown, NOW)
    text = csv_text(reading, shown, bench.curves.shown, RateUnit.MESSAGES)
    header, *rows = csv.reader(io.StringIO(text))
    assert header == [
        "time",
        'with, "quotes" sent [messages/s]',
        "twin received #2 [messages/s]",
        "twin received #3 [messages/s]",
    ]
    assert len(rows) == 100
    assert rows[0] == [iso_time(NOW - 20 * S), "100", "0", "0"]


def test_times_are_iso_with_offset() -> None:
    text = iso_time(NOW + 123_000_000)
    assert text[10] == "T"
    assert text[19:23] == ".123"
    assert text[23] in "+-"
