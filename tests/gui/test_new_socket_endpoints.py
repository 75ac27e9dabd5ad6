"""Endpoints in the dialog for a new socket: drafts, transports, groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.gui.new_socket_rig import NewSocketRig, opened_dialog
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketType
from zmqscope.ui.sockets.interface_button import InterfaceButton
from zmqscope.ui.sockets.labels import NoteLabel


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[NewSocketRig]:
    with opened_dialog(qtbot, tmp_path) as made:
        yield made


def test_drafts_have_a_section_of_their_own(rig: NewSocketRig) -> None:
    model = rig.type.model()
    rows = [model.index(row, 0) for row in range(rig.type.count())]
    titles = [str(r.data()) for r in rows if not r.flags() & Qt.ItemFlag.ItemIsEnabled]
    assert titles == ["Stable types", "Draft types"]
    section = next(r for r in rows if r.data() == "Draft types")
    assert "may still change" in section.data(Qt.ItemDataRole.AccessibleTextRole)
    drafts = [rig.type.itemData(r.row()) for r in rows if r.row() > section.row()]
    assert drafts == [kind for kind in SocketType if kind.is_draft]
    rig.type.setCurrentIndex(rig.type.findData(SocketType.CLIENT))
    assert any("draft" in label.words for label in rig.dialog.findChildren(NoteLabel))


def test_a_dish_joins_groups_and_is_told_that_nothing_comes_without(rig: NewSocketRig) -> None:
    rig.type_spec("dish:tcp://a:1")
    assert "It receives nothing until it joins a group." in rig.notes()
    rig.button("Add group").click()
    group = rig.field("Group; only messages of exactly this group come")
    QTest.keyClicks(group, "EUR")
    assert rig.spec.text() == "dish:tcp://a:1,group=EUR"
    assert not any("nothing until" in note for note in rig.notes())
    QTest.keyClicks(group, "x" * 300)
    assert "too long" in rig.problems()[0]
    rig.type.setCurrentIndex(rig.type.findData(SocketType.SUB))
    assert rig.button("Add topic").isVisible()
    assert group.accessibleName() == "Topic prefix; empty is everything"


def test_every_transport_is_in_the_list_and_says_why_not(rig: NewSocketRig) -> None:
    rig.type_spec("radio:@tcp://*:1")
    combo = rig.transport
    assert combo.currentText() == "tcp"
    row = combo.findData("udp")
    index = combo.model().index(row, 0)
    assert not index.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "only connects over udp://" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "only connects over udp://" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    pgm = combo.model().index(combo.findData("pgm"), 0)
    assert "built without" in pgm.data(Qt.ItemDataRole.ToolTipRole)
    rig.type_spec("radio:tcp://a:1")
    assert combo.model().index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled


def test_choosing_a_transport_writes_an_example_to_type_over(rig: NewSocketRig) -> None:
    rig.choose_transport("ws")
    address = rig.field("Address of the endpoint")
    assert address.text() == "ws://localhost:8080"
    assert address.selectedText() == "localhost:8080"
    assert rig.spec.text() == "sub:ws://localhost:8080"
    QTest.keyClicks(address, "b:1/feed")
    assert rig.spec.text() == "sub:ws://b:1/feed"
    rig.choose_transport("tcp")
    assert rig.spec.text() == "sub:tcp://b:1"


def test_an_example_follows_the_role(rig: NewSocketRig) -> None:
    rig.choose_transport("tcp")
    role = rig.combo("Connect or bind")
    role.setCurrentIndex(1)
    assert rig.spec.text() == "sub:@tcp://*:5556"
    role.setCurrentIndex(0)
    assert rig.spec.text() == "sub:tcp://localhost:5556"


def test_a_blank_row_turns_to_what_the_type_can_do(rig: NewSocketRig) -> None:
    role = rig.combo("Connect or bind")
    rig.type.setCurrentIndex(rig.type.findData(SocketType.DGRAM))
    assert role.currentText() == "bind"
    assert rig.field("Address of the endpoint").placeholderText() == "udp://*:5556"
    assert rig.transport.currentText() == "udp"
    rig.type.setCurrentIndex(rig.type.findData(SocketType.SUB))
    assert role.currentText() == "connect"


def test_what_is_typed_chooses_its_transport(rig: NewSocketRig) -> None:
    address = rig.field("Address of the endpoint")
    QTest.keyClicks(address, "ipc:///tmp/x")
    assert rig.transport.currentText() == "ipc"
    address.setText("foo://x")
    assert rig.transport.currentIndex() == -1


def test_scrolling_over_a_list_changes_nothing(rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://a:1")
    point = QPointF(5, 5)
    wheel = QWheelEvent(
        point,
        QPointF(rig.transport.mapToGlobal(point)),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(rig.transport, wheel)
    assert rig.spec.text() == "sub:tcp://a:1"


def test_an_interface_is_offered_for_multicast(rig: NewSocketRig) -> None:
    button = rig.dialog.findChild(InterfaceButton)
    assert isinstance(button, InterfaceButton)
    rig.type_spec("radio:tcp://a:1")
    assert not button.isVisible()
    rig.type_spec("radio:udp://239.192.1.1:5556")
    assert button.isVisible()
    menu = button.menu()
    menu.aboutToShow.emit()
    loopback = next(action for action in menu.actions() if "127.0.0.1" in action.text())
    loopback.trigger()
    name = loopback.text().partition(" · ")[0]
    assert rig.spec.text() == f"radio:udp://{name};239.192.1.1:5556"
    assert rig.button("Open").isEnabled()
    menu.actions()[0].trigger()
    assert rig.spec.text() == "radio:udp://239.192.1.1:5556"


def test_a_draft_over_inproc_is_told_whom_it_meets(rig: NewSocketRig) -> None:
    rig.type_spec("client:inproc://x")
    assert "A CLIENT over inproc:// meets only sockets of this app." in rig.notes()


def test_wss_asks_for_its_files(qtbot: QtBot, rig: NewSocketRig, tmp_path: Path) -> None:
    rig.type_spec("pub:@wss://*:8443")
    assert "A bound wss:// endpoint needs a certificate and its key." in rig.notes()
    names = [row.option.name for row in rig.visible_options()]
    assert names == ["wss_cert_pem", "wss_key_pem", "zws_subprotocol"]
    file = tmp_path / "a,b 100%.pem"
    file.write_bytes(b"")
    row = rig.visible_options()[0]
    rig.icon_button(row, "Choose the file for wss_cert_pem").click()
    dialog = row.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    qtbot.waitUntil(lambda: row.findChild(QFileDialog) is None)
    assert rig.field("wss_cert_pem").text() == str(file)
    assert dict(parse_spec(rig.spec.text()).options) == {"wss_cert_pem": str(file).encode()}
    QTest.keyClicks(rig.field("wss_key_pem"), "/tmp/key.pem")
    assert "A bound wss:// endpoint needs a certificate and its key." not in rig.notes()
    assert rig.button("Open").isEnabled()


def test_the_subprotocol_is_chosen(rig: NewSocketRig) -> None:
    rig.type_spec("sub:ws://a:1")
    combo = rig.combo("zws_subprotocol")
    assert combo.currentText() == "both"
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert rig.spec.text() == "sub:ws://a:1,zws_subprotocol=ZWS2.0"
    rig.type_spec("sub:ws://a:1,zws_subprotocol=ZWS2.0/NULL")
    assert combo.currentText() == "ZWS2.0/NULL alone"
