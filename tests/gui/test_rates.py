"""The rates panel: plot, legend, crosshair, controls, export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.rates import Span
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import (
    Direction,
    Notice,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.models.rate_axis import RateUnit
from zmqscope.models.rate_curves import CurveKey
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.file_saver import ExportError, write_file
from zmqscope.ui.rates.export import ExportFormat, format_of, render
from zmqscope.ui.rates.legend_entry import LegendEntry
from zmqscope.ui.rates.panel import RatesPanel
from zmqscope.ui.rates.picture import visible_pieces
from zmqscope.ui.rates.plot import CurveItem, RatesPlot
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

S = 1_000_000_000
NOW = 1_795_442_532 * S
NO_KEYS = Qt.KeyboardModifier.NoModifier
IN, OUT = Direction.RECEIVED, Direction.SENT


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time_ns = NOW

    def now_ns(self) -> int:
        return self.time_ns


class Sockets(QObject):
    """Stands for the controller."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)
    notice_posted = Signal(object)
    events_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}

    def put(self, number: int, name: str) -> None:
        spec = SocketSpec(SocketType.PAIR, name=name)
        snapshot = SocketSnapshot(SocketId(number), spec, SocketState.CONNECTED)
        self.snapshots[snapshot.socket_id] = snapshot
        self.socket_changed.emit(snapshot)


