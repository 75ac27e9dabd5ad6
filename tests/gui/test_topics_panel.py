"""The topics panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList
from tests.gui.shell_rig import settings_in
from tests.topic_rig import START_NS, fill, in_second, topical
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPICS, SECOND_NS
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.topics.cells import TopicColumn
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.topics.action_list import topic_actions
from zmqscope.ui.topics.bar import TopicsBar
from zmqscope.ui.topics.panel import TopicsPanel
from zmqscope.ui.topics.separator_dialog import SeparatorDialog


class Rig:
    """The panel with its corner above it, over a store without an engine."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.store, self.sockets = CaptureStore(), SocketList()
        self.sockets.add(1, SocketType.SUB, "quotes")
        self.sockets.add(2, SocketType.ROUTER, "orders")
        self.settings, self.actions = settings_in(folder), ActionRegistry()
        self.theme = Theme(ThemeMode.DARK)
        self.panel = TopicsPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, self.settings
        )
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.panel.corner_widget())
        column.addWidget(self.panel)
        qtbot.addWidget(self.window)
        self.window.resize(800, 300)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.view, self.field = self.panel.view, self.panel.bar.field
        self.rows: list[object] = []
        self.only: list[object] = []
        self.panel.row_activated.connect(self.rows.append)
        self.panel.show_only_requested.connect(self.only.append)

    def refresh(self, second: float) -> None:
        self.panel.refresh(START_NS + round(second * SECOND_NS))
        QApplication.processEvents()

    def topics(self) -> list[str]:
        return [cells.texts[0] for cells in self.panel.model.cells(0, 100)]

    def words(self) -> str:
        labels = self.window.findChildren(QLabel)
        return " | ".join(label.text() for label in labels if label.isVisible())

    def point(self, row: int) -> QPoint:
        return self.view.visualRect(self.panel.model.index(row, 0)).center()

    def select(self, text: str) -> None:
        self.view.select(self.panel.model.index(self.topics().index(text), 0))

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"view.topics.{name}").trigger()

    def find(self, text: str) -> None:
        self.field.setText(text)
        self.panel.on_typing_timeout()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Rig:
    made = Rig(qtbot, tmp_path)
    made.store.append(in_second(0, {b"EURUSD": 3, b"USDJPY": 2}))
    made.store.append(in_second(0, {b"\x00\x6b\x8b\x45": 1}, socket_id=2))
    return made


def test_empty_says_what_to_do_next(rig: Rig) -> None:
    assert "No topics yet" in rig.words()
    assert "first frame" in rig.words()
    assert not rig.actions.qaction("view.topics.newest").isEnabled()
    rig.refresh(1)
    assert "No topics yet" not in rig.words()
    assert "3 topics" in rig.words()


def test_enter_and_double_click_show_the_newest_message(rig: Rig) -> None:
    rig.refresh(1)
    QTest.mouseClick(rig.view.viewport(), Qt.MouseButton.LeftButton, pos=rig.point(1))
    assert rig.rows == []
    QTest.mouseDClick(rig.view.viewport(), Qt.MouseButton.LeftButton, pos=rig.point(1))
    assert rig.rows == [4]
    rig.select("EURUSD")
    QTest.keyClick(rig.view, Qt.Key.Key_Return)
    assert rig.rows == [4, 2]
    rig.store.clear()
    rig.trigger("newest")
    assert rig.rows == [4, 2]
    assert "no longer in memory" in rig.words()


