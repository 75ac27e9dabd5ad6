"""The messages panel: live and still, by keyboard and mouse, at ten million rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList, put, put_many
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.message_cells import Column, TimeMode
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages import copying
from zmqscope.ui.messages.columns import ColumnLayout
from zmqscope.ui.messages.overlay import EmptyWords, NewRowsPill, NoteStrip
from zmqscope.ui.messages.painter import ROW_HEIGHT_PX
from zmqscope.ui.messages.panel import MessagesPanel
from zmqscope.ui.messages.strip import MessageStrip
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

Key = Qt.Key
NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Rig:
    """A messages panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path, budget_bytes: int = 1 << 30) -> None:
        self.qtbot = qtbot
        self.store = CaptureStore(budget_bytes)
        self.sockets = SocketList()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        ini = QSettings.Format.IniFormat
        self.settings = Settings(QSettings(str(folder / "settings.ini"), ini))
        self.panel = self.make_panel()
        self.view, self.model = self.panel.view, self.panel.model
        self.strip = self.panel.corner_widget()
        assert isinstance(self.strip, MessageStrip)
        qtbot.addWidget(self.strip)
        self.activated = QSignalSpy(self.panel.row_activated)

    def make_panel(self) -> MessagesPanel:
        panel = MessagesPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, self.settings
        )
        self.qtbot.addWidget(panel)
        panel.resize(1000, 600)
        panel.show()
        panel.view.setFocus()
        QApplication.processEvents()
        return panel

    def refresh(self) -> None:
        self.panel.refresh(0)
        QApplication.processEvents()

    def fill(self, count: int, socket_id: int = 1) -> None:
        put_many(self.store, socket_id, count)
        self.refresh()

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(self.view, key, modifiers)
        QApplication.processEvents()

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"messages.{name}").trigger()
        QApplication.processEvents()

    def scroll(self, action: QAbstractSlider.SliderAction) -> None:
        self.view.verticalScrollBar().triggerAction(action)
        QApplication.processEvents()

    def top_id(self) -> int | None:
        return self.model.row_id(self.view.top_row())

    @property
    def pill(self) -> NewRowsPill:
        return self.panel.findChildren(NewRowsPill)[0]

    @property
    def empty(self) -> EmptyWords:
        return self.panel.findChildren(EmptyWords)[0]

    @property
    def note(self) -> NoteStrip:
        return self.panel.findChildren(NoteStrip)[0]

    @property
    def last_activated(self) -> object:
        return self.activated.at(self.activated.count() - 1)[0]


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    rig.sockets.add(1, SocketType.SUB, "quotes")
    rig.sockets.add(2, SocketType.ROUTER, "orders")
    yield rig
    rig.panel.close()


def bottom_is_in_sight(rig: Rig) -> bool:
    bar = rig.view.verticalScrollBar()
    return bar.value() == bar.maximum()


# ---- following live -----------------------------------------------------------------------------


def test_it_follows_live(rig: Rig) -> None:
    rig.fill(500)
    assert bottom_is_in_sight(rig)
    rig.fill(500)
    assert bottom_is_in_sight(rig)
    assert rig.strip.findChildren(QToolButton)
    assert not rig.pill.isVisible()


def test_scrolling_up_stops_it_and_counts_what_is_new(rig: Rig) -> None:
    rig.fill(500)
    rig.scroll(QAbstractSlider.SliderAction.SliderPageStepSub)
    top = rig.top_id()
    rig.fill(1_234)
    assert rig.top_id() == top
    assert rig.pill.isVisible()
    assert rig.pill.text() == "1,234 new ↓"
    rig.pill.click()
    rig.refresh()
    assert bottom_is_in_sight(rig)
    assert not rig.pill.isVisible()


def test_scrolling_to_the_bottom_resumes_it(rig: Rig) -> None:
    rig.fill(500)
    rig.scroll(QAbstractSlider.SliderAction.SliderSingleStepSub)
    assert not rig.view.is_following
    rig.scroll(QAbstractSlider.SliderAction.SliderToMaximum)
    assert rig.view.is_following


def test_what_was_scrolled_to_is_no_longer_new(rig: Rig) -> None:
    rig.fill(100)
    rig.scroll(QAbstractSlider.SliderAction.SliderToMinimum)
    rig.fill(100)
    rig.view.verticalScrollBar().setValue(rig.view.verticalScrollBar().maximum() - 50)
    rig.refresh()
    assert rig.pill.text() == "50 new ↓"


