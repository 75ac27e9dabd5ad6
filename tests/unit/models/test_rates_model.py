"""Curves, points and figures of the rate plot."""

from __future__ import annotations

import csv
import io
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Signal

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.rates import RateTable, Span
from zmqscope.core.types import Direction, SocketId, SocketSnapshot, SocketSpec, SocketState
from zmqscope.core.types import SocketType as T
from zmqscope.models.rate_axis import RateUnit
from zmqscope.models.rate_curves import CurveKey, CurveList
from zmqscope.models.rate_history import FrozenRates
from zmqscope.models.rate_table import csv_text, iso_time
from zmqscope.models.rate_view import TimeRange, TimeView
from zmqscope.models.rates import RatesModel, rate_text, short_rate_text

S = 1_000_000_000
NOW = 1_795_442_532 * S
IN, OUT = Direction.RECEIVED, Direction.SENT


class Sockets(QObject):
    """Stands for the controller: only what a list of sockets needs."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}

    def put(
        self, number: int, name: str, kind: T = T.PAIR, state: SocketState = SocketState.CONNECTED
    ) -> SocketId:
        socket_id = SocketId(number)
        self.snapshots[socket_id] = SocketSnapshot(socket_id, SocketSpec(kind, name=name), state)
        self.socket_changed.emit(self.snapshots[socket_id])
        return socket_id

    def remove(self, number: int) -> None:
        del self.snapshots[SocketId(number)]
        self.socket_removed.emit(SocketId(number))


class Bench:
    """A model over a rate table of its own."""

    def __init__(self) -> None:
        self.rates = RateTable()
        self.sockets = Sockets()
        self.curves = CurveList(self.rates, cast(EngineController, self.sockets))
        self.model = RatesModel(self.rates, self.curves)

    def carry(
        self, number: int, way: Direction, per_s: int, start_ns: int, end_ns: int, size: int = 10
    ) -> None:
        times = np.arange(start_ns, end_ns, S // per_s)
        self.rates.add(SocketId(number), way, times, np.full(len(times), size))

    def labels(self, now_ns: int = NOW) -> list[str]:
        self.model.sync(now_ns)
        return [curve.label for curve in self.curves.all]


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
