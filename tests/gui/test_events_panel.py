"""The events panel."""

from __future__ import annotations

import time
from typing import cast

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import (
    Notice,
    Severity,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.events.panel import EventsPanel
from zmqscope.ui.events.view import EventView
from zmqscope.ui.theme import Theme, ThemeMode

S = 10**9


class Teller(QObject):
    """The part of the controller that tells of events."""

    notice_posted = Signal(object)
    events_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        spec = SocketSpec(SocketType.SUB, name="quotes")
        snapshot = SocketSnapshot(SocketId(1), spec, SocketState.CONNECTED)
        self.snapshots = {SocketId(1): snapshot}


class Rig:
    """The panel with a teller."""

    def __init__(self, qtbot: QtBot) -> None:
        self.teller, self.actions = Teller(), ActionRegistry()
        theme = Theme(ThemeMode.DARK)
        self.panel = EventsPanel(cast(EngineController, self.teller), theme, self.actions)
        qtbot.addWidget(self.panel)
        self.panel.resize(900, 200)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        found = self.panel.findChild(EventView)
        assert isinstance(found, EventView)
        self.view = found
        self.number = 0

    def say(self, text: str, hint: str = "", socket: int | None = 1) -> None:
        """A notice of the window's own."""
        socket_id = None if socket is None else SocketId(socket)
        self.teller.notice_posted.emit(Notice(S, socket_id, Severity.ERROR, text, hint))
        QApplication.processEvents()

    def tell(
        self,
        text: str,
        kind: EventKind = EventKind.NOTICE,
        severity: Severity = Severity.ERROR,
        socket: int | None = 1,
        number: int = 0,
        count: int = 1,
    ) -> int:
        """A line of the engine."""
        self.number += not number
        number = number or self.number
        socket_id = None if socket is None else SocketId(socket)
        line = EventLine(number, kind, severity, socket_id, text, "", "", count, S, 2 * S)
        self.teller.events_changed.emit((line,))
        QApplication.processEvents()
        return number

    def fill(self, count: int = 50) -> None:
        for number in range(count):
            self.tell(f"Event {number}.")

    def words(self) -> list[str]:
        return [label.text() for label in self.panel.findChildren(QLabel) if label.isVisible()]

    def texts(self) -> list[str]:
        model = self.panel.model
        return [model.event_at(row).line.text for row in range(model.rowCount())]

    def chip(self, name: str) -> QToolButton:
        chips = self.panel.bar.findChildren(QToolButton)
        return next(chip for chip in chips if chip.accessibleName() == name)

    def top(self) -> str:
        index = self.view.indexAt(self.view.viewport().rect().topLeft())
        return self.panel.model.event_at(index.row()).line.text


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


def test_empty_says_what_comes_here(rig: Rig) -> None:
    assert any("Nothing has happened yet" in words for words in rig.words())
    assert not rig.actions.qaction("view.events.copy").isEnabled()
    rig.tell("Cannot bind.")
    assert rig.view.isVisible()


def test_names_the_socket(rig: Rig) -> None:
    for socket in (1, 2, None):
        rig.tell("Lost.", socket=socket)
    names = [rig.panel.model.event_at(row).socket_name for row in range(3)]
    assert names == ["quotes", "removed socket", ""]
    rig.teller.snapshots.clear()
    rig.tell("Closed.", socket=1)
    assert rig.panel.model.event_at(3).socket_name == "quotes"


def test_notices_of_the_engine_are_not_told_twice(rig: Rig) -> None:
    number = rig.tell("Lost.")
    told = Notice(S, SocketId(1), Severity.ERROR, "Lost.", "", number)
    rig.teller.notice_posted.emit(told)
    rig.say("The demo is open already.", socket=None)
    assert rig.texts() == ["Lost.", "The demo is open already."]


def test_the_selected_event_is_shown_in_full_and_harmless(rig: Rig) -> None:
    rig.say("Bad topic <b>\x1b[2J</b>.", "Choose another.")
    rig.view.setCurrentIndex(rig.panel.model.index(0))
    QApplication.processEvents()
    assert "Bad topic <b>␛[2J</b>." in rig.words()
    assert "Choose another." in rig.words()
    rig.view.clearSelection()
    assert "Choose another." not in rig.words()


def test_the_selected_event_counts_on_below(rig: Rig) -> None:
    number = rig.tell("A peer comes and goes.", EventKind.PEER)
    rig.view.setCurrentIndex(rig.panel.model.index(0))
    rig.tell("A peer comes and goes.", EventKind.PEER, number=number, count=4_310)
    assert any(words.startswith("Peer · quotes · 4,310 times") for words in rig.words())


def test_follows_the_end_unless_the_reader_is_elsewhere(rig: Rig) -> None:
    rig.fill()
    bar = rig.view.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    rig.tell("One more.")
    assert bar.value() == 0


def test_a_panel_that_was_hidden_opens_at_the_newest(rig: Rig) -> None:
    rig.panel.hide()
    rig.fill()
    rig.panel.show()
    QApplication.processEvents()
    bar = rig.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0


def test_the_details_do_not_hide_the_line_that_was_clicked(rig: Rig) -> None:
    rig.fill()
    viewport = rig.view.viewport()
    for height in (4, viewport.height() - 4):
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, height))
        QApplication.processEvents()
        assert viewport.rect().contains(rig.view.visualRect(rig.view.currentIndex()).center())
        rig.view.clearSelection()
        QApplication.processEvents()


