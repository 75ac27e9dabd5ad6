from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketType
from zmqscope.models.lock_draft import LockChoice
from zmqscope.models.lock_words import choice_title
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.endpoint_row import EndpointRow
from zmqscope.ui.sockets.interface_button import InterfaceButton
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.new_socket_dialog import NewSocketDialog
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.sockets.topic_row import TopicRow
from zmqscope.ui.theme import Theme, ThemeMode

Q = Qt.Key
QUOTES = "sub:tcp://localhost:5556,topic=EUR,name=quotes"


class Rig:
    """The dialog, and the names its parts are known by."""

    def __init__(self, qtbot: QtBot, settings: Settings) -> None:
        self.settings = settings
        self.dialog = NewSocketDialog(Theme(ThemeMode.DARK), settings)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.opened = QSignalSpy(self.dialog.spec_accepted)

    def field(self, name: str) -> QLineEdit:
        return next(f for f in self.dialog.findChildren(QLineEdit) if f.accessibleName() == name)

    @property
    def spec(self) -> QLineEdit:
        return self.field("Socket spec")

    @property
    def type(self) -> QComboBox:
        combos = self.dialog.findChildren(QComboBox)
        return next(c for c in combos if c.accessibleName() == "Socket type")

    def combo(self, name: str) -> QComboBox:
        combos = self.dialog.findChildren(QComboBox)
        return next(c for c in combos if c.accessibleName() == name)

    @property
    def transport(self) -> QComboBox:
        return self.combo("Transport of the endpoint")

    def choose_transport(self, scheme: str) -> None:
        row = self.transport.findData(scheme)
        self.transport.setCurrentIndex(row)
        self.transport.activated.emit(row)

    def notes(self) -> list[str]:
        found = self.dialog.findChildren(NoteLabel)
        return [label.words for label in found if label.isVisible()]

    def visible_options(self) -> list[OptionRow]:
        found = self.dialog.findChildren(OptionRow)
        rows = [row for row in found if row.isVisible()]
        return sorted(rows, key=lambda row: row.mapTo(self.dialog, QPoint(0, 0)).y())

    def group(self, title: str) -> QToolButton:
        found = self.dialog.findChildren(QToolButton)
        return next(button for button in found if button.text() == title)

    def icon_button(self, row: QWidget, name: str) -> QToolButton:
        found = row.findChildren(QToolButton)
        return next(button for button in found if button.accessibleName() == name)

    def button(self, text: str) -> QPushButton:
        found = self.dialog.findChildren(QPushButton)
        return next(b for b in found if b.text().replace("&", "") == text)

    def problems(self) -> list[str]:
        found = self.dialog.findChildren(ProblemLabel)
        return [label.words for label in found if label.isVisible()]

    def type_spec(self, text: str) -> None:
        self.spec.selectAll()
        QTest.keyClicks(self.spec, text)


def focus_chain(start: QWidget) -> Iterator[QWidget]:
    """What Tab visits after a widget, until it comes round."""
    stop = start.nextInFocusChain()
    while stop is not None and stop is not start:
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield stop
        stop = stop.nextInFocusChain()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    settings.add_recent_spec("push:@tcp://*:5557,sndhwm=1000")
    settings.add_recent_spec("sub:tcp://localhost:7777")
    rig = Rig(qtbot, settings)
    yield rig
    rig.dialog.close()


def test_it_begins_empty_without_complaint(rig: Rig) -> None:
    assert rig.spec.hasFocus() or rig.dialog.focusWidget() is rig.spec
    assert rig.problems() == []
    assert not rig.button("Open").isEnabled()


def test_the_form_follows_the_line(rig: Rig) -> None:
    rig.type_spec("dealer:tcp://a:1,@ipc:///tmp/x,identity=w1,name=worker")
    assert rig.type.currentText() == "DEALER"
    assert rig.field("Name of the socket").text() == "worker"
    assert len(rig.dialog.findChildren(EndpointRow)) == 2
    assert len(rig.dialog.findChildren(OptionRow)) == 1
    assert rig.button("Open").isEnabled()


