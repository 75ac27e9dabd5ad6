"""The rates panel: plot, legend, crosshair, controls, export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from tests.gui.rates_panel_rig import IN, RatesPanelRig, opened_rates
from zmqscope.core.capture.rates import Span
from zmqscope.core.types import SocketId
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import CurveKey
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.theme import ThemeMode


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[RatesPanelRig]:
    with opened_rates(qtbot, tmp_path) as made:
        yield made


# ---- what it says when there is nothing --------------------------------------------------------


def test_an_empty_plot_says_what_to_do(rig: RatesPanelRig) -> None:
    rig.refresh()
    assert "Ctrl+N" in rig.panel._empty.text()
    rig.sockets.put(1, "quotes")
    rig.refresh()
    assert rig.panel._empty.text().startswith("No message yet")
    rig.carry(1, IN, 100, -10, 0)
    rig.refresh()
    assert rig.panel._empty.isHidden()
    rig.entries()[0].click()
    rig.refresh()
    assert "switched off" in rig.panel._empty.text()


def test_ready_is_told_once_when_traffic_is_painted(rig: RatesPanelRig, qtbot: QtBot) -> None:
    spy = QSignalSpy(rig.panel.ready)
    rig.sockets.put(1, "quotes")
    rig.refresh()
    assert rig.panel.refresh_interval_ms() >= 100
    rig.carry(1, IN, 100, 0, 60)
    for _ in range(30):
        rig.refresh(0.1)
    qtbot.waitUntil(lambda: spy.count() == 1)
    for _ in range(10):
        rig.refresh(0.1)
    assert spy.count() == 1


# ---- pace --------------------------------------------------------------------------------------


def test_the_pace_follows_the_picture(rig: RatesPanelRig) -> None:
    rig.busy()
    rig.settle()
    paces = {}
    for span in Span:
        rig.panel._display.set_span(span)
        rig.settle()
        paces[span] = rig.panel.refresh_interval_ms()
    assert paces[Span.TEN_SECONDS] == 16
    assert 16 < paces[Span.MINUTE] <= 66
    assert 200 <= paces[Span.TEN_MINUTES] <= 500
    assert paces[Span.HOUR] == 1000
    rig.trigger("plot.pause")
    assert rig.panel.refresh_interval_ms() >= 500


def test_silence_costs_nearly_nothing(rig: RatesPanelRig) -> None:
    rig.busy(1)
    rig.settle()
    rig.refresh(300)
    rig.settle()
    assert rig.panel.refresh_interval_ms() >= 500
    painted = QSignalSpy(rig.plot._box.sigRangeChanged)
    for _ in range(10):
        rig.refresh(0.05)
    assert painted.count() <= 1


def test_nothing_is_painted_when_nothing_moved(rig: RatesPanelRig) -> None:
    rig.busy()
    rig.settle()
    before = rig.plot.frame
    rig.refresh(0.000_1)
    assert rig.plot.frame is before


# ---- legend ------------------------------------------------------------------------------------


def test_the_legend_tells_current_mean_and_peak(rig: RatesPanelRig) -> None:
    rig.busy(2)
    rig.settle()
    assert [e.curve.label for e in rig.entries()] == ["socket 1 ↓", "socket 2 ↓"]
    assert rig.entries()[1].figure_texts == ("200/s", "200", "200")
    assert rig.entries()[1].accessibleName() == "socket 2, received"


def test_entries_never_move_when_figures_do(rig: RatesPanelRig) -> None:
    rig.busy(3)
    before = [entry.geometry() for entry in rig.entries()]
    rig.carry(2, IN, 200_000, 1, 4)
    rig.settle()
    assert "k" in rig.entries()[1].figure_texts[2]
    assert [entry.geometry() for entry in rig.entries()] == before


def test_a_click_switches_a_curve(rig: RatesPanelRig) -> None:
    rig.busy(3)
    first = rig.entries()[0]
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert not first.isChecked()
    assert CurveKey(SocketId(1), IN) not in rig.panel._display._reading.rates
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert CurveKey(SocketId(1), IN) in rig.panel._display._reading.rates


def test_many_curves_take_two_lines_and_a_menu(rig: RatesPanelRig) -> None:
    rig.busy(24)
    rig.panel.resize(600, 200)
    rig.refresh()
    shown = rig.entries()
    assert len({entry.y() for entry in shown}) == 2
    assert all(entry.geometry().right() <= rig.panel.width() for entry in shown)
    more = rig.panel._legend._more
    assert more.isVisible()
    assert more.text() == f"+{24 - len(shown)}"
    more.click()
    menu = rig.panel._legend._menu
    assert menu is not None
    entry = menu.actions()[0]
    assert entry.text().startswith(f"socket {len(shown) + 1} ↓\t")
    entry.trigger()
    assert len(rig.panel._model.curves.shown) == 23
    menu.close()


def test_the_mouse_over_an_entry_brings_its_curve_forward(rig: RatesPanelRig) -> None:
    rig.busy(2)
    rig.panel._legend.emphasised.emit(CurveKey(SocketId(2), IN))
    items = rig.plot._items
    assert items[CurveKey(SocketId(1), IN)].opts["pen"].color().alpha() < 255
    assert items[CurveKey(SocketId(2), IN)].opts["pen"].color().alpha() == 255


def test_a_paused_socket_says_so_and_ends(rig: RatesPanelRig) -> None:
    rig.busy(2)
    rig.panel.set_paused_sockets(frozenset({SocketId(1)}))
    rig.refresh(5)
    assert [entry.curve.paused for entry in rig.entries()] == [True, False]
    rates = rig.panel._display._reading.rates
    assert len(rates[CurveKey(SocketId(1), IN)]) < len(rates[CurveKey(SocketId(2), IN)])


# ---- span, unit, scale -------------------------------------------------------------------------


def test_span_unit_and_scale_are_remembered(rig: RatesPanelRig, qtbot: QtBot) -> None:
    rig.trigger("plot.span.10min")
    rig.trigger("plot.unit")
    rig.trigger("plot.log")
    again = rig.make_panel(ActionRegistry(rig.theme))
    qtbot.addWidget(again)
    assert again._model.view.span is Span.TEN_MINUTES
    assert again._model.unit is RateUnit.BYTES
    assert again._display.axis.log


def test_nonsense_in_the_settings_is_ignored(rig: RatesPanelRig, qtbot: QtBot) -> None:
    rig.settings.set_text("rates.span", "FORTNIGHT")
    rig.settings.set_text("rates.unit", "")
    again = rig.make_panel(ActionRegistry(rig.theme))
    qtbot.addWidget(again)
    assert again._model.view.span is Span.MINUTE
    assert again._model.unit is RateUnit.MESSAGES


def test_the_bar_shows_and_does_what_the_actions_do(rig: RatesPanelRig) -> None:
    bar = rig.panel._bar
    assert rig.panel.corner_widget() is bar
    assert bar._span.text() == "last 60 s"
    rig.trigger("plot.span.1h")
    assert bar._span.text() == "last hour"
    bar._unit.click()
    assert bar._unit.text() == "bytes/s"
    bar._log.click()
    assert rig.actions.qaction("plot.log").isChecked()
    assert bar._log.isChecked()
    rig.trigger("plot.log")
    assert not bar._log.isChecked()


def test_the_bar_gives_way_whole_and_comes_back(rig: RatesPanelRig, qtbot: QtBot) -> None:
    bar = rig.panel._bar
    qtbot.addWidget(bar)
    bar.setParent(None)
    bar.show()
    full = bar.sizeHint().width()
    bar.resize(full, 30)
    assert not bar._unit.isHidden()
    bar.resize(full - 20, 30)
    assert bar._unit.isHidden()
    assert not bar._log.isHidden()
    bar.resize(bar.minimumSizeHint().width(), 30)
    assert bar._export.isHidden()
    assert not bar._span.isHidden()
    assert bar._pause.isHidden()
    assert bar.sizeHint().width() == full
    bar.resize(full, 30)
    assert not bar._unit.isHidden()
    assert not bar._export.isHidden()


def test_every_action_has_a_title_and_a_help(rig: RatesPanelRig) -> None:
    records = [a for a in rig.actions.actions() if a.id.startswith("plot.")]
    assert len(records) == 13
    assert all(record.title and record.help and record.menu == "Plot" for record in records)
    keys = {record.id: record.shortcut for record in records}
    assert keys["plot.span.10s"] == "Alt+1"
    assert keys["plot.span.1h"] == "Alt+4"
    assert keys["plot.pause"] == "Ctrl+Shift+P"
    assert keys["plot.export"] == "Ctrl+E"


def test_bytes_and_log_are_drawn(rig: RatesPanelRig) -> None:
    rig.busy()
    rig.trigger("plot.unit")
    rig.settle()
    assert rig.plot.frame.value_ticks[-1].label.endswith("B")
    rig.trigger("plot.log")
    rig.settle()
    assert rig.plot.frame.value_ticks[0].label == "0"
    assert "e" not in "".join(tick.label for tick in rig.plot.frame.value_ticks)


def test_another_theme_recolours_at_once(rig: RatesPanelRig) -> None:
    rig.busy(1)
    rig.settle()
    rig.theme.set_mode(ThemeMode.LIGHT)
    image = rig.image()
    assert image.pixelColor(2, 2) == rig.theme.color("panel")
    pen = rig.plot._items[CurveKey(SocketId(1), IN)].opts["pen"]
    assert pen.color() == rig.theme.curve_color(0)
