"""The find bar: from typing to hits in the table, and from hit to hit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList, put, put_many
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.search import plan as at
from zmqscope.core.types import Direction, SocketId, SocketType
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.find_bar import DirectionButton, FindBar
from zmqscope.ui.messages.overlay import EmptyWords
from zmqscope.ui.messages.painter import ROW_HEIGHT_PX
from zmqscope.ui.messages.panel import MessagesPanel
from zmqscope.ui.settings import Settings
from zmqscope.ui.stylesheet import contrast, hit_color
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.tokens import DARK, LIGHT, TEXT_TOKENS, Palette

Key = Qt.Key
NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
# What the search kernel looks at in one call at most.
SLICE_ROWS = 131_072


class Rig:
    """A messages panel with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path, budget_bytes: int = 1 << 30) -> None:
        self.qtbot = qtbot
        self.store = CaptureStore(budget_bytes)
        self.sockets = SocketList()
        self.sockets.add(1, SocketType.SUB, "quotes")
        self.sockets.add(2, SocketType.ROUTER, "orders")
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.panel = MessagesPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, settings
        )
        qtbot.addWidget(self.panel)
        qtbot.addWidget(self.panel.corner_widget())
        self.panel.resize(1000, 600)
        self.panel.show()
        self.view, self.model = self.panel.view, self.panel.model
        QApplication.processEvents()

    @property
    def bar(self) -> FindBar:
        return self.panel.finder.bar

    @property
    def words(self) -> str:
        return self.bar.result.words.text

    @property
    def current(self) -> int | None:
        index = self.view.currentIndex()
        return self.model.row_id(index.row()) if index.isValid() else None

    def refresh(self) -> None:
        self.panel.refresh(0)
        QApplication.processEvents()

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"messages.{name}").trigger()
        QApplication.processEvents()

    def find(self, text: str, says: str) -> None:
        """Open the bar, type a text in place of the last, and wait for what the bar says."""
        self.trigger("find")
        QTest.keyClicks(self.bar.field, text)
        self.until(says)

    def until(self, says: str) -> None:
        self.wait(lambda: self.words == says)

    def wait(self, condition: Callable[[], object]) -> None:
        """Refresh as the display's clock does until a condition holds."""

        def holds() -> bool:
            self.panel.refresh(0)
            return bool(condition())

        self.qtbot.waitUntil(holds, timeout=10_000)

    def enter(self, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        QTest.keyClick(self.bar.field, Key.Key_Return, modifiers)
        QApplication.processEvents()

    def top_id(self) -> int | None:
        return self.model.row_id(self.view.top_row())

    def shown(self) -> list[int]:
        return self.model.rows.row_ids(0, len(self.model.rows))

    def color_at(self, line: int) -> str:
        """The ground of a line of the table."""
        picture = self.view.viewport().grab().toImage()
        return QColor(picture.pixel(3, line * ROW_HEIGHT_PX + 3)).name()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    rig.panel.stop_search()
    rig.panel.close()


def fill(rig: Rig, count: int) -> None:
    """Store messages; every fifth one, from the first on, is a hit."""
    put(rig.store, 1, *[(b"EUR", b"hit" if n % 5 == 0 else b"no") for n in range(count)])
    rig.refresh()


def choose_direction(rig: Rig, words: str) -> None:
    """Choose from the menu of the direction's button."""
    (button,) = rig.bar.findChildren(DirectionButton)
    (entry,) = [entry for entry in button.menu().actions() if entry.text() == words]
    entry.trigger()
    assert button.text() == words


# ---- opening and closing ------------------------------------------------------------------------


def test_it_opens_with_the_keyboard_in_it_and_closes_with_the_table(rig: Rig) -> None:
    assert not rig.bar.isVisible()
    assert not rig.actions.qaction("messages.find_close").isEnabled()
    rig.trigger("find")
    assert rig.bar.isVisible()
    assert rig.panel.window().focusWidget() is rig.bar.field
    assert rig.words == "Type text to find in any frame"
    rig.trigger("find_close")
    assert not rig.bar.isVisible()
    assert rig.panel.window().focusWidget() is rig.view
    assert not rig.actions.qaction("messages.find_close").isEnabled()


def test_escape_closes_it_from_bar_and_table(rig: Rig) -> None:
    fill(rig, 10)
    rig.panel.activateWindow()
    for widget in (rig.bar.field, rig.view):
        rig.trigger("find")
        widget.setFocus()
        QTest.keyClick(widget, Key.Key_Escape)
        rig.wait(lambda: not rig.bar.isVisible())
    rig.view.setCurrentIndex(rig.model.index(3, 0))
    QTest.keyClick(rig.view, Key.Key_Escape)
    assert not rig.view.selectionModel().hasSelection()


def test_next_opens_it_too(rig: Rig) -> None:
    rig.trigger("find_next")
    assert rig.bar.isVisible()


def test_closing_clears_and_stops(rig: Rig) -> None:
    fill(rig, 10)
    rig.find("hit", "2 hits in 10 messages")
    assert [t for t in threading.enumerate() if t.name == "zmqscope-search"]
    rig.trigger("find_close")
    assert rig.bar.field.text() == ""
    assert not rig.model.hits.is_active
    assert not [t for t in threading.enumerate() if t.name == "zmqscope-search"]
    rig.trigger("find")
    assert rig.words == "Type text to find in any frame"


def test_every_control_has_a_name_and_says_what_it_does(rig: Rig) -> None:
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for button in rig.bar.findChildren(QAbstractButton, options=direct):
        assert button.accessibleName()
        assert button.toolTip()
    assert rig.bar.field.accessibleName()


# ---- while typing -------------------------------------------------------------------------------


def test_hits_are_found_while_typing_and_while_messages_come(rig: Rig) -> None:
    fill(rig, 20)
    rig.find("hit", "4 hits in 20 messages")
    assert rig.view.is_following
    assert rig.current is None
    fill(rig, 20)
    rig.until("8 hits in 40 messages")


def test_an_emptied_field_ends_the_search_at_once(rig: Rig) -> None:
    fill(rig, 20)
    rig.find("hit", "4 hits in 20 messages")
    rig.bar.field.selectAll()
    QTest.keyClick(rig.bar.field, Key.Key_Delete)
    assert rig.words == "Type text to find in any frame"
    assert not rig.model.hits.is_active


def test_bytes_as_hex(rig: Rig) -> None:
    put(rig.store, 2, (b"\x00\x6b", b"", b"go"), (b"\x00", b"\x6b"))
    rig.refresh()
    rig.trigger("find_hex")
    rig.find("00 6b", "1 hit in 2 messages")
    rig.trigger("find_hex")
    rig.until("no hit in 2 messages")


def test_bad_hex_says_what_to_do(rig: Rig) -> None:
    fill(rig, 10)
    rig.trigger("find_hex")
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "zz")
    rig.wait(lambda: rig.bar.result.words.tone == "broken")
    assert rig.words == (
        "“z” at position 1 is not a hex digit. "
        "Use 0–9 and a–f, with blanks or colons between bytes."
    )
    assert rig.bar.field.property("problem") is True
    assert not rig.model.hits.is_active
    rig.trigger("find_hex")
    rig.until("no hit in 10 messages")
    assert rig.bar.field.property("problem") is False


