"""The display's clock: pace, back-off, idle and wake-up, with time handed in."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from zmqscope.core.clock import CaptureClock
from zmqscope.ui.ticker import FRAME_MS, DisplayTicker


class Panel:
    """Wants to be refreshed every ``wanted_ms`` and takes ``cost_s``."""

    def __init__(self, clock: Time, wanted_ms: int, cost_s: float = 0.0) -> None:
        self.clock = clock
        self.wanted_ms = wanted_ms
        self.cost_s = cost_s
        self.refreshed = 0

    def refresh(self, now_ns: int) -> None:
        assert now_ns > 0
        self.refreshed += 1
        self.clock.now += self.cost_s

    def refresh_interval_ms(self) -> int:
        return self.wanted_ms


class Time:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def run(ticker: DisplayTicker, time: Time, ticks: int) -> None:
    for _ in range(ticks):
        time.now += FRAME_MS / 1000
        ticker.on_timer_timeout()


def test_each_panel_at_its_own_pace(qtbot: QtBot) -> None:
    time = Time()
    ticker = DisplayTicker(CaptureClock(), time)
    fast, list_like = Panel(time, 16), Panel(time, 32)
    ticker.add(fast)
    ticker.add(list_like)
    run(ticker, time, 100)
    assert fast.refreshed == 100
    assert list_like.refreshed == 50
    assert ticker.frames_per_s is not None
    assert 60 < ticker.frames_per_s < 65


def test_a_costly_panel_is_asked_less_often(qtbot: QtBot) -> None:
    time = Time()
    ticker = DisplayTicker(CaptureClock(), time)
    costly = Panel(time, 16, cost_s=0.030)
    ticker.add(costly)
    started = time.now
    run(ticker, time, 200)
    assert costly.refreshed * costly.cost_s < 0.5 * (time.now - started)


def test_idle_slows_down_and_a_wake_up_brings_it_back(qtbot: QtBot) -> None:
    time = Time()
    ticker = DisplayTicker(CaptureClock(), time)
    panel = Panel(time, 1_000)
    ticker.add(panel)
    run(ticker, time, 3)
    assert ticker.frames_per_s is None
    intervals = ticker.intervals_ms()
    run(ticker, time, 10)
    assert ticker.intervals_ms() == intervals  # pauses of an idle display are no stutter
    ticker.on_controller_woken()
    panel.wanted_ms = 16
    run(ticker, time, 80)
    assert panel.refreshed > 10
    assert ticker.frames_per_s is not None
