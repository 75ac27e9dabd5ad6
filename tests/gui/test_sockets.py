"""The sockets panel: the list and what can be done with its sockets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.socket_panel_rig import Q, SocketPanelRig, opened_sockets, press_link
from tests.gui.socket_rig import NOW_NS, add_traffic, snapshot_of
from zmqscope.core.types import SocketId, SocketState, SocketType
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.action_list import security_actions
from zmqscope.ui.sockets.action_list import CONTEXT_MENU, socket_actions
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.empty import EmptySockets
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import ThemeMode


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[SocketPanelRig]:
    with opened_sockets(qtbot, tmp_path) as made:
        yield made


@pytest.fixture
def two(rig: SocketPanelRig) -> SocketPanelRig:
    """With a SUB and a PUSH."""
    rig.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1", topics=(b"EUR",)))
    rig.show(snapshot_of(2, SocketType.PUSH, "load", "@tcp://*:5", state=SocketState.LISTENING))
    return rig


# ---- the list -------------------------------------------------------------------------------


def test_empty_it_says_what_to_do_next(rig: SocketPanelRig) -> None:
    empty = rig.panel.findChild(EmptySockets)
    assert isinstance(empty, EmptySockets)
    assert empty.isVisible()
    button = empty.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rig.panel.window().findChild(NewSocketDialog) is not None


def test_an_example_opens_the_dialog_with_it(rig: SocketPanelRig) -> None:
    empty = rig.panel.findChild(EmptySockets)
    assert isinstance(empty, EmptySockets)
    press_link(empty, "sub:tcp://localhost:5556")
    dialog = rig.panel.window().findChild(NewSocketDialog)
    assert isinstance(dialog, NewSocketDialog)
    assert dialog.spec_text == "sub:tcp://localhost:5556"


def test_the_first_socket_is_selected_by_itself(rig: SocketPanelRig) -> None:
    selected = QSignalSpy(rig.panel.socket_selected)
    rig.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1"))
    assert rig.panel.selected == 1
    assert selected.at(0) == [1]
    rig.show(snapshot_of(2, SocketType.SUB, "more", "tcp://a:2"))
    assert rig.panel.selected == 1


def test_removing_the_last_one_selects_none(two: SocketPanelRig) -> None:
    selected = QSignalSpy(two.panel.socket_selected)
    two.controller.remove_socket(SocketId(1))
    assert two.panel.selected == 2
    two.controller.remove_socket(SocketId(2))
    assert two.panel.selected is None
    assert selected.at(selected.count() - 1) == [None]
    assert not two.enabled("edit")


def test_sockets_that_were_there_before_are_listed(qtbot: QtBot, tmp_path: Path) -> None:
    first = SocketPanelRig(qtbot, tmp_path)
    first.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1"))
    panel = SocketsPanel(
        first.store,
        first.controller.as_controller(),
        first.theme,
        ActionRegistry(first.theme),
        first.settings,
    )
    qtbot.addWidget(panel)
    panel.show()
    assert panel.model.rowCount() == 1
    assert panel.selected == 1


def test_it_asks_for_a_slow_refresh_while_all_is_silent(two: SocketPanelRig) -> None:
    two.panel.refresh(NOW_NS)
    assert two.panel.refresh_interval_ms() >= 1000
    add_traffic(two.store, 1, [10])
    two.panel.refresh(NOW_NS)
    assert two.panel.refresh_interval_ms() == 250


@pytest.mark.parametrize("mode", [ThemeMode.DARK, ThemeMode.LIGHT])
@pytest.mark.parametrize("width", [220, 400])
def test_rows_are_painted_in_every_state(rig: SocketPanelRig, mode: ThemeMode, width: int) -> None:
    rig.theme.set_mode(mode)
    rig.panel.resize(width, 700)
    for number, state in enumerate(SocketState, 1):
        kind = list(SocketType)[number]
        rig.show(snapshot_of(number, kind, "n" * 9 * number, "tcp://a:1", "tcp://b:2", state=state))
    add_traffic(rig.store, 1, [5, 0, 5])
    rig.panel.refresh(NOW_NS)
    picture = rig.panel.view.viewport().grab().toImage()
    assert picture.pixelColor(16, 22) == rig.theme.color("waiting")


def test_keys_of_the_list(two: SocketPanelRig) -> None:
    view = two.panel.view
    QTest.keyClick(view, Q.Key_Down)
    assert two.panel.selected == 2
    QTest.keyClick(view, Q.Key_Return)
    details = two.panel.window().findChild(SocketDetails)
    assert isinstance(details, SocketDetails)
    assert details.socket_id == 2
    details.close()
    two.show(replace(two.controller.snapshots[SocketId(2)], state=SocketState.CLOSED))
    QTest.keyClick(view, Q.Key_Delete)
    assert two.controller.calls == [("remove", SocketId(2))]


def test_renaming_in_place(two: SocketPanelRig, qtbot: QtBot) -> None:
    two.trigger("rename")
    editor = two.panel.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "quotes"
    editor.setText("prices")
    QTest.keyClick(editor, Q.Key_Return)
    qtbot.waitUntil(lambda: two.controller.calls == [("rename", SocketId(1), "prices")])


def test_the_menu_of_a_row_has_the_actions(two: SocketPanelRig) -> None:
    two.panel.view.menu_asked.emit(QPoint(5, 5))
    menu = two.panel.findChild(QMenu)
    assert isinstance(menu, QMenu)
    names = [action.objectName() for action in menu.actions()]
    assert names == list(CONTEXT_MENU)
    menu.close()


# ---- the actions ----------------------------------------------------------------------------


def test_actions_are_registered_with_their_keys(rig: SocketPanelRig) -> None:
    actions = [action for action in rig.actions.actions() if action.menu == "Socket"]
    keys = {action.id: action.shortcut for action in actions}
    wanted = (*socket_actions(), *security_actions())
    assert keys == {action.id: action.shortcut for action in wanted}
    assert keys["socket.new"] == "Ctrl+N"
    assert keys["socket.close"] == "Ctrl+W"
    assert keys["socket.reopen"] == "Ctrl+Shift+R"
    assert keys["socket.rename"] == "F2"


def test_actions_follow_the_selection(two: SocketPanelRig) -> None:
    assert two.enabled("new")
    assert two.enabled("close")
    assert two.enabled("copy_address")
    two.show(replace(two.controller.snapshots[SocketId(1)], state=SocketState.CLOSED))
    assert not two.enabled("close")
    assert two.enabled("reopen")
    two.show(snapshot_of(3, SocketType.SUB, "bare", state=SocketState.IDLE))
    two.panel.select(SocketId(3))
    assert two.enabled("close")
    assert not two.enabled("copy_address")


def test_without_a_socket_only_new_can_be_used(rig: SocketPanelRig) -> None:
    usable = [a.id for a in rig.actions.actions() if rig.actions.qaction(a.id).isEnabled()]
    security = {"socket.keys", "socket.access"}
    assert set(usable) == {"help.doctor", "socket.new", "socket.focus_list"} | security


def test_the_list_is_reached_by_keyboard(qtbot: QtBot, rig: SocketPanelRig) -> None:
    with qtbot.waitSignal(rig.panel.front_wanted):
        rig.trigger("focus_list")
    button = rig.panel.focusWidget()
    assert isinstance(button, IconButton)
    assert button.accessibleName().startswith("New socket")
    rig.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1"))
    rig.trigger("focus_list")
    assert rig.panel.focusWidget() is rig.panel.view


def test_close_and_reopen(two: SocketPanelRig) -> None:
    two.trigger("close")
    two.trigger("reopen")
    assert two.controller.calls == [("close", SocketId(1)), ("reopen", SocketId(1))]


def test_copying(two: SocketPanelRig) -> None:
    clipboard = QGuiApplication.clipboard()
    two.trigger("copy_spec")
    assert clipboard.text() == "sub:tcp://a:1,topic=EUR,name=quotes"
    load = two.controller.snapshots[SocketId(2)]
    two.show(replace(load, endpoints=(replace(load.endpoints[0], actual="tcp://0.0.0.0:5"),)))
    two.panel.select(SocketId(2))
    two.trigger("copy_address")
    assert clipboard.text() == "tcp://0.0.0.0:5"


def test_removing_an_open_socket_is_asked_about(two: SocketPanelRig, qtbot: QtBot) -> None:
    two.trigger("remove")
    assert two.controller.calls == []
    box = two.panel.window().findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.textFormat() is Qt.TextFormat.PlainText
    box.reject()
    assert two.controller.calls == []
    qtbot.waitUntil(lambda: two.panel.window().findChild(QMessageBox) is None)
    two.trigger("remove")
    box = two.panel.window().findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    box.accept()
    assert two.controller.calls == [("remove", SocketId(1))]


def test_pausing_the_display(two: SocketPanelRig) -> None:
    told = QSignalSpy(two.panel.paused_sockets_changed)
    add_traffic(two.store, 1, [3])
    two.trigger("pause_display")
    assert two.panel.paused == {1: 3}
    assert told.at(0) == [{1: 3}]
    assert two.panel.model.item(0).paused
    two.panel.select(SocketId(2))
    assert not two.actions.qaction("socket.pause_display").isChecked()
    two.panel.select(SocketId(1))
    assert two.actions.qaction("socket.pause_display").isChecked()
    two.trigger("pause_display")
    assert two.panel.paused == {}
    assert not two.panel.model.item(0).paused


def test_a_removed_socket_is_paused_no_more(two: SocketPanelRig) -> None:
    two.trigger("pause_display")
    told = QSignalSpy(two.panel.paused_sockets_changed)
    two.controller.remove_socket(SocketId(1))
    assert told.at(0) == [{}]


def test_showing_one_socket_alone(two: SocketPanelRig) -> None:
    asked = QSignalSpy(two.panel.show_only_requested)
    two.trigger("show_only")
    two.trigger("show_only")
    two.trigger("show_only")
    two.controller.remove_socket(SocketId(1))
    assert [asked.at(i)[0] for i in range(asked.count())] == [1, None, 1, None]
    two.panel.commands.on_show_only_changed(SocketId(2))
    assert two.actions.qaction("socket.show_only").isChecked()
