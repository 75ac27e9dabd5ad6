"""The dialog for a new socket: its line and its form, in step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.new_socket_rig import QUOTES, NewSocketRig, Q, focus_chain, opened_dialog
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketType
from zmqscope.ui.sockets.endpoint_row import EndpointRow
from zmqscope.ui.sockets.options.row import OptionRow
from zmqscope.ui.sockets.topic_row import TopicRow


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[NewSocketRig]:
    with opened_dialog(qtbot, tmp_path) as made:
        yield made


def test_it_begins_empty_without_complaint(rig: NewSocketRig) -> None:
    assert rig.spec.hasFocus() or rig.dialog.focusWidget() is rig.spec
    assert rig.problems() == []
    assert not rig.button("Open").isEnabled()


def test_the_form_follows_the_line(rig: NewSocketRig) -> None:
    rig.type_spec("dealer:tcp://a:1,@ipc:///tmp/x,identity=w1,name=worker")
    assert rig.type.currentText() == "DEALER"
    assert rig.field("Name of the socket").text() == "worker"
    assert len(rig.dialog.findChildren(EndpointRow)) == 2
    assert len(rig.dialog.findChildren(OptionRow)) == 1
    assert rig.button("Open").isEnabled()


def test_the_line_follows_the_form(rig: NewSocketRig) -> None:
    rig.type.setCurrentIndex(rig.type.findData(SocketType.PUSH))
    QTest.keyClicks(rig.field("Address of the endpoint"), "tcp://localhost:5557")
    QTest.keyClicks(rig.field("Name of the socket"), "load")
    assert rig.spec.text() == "push:tcp://localhost:5557,name=load"
    assert rig.button("Open").isEnabled()


def test_a_wrong_line_is_told_under_it_once_one_pauses(qtbot: QtBot, rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://localhost")
    assert rig.problems() == []
    assert not rig.button("Open").isEnabled()
    qtbot.waitUntil(lambda: len(rig.problems()) == 1)
    QTest.keyClicks(rig.spec, ":")
    assert "port" in rig.problems()[0]
    QTest.keyClicks(rig.spec, "5556")
    assert rig.problems() == []
    assert rig.button("Open").isEnabled()


def test_enter_on_a_wrong_line_says_at_once_why_nothing_opens(rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://localhost")
    QTest.keyClick(rig.spec, Qt.Key.Key_Return)
    assert len(rig.problems()) == 1
    assert rig.dialog.isVisible()
    assert rig.opened.count() == 0


def test_a_problem_of_two_lines_moves_nothing(rig: NewSocketRig) -> None:
    before = rig.type.mapTo(rig.dialog, QPoint(0, 0)).y()
    rig.type_spec("sub:tcp://localhost:*")
    QTest.keyClick(rig.spec, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert len(rig.problems()) == 1
    assert rig.type.mapTo(rig.dialog, QPoint(0, 0)).y() == before


def test_a_wrong_field_is_told_under_it_and_stays_in_the_line(rig: NewSocketRig) -> None:
    QTest.keyClicks(rig.field("Address of the endpoint"), "tcp://localhost:99999")
    assert len(rig.problems()) == 1
    assert "65535" in rig.problems()[0]
    assert rig.spec.text() == "sub:tcp://localhost:99999"
    assert not rig.button("Open").isEnabled()


def test_enter_opens_and_the_spec_is_remembered(rig: NewSocketRig) -> None:
    rig.type_spec(QUOTES)
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.opened.at(0) == [parse_spec(QUOTES), None]
    assert rig.settings.recent_specs[0] == QUOTES
    assert not rig.dialog.isVisible()


def test_enter_with_something_wrong_keeps_everything(rig: NewSocketRig) -> None:
    rig.type_spec("sub:nowhere")
    QTest.keyClick(rig.spec, Q.Key_Return)
    assert rig.opened.count() == 0
    assert rig.dialog.isVisible()
    assert rig.spec.text() == "sub:nowhere"


def test_escape_opens_nothing(rig: NewSocketRig) -> None:
    rig.type_spec(QUOTES)
    QTest.keyClick(rig.dialog, Q.Key_Escape)
    assert not rig.dialog.isVisible()
    assert rig.opened.count() == 0


def test_down_offers_recent_specs(rig: NewSocketRig) -> None:
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


def test_rows_are_added_and_removed_by_keyboard(rig: NewSocketRig) -> None:
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


def test_tab_leads_through_the_rows_in_order(rig: NewSocketRig) -> None:
    rig.type_spec("push:tcp://a:1,@tcp://*:5557,sndhwm=7")
    QApplication.processEvents()
    seen = [stop for stop in focus_chain(rig.spec) if stop.isVisible()]
    fields = [s.text() for s in seen if isinstance(s, QLineEdit)]
    assert fields == ["", "tcp://a:1", "tcp://*:5557", "", "7"]
    buttons = [s.text().replace("&", "") for s in seen if isinstance(s, QPushButton)]
    assert buttons == ["Add endpoint", "Open", "Cancel"]


def test_topics_are_for_types_that_subscribe(rig: NewSocketRig) -> None:
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


def test_a_topic_in_hex(rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://a:1,topic=%FF%01")
    topic = rig.field("Topic prefix; empty is everything")
    assert topic.text() == "ff 01"
    QTest.keyClicks(topic, " 0")
    assert len(rig.problems()) == 1
    QTest.keyClicks(topic, "2")
    assert rig.spec.text() == "sub:tcp://a:1,topic=%FF%01%02"


def test_every_type_is_explained(rig: NewSocketRig) -> None:
    flags = [rig.type.model().index(row, 0).flags() for row in range(rig.type.count())]
    rows = [row for row, flag in enumerate(flags) if flag & Qt.ItemFlag.ItemIsEnabled]
    for row in rows:
        assert rig.type.itemData(row, Qt.ItemDataRole.ToolTipRole)
    assert {rig.type.itemData(row) for row in rows} == set(SocketType)


def test_everything_has_a_name_and_a_tooltip(rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://a:1,topic=x,rcvhwm=5")
    for kind in (QLineEdit, QComboBox):
        for widget in rig.dialog.findChildren(kind):
            assert widget.accessibleName(), widget
            assert widget.toolTip(), widget


def test_it_fits_a_small_window(rig: NewSocketRig) -> None:
    rig.type_spec("sub:tcp://a:1,tcp://b:2,topic=x,rcvhwm=5")
    rig.dialog.resize(rig.dialog.minimumSize())
    QApplication.processEvents()
    for row in rig.dialog.findChildren(EndpointRow):
        right = row.mapTo(rig.dialog, row.rect().topRight()).x()
        assert right <= rig.dialog.width()
    assert rig.button("Open").geometry().bottom() <= rig.dialog.height()
