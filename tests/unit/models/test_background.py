"""Calls beside the window: the latest counts."""

from __future__ import annotations

import threading

from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from zmqscope.models.background import Background


def test_the_answer_comes_back_to_this_thread(qtbot: QtBot) -> None:
    background = Background()
    here = threading.get_ident()
    seen: list[tuple[object, int]] = []
    background.done.connect(lambda value: seen.append((value, threading.get_ident())))
    background.start(threading.get_ident)
    assert background.is_busy
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != here
    assert seen[0][1] == here
    assert not background.is_busy


def test_answers_that_are_not_wanted_any_more_are_dropped(qtbot: QtBot) -> None:
    background = Background()
    done = QSignalSpy(background.done)
    gate = threading.Event()

    def late() -> str:
        gate.wait(5)
        return "late"

    background.start(late)
    background.start(lambda: "new")
    gate.set()
    qtbot.waitUntil(lambda: done.count() == 1)
    assert done.at(0)[0] == "new"
    background.start(lambda: "dropped")
    background.drop()
    assert not background.is_busy
    background.start(lambda: "last")
    qtbot.waitUntil(lambda: done.count() == 2)
    assert done.at(1)[0] == "last"
