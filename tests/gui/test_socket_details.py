"""A socket's details: live, and changed while it is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.socket_panel_rig import IN_USE, Q, SocketPanelRig, opened_sockets, press_icon
from tests.gui.socket_rig import snapshot_of
from zmqscope.core.types import Endpoint, EndpointState, Role, SocketId, SocketState, SocketType
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.detail_rows import EndpointStatusRow, TopicItemRow
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.options.form import OptionSearch


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


# ---- details --------------------------------------------------------------------------------


@pytest.fixture
def details(two: SocketPanelRig, qtbot: QtBot) -> Iterator[SocketDetails]:
    two.trigger("edit")
    dialog = two.panel.window().findChild(SocketDetails)
    assert isinstance(dialog, SocketDetails)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    for left in two.panel.window().findChildren(SocketDetails):
        left.close()


def fields(details: SocketDetails, name: str) -> DataField:
    return next(f for f in details.findChildren(DataField) if f.accessibleName() == name)


def test_asking_twice_shows_the_same_details(two: SocketPanelRig, details: SocketDetails) -> None:
    two.trigger("edit")
    assert len(two.panel.window().findChildren(SocketDetails)) == 1


def test_an_endpoint_is_added_by_enter(two: SocketPanelRig, details: SocketDetails) -> None:
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


def test_an_endpoint_that_is_there_is_refused(two: SocketPanelRig, details: SocketDetails) -> None:
    field = fields(details, "Address of the endpoint")
    QTest.keyClicks(field, "tcp://a:1")
    QTest.keyClick(field, Q.Key_Return)
    assert two.controller.calls == []
    assert field.property("problem") is True


def test_topics_are_added_and_removed(two: SocketPanelRig, details: SocketDetails) -> None:
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


def test_details_follow_the_socket(
    two: SocketPanelRig, details: SocketDetails, qtbot: QtBot
) -> None:
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


def test_renaming_in_the_details(two: SocketPanelRig, details: SocketDetails) -> None:
    name = next(
        f for f in details.findChildren(QLineEdit) if f.accessibleName() == "Name of the socket"
    )
    name.setText("prices")
    QTest.keyClick(name, Q.Key_Return)
    assert two.controller.calls == [("rename", SocketId(1), "prices")]
    name.setText(" ")
    QTest.keyClick(name, Q.Key_Return)
    assert name.text() == "quotes"


def test_closing_and_reopening_in_the_details(two: SocketPanelRig, details: SocketDetails) -> None:
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


def show_details(rig: SocketPanelRig, qtbot: QtBot, socket_id: int) -> SocketDetails:
    rig.panel.select(SocketId(socket_id))
    rig.trigger("edit")
    dialog = next(
        d for d in rig.panel.window().findChildren(SocketDetails) if d.socket_id == socket_id
    )
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def test_groups_are_joined_and_left_while_a_dish_is_open(two: SocketPanelRig, qtbot: QtBot) -> None:
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


def test_options_change_by_opening_the_socket_anew(two: SocketPanelRig, qtbot: QtBot) -> None:
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


def test_options_that_are_being_changed_survive_news(two: SocketPanelRig, qtbot: QtBot) -> None:
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


def test_tab_leads_through_the_details_in_order(two: SocketPanelRig, qtbot: QtBot) -> None:
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
