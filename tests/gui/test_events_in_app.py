"""Events through the whole app: from the engine to the list, the plot and back to the socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.test_app import Running
from zmqscope.core.events import EventLine
from zmqscope.models.events.marks import is_worth_a_mark
from zmqscope.ui.rates.panel import RatesPanel


@pytest.fixture
def running(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[Running]:
    settings = str(tmp_path / "settings.ini")
    # An address of another machine (RFC 5737): nobody can bind to it.
    specs = ["pull:@tcp://127.0.0.1:*,name=fine", "pull:@tcp://192.0.2.1:5556,name=wrong"]
    made = Running(dressed, ["--settings", settings, *specs])
    qtbot.addWidget(made.app.window)
    made.app.start()
    qtbot.waitUntil(made.is_complete)
    yield made
    made.app.on_quit_triggered()


def problem(running: Running) -> EventLine | None:
    lines = running.bench.events.lines()
    return next((line for line in lines if "192.0.2.1" in line.text), None)


def rates(running: Running) -> RatesPanel:
    assert running.bench.rates is not None
    return running.bench.rates


def test_a_problem_is_listed_once_marked_and_leads_to_its_socket(
    running: Running, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: problem(running) is not None)
    line = problem(running)
    assert line is not None
    assert is_worth_a_mark(line)
    bench = running.bench
    rates(running).marks.event_activated.emit(line.number)
    qtbot.waitUntil(bench.events.isVisible)
    view = bench.events._view
    event = bench.events.model.event_at(view.currentIndex().row())
    assert (event.line.number, event.socket_name) == (line.number, "wrong")
    same = [each for each in bench.events.lines() if each.text == line.text]
    assert len(same) == 1
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert bench.sockets.selected == line.socket_id


def test_clearing_the_events_clears_the_marks(running: Running, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: problem(running) is not None)
    marks = rates(running).marks
    qtbot.waitUntil(lambda: len(marks._events) > 0)
    running.app.actions.qaction("view.events.clear").trigger()
    assert running.bench.events.lines() == []
    assert len(marks._events) == 0