def test_topics_and_directions(rig: Rig) -> None:
    put(rig.store, 1, (b"EURUSD", b"1"), (b"GBPUSD", b"EUR"))
    put(rig.store, 2, (b"EUR", b"2"), direction=Direction.SENT)
    rig.refresh()
    rig.find("EUR", "3 hits in 3 messages")
    rig.trigger("find_topic")
    rig.until("2 hits by topic in 3 messages")
    choose_direction(rig, "Sent")
    rig.until("1 hit by topic in 3 messages")
    choose_direction(rig, "Received")
    rig.until("1 hit by topic in 3 messages")
    rig.trigger("find_topic")
    rig.until("2 hits in 3 messages")
    choose_direction(rig, "Both ways")
    rig.until("3 hits in 3 messages")


# ---- from hit to hit ----------------------------------------------------------------------------


def test_enter_goes_from_hit_to_hit_and_round(rig: Rig) -> None:
    fill(rig, 500)
    rig.find("hit", "100 hits in 500 messages")
    rig.enter()
    assert rig.current == 495
    assert not rig.view.is_following
    rig.enter(SHIFT)
    assert rig.current == 490
    rig.enter()
    assert rig.current == 495
    rig.enter()
    assert rig.current == 0
    assert rig.words == "100 hits in 500 messages · went on from the oldest"
    assert rig.top_id() == 0
    rig.enter(SHIFT)
    assert rig.current == 495
    assert rig.words == "100 hits in 500 messages · went on from the newest"
    rig.trigger("find_previous")
    assert rig.current == 490
    assert rig.words == "100 hits in 500 messages"
    assert rig.panel.window().focusWidget() is rig.bar.field


