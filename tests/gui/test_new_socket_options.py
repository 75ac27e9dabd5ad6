"""Options in the dialog for a new socket: found, typed, judged, removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.new_socket_rig import NewSocketRig, Q, opened_dialog
from zmqscope.core.types import SocketType


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[NewSocketRig]:
    with opened_dialog(qtbot, tmp_path) as made:
        yield made


def test_only_options_that_are_set_are_shown_at_first(rig: NewSocketRig) -> None:
    rig.type_spec("push:tcp://a:1")
    assert rig.visible_options() == []
    rig.type_spec("push:tcp://a:1,sndhwm=7")
    (row,) = rig.visible_options()
    assert row.is_set
    assert rig.group("Flow · 1 set").isVisible()
    assert "default 1,000" in [label.text() for label in row.findChildren(QLabel)]
    rig.icon_button(row, "Back to the default of sndhwm").click()
    assert rig.spec.text() == "push:tcp://a:1"
    # It stays where one has just been.
    assert row.isVisible()
    assert not row.is_set
    assert rig.group("Flow").isVisible()


def test_a_group_opens_and_closes_by_keyboard(rig: NewSocketRig) -> None:
    rig.type_spec("push:tcp://a:1")
    title = rig.group("Reconnecting")
    assert title.accessibleName() == "Reconnecting, closed"
    title.setFocus()
    QTest.keyClick(title, Q.Key_Space)
    assert title.accessibleName() == "Reconnecting, open"
    names = [row.option.name for row in rig.visible_options()]
    assert "reconnect_ivl" in names
    assert rig.field("reconnect_ivl, in ms").placeholderText() == "100"
    QTest.keyClick(title, Q.Key_Space)
    assert rig.visible_options() == []


def test_an_option_is_found_typed_and_judged(rig: NewSocketRig) -> None:
    rig.type_spec("push:tcp://a:1")
    search = rig.field("Find an option")
    QTest.keyClicks(search, "ping often")
    assert [row.option.name for row in rig.visible_options()] == ["heartbeat_ivl"]
    QTest.keyClick(search, Q.Key_Return)
    field = rig.field("heartbeat_ivl, in ms")
    assert rig.dialog.focusWidget() is field
    QTest.keyClicks(field, "x")
    assert "whole number" in rig.problems()[0]
    assert field.property("problem") is True
    assert not rig.button("Open").isEnabled()
    field.selectAll()
    QTest.keyClicks(field, "2000")
    assert rig.spec.text() == "push:tcp://a:1,heartbeat_ivl=2000"
    assert rig.problems() == []
    field.clear()
    assert rig.spec.text() == "push:tcp://a:1"
    QTest.keyClick(search, Q.Key_Escape)
    assert search.text() == ""
    assert rig.dialog.isVisible()


def test_a_search_without_a_hit_says_so(rig: NewSocketRig) -> None:
    QTest.keyClicks(rig.field("Find an option"), "zebra")
    assert rig.visible_options() == []
    assert any("zebra" in note for note in rig.notes())


def test_a_switch_back_at_its_default_is_left_alone(rig: NewSocketRig) -> None:
    rig.type_spec("router:tcp://a:1")
    QTest.keyClicks(rig.field("Find an option"), "router_mandatory")
    box = next(b for b in rig.dialog.findChildren(QCheckBox) if b.text() == "on" and b.isVisible())
    box.click()
    assert rig.spec.text() == "router:tcp://a:1,router_mandatory=0"
    assert box.text() == "off"
    box.click()
    assert rig.spec.text() == "router:tcp://a:1"


def test_an_option_of_another_type_stays_until_it_is_removed(rig: NewSocketRig) -> None:
    rig.type_spec("push:tcp://a:1,sndhwm=7")
    rig.type.setCurrentIndex(rig.type.findData(SocketType.PULL))
    (row,) = rig.visible_options()
    assert "does nothing" in rig.problems()[0]
    rig.icon_button(row, "Back to the default of sndhwm").click()
    assert rig.problems() == []
    assert rig.spec.text() == "pull:tcp://a:1"


def test_where_an_option_does_nothing_is_said(rig: NewSocketRig) -> None:
    rig.type_spec("push:ipc:///tmp/x,tos=8")
    assert any(note.endswith("Does nothing over ipc:// here.") for note in rig.notes())


def test_a_narrow_dialog_still_tells_the_default(rig: NewSocketRig) -> None:
    rig.type_spec("push:tcp://a:1,sndhwm=7")
    rig.dialog.resize(rig.dialog.minimumSize())
    QApplication.processEvents()
    assert any("Default 1,000." in note for note in rig.notes())
    (row,) = rig.visible_options()
    right = row.mapTo(rig.dialog, row.rect().topRight()).x()
    assert right <= rig.dialog.width()


def test_fields_stay_where_they_are_when_websocket_rows_come(rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://a:1")
    QApplication.processEvents()
    before = rig.type.mapTo(rig.dialog, QPoint(0, 0)), rig.type.width()
    rig.type_spec("sub:wss://a:1")
    QApplication.processEvents()
    assert rig.type.mapTo(rig.dialog, QPoint(0, 0)) == before[0]