@pytest.mark.parametrize("key", [Key.Key_Up, Key.Key_PageUp, Key.Key_Home])
def test_the_keyboard_upwards_stops_it(rig: Rig, key: Key) -> None:
    rig.fill(500)
    rig.press(key)
    assert not rig.view.is_following
    assert rig.last_activated is not None
    rig.press(Key.Key_End)
    assert rig.view.is_following
    assert bottom_is_in_sight(rig)


def test_home_goes_to_the_first_row_and_control_end_comes_back(rig: Rig) -> None:
    rig.fill(500)
    rig.press(Key.Key_Home)
    assert rig.top_id() == 0
    assert rig.last_activated == 0
    rig.press(Key.Key_End, CONTROL)
    assert bottom_is_in_sight(rig)


def test_a_click_on_a_row_lets_it_run_on(rig: Rig) -> None:
    rig.fill(500)
    QTest.mouseClick(
        rig.view.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, QPoint(200, 5 * 23 + 5)
    )
    top = rig.top_id()
    assert top is not None
    assert rig.last_activated == top + 5
    assert rig.view.is_following


def test_a_larger_window_still_ends_at_the_newest(rig: Rig) -> None:
    rig.fill(500)
    rig.panel.resize(1000, 300)
    QApplication.processEvents()
    assert bottom_is_in_sight(rig)


# ---- rows that go -------------------------------------------------------------------------------