def test_the_line_follows_the_form(rig: Rig) -> None:
    rig.type.setCurrentIndex(rig.type.findData(SocketType.PUSH))
    QTest.keyClicks(rig.field("Address of the endpoint"), "tcp://localhost:5557")
    QTest.keyClicks(rig.field("Name of the socket"), "load")
    assert rig.spec.text() == "push:tcp://localhost:5557,name=load"
    assert rig.button("Open").isEnabled()


def test_a_wrong_line_is_told_under_it_once_one_pauses(qtbot: QtBot, rig: Rig) -> None:
    rig.type_spec("sub:tcp://localhost")
    assert rig.problems() == []
    assert not rig.button("Open").isEnabled()
    qtbot.waitUntil(lambda: len(rig.problems()) == 1)
    QTest.keyClicks(rig.spec, ":")
    assert "port" in rig.problems()[0]
    QTest.keyClicks(rig.spec, "5556")
    assert rig.problems() == []
    assert rig.button("Open").isEnabled()


def test_enter_on_a_wrong_line_says_at_once_why_nothing_opens(rig: Rig) -> None:
    rig.type_spec("sub:tcp://localhost")
    QTest.keyClick(rig.spec, Qt.Key.Key_Return)
    assert len(rig.problems()) == 1
    assert rig.dialog.isVisible()
    assert rig.opened.count() == 0


