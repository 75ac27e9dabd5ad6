"""The demo is opened once its peers are there; what keeps it from that is told."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from zmqscope.bootstrap.demo_opening import DemoOpening
from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.types import Severity
from zmqscope.demo.child import DemoChild

PLAN = {
    "specs": ["sub:@tcp://127.0.0.1:*,name=quotes", "push:@tcp://127.0.0.1:*,name=load"],
    "sends": [],
    "answers": [],
}
SERVE = f"import sys; print({json.dumps(json.dumps(PLAN))}, flush=True); sys.stdin.read()"
FAIL = "raise SystemExit('no room for peers')"


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[EngineController]:
    made = EngineController(CaptureStore(16 * 1024 * 1024), CaptureClock())
    made.start()
    yield made
    assert made.stop(2_000)


class Stage:
    """A demo whose peers are a few words of Python."""

    def __init__(self, controller: EngineController, program: str) -> None:
        self.said: list[tuple[Severity, str, str]] = []
        self.child = DemoChild([sys.executable, "-c", program])
        self._owner = QObject()
        self.opening = DemoOpening(self.child, controller, lambda: None, self._say, self._owner)

    def _say(self, severity: Severity, text: str, hint: str) -> None:
        self.said.append((severity, text, hint))


def test_its_sockets_open_once_and_a_second_time_is_told(
    qtbot: QtBot, controller: EngineController
) -> None:
    stage = Stage(controller, SERVE)
    try:
        stage.opening.start()
        qtbot.waitUntil(lambda: len(controller.snapshots) == 2)
        names = {snapshot.name for snapshot in controller.snapshots.values()}
        assert names == {"quotes", "load"}
        assert stage.said == []
        stage.opening.start()
        assert stage.said == [(Severity.INFO, "The demo is open already.", "")]
        assert len(controller.snapshots) == 2
    finally:
        stage.child.stop()


def test_peers_that_cannot_start_are_told(qtbot: QtBot, controller: EngineController) -> None:
    stage = Stage(controller, FAIL)
    try:
        stage.opening.start()
        qtbot.waitUntil(lambda: bool(stage.said))
        ((severity, text, hint),) = stage.said
        assert severity is Severity.ERROR
        assert text == "The demo's peers ended (exit status 1): no room for peers"
        assert hint == "Start the app again to retry."
        assert controller.snapshots == {}
    finally:
        stage.child.stop()
