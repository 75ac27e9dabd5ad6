"""The demo's requests are answered when nobody does, by the real engine to a real peer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.peers.launch import PeerProcess
from zmqscope.bootstrap.demo_answers import DemoAnswers
from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId, Turn
from zmqscope.demo.child import DemoSend


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[EngineController]:
    made = EngineController(CaptureStore(16 * 1024 * 1024), CaptureClock())
    made.start()
    yield made
    assert made.stop(60_000)


def test_a_request_that_waits_is_answered_unless_somebody_is_at_it(
    qtbot: QtBot, controller: EngineController
) -> None:
    rep = controller.open_socket(parse_spec("rep:@tcp://127.0.0.1:*"))
    qtbot.waitUntil(lambda: bool(controller.snapshots[rep].endpoints))
    address = controller.snapshots[rep].endpoints[0].actual
    chosen: list[SocketId | None] = [rep]
    counters, owner = controller.store.counters.of(rep), QObject()
    answer = DemoSend("rep", (b"yes",), 0.2)
    with PeerProcess("twelve.py", "REQ", "--connect", address) as peer:
        peer.say(b"may I?")
        qtbot.waitUntil(lambda: counters.turn is Turn.HOLDS_REQUEST)
        answers = DemoAnswers(controller, {rep: answer}, lambda: chosen[0], owner)
        looks: list[None] = []
        answers.looked.connect(lambda: looks.append(None))
        qtbot.waitUntil(lambda: len(looks) >= 4)
        assert counters.turn is Turn.HOLDS_REQUEST
        chosen[0] = None
        qtbot.waitUntil(lambda: counters.turn is Turn.AWAITS_REQUEST)
        peer.do("await", count=1, any=True)
        assert peer.next_fact(60) == {"received": 1}