def test_nothing_moves_under_the_reader(rig: Rig) -> None:
    rig.fill()
    bar = rig.view.verticalScrollBar()
    bar.setValue(20 * 24 + 7)
    before = rig.top()
    rig.tell("Counts up.", number=3, count=99)
    rig.tell("Withdrawn.", number=2, count=0)
    assert rig.top() == before
    assert bar.value() == 19 * 24 + 7
    rig.tell("New.")
    assert rig.top() == before


def test_old_lines_go_without_a_jump(rig: Rig) -> None:
    rig.panel.model._limit = 60
    rig.fill(60)
    rig.view.verticalScrollBar().setValue(30 * 24 + 5)
    before = rig.top()
    rig.tell("One too many.")
    assert rig.panel.model.dropped > 0
    assert rig.top() == before


def test_copies_and_clears(rig: Rig) -> None:
    rig.tell("First.")
    rig.tell("Second.")
    rig.tell("Raw.", EventKind.MONITOR)
    rig.actions.qaction("view.events.copy").trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("quotes: ")[1] for line in lines] == ["First.", "Second."]
    rig.view.setCurrentIndex(rig.panel.model.index(1))
    rig.actions.qaction("view.events.copy").trigger()
    assert "First." not in QGuiApplication.clipboard().text()
    rig.actions.qaction("view.events.clear").trigger()
    assert rig.panel.model.rowCount() == rig.panel.model.total == 0
    assert not rig.view.isVisible()


def test_searches_as_one_types(rig: Rig) -> None:
    rig.fill(30)
    QTest.keyClicks(rig.panel.bar.field, "EVENT 2")
    assert len(rig.texts()) == 12
    assert "12 of 30" in rig.panel.corner_widget().count.text()
    QTest.keyClicks(rig.panel.bar.field, "x")
    assert any("None of the events" in words for words in rig.words())
    QTest.keyClick(rig.panel.bar.field, Qt.Key.Key_Escape)
    assert len(rig.texts()) == 30


def test_the_current_event_stays_current_when_the_filter_changes(rig: Rig) -> None:
    rig.fill(30)
    rig.view.setCurrentIndex(rig.panel.model.index(21))
    QTest.keyClicks(rig.panel.bar.field, "event 2")
    index = rig.view.currentIndex()
    assert rig.panel.model.event_at(index.row()).line.text == "Event 21."


def test_find_has_the_same_keys_as_elsewhere(rig: Rig, qtbot: QtBot) -> None:
    rig.fill(3)
    field, asked = rig.panel.bar.field, QSignalSpy(rig.panel.front_wanted)
    rig.panel.activateWindow()
    rig.view.setFocus()
    QTest.keySequence(rig.view, QKeySequence(QKeySequence.StandardKey.Find))
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(rig.view.hasFocus)
    assert rig.view.currentIndex().row() == 2
    rig.actions.qaction("view.events.find").trigger()
    qtbot.waitUntil(field.hasFocus)
    assert asked.count() == 2


def test_chips_choose_kinds_and_raw_events_are_off_at_first(rig: Rig) -> None:
    rig.tell("Bound.", EventKind.NOTICE)
    rig.tell("Came.", EventKind.PEER)
    rig.tell("Raw.", EventKind.MONITOR)
    assert rig.texts() == ["Bound.", "Came."]
    rig.chip("libzmq").click()
    assert rig.texts() == ["Bound.", "Came.", "Raw."]
    rig.chip("Peers").click()
    assert rig.texts() == ["Bound.", "Raw."]
    rig.chip("Filter as at first").click()
    assert rig.texts() == ["Bound.", "Came."]


