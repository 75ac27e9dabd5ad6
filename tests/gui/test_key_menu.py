"""Letters in a menu: they lead from entry to entry, and nothing behind the menu hears them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from zmqscope.ui.key_menu import KeyMenu

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def menu(qtbot: QtBot) -> KeyMenu:
    menu = KeyMenu()
    qtbot.addWidget(menu)
    for words in ("Arrow", "Text", "Avro", "Image"):
        menu.addAction(words)
    menu.addAction("Also").setEnabled(False)
    menu.show()
    return menu


def active(menu: KeyMenu) -> str:
    action: QAction | None = menu.activeAction()
    return "" if action is None else action.text()


def test_a_letter_goes_to_the_next_entry_that_begins_so(menu: KeyMenu) -> None:
    shown = []
    for key in (Key.Key_T, Key.Key_A, Key.Key_A, Key.Key_A, Key.Key_X):
        QTest.keyClick(menu, key)
        shown.append(active(menu))
    assert shown == ["Text", "Avro", "Arrow", "Avro", "Avro"]


def test_a_letter_is_no_shortcut_while_the_menu_is_there(menu: KeyMenu) -> None:
    letter = QKeyEvent(QEvent.Type.ShortcutOverride, Key.Key_T, NONE, "t")
    letter.ignore()
    assert menu.event(letter)
    assert letter.isAccepted()
    with_ctrl = QKeyEvent(
        QEvent.Type.ShortcutOverride, Key.Key_T, Qt.KeyboardModifier.ControlModifier, "t"
    )
    with_ctrl.ignore()
    menu.event(with_ctrl)
    assert not with_ctrl.isAccepted()


def test_underlined_letters_stay_qts(menu: KeyMenu) -> None:
    menu.addAction("Leave it to the fra&te")
    QTest.keyClick(menu, Key.Key_T)
    assert active(menu) != "Text"
