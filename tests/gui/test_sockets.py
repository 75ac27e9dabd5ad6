from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from tests.gui.socket_rig import NOW_NS, RecordingController, add_traffic, snapshot_of
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    SocketId,
    SocketSnapshot,
    SocketState,
    SocketType,
)
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.action_list import security_actions
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.action_list import CONTEXT_MENU, socket_actions
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.detail_rows import EndpointStatusRow, TopicItemRow
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.empty import EmptySockets
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.options.form import OptionSearch
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key
NOBODY = Problem("Nobody answers at tcp://a:1; libzmq keeps trying.", "Check the address.")
IN_USE = Problem("tcp://*:5 is already in use.", "Choose another port.")
BAD_OPTION = Problem("libzmq does not accept rcvhwm=-1 on a SUB.", "Change the option.")
_INI = QSettings.Format.IniFormat


class Rig:
    """A sockets panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.store = CaptureStore()
        self.controller = RecordingController()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.settings = Settings(QSettings(str(folder / "settings.ini"), _INI))
        self.panel = SocketsPanel(
            self.store, self.controller.as_controller(), self.theme, self.actions, self.settings
        )
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 700)
        self.panel.show()

    def show(self, snapshot: SocketSnapshot) -> SocketSnapshot:
        return self.controller.show(snapshot)

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"socket.{name}").trigger()

    def enabled(self, name: str) -> bool:
        return self.actions.qaction(f"socket.{name}").isEnabled()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    rig.panel.close()


@pytest.fixture
def two(rig: Rig) -> Rig:
    """With a SUB and a PUSH."""
    rig.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1", topics=(b"EUR",)))
    rig.show(snapshot_of(2, SocketType.PUSH, "load", "@tcp://*:5", state=SocketState.LISTENING))
    return rig


def press_link(holder: EmptySockets, words: str) -> None:
    link = next(x for x in holder.findChildren(LinkButton) if x.text() == words)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)


def press_icon(holder: EndpointStatusRow | TopicItemRow, words: str) -> None:
    button = next(x for x in holder.findChildren(IconButton) if x.accessibleName() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


# ---- the list -------------------------------------------------------------------------------


def test_empty_it_says_what_to_do_next(rig: Rig) -> None:
    empty = rig.panel.findChild(EmptySockets)
    assert isinstance(empty, EmptySockets)
    assert empty.isVisible()
    button = empty.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rig.panel.window().findChild(NewSocketDialog) is not None


def test_an_example_opens_the_dialog_with_it(rig: Rig) -> None:
    empty = rig.panel.findChild(EmptySockets)
    assert isinstance(empty, EmptySockets)
    press_link(empty, "sub:tcp://localhost:5556")
    dialog = rig.panel.window().findChild(NewSocketDialog)
    assert isinstance(dialog, NewSocketDialog)
    assert dialog.spec_text == "sub:tcp://localhost:5556"


def test_the_first_socket_is_selected_by_itself(rig: Rig) -> None:
    selected = QSignalSpy(rig.panel.socket_selected)
    rig.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1"))
    assert rig.panel.selected == 1
    assert selected.at(0) == [1]
    rig.show(snapshot_of(2, SocketType.SUB, "more", "tcp://a:2"))
    assert rig.panel.selected == 1


def test_removing_the_last_one_selects_none(two: Rig) -> None:
    selected = QSignalSpy(two.panel.socket_selected)
    two.controller.remove_socket(SocketId(1))
    assert two.panel.selected == 2
    two.controller.remove_socket(SocketId(2))
    assert two.panel.selected is None
    assert selected.at(selected.count() - 1) == [None]
    assert not two.enabled("edit")


def test_sockets_that_were_there_before_are_listed(qtbot: QtBot, tmp_path: Path) -> None:
    first = Rig(qtbot, tmp_path)
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


def test_it_asks_for_a_slow_refresh_while_all_is_silent(two: Rig) -> None:
    two.panel.refresh(NOW_NS)
    assert two.panel.refresh_interval_ms() >= 1000
    add_traffic(two.store, 1, [10])
    two.panel.refresh(NOW_NS)
    assert two.panel.refresh_interval_ms() == 250


@pytest.mark.parametrize("mode", [ThemeMode.DARK, ThemeMode.LIGHT])
@pytest.mark.parametrize("width", [220, 400])
def test_rows_are_painted_in_every_state(rig: Rig, mode: ThemeMode, width: int) -> None:
    rig.theme.set_mode(mode)
    rig.panel.resize(width, 700)
    for number, state in enumerate(SocketState, 1):
        kind = list(SocketType)[number]
        rig.show(snapshot_of(number, kind, "n" * 9 * number, "tcp://a:1", "tcp://b:2", state=state))
    add_traffic(rig.store, 1, [5, 0, 5])
    rig.panel.refresh(NOW_NS)
    picture = rig.panel.view.viewport().grab().toImage()
    assert picture.pixelColor(16, 22) == rig.theme.color("waiting")


def test_keys_of_the_list(two: Rig) -> None:
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


def test_renaming_in_place(two: Rig, qtbot: QtBot) -> None:
    two.trigger("rename")
    editor = two.panel.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "quotes"
    editor.setText("prices")
    QTest.keyClick(editor, Q.Key_Return)
    qtbot.waitUntil(lambda: two.controller.calls == [("rename", SocketId(1), "prices")])


def test_the_menu_of_a_row_has_the_actions(two: Rig) -> None:
    two.panel.view.menu_asked.emit(QPoint(5, 5))
    menu = two.panel.findChild(QMenu)
    assert isinstance(menu, QMenu)
    names = [action.objectName() for action in menu.actions()]
    assert names == list(CONTEXT_MENU)
    menu.close()


# ---- the actions ----------------------------------------------------------------------------


def test_actions_are_registered_with_their_keys(rig: Rig) -> None:
    actions = [action for action in rig.actions.actions() if action.menu == "Socket"]
    keys = {action.id: action.shortcut for action in actions}
    wanted = (*socket_actions(), *security_actions())
    assert keys == {action.id: action.shortcut for action in wanted}
    assert keys["socket.new"] == "Ctrl+N"
    assert keys["socket.close"] == "Ctrl+W"
    assert keys["socket.reopen"] == "Ctrl+Shift+R"
    assert keys["socket.rename"] == "F2"


def test_actions_follow_the_selection(two: Rig) -> None:
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


def test_without_a_socket_only_new_can_be_used(rig: Rig) -> None:
    usable = [a.id for a in rig.actions.actions() if rig.actions.qaction(a.id).isEnabled()]
    security = {"socket.keys", "socket.access"}
    assert set(usable) == {"help.doctor", "socket.new", "socket.focus_list"} | security


def test_the_list_is_reached_by_keyboard(qtbot: QtBot, rig: Rig) -> None:
    with qtbot.waitSignal(rig.panel.front_wanted):
        rig.trigger("focus_list")
    button = rig.panel.focusWidget()
    assert isinstance(button, IconButton)
    assert button.accessibleName().startswith("New socket")
    rig.show(snapshot_of(1, SocketType.SUB, "quotes", "tcp://a:1"))
    rig.trigger("focus_list")
    assert rig.panel.focusWidget() is rig.panel.view


def test_close_and_reopen(two: Rig) -> None:
    two.trigger("close")
    two.trigger("reopen")
    assert two.controller.calls == [("close", SocketId(1)), ("reopen", SocketId(1))]


def test_copying(two: Rig) -> None:
    clipboard = QGuiApplication.clipboard()
    two.trigger("copy_spec")
    assert clipboard.text() == "sub:tcp://a:1,topic=EUR,name=quotes"
    load = two.controller.snapshots[SocketId(2)]
    two.show(replace(load, endpoints=(replace(load.endpoints[0], actual="tcp://0.0.0.0:5"),)))
    two.panel.select(SocketId(2))
    two.trigger("copy_address")
    assert clipboard.text() == "tcp://0.0.0.0:5"


def test_removing_an_open_socket_is_asked_about(two: Rig, qtbot: QtBot) -> None:
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


def test_pausing_the_display(two: Rig) -> None:
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


def test_a_removed_socket_is_paused_no_more(two: Rig) -> None:
    two.trigger("pause_display")
    told = QSignalSpy(two.panel.paused_sockets_changed)
    two.controller.remove_socket(SocketId(1))
    assert told.at(0) == [{}]


def test_showing_one_socket_alone(two: Rig) -> None:
    asked = QSignalSpy(two.panel.show_only_requested)
    two.trigger("show_only")
    two.trigger("show_only")
    two.trigger("show_only")
    two.controller.remove_socket(SocketId(1))
    assert [asked.at(i)[0] for i in range(asked.count())] == [1, None, 1, None]
    two.panel.commands.on_show_only_changed(SocketId(2))
    assert two.actions.qaction("socket.show_only").isChecked()


# ---- details --------------------------------------------------------------------------------


@pytest.fixture
def details(two: Rig, qtbot: QtBot) -> Iterator[SocketDetails]:
    two.trigger("edit")
    dialog = two.panel.window().findChild(SocketDetails)
    assert isinstance(dialog, SocketDetails)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    for left in two.panel.window().findChildren(SocketDetails):
        left.close()


def fields(details: SocketDetails, name: str) -> DataField:
    return next(f for f in details.findChildren(DataField) if f.accessibleName() == name)


def test_asking_twice_shows_the_same_details(two: Rig, details: SocketDetails) -> None:
    two.trigger("edit")
    assert len(two.panel.window().findChildren(SocketDetails)) == 1


def test_an_endpoint_is_added_by_enter(two: Rig, details: SocketDetails) -> None:
    field = fields(details, "Address of the endpoint")
    QTest.keyClicks(field, "tcp://b")
    assert field.property("problem") is True
    QTest.keyClick(field, Q.Key_Return)
    assert two.controller.calls == []
    QTest.keyClicks(field, ":2")
    assert not field.property("problem")
    QTest.keyClick(field, Q.Key_Return)
    endpoint = Endpoint(Role.CONNECT, "tcp://b:2")
    assert two.controller.calls == [("add_endpoint", SocketId(1), endpoint)]
    assert field.text() == ""
    assert details.isVisible()


def test_an_endpoint_that_is_there_is_refused(two: Rig, details: SocketDetails) -> None:
    field = fields(details, "Address of the endpoint")
    QTest.keyClicks(field, "tcp://a:1")
    QTest.keyClick(field, Q.Key_Return)
    assert two.controller.calls == []
    assert field.property("problem") is True


def test_topics_are_added_and_removed(two: Rig, details: SocketDetails) -> None:
    field = fields(details, "Topic prefix; empty is everything")
    QTest.keyClick(field, Q.Key_Return)
    assert two.controller.calls == []
    QTest.keyClicks(field, "USD")
    QTest.keyClick(field, Q.Key_Return)
    everything = next(b for b in details.findChildren(QPushButton) if b.text() == "Everything")
    QTest.mouseClick(everything, Qt.MouseButton.LeftButton)
    row = details.findChild(TopicItemRow)
    assert isinstance(row, TopicItemRow)
    press_icon(row, "Unsubscribe from this topic")
    assert two.controller.calls == [
        ("subscribe", SocketId(1), b"USD"),
        ("subscribe", SocketId(1), b""),
        ("unsubscribe", SocketId(1), b"EUR"),
    ]


def test_details_follow_the_socket(two: Rig, details: SocketDetails, qtbot: QtBot) -> None:
    snapshot = two.controller.snapshots[SocketId(1)]
    more = Endpoint(Role.BIND, "tcp://*:*")
    status = replace(
        snapshot.endpoints[0],
        endpoint=more,
        actual="tcp://0.0.0.0:41233",
        state=EndpointState.FAILED,
        problem=IN_USE,
    )
    spec = replace(snapshot.spec, name="prices", endpoints=(*snapshot.spec.endpoints, more))
    changed = replace(snapshot, spec=spec, endpoints=(*snapshot.endpoints, status))
    two.show(changed)
    rows = details.findChildren(EndpointStatusRow)
    assert len(rows) == 2
    assert details.windowTitle() == "SUB prices"
    press_icon(rows[1], "Copy the real address")
    assert QGuiApplication.clipboard().text() == "tcp://0.0.0.0:41233"
    press_icon(rows[1], "Try this endpoint again")
    press_icon(rows[1], "Remove this endpoint")
    assert two.controller.calls == [
        ("retry_endpoint", SocketId(1), more),
        ("remove_endpoint", SocketId(1), more),
    ]
    two.show(snapshot)
    qtbot.waitUntil(lambda: len(details.findChildren(EndpointStatusRow)) == 1)
    two.controller.remove_socket(SocketId(1))
    assert not details.isVisible()


def test_renaming_in_the_details(two: Rig, details: SocketDetails) -> None:
    name = next(
        f for f in details.findChildren(QLineEdit) if f.accessibleName() == "Name of the socket"
    )
    name.setText("prices")
    QTest.keyClick(name, Q.Key_Return)
    assert two.controller.calls == [("rename", SocketId(1), "prices")]
    name.setText(" ")
    QTest.keyClick(name, Q.Key_Return)
    assert name.text() == "quotes"


def test_closing_and_reopening_in_the_details(two: Rig, details: SocketDetails) -> None:
    button = next(b for b in details.findChildren(QPushButton) if b.text() == "Close socket")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    two.show(replace(two.controller.snapshots[SocketId(1)], state=SocketState.CLOSED))
    assert button.text() == "Reopen socket"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert two.controller.calls == [("close", SocketId(1)), ("reopen", SocketId(1))]


def test_every_control_of_the_details_has_a_name(details: SocketDetails) -> None:
    for button in details.findChildren(IconButton):
        assert button.accessibleName()
        assert button.toolTip()
    for field in details.findChildren(QLineEdit):
        assert field.accessibleName()
        assert field.toolTip()


# ---- groups and options of an open socket ---------------------------------------------------


def show_details(rig: Rig, qtbot: QtBot, socket_id: int) -> SocketDetails:
    rig.panel.select(SocketId(socket_id))
    rig.trigger("edit")
    dialog = next(
        d for d in rig.panel.window().findChildren(SocketDetails) if d.socket_id == socket_id
    )
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def test_groups_are_joined_and_left_while_a_dish_is_open(two: Rig, qtbot: QtBot) -> None:
    two.show(snapshot_of(7, SocketType.DISH, "rates", "tcp://a:1", topics=(b"EUR",)))
    dialog = show_details(two, qtbot, 7)
    field = fields(dialog, "Group; only messages of exactly this group come")
    QTest.keyClicks(field, "x" * 256)
    assert field.property("problem") is True
    field.setText("EUR")
    assert field.property("problem") is True
    field.setText("USD")
    QTest.keyClick(field, Q.Key_Return)
    (row,) = dialog.findChildren(TopicItemRow)
    leave = row.findChild(IconButton)
    assert isinstance(leave, IconButton)
    assert leave.toolTip() == "Leave this group"
    leave.click()
    assert two.controller.calls == [
        ("subscribe", SocketId(7), b"USD"),
        ("unsubscribe", SocketId(7), b"EUR"),
    ]
    words = " ".join(label.text() for label in dialog.findChildren(QLabel)).lower()
    assert "groups" in words
    assert "topic" not in words
    two.show(snapshot_of(7, SocketType.DISH, "rates", "tcp://a:1"))
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "It has joined no group, so nothing comes; add one." in words
    dialog.close()


def test_options_change_by_opening_the_socket_anew(two: Rig, qtbot: QtBot) -> None:
    dialog = show_details(two, qtbot, 1)
    before = two.controller.snapshots[SocketId(1)].spec
    search = next(f for f in dialog.findChildren(OptionSearch))
    QTest.keyClicks(search, "rcvhwm")
    QTest.keyClick(search, Q.Key_Return)
    field = fields(dialog, "rcvhwm, in messages")
    QApplication.processEvents()
    top = field.mapTo(dialog, QPoint(0, 0))
    QTest.keyClicks(field, "7x")
    QApplication.processEvents()
    reopen = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Reopen to apply")
    assert reopen.isVisible()
    assert not reopen.isEnabled()
    assert field.mapTo(dialog, QPoint(0, 0)) == top
    QTest.keyClick(field, Q.Key_Backspace)
    assert reopen.isEnabled()
    reopen.click()
    spec = replace(before, options=(("rcvhwm", 7),))
    assert two.controller.calls == [("change", SocketId(1), spec)]
    two.show(replace(two.controller.snapshots[SocketId(1)], spec=spec))
    assert not reopen.isVisible()
    assert field.text() == "7"
    dialog.close()


def test_options_that_are_being_changed_survive_news(two: Rig, qtbot: QtBot) -> None:
    dialog = show_details(two, qtbot, 1)
    snapshot = two.controller.snapshots[SocketId(1)]
    search = next(f for f in dialog.findChildren(OptionSearch))
    QTest.keyClicks(search, "rcvhwm")
    field = fields(dialog, "rcvhwm, in messages")
    QTest.keyClicks(field, "7")
    two.show(replace(snapshot, peer_count=3))
    assert field.text() == "7"
    discard = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Discard")
    discard.click()
    assert field.text() == ""
    assert not discard.isVisible()
    reopened = replace(snapshot, spec=replace(snapshot.spec, options=(("rcvhwm", 9),)))
    two.show(reopened)
    assert field.text() == "9"
    assert two.controller.calls == []
    dialog.close()


def test_tab_leads_through_the_details_in_order(two: Rig, qtbot: QtBot) -> None:
    two.show(snapshot_of(7, SocketType.SUB, "rates", "tcp://a:1", topics=(b"EUR",)))
    dialog = show_details(two, qtbot, 7)
    names = []
    stop = fields(dialog, "Address of the endpoint")
    seen = stop.nextInFocusChain()
    while seen is not None and seen is not stop:
        if seen.focusPolicy() & Qt.FocusPolicy.TabFocus and seen.isVisible() and seen.isEnabled():
            names.append(seen.accessibleName() or seen.objectName())
        seen = seen.nextInFocusChain()
    wanted = ["Unsubscribe from this topic", "Topic prefix; empty is everything", "Find an option",
              "Flow, closed", "The whole socket as one line", "Name of the socket"]  # fmt: skip
    assert [name for name in names if name in wanted] == wanted
    dialog.close()
