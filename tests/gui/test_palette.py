"""The command palette."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMainWindow
from pytestqt.qtbot import QtBot

from tests.gui.shell_rig import Recorder, add
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.palette import CommandPalette
from zmqscope.ui.theme import Theme, ThemeMode

LEFT = Qt.MouseButton.LeftButton


class Rig:
    """A window with a field, a few actions and the palette."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.recorder = Recorder()
        self.actions = ActionRegistry()
        add(self.actions, self.recorder, "socket.new", title="New socket…", shortcut="Ctrl+N")
        add(self.actions, self.recorder, "socket.close", title="Close socket")
        add(self.actions, self.recorder, "log", title="Log axis", menu="Plot", checkable=True)
        self.actions.qaction("socket.close").setEnabled(False)
        self.window = QMainWindow()
        self.below = QLineEdit()
        self.window.setCentralWidget(self.below)
        self.window.addAction(self.actions.qaction("socket.new"))
        self.window.resize(900, 600)
        self.palette = CommandPalette(Theme(ThemeMode.DARK), self.actions, self.window)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.below.setFocus()
        self.palette.open_palette()

    @property
    def field(self) -> QLineEdit:
        found = self.palette.findChild(QLineEdit)
        assert isinstance(found, QLineEdit)
        return found

    @property
    def view(self) -> QListView:
        found = self.palette.findChild(QListView)
        assert isinstance(found, QListView)
        return found

    def titles(self) -> list[str]:
        model = self.view.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.field, key)
        QApplication.processEvents()


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


def test_lists_every_action_those_of_no_use_last(rig: Rig) -> None:
    assert rig.titles() == ["New socket…, Socket", "Log axis, Plot", "Close socket, Socket"]


def test_sockets_come_before_panels(rig: Rig) -> None:
    add(rig.actions, rig.recorder, "file.quit", title="Quit", menu="File")
    add(rig.actions, rig.recorder, "socket.rename", title="Rename", menu="Socket")
    rig.palette.open_palette()
    assert rig.titles()[:2] == ["New socket…, Socket", "Rename, Socket"]
    assert rig.titles().index("Log axis, Plot") < rig.titles().index("Quit, File")


def test_search_finds_titles_and_menus(rig: Rig) -> None:
    QTest.keyClicks(rig.field, "nsoc")
    assert rig.titles()[0] == "New socket…, Socket"
    rig.field.setText("plot")
    assert rig.titles() == ["Log axis, Plot"]
    rig.field.setText("nothing like it")
    assert rig.titles() == []
    rig.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert rig.palette.isVisible()


def test_enter_runs_the_line_and_gives_the_focus_back(rig: Rig) -> None:
    rig.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    rig.qtbot.waitUntil(lambda: rig.recorder.calls == [True])
    assert not rig.palette.isVisible()
    assert rig.below.hasFocus()


def test_arrows_go_round_what_can_be_used(rig: Rig) -> None:
    rig.press(Qt.Key.Key_Up)
    assert rig.view.currentIndex().row() == 1
    rig.press(Qt.Key.Key_Down)
    assert rig.view.currentIndex().row() == 0
    rig.press(Qt.Key.Key_PageDown)
    assert rig.view.currentIndex().row() == 1


def test_a_disabled_action_has_no_effect(rig: Rig) -> None:
    place = rig.view.visualRect(rig.view.model().index(2, 0)).center()
    QTest.mouseClick(rig.view.viewport(), LEFT, pos=place)
    rig.field.setText("close")
    rig.press(Qt.Key.Key_Return)
    assert rig.palette.isVisible()
    assert rig.recorder.calls == []


def test_a_click_runs_a_line(rig: Rig) -> None:
    place = rig.view.visualRect(rig.view.model().index(0, 0)).center()
    QTest.mouseClick(rig.view.viewport(), LEFT, pos=place)
    rig.qtbot.waitUntil(lambda: rig.recorder.calls == ["triggered"])


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_leaves_quietly(rig: Rig, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    with rig.qtbot.waitSignal(rig.palette.closed):
        QTest.keyClick(rig.field, key, modifier)
    assert rig.recorder.calls == []
    assert rig.below.hasFocus()


def test_a_click_beside_it_leaves(rig: Rig) -> None:
    with rig.qtbot.waitSignal(rig.palette.closed):
        QTest.mouseClick(rig.palette, LEFT)


def test_no_shortcut_fires_behind_it(rig: Rig) -> None:
    QTest.keyClick(rig.field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert rig.recorder.calls == []
    rig.press(Qt.Key.Key_Escape)
    QTest.keyClick(rig.below, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert rig.recorder.calls == ["triggered"]


def test_stays_in_a_window_that_shrinks(rig: Rig) -> None:
    rig.window.resize(400, 300)
    QApplication.processEvents()
    assert rig.palette.geometry() == rig.window.rect()
    assert rig.window.rect().contains(rig.field.mapTo(rig.window, rig.field.rect().topRight()))