def test_a_problem_of_two_lines_moves_nothing(rig: Rig) -> None:
    before = rig.type.mapTo(rig.dialog, QPoint(0, 0)).y()
    rig.type_spec("sub:tcp://localhost:*")
    QTest.keyClick(rig.spec, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert len(rig.problems()) == 1
    assert rig.type.mapTo(rig.dialog, QPoint(0, 0)).y() == before


def test_a_wrong_field_is_told_under_it_and_stays_in_the_line(rig: Rig) -> None:
    QTest.keyClicks(rig.field("Address of the endpoint"), "tcp://localhost:99999")
    assert len(rig.problems()) == 1
    assert "65535" in rig.problems()[0]
    assert rig.spec.text() == "sub:tcp://localhost:99999"
    assert not rig.button("Open").isEnabled()


def test_enter_opens_and_the_spec_is_remembered(rig: Rig) -> None:
    rig.type_spec(QUOTES)
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.opened.at(0) == [parse_spec(QUOTES), None]
    assert rig.settings.recent_specs[0] == QUOTES
    assert not rig.dialog.isVisible()


def test_enter_with_something_wrong_keeps_everything(rig: Rig) -> None:
    rig.type_spec("sub:nowhere")
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.opened.count() == 0
    assert rig.dialog.isVisible()
    assert rig.spec.text() == "sub:nowhere"


def test_escape_opens_nothing(rig: Rig) -> None:
    rig.type_spec(QUOTES)
    QTest.keyClick(rig.dialog, Q.Key_Escape)
    assert not rig.dialog.isVisible()
    assert rig.opened.count() == 0


def test_down_offers_recent_specs(rig: Rig) -> None:
    QTest.keyClick(rig.spec, Q.Key_Down)
    completer = rig.spec.completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    assert popup.isVisible()
    model = completer.completionModel()
    offered = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert offered == rig.settings.recent_specs
    QTest.keyClick(popup, Q.Key_Down)
    QTest.keyClick(popup, Q.Key_Return)
    assert rig.spec.text() in rig.settings.recent_specs
    assert rig.button("Open").isEnabled()


def test_rows_are_added_and_removed_by_keyboard(rig: Rig) -> None:
    rig.type_spec("sub:tcp://a:1")
    add = rig.button("Add endpoint")
    add.setFocus()
    QTest.keyClick(add, Q.Key_Space)
    rows = rig.dialog.findChildren(EndpointRow)
    assert len(rows) == 2
    address = rig.dialog.focusWidget()
    assert isinstance(address, QLineEdit)
    QTest.keyClicks(address, "tcp://b:2")
    assert rig.spec.text() == "sub:tcp://a:1,tcp://b:2"
    rows[0].on_remove_clicked()
    assert rig.spec.text() == "sub:tcp://b:2"


def test_tab_leads_through_the_rows_in_order(rig: Rig) -> None:
    rig.type_spec("push:tcp://a:1,@tcp://*:5557,sndhwm=7")
    QApplication.processEvents()
    seen = [stop for stop in focus_chain(rig.spec) if stop.isVisible()]
    fields = [s.text() for s in seen if isinstance(s, QLineEdit)]
    assert fields == ["", "tcp://a:1", "tcp://*:5557", "", "7"]
    buttons = [s.text().replace("&", "") for s in seen if isinstance(s, QPushButton)]
    assert buttons == ["Add endpoint", "Open", "Cancel"]


def test_topics_are_for_types_that_subscribe(rig: Rig) -> None:
    everything = rig.dialog.findChild(QCheckBox)
    assert isinstance(everything, QCheckBox)
    rig.type_spec("sub:tcp://a:1")
    assert everything.isVisible()
    everything.click()
    assert rig.spec.text() == "sub:tcp://a:1,topics=none"
    everything.click()
    rig.button("Add topic").click()
    assert not everything.isVisible()
    topic = rig.dialog.findChild(TopicRow)
    assert isinstance(topic, TopicRow)
    QTest.keyClicks(rig.field("Topic prefix; empty is everything"), "EUR")
    assert rig.spec.text() == "sub:tcp://a:1,topic=EUR"
    rig.type.setCurrentIndex(rig.type.findData(SocketType.PULL))
    assert not topic.isVisible()
    assert rig.spec.text() == "pull:tcp://a:1"
    rig.type.setCurrentIndex(rig.type.findData(SocketType.SUB))
    assert rig.spec.text() == "sub:tcp://a:1,topic=EUR"


def test_a_topic_in_hex(rig: Rig) -> None:
    rig.type_spec("sub:tcp://a:1,topic=%FF%01")
    topic = rig.field("Topic prefix; empty is everything")
    assert topic.text() == "ff 01"
    QTest.keyClicks(topic, " 0")
    assert len(rig.problems()) == 1
    QTest.keyClicks(topic, "2")
    assert rig.spec.text() == "sub:tcp://a:1,topic=%FF%01%02"


def test_every_type_is_explained(rig: Rig) -> None:
    flags = [rig.type.model().index(row, 0).flags() for row in range(rig.type.count())]
    rows = [row for row, flag in enumerate(flags) if flag & Qt.ItemFlag.ItemIsEnabled]
    for row in rows:
        assert rig.type.itemData(row, Qt.ItemDataRole.ToolTipRole)
    assert {rig.type.itemData(row) for row in rows} == set(SocketType)


def test_everything_has_a_name_and_a_tooltip(rig: Rig) -> None:
    rig.type_spec("sub:tcp://a:1,topic=x,rcvhwm=5")
    for kind in (QLineEdit, QComboBox):
        for widget in rig.dialog.findChildren(kind):
            assert widget.accessibleName(), widget
            assert widget.toolTip(), widget


def test_it_fits_a_small_window(rig: Rig) -> None:
    rig.type_spec("sub:tcp://a:1,tcp://b:2,topic=x,rcvhwm=5")
    rig.dialog.resize(rig.dialog.minimumSize())
    QApplication.processEvents()
    for row in rig.dialog.findChildren(EndpointRow):
        right = row.mapTo(rig.dialog, row.rect().topRight()).x()
        assert right <= rig.dialog.width()
    assert rig.button("Open").geometry().bottom() <= rig.dialog.height()


# ---- drafts, transports, groups -------------------------------------------------------------


def test_drafts_have_a_section_of_their_own(rig: Rig) -> None:
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


def test_a_dish_joins_groups_and_is_told_that_nothing_comes_without(rig: Rig) -> None:
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


def test_every_transport_is_in_the_list_and_says_why_not(rig: Rig) -> None:
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


def test_choosing_a_transport_writes_an_example_to_type_over(rig: Rig) -> None:
    rig.choose_transport("ws")
    address = rig.field("Address of the endpoint")
    assert address.text() == "ws://localhost:8080"
    assert address.selectedText() == "localhost:8080"
    assert rig.spec.text() == "sub:ws://localhost:8080"
    QTest.keyClicks(address, "b:1/feed")
    assert rig.spec.text() == "sub:ws://b:1/feed"
    rig.choose_transport("tcp")
    assert rig.spec.text() == "sub:tcp://b:1"


def test_an_example_follows_the_role(rig: Rig) -> None:
    rig.choose_transport("tcp")
    role = rig.combo("Connect or bind")
    role.setCurrentIndex(1)
    assert rig.spec.text() == "sub:@tcp://*:5556"
    role.setCurrentIndex(0)
    assert rig.spec.text() == "sub:tcp://localhost:5556"


def test_a_blank_row_turns_to_what_the_type_can_do(rig: Rig) -> None:
    role = rig.combo("Connect or bind")
    rig.type.setCurrentIndex(rig.type.findData(SocketType.DGRAM))
    assert role.currentText() == "bind"
    assert rig.field("Address of the endpoint").placeholderText() == "udp://*:5556"
    assert rig.transport.currentText() == "udp"
    rig.type.setCurrentIndex(rig.type.findData(SocketType.SUB))
    assert role.currentText() == "connect"


def test_what_is_typed_chooses_its_transport(rig: Rig) -> None:
    address = rig.field("Address of the endpoint")
    QTest.keyClicks(address, "ipc:///tmp/x")
    assert rig.transport.currentText() == "ipc"
    address.setText("foo://x")
    assert rig.transport.currentIndex() == -1


def test_scrolling_over_a_list_changes_nothing(rig: Rig) -> None:
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


def test_an_interface_is_offered_for_multicast(rig: Rig) -> None:
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


def test_a_draft_over_inproc_is_told_whom_it_meets(rig: Rig) -> None:
    rig.type_spec("client:inproc://x")
    assert "A CLIENT over inproc:// meets only sockets of this app." in rig.notes()


def test_wss_asks_for_its_files(qtbot: QtBot, rig: Rig, tmp_path: Path) -> None:
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


def test_the_subprotocol_is_chosen(rig: Rig) -> None:
    rig.type_spec("sub:ws://a:1")
    combo = rig.combo("zws_subprotocol")
    assert combo.currentText() == "both"
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert rig.spec.text() == "sub:ws://a:1,zws_subprotocol=ZWS2.0"
    rig.type_spec("sub:ws://a:1,zws_subprotocol=ZWS2.0/NULL")
    assert combo.currentText() == "ZWS2.0/NULL alone"


# ---- options --------------------------------------------------------------------------------


def test_only_options_that_are_set_are_shown_at_first(rig: Rig) -> None:
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


def test_a_group_opens_and_closes_by_keyboard(rig: Rig) -> None:
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


def test_an_option_is_found_typed_and_judged(rig: Rig) -> None:
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


def test_a_search_without_a_hit_says_so(rig: Rig) -> None:
    QTest.keyClicks(rig.field("Find an option"), "zebra")
    assert rig.visible_options() == []
    assert any("zebra" in note for note in rig.notes())


def test_a_switch_back_at_its_default_is_left_alone(rig: Rig) -> None:
    rig.type_spec("router:tcp://a:1")
    QTest.keyClicks(rig.field("Find an option"), "router_mandatory")
    box = next(b for b in rig.dialog.findChildren(QCheckBox) if b.text() == "on" and b.isVisible())
    box.click()
    assert rig.spec.text() == "router:tcp://a:1,router_mandatory=0"
    assert box.text() == "off"
    box.click()
    assert rig.spec.text() == "router:tcp://a:1"


def test_an_option_of_another_type_stays_until_it_is_removed(rig: Rig) -> None:
    rig.type_spec("push:tcp://a:1,sndhwm=7")
    rig.type.setCurrentIndex(rig.type.findData(SocketType.PULL))
    (row,) = rig.visible_options()
    assert "does nothing" in rig.problems()[0]
    rig.icon_button(row, "Back to the default of sndhwm").click()
    assert rig.problems() == []
    assert rig.spec.text() == "pull:tcp://a:1"


def test_where_an_option_does_nothing_is_said(rig: Rig) -> None:
    rig.type_spec("push:ipc:///tmp/x,tos=8")
    assert any(note.endswith("Does nothing over ipc:// here.") for note in rig.notes())


def test_a_narrow_dialog_still_tells_the_default(rig: Rig) -> None:
    rig.type_spec("push:tcp://a:1,sndhwm=7")
    rig.dialog.resize(rig.dialog.minimumSize())
    QApplication.processEvents()
    assert any("Default 1,000." in note for note in rig.notes())
    (row,) = rig.visible_options()
    right = row.mapTo(rig.dialog, row.rect().topRight()).x()
    assert right <= rig.dialog.width()


def test_fields_stay_where_they_are_when_websocket_rows_come(rig: Rig) -> None:
    rig.type_spec("sub:tcp://a:1")
    QApplication.processEvents()
    before = rig.type.mapTo(rig.dialog, QPoint(0, 0)), rig.type.width()
    rig.type_spec("sub:wss://a:1")
    QApplication.processEvents()
    assert rig.type.mapTo(rig.dialog, QPoint(0, 0)) == before[0]


# ---- a line that still lacks something ------------------------------------------------------


KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"


def is_marked(field: QWidget) -> bool:
    return bool(field.property("problem"))


def lacking_line(rig: Rig, qtbot: QtBot, line: str) -> None:
    """Type a line and wait until it is told what it lacks."""
    rig.type_spec(line)
    assert rig.spec.text() == line
    assert not rig.button("Open").isEnabled()
    qtbot.waitUntil(lambda: any("lacks" in text for text in rig.problems()))


def test_the_form_follows_a_line_whose_lock_lacks_the_server_key(rig: Rig, qtbot: QtBot) -> None:
    lacking_line(rig, qtbot, "push:tcp://a:1,name=load,sndhwm=5,lock=curve-client")
    assert rig.type.currentText() == "PUSH"
    assert rig.field("Name of the socket").text() == "load"
    assert rig.field("Address of the endpoint").text() == "tcp://a:1"
    assert rig.combo("Lock").currentText() == choice_title(LockChoice.CURVE_CLIENT)
    key = rig.field("Public key of the server")
    assert is_marked(key)
    assert key in list(focus_chain(rig.spec))
    assert any("Still missing: the server" in note for note in rig.notes())
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.dialog.focusWidget() is key
    key.setText(KEY)
    assert parse_spec(rig.spec.text()).lock.server_key == KEY
    assert rig.problems() == []
    assert not is_marked(key)
    assert rig.button("Open").isEnabled()


def test_a_plain_client_lacks_its_name(rig: Rig, qtbot: QtBot) -> None:
    lacking_line(rig, qtbot, "sub:tcp://a:1,topic=EUR,lock=plain-client")
    user = rig.field("User name")
    assert is_marked(user)
    QTest.keyClick(rig.spec, Q.Key_Return)
    QTest.keyClicks(rig.dialog.focusWidget(), "ann")
    assert rig.spec.text() == "sub:tcp://a:1,topic=EUR,lock=plain-client,user=ann"
    assert rig.button("Open").isEnabled()


def test_a_curve_server_lacks_its_pair(rig: Rig, qtbot: QtBot) -> None:
    lacking_line(rig, qtbot, "pub:@tcp://127.0.0.1:5556,lock=curve-server")
    pair = rig.combo("Own key pair")
    assert is_marked(pair)
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.dialog.focusWidget() is pair
    assert not rig.button("Open").isEnabled()


def test_what_cannot_be_read_stays_in_the_line_while_the_form_changes(
    rig: Rig, qtbot: QtBot
) -> None:
    rig.type_spec("push:tcp://a:1,nonsense")
    qtbot.waitUntil(lambda: len(rig.problems()) == 1)
    QTest.keyClicks(rig.field("Name of the socket"), "load")
    assert rig.spec.text() == "push:tcp://a:1,name=load,nonsense"
    assert "nonsense" in rig.problems()[0]
    assert not rig.button("Open").isEnabled()
    rig.type_spec("push:tcp://a:1,name=load")
    assert rig.problems() == []
    assert rig.button("Open").isEnabled()


def test_an_endpoint_half_typed_is_in_the_form_and_told_once(rig: Rig, qtbot: QtBot) -> None:
    rig.type_spec("push:tcp://localhost,name=load")
    qtbot.waitUntil(lambda: len(rig.problems()) == 1)
    assert rig.field("Address of the endpoint").text() == "tcp://localhost"
    QTest.keyClicks(rig.field("Address of the endpoint"), ":5557")
    assert rig.spec.text() == "push:tcp://localhost:5557,name=load"
    assert rig.button("Open").isEnabled()