def test_copies(rig: Rig) -> None:
    rig.store.append(topical(b"100%,\n"))
    rig.refresh(1)
    clipboard = QGuiApplication.clipboard()
    rig.select("EURUSD")
    QTest.keyClick(rig.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "EURUSD"
    rig.trigger("copy_subscription")
    assert clipboard.text() == "topic=EURUSD"
    rig.select("⟨00 6b 8b 45⟩")
    rig.trigger("copy")
    assert clipboard.text() == "00 6b 8b 45"
    # A routing id is nothing that one subscribes to.
    assert not rig.actions.qaction("view.topics.copy_subscription").isEnabled()
    rig.select("100%,␊")
    rig.trigger("copy_subscription")
    assert clipboard.text() == "topic=100%25%2C%0A"


def test_a_group_is_copied_whole_though_its_topic_was_cut(rig: Rig) -> None:
    rig.sockets.add(3, SocketType.DISH, "rates")
    rig.store.topics.set_separator(ord("/"))
    rig.store.append(topical(b"fx/EUR,", socket_id=3))
    rig.refresh(1)
    rig.select("fx")
    rig.trigger("copy_subscription")
    assert QGuiApplication.clipboard().text() == "group=fx/EUR%2C"
    assert "DISH" in rig.words()
    rig.store.clear()
    rig.trigger("copy_subscription")
    assert "no longer in memory" in rig.words()


def test_shows_only_the_topics_socket(rig: Rig) -> None:
    rig.refresh(1)
    rig.select("⟨00 6b 8b 45⟩")
    rig.trigger("show_only")
    assert rig.only == [SocketId(2)]


def test_the_field_filters_and_the_selection_stays(rig: Rig) -> None:
    rig.refresh(1)
    rig.select("USDJPY")
    rig.find("usd")
    assert rig.topics() == ["EURUSD", "USDJPY"]
    assert "2 of 3 topics" in rig.words()
    assert rig.view.topic == 3
    rig.find("nowhere")
    assert "No topic contains “nowhere”" in rig.words()
    assert rig.view.topic is None
    assert not rig.actions.qaction("view.topics.copy").isEnabled()
    QTest.keyClick(rig.field, Qt.Key.Key_Escape)
    rig.qtbot.waitUntil(lambda: len(rig.topics()) == 3)


def test_typing_looks_once_it_pauses(rig: Rig) -> None:
    rig.refresh(1)
    QTest.keyClicks(rig.field, "jpy")
    rig.qtbot.waitUntil(lambda: rig.topics() == ["USDJPY"])


def test_the_keyboard_goes_from_field_to_table_and_back(rig: Rig) -> None:
    rig.refresh(1)
    rig.window.activateWindow()
    rig.trigger("find")
    rig.qtbot.waitUntil(rig.field.hasFocus)
    QTest.keyClick(rig.field, Qt.Key.Key_Down)
    assert rig.view.hasFocus()
    assert rig.view.currentIndex().row() == 0
    QTest.keyClick(rig.view, Qt.Key.Key_End)
    assert rig.view.currentIndex().row() == 2
    QTest.keyClick(rig.view, Qt.Key.Key_Home)
    QTest.keyClick(rig.view, Qt.Key.Key_Up)
    assert rig.field.hasFocus()


def test_headers_sort_figures_from_the_largest_and_it_is_remembered(
    rig: Rig, qtbot: QtBot, tmp_path: Path
) -> None:
    rig.refresh(1)
    header = rig.view.horizontalHeader()

    def click(column: TopicColumn) -> None:
        place = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    click(TopicColumn.TOPIC)
    assert rig.topics() == ["⟨00 6b 8b 45⟩", "EURUSD", "USDJPY"]
    click(TopicColumn.LAST)
    assert rig.topics() == ["⟨00 6b 8b 45⟩", "USDJPY", "EURUSD"]
    click(TopicColumn.LAST)
    assert rig.topics() == ["EURUSD", "USDJPY", "⟨00 6b 8b 45⟩"]
    rig.settings.save()
    again = Rig(qtbot, tmp_path)
    again.store.append(in_second(0, {b"a": 1, b"b": 9}))
    again.refresh(1)
    assert again.topics() == ["a", "b"]


def test_long_topics_get_the_room_until_a_width_is_chosen(rig: Rig) -> None:
    header = rig.view.horizontalHeader()
    before = header.sectionSize(TopicColumn.TOPIC)
    rig.window.resize(1_000, 300)
    rig.qtbot.waitUntil(lambda: header.sectionSize(TopicColumn.TOPIC) > before)
    rig.window.resize(5_000, 300)
    rig.qtbot.waitUntil(lambda: header.width() > 4_000)
    assert header.sectionSize(TopicColumn.TOPIC) < 500
    header.resizeSection(TopicColumn.TOPIC, 111)
    rig.window.resize(900, 300)
    rig.qtbot.waitUntil(lambda: header.width() < 1_000)
    assert header.sectionSize(TopicColumn.TOPIC) == 111


def test_rows_wait_while_one_is_clicked(rig: Rig) -> None:
    rig.refresh(1)
    QTest.mouseClick(rig.view.viewport(), Qt.MouseButton.LeftButton, pos=rig.point(0))
    rig.store.append(in_second(1, {b"USDJPY": 9}))
    rig.refresh(2)
    assert rig.topics()[0] == "EURUSD"
    rig.qtbot.waitUntil(lambda: not rig.view.is_held)
    rig.refresh(2.5)
    assert rig.topics()[0] == "USDJPY"
    assert rig.view.topic == 2
    assert rig.view.currentIndex().row() == 1


def test_where_topics_end(rig: Rig) -> None:
    assert rig.panel.bar.ends.text() == "topic: whole frame"
    rig.trigger("ends")
    menu = rig.window.findChild(QMenu)
    assert isinstance(menu, QMenu)
    entries = {entry.text(): entry for entry in menu.actions()}
    assert entries["The whole first frame"].isChecked()
    entries["Ends at “/”"].trigger()
    menu.close()
    assert rig.settings.topic_separator == ord("/")
    assert rig.panel.bar.ends.text() == "topic ends at “/”"
    rig.store.append(topical(b"fx/EUR"))
    rig.refresh(1)
    assert "fx" in rig.topics()
    assert "now on" in rig.panel.bar.ends.toolTip()


def test_where_topics_end_is_remembered(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    rig.settings.topic_separator = ord(".")
    rig.settings.save()
    again = Rig(qtbot, tmp_path)
    again.store.append(topical(b"fx.EUR"))
    again.refresh(1)
    assert again.topics() == ["fx"]
    again.settings.topic_separator = None
    again.store.append(topical(b"fx.EUR"))
    again.refresh(2)
    assert set(again.topics()) == {"fx", "fx.EUR"}


def test_another_character(rig: Rig) -> None:
    rig.trigger("ends")
    menu = rig.window.findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu.actions()[-1].trigger()
    menu.close()
    dialog = rig.window.findChild(SeparatorDialog)
    assert isinstance(dialog, SeparatorDialog)
    QTest.keyClicks(dialog.field, "ab")
    assert any("one character" in label.text() for label in dialog.findChildren(QLabel))
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert rig.settings.topic_separator is None
    dialog.field.setText(r"\t")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert rig.settings.topic_separator == 9
    assert rig.panel.bar.ends.text() == "topic ends at byte 09"


def test_the_menu_of_a_row(rig: Rig) -> None:
    rig.refresh(1)
    rig.select("EURUSD")
    rig.view.customContextMenuRequested.emit(rig.point(0))
    menu = rig.view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert "Copy topic" in [entry.text() for entry in menu.actions()]
    menu.close()


def test_others_have_a_line(rig: Rig) -> None:
    rig.refresh(1)
    assert "others" not in rig.words()
    rig.store.append(topical(b"x" * 300))
    rig.refresh(2)
    assert "others · 1 messages" not in rig.words()
    assert "others · 1 message of a topic longer than 255 bytes" in rig.words()


def test_renamed_and_removed_sockets(rig: Rig) -> None:
    rig.refresh(1)
    rig.sockets.rename(SocketId(1), "prices")
    assert rig.panel.model.cells(0, 1)[0].texts[TopicColumn.SOCKET] == "prices"
    del rig.sockets.snapshots[SocketId(1)]
    rig.sockets.socket_removed.emit(SocketId(1))
    cells = rig.panel.model.cells(0, 1)[0]
    assert (cells.texts[TopicColumn.SOCKET], cells.is_orphan) == ("prices", True)


def test_a_narrow_bar_keeps_the_field(qtbot: QtBot) -> None:
    bar = TopicsBar(Theme(ThemeMode.DARK))
    qtbot.addWidget(bar)
    bar.set_separator(None)
    bar.set_count("65,534 topics")
    with qtbot.waitExposed(bar):
        bar.show()
    (count,) = bar.findChildren(QLabel)
    shown = []
    for width in (bar.sizeHint().width(), 260, 95, bar.sizeHint().width()):
        bar.resize(width, 30)
        QApplication.processEvents()
        shown.append((bar.field.isVisible(), bar.ends.isVisible(), count.isVisible()))
    all_shown = (True, True, True)
    assert shown == [all_shown, (True, True, False), (True, False, False), all_shown]


def test_paints_a_full_table_in_both_themes(rig: Rig, dressed: QApplication) -> None:
    fill(rig.store)
    rig.refresh(1)
    rig.view.select(rig.panel.model.index(MAX_TOPICS - 3, 0))
    for mode in ThemeMode:
        rig.theme.set_mode(mode)
        rig.theme.apply(dressed)
        assert not rig.window.grab().isNull()
    assert "65,534 topics" in rig.words()
    assert "found no room" in rig.words()
    rig.store.clear()
    rig.refresh(2)
    assert not rig.window.grab().isNull()


def test_costs_little_while_nothing_happens(rig: Rig) -> None:
    rig.refresh(1)
    assert rig.panel.refresh_interval_ms() <= 250
    rig.refresh(10)
    assert rig.panel.refresh_interval_ms() >= 500


def test_every_action_is_complete() -> None:
    for action in topic_actions():
        assert action.shortcut
        assert action.help
        assert action.menu == "View"
