from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from zmqscope.core.transports import ALL
from zmqscope.core.types import SocketType
from zmqscope.models.sockets.transport_matrix import legend, matrix, table_text
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.transports_dialog import TransportsDialog

SCHEMES = [transport.scheme for transport in ALL]


@pytest.fixture
def dialog(qtbot: QtBot, dressed: QApplication) -> Iterator[TransportsDialog]:
    theme = Theme(ThemeMode.DARK)
    theme.apply(dressed)
    made = TransportsDialog(theme)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def button(dialog: TransportsDialog, text: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text() == text)


def test_the_arrow_keys_lead_through_the_reasons(dialog: TransportsDialog) -> None:
    assert dialog.focusWidget() is dialog.view
    assert dialog.words.startswith("A PAIR binds and connects over tcp://.")
    for _ in range(SCHEMES.index("udp")):
        QTest.keyClick(dialog.view, Qt.Key.Key_Right)
    assert "Only RADIO, DISH and DGRAM use udp://" in dialog.words
    QTest.keyClick(dialog.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert "built without" in dialog.words


def test_all_of_it_is_in_sight(dialog: TransportsDialog) -> None:
    view = dialog.view
    dialog.resize(dialog.sizeHint())  # whatever the screen
    QApplication.processEvents()
    assert view.horizontalScrollBar().maximum() == 0
    assert view.verticalScrollBar().maximum() == 0
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for sign, meaning in legend():
        assert f"{sign}  {meaning}" in words


def test_it_is_copied_as_text(dialog: TransportsDialog) -> None:
    button(dialog, "Copy as text").click()
    text = QGuiApplication.clipboard().text()
    assert text == table_text(matrix())
    assert all(kind.name in text for kind in SocketType)


def test_escape_and_close_end_it(dialog: TransportsDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog.show()
    button(dialog, "Close").click()
    assert not dialog.isVisible()


def test_the_theme_turns(dialog: TransportsDialog) -> None:
    before = dialog.view.grab().toImage()
    dialog._theme.set_mode(ThemeMode.LIGHT)
    QApplication.processEvents()
    assert dialog.view.grab().toImage() != before
