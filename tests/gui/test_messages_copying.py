"""What is taken out of the table: copied, edited, compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from tests.gui.message_panel_rig import CONTROL, SHIFT, Key, MessagePanelRig, opened_messages
from tests.gui.message_rig import put
from zmqscope.ui.messages import copying


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[MessagePanelRig]:
    with opened_messages(qtbot, tmp_path) as made:
        yield made


# ---- copying ------------------------------------------------------------------------------------


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_rows_are_copied_as_shown(rig: MessagePanelRig) -> None:
    put(rig.store, 1, (b"EUR", b'{"a":1}'), (b"GBP", b"\xff"))
    rig.refresh()
    rig.view.selectAll()
    rig.press(Key.Key_C, CONTROL)
    lines = clipboard().split("\n")
    assert [line.split("\t")[4:] for line in lines] == [
        ["EUR", "2", "10", '{"a":1}'],
        ["GBP", "2", "4", "ff"],
    ]
    assert rig.note.text() == "Copied 2 messages."


def test_payload_and_json(rig: MessagePanelRig) -> None:
    put(rig.store, 1, (b"EUR", b"x" * 2_000))
    rig.refresh()
    rig.view.setCurrentIndex(rig.model.index(0, 0))
    rig.trigger("copy_payload")
    assert clipboard() == "x" * 2_000
    rig.trigger("copy_json")
    assert '"socket": "quotes"' in clipboard()


def test_too_many_rows_are_bounded_with_a_sentence(
    rig: MessagePanelRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MAX_ROWS", 2_500)
    rig.fill(10_000)
    rig.view.selectAll()
    rig.trigger("copy")
    rig.qtbot.waitUntil(lambda: "of 10,000 selected" in rig.note.text())
    assert clipboard().count("\n") == 2_499
    assert "a copy takes 2,500 rows" in rig.note.text()


def test_shift_selects_several(rig: MessagePanelRig) -> None:
    rig.fill(100)
    rig.press(Key.Key_Up)
    rig.press(Key.Key_Up, SHIFT)
    rig.press(Key.Key_Up, SHIFT)
    ranges = rig.view.selected_ranges()
    assert sum(high - low for low, high in ranges) == 3


def test_nothing_selected_nothing_to_copy(rig: MessagePanelRig) -> None:
    rig.fill(3)
    assert not rig.actions.qaction("messages.copy").isEnabled()
    assert not rig.actions.qaction("messages.resend").isEnabled()
    rig.press(Key.Key_Up)
    assert rig.actions.qaction("messages.copy").isEnabled()
    rig.press(Key.Key_Escape)
    assert not rig.actions.qaction("messages.copy").isEnabled()
    assert rig.last_activated is None


def test_a_message_goes_to_the_composer(rig: MessagePanelRig) -> None:
    put(rig.store, 1, (b"EUR", b"\xff"))
    rig.refresh()
    asked = QSignalSpy(rig.panel.edit_requested)
    rig.press(Key.Key_Up)
    rig.trigger("resend")
    assert asked.at(0)[0] == (b"EUR", b"\xff")


def test_two_selected_rows_can_be_compared(rig: MessagePanelRig) -> None:
    rig.fill(5)
    asked = QSignalSpy(rig.panel.commands.compare_requested)
    action = rig.actions.qaction("messages.compare")
    rig.press(Key.Key_Home)
    assert not action.isEnabled()
    rig.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    rig.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert action.isEnabled()
    rig.trigger("compare")
    assert asked.count() == 1
    assert list(asked.at(0)) == [0, 2]