def test_enter_does_not_wait_for_the_end_of_typing(rig: Rig) -> None:
    fill(rig, 500)
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "hit")
    rig.enter()
    rig.wait(lambda: rig.current == 495)


def test_enter_without_a_hit_goes_nowhere(rig: Rig) -> None:
    fill(rig, 50)
    rig.find("nothing", "no hit in 50 messages")
    rig.enter()
    assert rig.current is None
    assert rig.view.is_following


def test_it_goes_on_from_the_row_that_the_reader_chose(rig: Rig) -> None:
    fill(rig, 500)
    rig.find("hit", "100 hits in 500 messages")
    rig.view.setCurrentIndex(rig.model.index(252, 0))
    rig.enter()
    assert rig.current == 255
    rig.view.setCurrentIndex(rig.model.index(252, 0))
    rig.enter(SHIFT)
    assert rig.current == 250


# ---- only hits ----------------------------------------------------------------------------------


def test_only_hits_and_back(rig: Rig) -> None:
    fill(rig, 500)
    rig.find("hit", "100 hits in 500 messages")
    rig.enter()
    rig.enter(SHIFT)
    rig.trigger("only_hits")
    assert rig.shown() == list(range(0, 500, 5))
    assert rig.current == 490
    fill(rig, 10)
    rig.until("102 hits in 510 messages")
    assert rig.shown()[-1] == 505
    rig.enter()
    assert rig.current == 495
    rig.trigger("find_close")
    assert len(rig.shown()) == 510
    assert rig.current == 495


def test_only_hits_of_one_socket(rig: Rig) -> None:
    fill(rig, 10)
    put(rig.store, 2, (b"id", b"hit"), (b"id", b"no"))
    rig.refresh()
    rig.trigger("only_hits")
    rig.find("hit", "3 hits in 12 messages")
    assert rig.shown() == [0, 5, 10]
    rig.panel.show_only(SocketId(2))
    rig.until("1 hit in 12 messages")
    assert rig.shown() == [10]
    rig.panel.show_only(None)
    rig.until("3 hits in 12 messages")
    rig.panel.set_paused_sockets({SocketId(1): 3})
    rig.until("2 hits in 12 messages")
    assert rig.shown() == [0, 10]


def test_no_hit_in_words(rig: Rig) -> None:
    fill(rig, 10)
    rig.trigger("only_hits")
    rig.find("nothing", "no hit in 10 messages")
    empty = rig.panel.findChildren(EmptyWords)[0]
    rig.wait(empty.isVisible)
    assert empty.accessibleName().startswith("No message in memory is a hit")


class OneByOne:
    """A kernel for which every row is a hit, and which does one slice each time it is let."""

    def __init__(self) -> None:
        self.turns = threading.Semaphore(0)

    def __call__(self, _segment: Any, _plan: Any, place: Any, found: Any) -> int:
        while not self.turns.acquire(timeout=0.005):
            if place[at.STOP]:
                return 0
        low, high = int(place[at.LOW]), int(place[at.HIGH])
        found[: high - low] = range(low, high)
        return high - low


def test_what_one_looks_at_stays_while_older_hits_come_above(rig: Rig) -> None:
    kernel = OneByOne()
    rig.sockets.kernels.search = kernel
    put_many(rig.store, 1, 3 * SLICE_ROWS)
    rig.refresh()
    rig.trigger("only_hits")
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "x")
    kernel.turns.release()
    rig.wait(lambda: len(rig.shown()) == SLICE_ROWS)
    assert rig.words.startswith("131,072 hits · searching 3")
    rig.view.stop_following()
    rig.view.verticalScrollBar().setValue(70_000)
    rig.view.setCurrentIndex(rig.model.index(70_003, 0))
    rig.view.verticalScrollBar().setValue(70_000)
    top, current = rig.top_id(), rig.current
    kernel.turns.release()
    rig.wait(lambda: len(rig.shown()) == 2 * SLICE_ROWS)
    assert (rig.top_id(), rig.current) == (top, current)
    assert rig.view.selected_ranges() == [(SLICE_ROWS + 70_003, SLICE_ROWS + 70_004)]
    kernel.turns.release()
    rig.until("393,216 hits in 393,216 messages")
    assert (rig.top_id(), rig.current) == (top, current)