def test_rows_under_the_eye_stay_while_old_ones_go(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(80_000)
    rig.view.stop_following()
    rig.view.verticalScrollBar().setValue(70_000)
    top = rig.top_id()
    rig.fill(40_000)
    assert rig.store.first_row > 0
    assert rig.top_id() == top
    assert not rig.note.isVisible()


def test_reading_what_goes_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(50_000)
    rig.press(Key.Key_Home)
    rig.fill(200_000)
    assert rig.view.top_row() == 0
    assert "no longer in memory" in rig.note.text()
    assert rig.note.isVisible()
    rig.press(Key.Key_End)
    assert not rig.note.isVisible()


def test_the_current_row_does_not_slip_to_its_neighbour(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(50_000)
    rig.press(Key.Key_Home)
    count = rig.activated.count()
    rig.fill(200_000)
    assert rig.activated.count() == count
    assert not rig.view.currentIndex().isValid()
    rig.trigger("resend")
    assert "inspector has it" in rig.note.text()


def test_a_selected_row_keeps_its_place_in_the_capture(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path, budget_bytes=4_000_000)
    rig.fill(80_000)
    rig.view.setCurrentIndex(rig.model.index(79_000, 0))
    rig.fill(40_000)
    assert rig.model.row_id(rig.view.currentIndex().row()) == 79_000
    assert rig.view.selected_ranges() == [
        (79_000 - rig.store.first_row, 79_001 - rig.store.first_row)
    ]


# ---- pause, clear, filters ----------------------------------------------------------------------


def test_pause_holds_rows_back_and_loses_none(rig: Rig) -> None:
    rig.fill(100)
    rig.press(Key.Key_Space)
    assert rig.actions.qaction("messages.pause").isChecked()
    rig.fill(50)
    assert rig.model.rowCount() == 100
    assert rig.pill.text() == "50 new ↓"
    rig.trigger("pause")
    assert rig.model.rowCount() == 150
    assert bottom_is_in_sight(rig)


def test_end_goes_on_after_a_pause(rig: Rig) -> None:
    rig.fill(100)
    rig.trigger("pause")
    rig.fill(50)
    rig.trigger("follow")
    assert not rig.actions.qaction("messages.pause").isChecked()
    assert rig.model.rowCount() == 150


def test_clear_forgets_and_numbers_go_on(rig: Rig) -> None:
    rig.fill(100)
    rig.trigger("clear")
    assert rig.model.rowCount() == 0
    assert rig.empty.isVisible()
    rig.fill(1)
    cells = rig.model.cells(0, 1)[0]
    assert cells is not None
    assert cells.texts[Column.NUMBER] == "101"


def test_one_socket_alone_and_back(rig: Rig) -> None:
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


def test_paused_sockets_are_left_out_from_their_row_on(rig: Rig) -> None:
    rig.fill(10)
    rig.panel.set_paused_sockets({SocketId(1): 10})
    rig.fill(10)
    rig.fill(3, socket_id=2)
    assert rig.model.rowCount() == 13
    rig.panel.set_paused_sockets({})
    assert rig.model.rowCount() == 23


# ---- empty states -------------------------------------------------------------------------------


def words(rig: Rig) -> str:
    rig.refresh()
    return rig.empty.accessibleName() if rig.empty.isVisible() else ""


def test_empty_tables_say_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path)
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


# ---- copying ------------------------------------------------------------------------------------


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_rows_are_copied_as_shown(rig: Rig) -> None:
    put(rig.store, 1, (b"EUR", b'{"a":1}'), (b"GBP", b"\xff"))
    rig.refresh()
    rig.view.selectAll()
    rig.press(Key.Key_C, CONTROL)
    lines = clipboard().split("\n")
    assert [line.split("\t")[4:] for line in lines] == [
        ["EUR", "2", "10", '{"a":1}'],
        ["GBP", "2", "4", "ff"],
    ]
    assert rig.note.text() == "Copied 2 messages."


def test_payload_and_json(rig: Rig) -> None:
    put(rig.store, 1, (b"EUR", b"x" * 2_000))
    rig.refresh()
    rig.view.setCurrentIndex(rig.model.index(0, 0))
    rig.trigger("copy_payload")
    assert clipboard() == "x" * 2_000
    rig.trigger("copy_json")
    assert '"socket": "quotes"' in clipboard()


def test_too_many_rows_are_bounded_with_a_sentence(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MAX_ROWS", 2_500)
    rig.fill(10_000)
    rig.view.selectAll()
    rig.trigger("copy")
    rig.qtbot.waitUntil(lambda: "of 10,000 selected" in rig.note.text())
    assert clipboard().count("\n") == 2_499
    assert "a copy takes 2,500 rows" in rig.note.text()


def test_shift_selects_several(rig: Rig) -> None:
    rig.fill(100)
    rig.press(Key.Key_Up)
    rig.press(Key.Key_Up, SHIFT)
    rig.press(Key.Key_Up, SHIFT)
    ranges = rig.view.selected_ranges()
    assert sum(high - low for low, high in ranges) == 3


def test_nothing_selected_nothing_to_copy(rig: Rig) -> None:
    rig.fill(3)
    assert not rig.actions.qaction("messages.copy").isEnabled()
    assert not rig.actions.qaction("messages.resend").isEnabled()
    rig.press(Key.Key_Up)
    assert rig.actions.qaction("messages.copy").isEnabled()
    rig.press(Key.Key_Escape)
    assert not rig.actions.qaction("messages.copy").isEnabled()
    assert rig.last_activated is None


def test_a_message_goes_to_the_composer(rig: Rig) -> None:
    put(rig.store, 1, (b"EUR", b"\xff"))
    rig.refresh()
    asked = QSignalSpy(rig.panel.edit_requested)
    rig.press(Key.Key_Up)
    rig.trigger("resend")
    assert asked.at(0)[0] == (b"EUR", b"\xff")


# ---- columns, time, menus -----------------------------------------------------------------------


def test_columns_and_time_are_remembered(rig: Rig) -> None:
    header = rig.view.horizontalHeader()
    columns = header.findChildren(ColumnLayout)[0]
    columns.set_shown(Column.FRAMES, False)
    header.resizeSection(Column.TOPIC, 222)
    header.moveSection(header.visualIndex(Column.SIZE), 0)
    rig.trigger("time_gap")
    again = Rig.__new__(Rig)
    again.__dict__.update(rig.__dict__)
    again.actions = ActionRegistry(rig.theme)
    panel = again.make_panel()
    header = panel.view.horizontalHeader()
    assert header.isSectionHidden(Column.FRAMES)
    assert header.sectionSize(Column.TOPIC) == 222
    assert header.visualIndex(Column.SIZE) == 0
    assert panel.model.writer.time_mode is TimeMode.GAP
    panel.close()


def test_broken_settings_do_no_harm(rig: Rig) -> None:
    rig.settings.set_bytes("messages/columns-1", b"\x00\x01nonsense")
    rig.settings.set_text("messages/time", "yesterday")
    rig.actions = ActionRegistry(rig.theme)
    panel = rig.make_panel()
    assert panel.view.horizontalHeader().count() == len(Column)
    assert panel.model.writer.time_mode is TimeMode.ABSOLUTE
    panel.close()


def test_the_last_column_cannot_be_hidden(rig: Rig) -> None:
    columns = rig.view.horizontalHeader().findChildren(ColumnLayout)[0]
    for column in Column:
        columns.set_shown(column, False)
    assert columns.shown() == [Column.PAYLOAD]
    columns.reset()
    assert columns.shown() == list(Column)


def test_the_choice_of_columns_opens_below_its_button(rig: Rig) -> None:
    # The offscreen screen is narrow, and a menu stays on the screen.
    rig.panel.resize(600, 400)
    QApplication.processEvents()
    header = rig.view.horizontalHeader()
    menu = header.findChildren(ColumnLayout)[0].pop_up_below()
    end = header.mapToGlobal(header.rect().bottomRight())
    assert abs(menu.geometry().right() - end.x()) <= 2
    menu.close()


def test_the_pill_does_not_shrink_while_it_counts(rig: Rig) -> None:
    pill = NewRowsPill(rig.view)
    pill.set_words("1,888 new ↓")
    wide = pill.width()
    pill.set_words("1 new ↓")
    assert pill.width() == wide
    pill.set_words("")
    pill.set_words("1 new ↓")
    assert pill.width() < wide


def test_menus_open(rig: Rig) -> None:
    rig.fill(3)
    rig.trigger("columns")
    rig.view.customContextMenuRequested.emit(QPoint(20, 20))
    menus = [menu for menu in rig.view.findChildren(QMenu) if menu.isVisible()]
    titles = [action.text() for menu in menus for action in menu.actions()]
    assert "Copy as JSON" in titles
    for menu in menus:
        menu.close()


def test_every_control_has_a_name_and_a_tooltip(rig: Rig) -> None:
    for button in rig.strip.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()
    assert rig.view.accessibleName()


def test_typing_letters_searches_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.fill(1_000)

    def refuse(*_args: int) -> None:
        pytest.fail("a row was asked for its text")

    with monkeypatch.context() as patched:
        patched.setattr(rig.model, "cells", refuse)
        rig.view.keyboardSearch("x")


# ---- pace ---------------------------------------------------------------------------------------


def test_an_idle_panel_asks_rarely_and_wakes_at_once(rig: Rig) -> None:
    rig.fill(10)
    assert rig.panel.refresh_interval_ms() <= 33
    rig.refresh()
    assert rig.panel.refresh_interval_ms() >= 500
    put_many(rig.store, 1, 1)
    rig.sockets.woken.emit()
    assert rig.model.rowCount() == 11
    put_many(rig.store, 1, 1)
    rig.qtbot.waitUntil(lambda: rig.model.rowCount() == 12)


def test_the_theme_turns(rig: Rig) -> None:
    put(rig.store, 1, *[(b"EUR", b'{"a":1}')] * 30)
    rig.refresh()
    before = rig.view.grab().toImage()
    rig.theme.set_mode(ThemeMode.LIGHT)
    assert rig.view.grab().toImage() != before


def best_of(run: Callable[[], object], count: int = 7) -> float:
    times = []
    for _ in range(count):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def costs(rig: Rig) -> dict[str, float]:
    """Seconds for each thing that a person feels."""
    view, bar = rig.view, rig.view.verticalScrollBar()

    def append() -> None:
        put_many(rig.store, 1, 100)
        rig.refresh()

    def scroll(value: int) -> None:
        bar.setValue(value)
        view.viewport().repaint()

    def select() -> None:
        view.selectAll()
        view.horizontalHeader().viewport().repaint()
        view.viewport().repaint()
        view.clearSelection()

    result = {"repaint": best_of(view.viewport().repaint), "append": best_of(append)}
    view.stop_following()
    result["middle"] = best_of(lambda: scroll(bar.maximum() // 2))
    result["end"] = best_of(lambda: scroll(bar.maximum()))
    result["select"] = best_of(select)
    return result


@pytest.mark.slow
def test_ten_million_rows_cost_what_a_thousand_do(qtbot: QtBot, tmp_path: Path) -> None:
    small = Rig(qtbot, tmp_path)
    small.fill(1_000)
    few = costs(small)
    small.panel.close()

    large = Rig(qtbot, tmp_path)
    put_many(large.store, 1, 10_000_000)
    process = psutil.Process()
    before = process.memory_info().rss
    large.refresh()
    many = costs(large)
    grown = process.memory_info().rss - before
    large.panel.close()

    assert large.model.rowCount() > 10_000_000
    # A megabyte or two of caches; one byte a row would be ten.
    assert grown < 8_000_000
    for name, seconds in many.items():
        assert seconds < few[name] * 4 + 0.002, (name, seconds, few[name])


def test_two_selected_rows_can_be_compared(rig: Rig) -> None:
    rig.fill(5)
    asked = QSignalSpy(rig.panel.commands.compare_requested)
    action = rig.actions.qaction("messages.compare")
    rig.press(Key.Key_Home)
    assert not action.isEnabled()
    rig.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    rig.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert action.isEnabled()
    rig.trigger("compare")
    assert asked.count() == 1
    assert list(asked.at(0)) == [0, 2]


@pytest.mark.parametrize("height", [590, 597, 600, 611])
def test_a_click_at_the_end_of_the_table_hits_what_is_seen(rig: Rig, height: int) -> None:
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
