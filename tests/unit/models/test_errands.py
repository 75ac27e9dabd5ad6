from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from zmqscope.core.errors import UserError
from zmqscope.core.types import Problem
from zmqscope.models.errands import Errands


def test_what_a_function_gives_back_is_told_on_this_thread(qtbot: QtBot) -> None:
    errands = Errands()
    told: list[tuple[object, ...]] = []
    errands.finished.connect(
        lambda *what: told.append((*what, QThread.currentThread() is errands.thread()))
    )
    number = errands.run(lambda: "done")
    assert errands.running == 1
    qtbot.waitUntil(lambda: told == [(number, "done", None, True)])
    assert errands.running == 0


def test_a_refusal_is_told(qtbot: QtBot) -> None:
    def refuse() -> None:
        raise UserError("No.", "Ask again.")

    errands = Errands()
    with qtbot.waitSignal(errands.finished) as blocker:
        errands.run(refuse)
    assert blocker.args is not None
    assert blocker.args[1:] == [None, Problem("No.", "Ask again.")]


def test_what_a_broken_keyring_says_is_not_repeated(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down() -> None:
        raise OSError("hunter2")

    errands = Errands()
    with caplog.at_level(logging.DEBUG), qtbot.waitSignal(errands.finished) as blocker:
        errands.run(break_down)
    assert blocker.args is not None
    problem = blocker.args[2]
    assert "OSError" in problem.text
    assert "hunter2" not in problem.sentence() + caplog.text