class Rig:
    """A panel in a window of its own, and everything it hangs on."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.store = CaptureStore()
        self.sockets = Sockets()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        file = str(folder / "settings.ini")
        self.settings = Settings(QSettings(file, QSettings.Format.IniFormat))
        self.panel = self.make_panel(self.actions)
        qtbot.addWidget(self.panel)
        self.panel.resize(900, 260)
        with qtbot.waitExposed(self.panel):
            self.panel.show()

    def make_panel(self, actions: ActionRegistry) -> RatesPanel:
        return RatesPanel(
            self.store,
            cast(EngineController, self.sockets),
            self.theme,
            actions,
            self.settings,
        )

    def carry(self, number: int, way: Direction, per_s: int, from_s: float, to_s: float) -> None:
        times = np.arange(int(NOW + from_s * S), int(NOW + to_s * S), S // per_s)
        self.store.rates.add(SocketId(number), way, times, np.full(len(times), 78))

    def busy(self, curves: int = 3) -> None:
        for number in range(1, curves + 1):
            self.sockets.put(number, f"socket {number}")
            self.carry(number, IN, 100 * number, -65, 60)
        self.refresh()

    def refresh(self, later_s: float = 0.0) -> None:
        self.sockets.clock.time_ns += round(later_s * S)
        self.panel.refresh(self.sockets.clock.time_ns)
        QApplication.processEvents()

    def settle(self) -> None:
        for _ in range(60):
            self.refresh(0.05)

    @property
    def plot(self) -> RatesPlot:
        return self.panel._plot

    def at(self, x: float, y: float = 0.5) -> QPoint:
        rect = self.plot.rect_px
        return QPointF(rect.left() + rect.width() * x, rect.top() + rect.height() * y).toPoint()

    def hover(self, x: float, y: float = 0.5) -> None:
        self.plot.gestures.hovered.emit(QPointF(self.at(x, y)))

    def trigger(self, action_id: str) -> None:
        self.actions.qaction(action_id).trigger()

    def entries(self) -> list[LegendEntry]:
        return [e for e in self.panel.findChildren(LegendEntry) if e.isVisible()]

    def image(self) -> QImage:
        image: QImage = self.plot.viewport().grab().toImage()
        return image


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    yield Rig(qtbot, tmp_path)
    for menu in QApplication.topLevelWidgets():
        if isinstance(menu, QMenu):
            menu.close()


# ---- what it says when there is nothing --------------------------------------------------------


def test_an_empty_plot_says_what_to_do(rig: Rig) -> None:
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


def test_ready_is_told_once_when_traffic_is_painted(rig: Rig, qtbot: QtBot) -> None:
    spy = QSignalSpy(rig.panel.ready)
    rig.sockets.put(1, "quotes")
    rig.refresh()
    assert rig.panel.refresh_interval_ms() >= 100
    rig.carry(1, IN, 100, 0, 60)
    for _ in range(30):
        rig.refresh(0.1)
    qtbot.waitUntil(lambda: spy.count() == 1, timeout=2_000)
    for _ in range(10):
        rig.refresh(0.1)
    assert spy.count() == 1


# ---- pace --------------------------------------------------------------------------------------


def test_the_pace_follows_the_picture(rig: Rig) -> None:
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


def test_silence_costs_nearly_nothing(rig: Rig) -> None:
    rig.busy(1)
    rig.settle()
    rig.refresh(300)
    rig.settle()
    assert rig.panel.refresh_interval_ms() >= 500
    painted = QSignalSpy(rig.plot._box.sigRangeChanged)
    for _ in range(10):
        rig.refresh(0.05)
    assert painted.count() <= 1


def test_nothing_is_painted_when_nothing_moved(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    before = rig.plot.frame
    rig.refresh(0.000_1)
    assert rig.plot.frame is before


# ---- legend ------------------------------------------------------------------------------------


def test_the_legend_tells_current_mean_and_peak(rig: Rig) -> None:
    rig.busy(2)
    rig.settle()
    assert [e.curve.label for e in rig.entries()] == ["socket 1 ↓", "socket 2 ↓"]
    assert rig.entries()[1].figure_texts == ("200/s", "200", "200")
    assert rig.entries()[1].accessibleName() == "socket 2, received"


def test_entries_never_move_when_figures_do(rig: Rig) -> None:
    rig.busy(3)
    before = [entry.geometry() for entry in rig.entries()]
    rig.carry(2, IN, 200_000, 1, 4)
    rig.settle()
    assert "k" in rig.entries()[1].figure_texts[2]
    assert [entry.geometry() for entry in rig.entries()] == before


def test_a_click_switches_a_curve(rig: Rig) -> None:
    rig.busy(3)
    first = rig.entries()[0]
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert not first.isChecked()
    assert CurveKey(SocketId(1), IN) not in rig.panel._display._reading.rates
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert CurveKey(SocketId(1), IN) in rig.panel._display._reading.rates


def test_many_curves_take_two_lines_and_a_menu(rig: Rig) -> None:
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


def test_the_mouse_over_an_entry_brings_its_curve_forward(rig: Rig) -> None:
    rig.busy(2)
    rig.panel._legend.emphasised.emit(CurveKey(SocketId(2), IN))
    items = rig.plot._items
    assert items[CurveKey(SocketId(1), IN)].opts["pen"].color().alpha() < 255
    assert items[CurveKey(SocketId(2), IN)].opts["pen"].color().alpha() == 255


def test_a_paused_socket_says_so_and_ends(rig: Rig) -> None:
    rig.busy(2)
    rig.panel.set_paused_sockets(frozenset({SocketId(1)}))
    rig.refresh(5)
    assert [entry.curve.paused for entry in rig.entries()] == [True, False]
    rates = rig.panel._display._reading.rates
    assert len(rates[CurveKey(SocketId(1), IN)]) < len(rates[CurveKey(SocketId(2), IN)])


# ---- crosshair ---------------------------------------------------------------------------------


def test_the_crosshair_tells_time_and_every_rate(rig: Rig) -> None:
    rig.busy(3)
    rig.settle()
    rig.hover(0.5, 0.99)
    readout = rig.panel._display.crosshair.readout
    assert readout is not None
    assert [value.text for value in readout.values] == ["100/s", "200/s", "300/s"]
    assert readout.nearest is not None
    assert readout.nearest.name == "socket 1"
    rig.trigger("plot.copy_values")
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == readout.time_text
    assert copied[1] == "socket 1 ↓\t100/s"
    rig.plot.gestures.hovered.emit(None)
    assert rig.panel._display.crosshair.readout is None
    assert not rig.actions.qaction("plot.copy_values").isEnabled()


def test_the_menu_speaks_of_the_crosshair_it_was_opened_at(rig: Rig) -> None:
    rig.busy(3)
    rig.settle()
    rig.hover(0.5, 0.01)
    rig.plot.gestures.menu_requested.emit(QPoint(10, 10))
    rig.plot.gestures.hovered.emit(None)
    assert rig.actions.qaction("plot.copy_values").isEnabled()
    rig.trigger("plot.hide_others")
    assert [curve.name for curve in rig.panel._model.curves.shown] == ["socket 3"]
    rig.trigger("plot.show_all")
    assert len(rig.panel._model.curves.shown) == 3


def test_the_legend_s_menu_means_its_own_curve(rig: Rig) -> None:
    rig.busy(3)
    rig.panel._legend.menu_requested.emit(CurveKey(SocketId(2), IN), QPoint(10, 10))
    rig.trigger("plot.hide_others")
    assert [curve.name for curve in rig.panel._model.curves.shown] == ["socket 2"]


# ---- zoom, pan, live, pause --------------------------------------------------------------------


def test_the_wheel_zooms_about_the_mouse_and_live_comes_back(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    at = QPointF(rig.at(0.25))
    time_ns = rig.plot.frame.time_ns(rig.plot.rect_px, at.x())
    rig.plot.gestures.zoomed.emit(0.5, at)
    frame = rig.plot.frame
    assert frame.shown.width_ns == pytest.approx(30 * S, rel=1e-6)
    assert abs(frame.time_ns(rig.plot.rect_px, at.x()) - time_ns) < S // 100
    rig.refresh(3)
    assert rig.plot.frame.shown == frame.shown
    assert rig.actions.qaction("plot.live").isEnabled()
    assert rig.panel._bar._live.isVisibleTo(rig.panel._bar)
    QTest.mouseDClick(rig.plot.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, rig.at(0.5))
    assert rig.panel._model.view.is_live
    assert not rig.actions.qaction("plot.live").isEnabled()


def test_the_wheel_itself_reaches_the_plot(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    for delta, width_s in ((QPoint(0, 120), 48), (QPoint(0, -120), 60)):
        at = QPointF(rig.at(0.5))
        event = QWheelEvent(
            at,
            at,
            QPoint(),
            delta,
            Qt.MouseButton.NoButton,
            NO_KEYS,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(rig.plot.viewport(), event)
        assert rig.plot.frame.shown.width_ns == pytest.approx(width_s * S, rel=1e-6)


def test_dashes_stay_where_they_are_on_the_curve() -> None:
    item = CurveItem()
    times, y = np.arange(10.0), np.zeros(10)
    item.set_points(100, times, y, (2.0, 1.0))
    item.set_points(103, times + 3, y, (2.0, 1.0))
    item.set_look(QColor("red"), is_dashed=True)
    assert item.opts["pen"].dashOffset() == 6.0
    item.set_points(105, times + 5, y, (2.0, 1.0))
    item.set_look(QColor("red"), is_dashed=True)
    assert item.opts["pen"].dashOffset() == 1.0


def test_dragging_pans(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    viewport = rig.plot.viewport()
    before = rig.plot.frame.shown
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO_KEYS, rig.at(0.2))
    send_move(viewport, rig.at(0.4))
    send_move(viewport, rig.at(0.7))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO_KEYS, rig.at(0.7))
    after = rig.plot.frame.shown
    assert after.width_ns == before.width_ns
    assert before.start_ns - after.start_ns == pytest.approx(30 * S, rel=0.01)
    QTest.keyClick(rig.plot, Qt.Key.Key_Escape)
    assert rig.panel._model.view.is_live


def test_a_box_zooms_both_ways(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    frame, rect = rig.plot.frame, rig.plot.rect_px
    box = QRectF(QPointF(rig.at(0.25, 0.25)), QPointF(rig.at(0.75, 0.5)))
    rig.plot.gestures.box_selected.emit(box)
    after = rig.plot.frame
    assert after.shown.width_ns == pytest.approx(30 * S, rel=0.01)
    assert after.top == pytest.approx(frame.position(rect, box.top()))
    assert after.bottom == pytest.approx(frame.position(rect, box.bottom()))
    rig.trigger("plot.live")
    rig.settle()
    assert (rig.plot.frame.bottom, rig.plot.frame.top) == (frame.bottom, frame.top)


def test_keys_move_and_zoom(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    before = rig.plot.frame.shown
    QTest.keyClick(rig.plot, Qt.Key.Key_Left)
    assert before.start_ns - rig.plot.frame.shown.start_ns == pytest.approx(6 * S, rel=0.01)
    QTest.keyClick(rig.plot, Qt.Key.Key_Plus)
    assert rig.plot.frame.shown.width_ns == pytest.approx(48 * S, rel=0.01)


def test_paused_the_picture_stands_still_while_capture_goes_on(rig: Rig) -> None:
    rig.busy()
    rig.settle()
    rig.trigger("plot.pause")
    before = rig.image()
    rig.carry(1, IN, 900, 4, 20)
    rig.refresh(10)
    assert rig.image() == before
    rig.trigger("plot.pause")
    rig.settle()
    assert rig.image() != before
    assert rig.panel._display._extremes[1] >= 900


def test_the_picture_moves_as_a_whole(rig: Rig) -> None:
    rig.busy(2)
    rig.settle()
    first, before = pixels(rig.image()), rig.plot.frame.shown
    rig.refresh(0.15)
    second, after = pixels(rig.image()), rig.plot.frame.shown
    rect = rig.plot.rect_px.toRect()
    moved = round((after.end_ns - before.end_ns) * rect.width() / before.width_ns)
    assert moved >= 1
    top, bottom = rect.top() + 2, rect.bottom() - 2
    left, right = rect.left() + 2, rect.right() - 40
    old = first[top:bottom, left + moved : right]
    new = second[top:bottom, left : right - moved]
    assert (old != new).mean() < 0.02


# ---- span, unit, scale -------------------------------------------------------------------------


def test_span_unit_and_scale_are_remembered(rig: Rig, qtbot: QtBot) -> None:
    rig.trigger("plot.span.10min")
    rig.trigger("plot.unit")
    rig.trigger("plot.log")
    again = rig.make_panel(ActionRegistry(rig.theme))
    qtbot.addWidget(again)
    assert again._model.view.span is Span.TEN_MINUTES
    assert again._model.unit is RateUnit.BYTES
    assert again._display.axis.log


def test_nonsense_in_the_settings_is_ignored(rig: Rig, qtbot: QtBot) -> None:
    rig.settings.set_text("rates.span", "FORTNIGHT")
    rig.settings.set_text("rates.unit", "")
    again = rig.make_panel(ActionRegistry(rig.theme))
    qtbot.addWidget(again)
    assert again._model.view.span is Span.MINUTE
    assert again._model.unit is RateUnit.MESSAGES


def test_the_bar_shows_and_does_what_the_actions_do(rig: Rig) -> None:
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


def test_the_bar_gives_way_whole_and_comes_back(rig: Rig, qtbot: QtBot) -> None:
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


def test_every_action_has_a_title_and_a_help(rig: Rig) -> None:
    records = [a for a in rig.actions.actions() if a.id.startswith("plot.")]
    assert len(records) == 13
    assert all(record.title and record.help and record.menu == "Plot" for record in records)
    keys = {record.id: record.shortcut for record in records}
    assert keys["plot.span.10s"] == "Alt+1"
    assert keys["plot.span.1h"] == "Alt+4"
    assert keys["plot.pause"] == "Ctrl+Shift+P"
    assert keys["plot.export"] == "Ctrl+E"


def test_bytes_and_log_are_drawn(rig: Rig) -> None:
    rig.busy()
    rig.trigger("plot.unit")
    rig.settle()
    assert rig.plot.frame.value_ticks[-1].label.endswith("B")
    rig.trigger("plot.log")
    rig.settle()
    assert rig.plot.frame.value_ticks[0].label == "0"
    assert "e" not in "".join(tick.label for tick in rig.plot.frame.value_ticks)


def test_another_theme_recolours_at_once(rig: Rig) -> None:
    rig.busy(1)
    rig.settle()
    rig.theme.set_mode(ThemeMode.LIGHT)
    image = rig.image()
    assert image.pixelColor(2, 2) == rig.theme.color("panel")
    pen = rig.plot._items[CurveKey(SocketId(1), IN)].opts["pen"]
    assert pen.color() == rig.theme.curve_color(0)


# ---- export ------------------------------------------------------------------------------------


def test_svg_draws_every_shown_curve_within_the_plot(rig: Rig) -> None:
    rig.busy(3)
    rig.sockets.put(1, "a<b>&c")
    rig.settle()
    snapshot = rig.panel._display.snapshot()
    root = ElementTree.fromstring(render(snapshot, ExportFormat.SVG, rig.theme.palette))
    lines = root.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 3
    for line in lines:
        xs = [float(pair.split(",")[0]) for pair in line.get("points", "").split()]
        assert min(xs) >= 51.9
    words = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(word.startswith("a<b>&c ↓ 100/s") for word in words)
    assert any(word.startswith("messages/s · ") for word in words)


def test_png_is_a_picture_of_twice_the_size(rig: Rig) -> None:
    rig.busy(3)
    rig.settle()
    snapshot = rig.panel._display.snapshot()
    image = QImage.fromData(render(snapshot, ExportFormat.PNG, rig.theme.palette))
    assert image.width() == 2 * snapshot.width
    colors = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 7)
        for y in range(0, image.height())
    }
    assert rig.theme.curve_color(0).name() in colors
    assert QColor(rig.theme.palette.panel).name() in colors


def test_csv_has_what_is_shown(rig: Rig) -> None:
    rig.busy(2)
    rig.settle()
    rig.entries()[0].click()
    snapshot = rig.panel._display.snapshot()
    text = render(snapshot, ExportFormat.CSV, rig.theme.palette).decode()
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["time", "socket 2 received [messages/s]"]
    assert 119 <= len(rows) <= 122
    assert {row[1] for row in rows} == {"200"}


@pytest.mark.parametrize(
    ("name", "otherwise", "path", "wanted"),
    [
        ("a.SVG", ExportFormat.PNG, "a.SVG", ExportFormat.SVG),
        ("rates", ExportFormat.CSV, "rates.csv", ExportFormat.CSV),
        ("v1.2", ExportFormat.PNG, "v1.2.png", ExportFormat.PNG),
    ],
)
def test_the_name_says_the_format(
    name: str, otherwise: ExportFormat, path: str, wanted: ExportFormat
) -> None:
    assert format_of(Path(name), otherwise) == (Path(path), wanted)


def test_a_failed_write_is_a_sentence(rig: Rig, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file or directory"):
        write_file(tmp_path / "missing" / "a.png", b"x")
    notices: list[Notice] = []
    rig.sockets.notice_posted.connect(notices.append)
    rig.busy(1)
    snapshot = rig.panel._display.snapshot()
    exporter = rig.panel._exporter
    assert not exporter.save(tmp_path, ExportFormat.SVG, snapshot)
    assert notices[0].severity is Severity.ERROR
    assert notices[0].text.endswith("could not be written: Is a directory.")
    box = rig.panel.findChild(QMessageBox)
    assert box is not None
    box.close()
    target = tmp_path / "rates.svg"
    assert exporter.save(target, ExportFormat.SVG, snapshot)
    assert notices[1].severity is Severity.INFO
    assert target.read_bytes().startswith(b"<svg")


def test_lines_are_cut_exactly_at_the_edges() -> None:
    x = np.array([-1.0, 1.0, 3.0, 5.0, 11.0])
    y = np.array([5.0, 5.0, 25.0, 5.0, 5.0])
    pieces = visible_pieces(x, y, QRectF(0, 0, 10, 10))
    assert [piece[0].tolist() for piece in pieces] == [[0.0, 1.0, 1.5], [4.5, 5.0, 10.0]]
    assert [piece[1].tolist() for piece in pieces] == [[5.0, 5.0, 10.0], [10.0, 5.0, 5.0]]
    assert visible_pieces(x[:0], y[:0], QRectF(0, 0, 10, 10)) == []


def send_move(widget: QWidget, at: QPoint) -> None:
    QTest.mouseMove(widget, at)
    QApplication.processEvents()


def pixels(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint32]]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()