def test_enter_waits_for_a_hit_that_is_not_found_yet(rig: Rig) -> None:
    kernel = OneByOne()
    rig.sockets.kernels.search = kernel
    put_many(rig.store, 1, 2 * SLICE_ROWS)
    rig.refresh()
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "x")
    rig.enter()
    assert rig.current is None
    kernel.turns.release()
    rig.wait(lambda: rig.current == 2 * SLICE_ROWS - 1)
    rig.enter()
    assert rig.current == 2 * SLICE_ROWS - 1
    kernel.turns.release()
    rig.wait(lambda: rig.current == 0)


def test_rows_that_left_memory_before_are_told(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path, budget_bytes=2_000_000)
    kernel = OneByOne()
    rig.sockets.kernels.search = kernel
    put_many(rig.store, 1, 20_000)
    rig.refresh()
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "x")
    kernel.turns.release()
    rig.wait(lambda: len(rig.model.hits.rows) > 0)
    put_many(rig.store, 1, 100_000)
    kernel.turns.release(500)
    rig.wait(lambda: "had left memory before" in rig.words)
    assert rig.bar.result.words.tone == "waiting"
    rig.panel.stop_search()


def test_clearing_searches_again(rig: Rig) -> None:
    fill(rig, 10)
    rig.find("hit", "2 hits in 10 messages")
    rig.trigger("clear")
    rig.until("no hit in 0 messages")
    fill(rig, 5)
    rig.until("1 hit in 5 messages")


# ---- what it looks like -------------------------------------------------------------------------


def test_hits_stand_on_a_ground_of_their_own(rig: Rig) -> None:
    fill(rig, 10)
    rig.find("hit", "2 hits in 10 messages")
    QApplication.processEvents()
    assert rig.color_at(5) == hit_color(DARK)
    assert rig.color_at(4) == rig.color_at(6) != hit_color(DARK)
    rig.theme.set_mode(ThemeMode.LIGHT)
    assert rig.color_at(5) == hit_color(LIGHT)
    rig.trigger("only_hits")
    assert rig.color_at(0) != hit_color(LIGHT)
    assert rig.color_at(0) == rig.color_at(1)


def test_the_text_itself_is_underlined(rig: Rig) -> None:
    fill(rig, 1)
    before = rig.view.viewport().grab().toImage()
    rig.find("hit", "1 hit in 1 message")
    rig.trigger("only_hits")
    after = rig.view.viewport().grab().toImage()
    accent = rig.theme.color("accent").rgb()
    line = ROW_HEIGHT_PX - 3
    marked = [x for x in range(after.width()) if after.pixel(x, line) == accent]
    assert 10 < len(marked) < 40
    assert not [x for x in range(before.width()) if before.pixel(x, line) == accent]


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_text_is_legible_on_the_ground_of_hits(palette: Palette) -> None:
    for token in TEXT_TOKENS:
        assert contrast(getattr(palette, token), hit_color(palette)) >= 4.5, token


def test_nothing_moves_when_another_choice_is_made(rig: Rig) -> None:
    rig.trigger("find")
    places = [child.geometry() for child in rig.bar.findChildren(QToolButton)]
    choose_direction(rig, "Sent")
    for name in ("find_topic", "find_hex", "only_hits"):
        rig.trigger(name)
        assert [child.geometry() for child in rig.bar.findChildren(QToolButton)] == places


@pytest.mark.parametrize("width", [320, 369, 370, 469, 470, 700, 1_200])
def test_it_fits_into_any_width(rig: Rig, width: int) -> None:
    rig.trigger("find")
    rig.panel.resize(width, 500)
    QApplication.processEvents()
    assert rig.bar.width() == rig.panel.width() == width
    buttons = [b for b in rig.bar.findChildren(QAbstractButton) if b.isVisible()]
    assert max(button.mapTo(rig.bar, button.rect().topRight()).x() for button in buttons) < width
    assert rig.bar.field.width() >= 80