def test_one_socket_alone_and_severity(rig: Rig) -> None:
    rig.tell("Mine.", severity=Severity.INFO)
    rig.tell("Other.", socket=2)
    rig.panel.set_selected_socket(SocketId(1))
    rig.panel.bar._sockets[1].trigger()
    assert rig.texts() == ["Mine."]
    assert rig.panel.bar._socket.text() == "quotes"
    rig.panel.set_selected_socket(SocketId(2))
    assert rig.texts() == ["Other."]
    rig.panel.bar._sockets[0].trigger()
    rig.panel.bar._severities[2].trigger()
    assert rig.texts() == ["Other."]


def test_enter_asks_for_the_socket(rig: Rig) -> None:
    rig.tell("Mine.")
    rig.tell("Of one that is gone.", socket=2)
    asked = QSignalSpy(rig.panel.socket_activated)
    for row in (0, 1):
        rig.view.setCurrentIndex(rig.panel.model.index(row))
        QTest.keyClick(rig.view, Qt.Key.Key_Return)
    assert [asked.at(n)[0] for n in range(asked.count())] == [SocketId(1)]


def test_an_event_can_be_selected_whatever_the_filter_says(rig: Rig) -> None:
    rig.fill(60)
    raw = rig.tell("Raw.", EventKind.MONITOR)
    QTest.keyClicks(rig.panel.bar.field, "nothing")
    rig.panel.select_event(5)
    assert rig.panel.model.event_at(rig.view.currentIndex().row()).line.number == 5
    assert rig.view.viewport().rect().contains(rig.view.visualRect(rig.view.currentIndex()))
    rig.panel.select_event(raw)
    assert rig.panel.model.event_at(rig.view.currentIndex().row()).line.number == raw
    rig.panel.select_event(77_777)


def test_a_narrow_panel_keeps_its_controls_within(rig: Rig) -> None:
    for width in (320, 480, 640, 1_200):
        rig.panel.resize(width, 200)
        QApplication.processEvents()
        bar = rig.panel.bar
        shown = [w for w in bar.findChildren(QToolButton) if w.isVisible()]
        assert all(w.geometry().right() <= bar.width() for w in shown)
        assert bar.field.width() >= 90
    assert rig.chip("Peers").isVisible()


def test_while_nobody_looks_lines_wait_and_stay_bounded(rig: Rig) -> None:
    rig.panel.hide()
    for start in range(0, 30_000, 5_000):
        lines = tuple(
            EventLine(n, EventKind.PEER, Severity.INFO, SocketId(1), f"e {n}", "", "", 1, S, S)
            for n in range(start + 1, start + 5_001)
        )
        rig.teller.events_changed.emit(lines)
    assert rig.panel.model.total == 0
    assert len(rig.panel._pending) == 10_000
    assert rig.actions.qaction("view.events.clear").isEnabled()
    rig.panel.show()
    while rig.panel.refresh_interval_ms() < 500:
        rig.panel.refresh(0)
    assert rig.texts()[-1] == "e 30000"
    assert "20,000 older dropped" in rig.panel.corner_widget().count.text()


def test_a_flood_costs_a_few_milliseconds_a_tick(rig: Rig) -> None:
    rig.panel.hide()
    for start in range(0, 10_000, 5_000):
        rig.teller.events_changed.emit(_lines(start, 5_000, 1))
    rig.panel.show()
    while rig.panel.refresh_interval_ms() < 500:
        rig.panel.refresh(0)
    costs = []
    for tick in range(30):
        began_s = time.perf_counter()
        rig.teller.events_changed.emit(_lines(5_000 + tick * 83, 83, tick + 2))
        rig.panel.refresh(0)
        costs.append(time.perf_counter() - began_s)
    assert sorted(costs)[len(costs) // 2] < 0.01


def _lines(start: int, count: int, times: int) -> tuple[EventLine, ...]:
    return tuple(
        EventLine(n, EventKind.PEER, Severity.INFO, SocketId(1), f"e {n}", "", "", times, S, S)
        for n in range(start + 1, start + count + 1)
    )


def test_paints_in_both_themes(rig: Rig) -> None:
    rig.say("Lost the connection.", "It is tried again.")
    rig.say("Lost the connection.", "It is tried again.")
    rig.view.setCurrentIndex(rig.panel.model.index(0))
    assert not rig.panel.grab().isNull()


def test_costs_nothing_while_nothing_happens(rig: Rig) -> None:
    rig.panel.refresh(0)
    assert rig.panel.refresh_interval_ms() >= 500
