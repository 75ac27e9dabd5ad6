"""The plot by mouse and keyboard: crosshair, zoom, live, pause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.rates_panel_rig import IN, NO_KEYS, RatesPanelRig, S, opened_rates, pixels, send_move
from zmqscope.core.types import SocketId
from zmqscope.models.rates.curves import CurveKey
from zmqscope.ui.rates.plot import CurveItem


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[RatesPanelRig]:
    with opened_rates(qtbot, tmp_path) as made:
        yield made


# ---- crosshair ---------------------------------------------------------------------------------


def test_the_crosshair_tells_time_and_every_rate(rig: RatesPanelRig) -> None:
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


def test_the_menu_speaks_of_the_crosshair_it_was_opened_at(rig: RatesPanelRig) -> None:
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


def test_the_legend_s_menu_means_its_own_curve(rig: RatesPanelRig) -> None:
    rig.busy(3)
    rig.panel._legend.menu_requested.emit(CurveKey(SocketId(2), IN), QPoint(10, 10))
    rig.trigger("plot.hide_others")
    assert [curve.name for curve in rig.panel._model.curves.shown] == ["socket 2"]


# ---- zoom, pan, live, pause --------------------------------------------------------------------


def test_the_wheel_zooms_about_the_mouse_and_live_comes_back(rig: RatesPanelRig) -> None:
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


def test_the_wheel_itself_reaches_the_plot(rig: RatesPanelRig) -> None:
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


def test_dragging_pans(rig: RatesPanelRig) -> None:
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


def test_a_box_zooms_both_ways(rig: RatesPanelRig) -> None:
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


def test_keys_move_and_zoom(rig: RatesPanelRig) -> None:
    rig.busy()
    rig.settle()
    before = rig.plot.frame.shown
    QTest.keyClick(rig.plot, Qt.Key.Key_Left)
    assert before.start_ns - rig.plot.frame.shown.start_ns == pytest.approx(6 * S, rel=0.01)
    QTest.keyClick(rig.plot, Qt.Key.Key_Plus)
    assert rig.plot.frame.shown.width_ns == pytest.approx(48 * S, rel=0.01)


def test_paused_the_picture_stands_still_while_capture_goes_on(rig: RatesPanelRig) -> None:
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


def test_the_picture_moves_as_a_whole(rig: RatesPanelRig) -> None:
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
