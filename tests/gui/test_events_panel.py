"""The events panel."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QListView
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
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
from zmqscope.ui.theme import Theme, ThemeMode


class Teller(QObject):
    """The part of the controller that tells of notices."""

    notice_posted = Signal(object)

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
        self.panel.resize(600, 200)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        found = self.panel.findChild(QListView)
        assert isinstance(found, QListView)
        self.view = found

    def tell(self, text: str, hint: str = "", socket: int | None = 1) -> None:
        socket_id = None if socket is None else SocketId(socket)
        notice = Notice(10**18, socket_id, Severity.ERROR, text, hint)
        self.teller.notice_posted.emit(notice)
        QApplication.processEvents()

    def words(self) -> list[str]:
        return [label.text() for label in self.panel.findChildren(QLabel) if label.isVisible()]


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


def test_the_selected_event_is_shown_in_full_and_harmless(rig: Rig) -> None:
    rig.tell("Bad topic <b>\x1b[2J</b>.", "Choose another.")
    rig.view.setCurrentIndex(rig.panel.model.index(0))
    QApplication.processEvents()
    assert "Bad topic <b>␛[2J</b>." in rig.words()
    assert "Choose another." in rig.words()
    rig.view.clearSelection()
    assert "Choose another." not in rig.words()


def test_follows_the_end_unless_the_reader_is_elsewhere(rig: Rig) -> None:
    for number in range(50):
        rig.tell(f"Event {number}.")
    bar = rig.view.verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    rig.tell("One more.")
    assert bar.value() == 0


def test_copies_and_clears(rig: Rig) -> None:
    rig.tell("First.")
    rig.tell("Second.")
    rig.actions.qaction("view.events.copy").trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("quotes: ")[1] for line in lines] == ["First.", "Second."]
    rig.view.setCurrentIndex(rig.panel.model.index(1))
    rig.actions.qaction("view.events.copy").trigger()
    assert "First." not in QGuiApplication.clipboard().text()
    rig.actions.qaction("view.events.clear").trigger()
    assert rig.panel.model.rowCount() == 0
    assert not rig.view.isVisible()


def test_paints_in_both_themes(rig: Rig) -> None:
    rig.tell("Lost the connection.", "It is tried again.")
    rig.tell("Lost the connection.", "It is tried again.")
    rig.view.setCurrentIndex(rig.panel.model.index(0))
    assert not rig.panel.grab().isNull()


def test_costs_nothing_while_nothing_happens(rig: Rig) -> None:
    rig.panel.refresh(0)
    assert rig.panel.refresh_interval_ms() >= 500
