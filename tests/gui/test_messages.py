"""The messages panel: pause, filters, columns, menus, and what it says when it is empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.message_panel_rig import Key, MessagePanelRig, bottom_is_in_sight, opened_messages
from tests.gui.message_rig import put
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.messages.cells import Column, TimeMode
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.columns import ColumnLayout
from zmqscope.ui.messages.overlay import NewRowsPill
from zmqscope.ui.messages.painter import ROW_HEIGHT_PX
from zmqscope.ui.theme import ThemeMode


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[MessagePanelRig]:
    with opened_messages(qtbot, tmp_path) as made:
        yield made


# ---- pause, clear, filters ----------------------------------------------------------------------


def test_pause_holds_rows_back_and_loses_none(rig: MessagePanelRig) -> None:
    rig.fill(100)
    rig.press(Key.Key_Space)
    assert rig.actions.qaction("messages.pause").isChecked()
    rig.fill(50)
    assert rig.model.rowCount() == 100
    assert rig.pill.text() == "50 new ↓"
    rig.trigger("pause")
    assert rig.model.rowCount() == 150
    assert bottom_is_in_sight(rig)


def test_end_goes_on_after_a_pause(rig: MessagePanelRig) -> None:
    rig.fill(100)
    rig.trigger("pause")
    rig.fill(50)
    rig.trigger("follow")
    assert not rig.actions.qaction("messages.pause").isChecked()
    assert rig.model.rowCount() == 150


def test_clear_forgets_and_numbers_go_on(rig: MessagePanelRig) -> None:
    rig.fill(100)
    rig.trigger("clear")
    assert rig.model.rowCount() == 0
    assert rig.empty.isVisible()
    rig.fill(1)
    cells = rig.model.cells(0, 1)[0]
    assert cells is not None
    assert cells.texts[Column.NUMBER] == "101"


def test_one_socket_alone_and_back(rig: MessagePanelRig) -> None:
    rig.fill(300)
    put(rig.store, 2, (b"w1", b"", b"x"))
    rig.refresh()
    only = QSignalSpy(rig.panel.shown_only_changed)
    rig.view.setCurrentIndex(rig.model.index(300, 0))
    rig.trigger("show_only")
    assert rig.model.rowCount() == 1
    assert only.at(0)[0] == 2
    assert rig.model.row_id(rig.view.currentIndex().row()) == 300
    rig.trigger("show_all")
    assert rig.model.rowCount() == 301
    assert rig.model.row_id(rig.view.currentIndex().row()) == 300


def test_paused_sockets_are_left_out_from_their_row_on(rig: MessagePanelRig) -> None:
    rig.fill(10)
    rig.panel.set_paused_sockets({SocketId(1): 10})
    rig.fill(10)
    rig.fill(3, socket_id=2)
    assert rig.model.rowCount() == 13
    rig.panel.set_paused_sockets({})
    assert rig.model.rowCount() == 23


# ---- empty states -------------------------------------------------------------------------------


def words(rig: MessagePanelRig) -> str:
    rig.refresh()
    return rig.empty.accessibleName() if rig.empty.isVisible() else ""


def test_empty_tables_say_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    rig = MessagePanelRig(qtbot, tmp_path)
    assert "Ctrl+N" in words(rig)
    rig.sockets.add(1, SocketType.SUB, "quotes")
    rig.sockets.add(2, SocketType.ROUTER, "orders")
    assert "Waiting for the first message" in words(rig)
    rig.trigger("pause")
    rig.fill(5)
    assert "5 messages came meanwhile" in words(rig)
    rig.trigger("pause")
    assert words(rig) == ""
    rig.panel.show_only(SocketId(2))
    assert "No message of orders" in words(rig)
    rig.panel.show_only(None)
    rig.panel.set_paused_sockets({SocketId(1): 0})
    assert "paused socket" in words(rig)
    rig.panel.set_paused_sockets({})
    rig.trigger("clear")
    assert "Waiting for the next message" in words(rig)


# ---- columns, time, menus -----------------------------------------------------------------------


def test_columns_and_time_are_remembered(rig: MessagePanelRig) -> None:
    header = rig.view.horizontalHeader()
    columns = header.findChildren(ColumnLayout)[0]
    columns.set_shown(Column.FRAMES, False)
    header.resizeSection(Column.TOPIC, 222)
    header.moveSection(header.visualIndex(Column.SIZE), 0)
    rig.trigger("time_gap")
    again = MessagePanelRig.__new__(MessagePanelRig)
    again.__dict__.update(rig.__dict__)
    again.actions = ActionRegistry(rig.theme)
    panel = again.make_panel()
    header = panel.view.horizontalHeader()
    assert header.isSectionHidden(Column.FRAMES)
    assert header.sectionSize(Column.TOPIC) == 222
    assert header.visualIndex(Column.SIZE) == 0
    assert panel.model.writer.time_mode is TimeMode.GAP
    panel.close()


def test_broken_settings_do_no_harm(rig: MessagePanelRig) -> None:
    rig.settings.set_bytes("messages/columns-1", b"\x00\x01nonsense")
    rig.settings.set_text("messages/time", "yesterday")
    rig.actions = ActionRegistry(rig.theme)
    panel = rig.make_panel()
    assert panel.view.horizontalHeader().count() == len(Column)
    assert panel.model.writer.time_mode is TimeMode.ABSOLUTE
    panel.close()


def test_the_last_column_cannot_be_hidden(rig: MessagePanelRig) -> None:
    columns = rig.view.horizontalHeader().findChildren(ColumnLayout)[0]
    for column in Column:
        columns.set_shown(column, False)
    assert columns.shown() == [Column.PAYLOAD]
    columns.reset()
    assert columns.shown() == list(Column)


def test_the_choice_of_columns_opens_below_its_button(rig: MessagePanelRig) -> None:
    # The offscreen screen is narrow, and a menu stays on the screen.
    rig.panel.resize(600, 400)
    QApplication.processEvents()
    header = rig.view.horizontalHeader()
    menu = header.findChildren(ColumnLayout)[0].pop_up_below()
    end = header.mapToGlobal(header.rect().bottomRight())
    assert abs(menu.geometry().right() - end.x()) <= 2
    menu.close()


def test_the_pill_does_not_shrink_while_it_counts(rig: MessagePanelRig) -> None:
    pill = NewRowsPill(rig.view)
    pill.set_words("1,888 new ↓")
    wide = pill.width()
    pill.set_words("1 new ↓")
    assert pill.width() == wide
    pill.set_words("")
    pill.set_words("1 new ↓")
    assert pill.width() < wide


def test_menus_open(rig: MessagePanelRig) -> None:
    rig.fill(3)
    rig.trigger("columns")
    rig.view.customContextMenuRequested.emit(QPoint(20, 20))
    menus = [menu for menu in rig.view.findChildren(QMenu) if menu.isVisible()]
    titles = [action.text() for menu in menus for action in menu.actions()]
    assert "Copy as JSON" in titles
    for menu in menus:
        menu.close()


def test_every_control_has_a_name_and_a_tooltip(rig: MessagePanelRig) -> None:
    for button in rig.strip.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()
    assert rig.view.accessibleName()


def test_typing_letters_searches_nothing(
    rig: MessagePanelRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.fill(1_000)

    def refuse(*_args: int) -> None:
        pytest.fail("a row was asked for its text")

    with monkeypatch.context() as patched:
        patched.setattr(rig.model, "cells", refuse)
        rig.view.keyboardSearch("x")


def test_the_theme_turns(rig: MessagePanelRig) -> None:
    put(rig.store, 1, *[(b"EUR", b'{"a":1}')] * 30)
    rig.refresh()
    before = rig.view.grab().toImage()
    rig.theme.set_mode(ThemeMode.LIGHT)
    assert rig.view.grab().toImage() != before


@pytest.mark.parametrize("height", [590, 597, 600, 611])
def test_a_click_at_the_end_of_the_table_hits_what_is_seen(
    rig: MessagePanelRig, height: int
) -> None:
    rig.panel.resize(1000, height)
    rig.fill(200)
    view = rig.view
    for line in (0, 3, 4, 9):
        for y in (1, ROW_HEIGHT_PX - 2):
            at = QPoint(50, line * ROW_HEIGHT_PX + y)
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
            assert view.currentIndex().row() - view.top_row() == line
            # What was selected is painted anew where it stands.
            box = view.visualRect(view.currentIndex())
            assert box.top() == line * ROW_HEIGHT_PX
    rig.fill(50)
    assert view.rowViewportPosition(view.top_row()) == 0
    rig.press(Key.Key_Home)
    assert view.rowViewportPosition(0) == 0
    rig.press(Key.Key_End)
    assert view.rowViewportPosition(view.top_row()) == 0
