"""Events on the time axis of the rate plot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.rates_panel_rig import NOW, RatesPanelRig, S
from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.events.marks import Mark
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.rates.export import ExportFormat, render
from zmqscope.ui.theme import ThemeMode

SVG = "{http://www.w3.org/2000/svg}"


class MarkRig(RatesPanelRig):
    """The rates panel, and events."""

    def happen(
        self,
        number: int,
        ago_s: float,
        severity: Severity = Severity.INFO,
        text: str = "A peer left.",
        count: int = 1,
    ) -> None:
        at_ns = NOW - round(ago_s * S)
        line = EventLine(
            number, EventKind.PEER, severity, SocketId(1), text, "", "", count, at_ns, at_ns
        )
        self.sockets.events_changed.emit((line,))
        QApplication.processEvents()

    def marks(self) -> list[Mark]:
        self.image()
        return self.panel.marks.marks

    def place(self, mark: Mark) -> QPointF:
        rect = self.plot.rect_px
        return QPointF(self.plot.frame.x(rect, mark.time_ns), rect.bottom())

    def colors(self, mark: Mark) -> set[str]:
        image: QImage = self.image()
        place = self.place(mark).toPoint()
        found = (
            image.pixelColor(place.x() + dx, place.y() + dy).name()
            for dx in range(-7, 8)
            for dy in range(-5, 6)
        )
        return set(found)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[MarkRig]:
    made = MarkRig(qtbot, tmp_path)
    made.busy(2)
    made.refresh()
    yield made
    for menu in QApplication.topLevelWidgets():
        if isinstance(menu, QMenu):
            menu.close()


@pytest.mark.parametrize("mode", [ThemeMode.DARK, ThemeMode.LIGHT])
@pytest.mark.parametrize("severity", list(Severity))
def test_a_mark_has_the_colour_of_its_severity(
    rig: MarkRig, mode: ThemeMode, severity: Severity
) -> None:
    rig.theme.set_mode(mode)
    rig.happen(1, 20, severity)
    (mark,) = rig.marks()
    token = {Severity.INFO: "accent", Severity.WARNING: "waiting", Severity.ERROR: "broken"}
    assert rig.theme.color(token[severity]).name() in rig.colors(mark)


def test_marks_follow_zoom_and_pan(rig: MarkRig) -> None:
    rig.happen(1, 20)
    (mark,) = rig.marks()
    before = rig.place(mark)
    rig.plot.gestures.panned.emit(QPointF(100, 0))
    (mark,) = rig.marks()
    assert rig.place(mark).x() == pytest.approx(before.x() + 100, abs=1.5)
    assert rig.theme.color("accent").name() in rig.colors(mark)
    rig.plot.gestures.zoomed.emit(0.5, rig.place(mark))
    (zoomed,) = rig.marks()
    assert zoomed == mark
    rig.plot.gestures.panned.emit(QPointF(-2_000, 0))
    rig.plot.gestures.zoomed.emit(0.2, QPointF(rig.at(0.9)))
    assert rig.marks() == []


def test_many_at_one_place_are_one_mark_with_a_count(rig: MarkRig) -> None:
    for number in range(1, 41):
        rig.happen(number, 30 + number / 200, Severity.WARNING, f"Event {number}.")
    (mark,) = rig.marks()
    assert (mark.count, mark.severity) == (40, Severity.WARNING)
    words = [text for text, _ in rig.panel.marks.words(mark)]
    assert len(words) == 7
    assert words[-1] == "and 35 more"


def test_what_happened_is_told_below_the_mouse(rig: MarkRig) -> None:
    rig.happen(1, 20, text="Lost <b>all</b>\x1b.", count=214)
    (mark,) = rig.marks()
    QTest.mouseMove(rig.plot.viewport(), rig.at(0.1))
    plain = rig.image()
    rig.plot.gestures.hovered.emit(rig.place(mark))
    assert rig.panel.marks.hot == mark
    assert rig.plot.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    _, (text, color) = rig.panel.marks.words(mark)
    assert text.startswith("socket 1: Lost <b>all</b>␛. (214 times since")
    assert color == rig.theme.color("accent")
    assert rig.image() != plain
    rig.plot.gestures.hovered.emit(None)
    assert rig.panel.marks.hot is None
    assert rig.plot.viewport().cursor().shape() is not Qt.CursorShape.PointingHandCursor


def test_a_click_asks_for_the_worst_event(rig: MarkRig) -> None:
    rig.happen(1, 20.05)
    rig.happen(2, 20.0, Severity.ERROR)
    (mark,) = rig.marks()
    asked = QSignalSpy(rig.panel.marks.event_activated)
    left = Qt.MouseButton.LeftButton
    viewport = rig.plot.viewport()
    QTest.mouseClick(viewport, left, pos=rig.at(0.2))
    assert asked.count() == 0
    QTest.mouseClick(viewport, left, pos=rig.place(mark).toPoint())
    assert asked.at(0)[0] == 2


def test_they_can_be_switched_off_and_stay_so(rig: MarkRig) -> None:
    rig.happen(1, 20)
    action = rig.actions.qaction("plot.marks")
    assert action.isChecked()
    action.trigger()
    assert rig.marks() == []
    rig.happen(2, 25)
    second = ActionRegistry(rig.theme)
    again = rig.make_panel(second)
    assert not second.qaction("plot.marks").isChecked()
    again.deleteLater()
    action.trigger()
    assert len(rig.marks()) == 2


def test_they_are_in_the_exported_picture(rig: MarkRig) -> None:
    rig.happen(1, 20, Severity.ERROR)
    rig.happen(2, 40, count=214)
    snapshot = rig.panel._display.snapshot()
    palette = rig.theme.palette
    root = ElementTree.fromstring(render(snapshot, ExportFormat.SVG, palette))
    (single,) = root.findall(f".//{SVG}polygon")
    assert single.get("fill") == palette.broken
    assert "214" in [text.text for text in root.iter(f"{SVG}text")]
    image = QImage.fromData(render(snapshot, ExportFormat.PNG, palette))
    found = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(image.height() - 80, image.height(), 2)
    }
    assert QColor(palette.broken).name() in found
    rig.trigger("plot.marks")
    root = ElementTree.fromstring(render(rig.panel._display.snapshot(), ExportFormat.SVG, palette))
    assert root.findall(f".//{SVG}polygon") == []


def test_thousands_cost_little_of_a_frame(rig: MarkRig) -> None:
    lines = tuple(
        EventLine(n, EventKind.PEER, Severity(n % 3), SocketId(1), f"e {n}", "", "", 1, at, at)
        for n in range(1, 10_001)
        for at in (NOW - 60 * S + n * 6_000_000,)
    )
    rig.sockets.events_changed.emit(lines)
    assert len(rig.marks()) <= 60
    frame, rect = rig.plot.frame, rig.plot.rect_px
    costs = []
    for _ in range(50):
        began_s = time.perf_counter()
        rig.panel.marks.within(rect, frame)
        costs.append(time.perf_counter() - began_s)
    assert sorted(costs)[25] < 0.002
