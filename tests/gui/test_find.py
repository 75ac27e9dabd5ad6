"""The find bar: from typing to hits in the table, and from hit to hit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.find_rig import SHIFT, FindRig, Key, choose_direction, fill, opened_table
from tests.gui.message_rig import put
from zmqscope.core.types import Direction
from zmqscope.ui.messages.painter import ROW_HEIGHT_PX
from zmqscope.ui.stylesheet import contrast, hit_color
from zmqscope.ui.theme import ThemeMode
from zmqscope.ui.tokens import DARK, LIGHT, TEXT_TOKENS, Palette


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[FindRig]:
    with opened_table(qtbot, tmp_path) as made:
        yield made


# ---- opening and closing ------------------------------------------------------------------------


def test_it_opens_with_the_keyboard_in_it_and_closes_with_the_table(rig: FindRig) -> None:
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


def test_escape_closes_it_from_bar_and_table(rig: FindRig) -> None:
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


def test_next_opens_it_too(rig: FindRig) -> None:
    rig.trigger("find_next")
    assert rig.bar.isVisible()


def test_closing_clears_and_stops(rig: FindRig) -> None:
    fill(rig, 10)
    rig.find("hit", "2 hits in 10 messages")
    assert [t for t in threading.enumerate() if t.name == "zmqscope-search"]
    rig.trigger("find_close")
    assert rig.bar.field.text() == ""
    assert not rig.model.hits.is_active
    assert not [t for t in threading.enumerate() if t.name == "zmqscope-search"]
    rig.trigger("find")
    assert rig.words == "Type text to find in any frame"


def test_every_control_has_a_name_and_says_what_it_does(rig: FindRig) -> None:
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for button in rig.bar.findChildren(QAbstractButton, options=direct):
        assert button.accessibleName()
        assert button.toolTip()
    assert rig.bar.field.accessibleName()


# ---- while typing -------------------------------------------------------------------------------


def test_hits_are_found_while_typing_and_while_messages_come(rig: FindRig) -> None:
    fill(rig, 20)
    rig.find("hit", "4 hits in 20 messages")
    assert rig.view.is_following
    assert rig.current is None
    fill(rig, 20)
    rig.until("8 hits in 40 messages")


def test_an_emptied_field_ends_the_search_at_once(rig: FindRig) -> None:
    fill(rig, 20)
    rig.find("hit", "4 hits in 20 messages")
    rig.bar.field.selectAll()
    QTest.keyClick(rig.bar.field, Key.Key_Delete)
    assert rig.words == "Type text to find in any frame"
    assert not rig.model.hits.is_active


def test_bytes_as_hex(rig: FindRig) -> None:
    put(rig.store, 2, (b"\x00\x6b", b"", b"go"), (b"\x00", b"\x6b"))
    rig.refresh()
    rig.trigger("find_hex")
    rig.find("00 6b", "1 hit in 2 messages")
    rig.trigger("find_hex")
    rig.until("no hit in 2 messages")


def test_bad_hex_says_what_to_do(rig: FindRig) -> None:
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


def test_topics_and_directions(rig: FindRig) -> None:
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


def test_enter_goes_from_hit_to_hit_and_round(rig: FindRig) -> None:
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


def test_enter_does_not_wait_for_the_end_of_typing(rig: FindRig) -> None:
    fill(rig, 500)
    rig.trigger("find")
    QTest.keyClicks(rig.bar.field, "hit")
    rig.enter()
    rig.wait(lambda: rig.current == 495)


def test_enter_without_a_hit_goes_nowhere(rig: FindRig) -> None:
    fill(rig, 50)
    rig.find("nothing", "no hit in 50 messages")
    rig.enter()
    assert rig.current is None
    assert rig.view.is_following


def test_it_goes_on_from_the_row_that_the_reader_chose(rig: FindRig) -> None:
    fill(rig, 500)
    rig.find("hit", "100 hits in 500 messages")
    rig.view.setCurrentIndex(rig.model.index(252, 0))
    rig.enter()
    assert rig.current == 255
    rig.view.setCurrentIndex(rig.model.index(252, 0))
    rig.enter(SHIFT)
    assert rig.current == 250


# ---- what it looks like -------------------------------------------------------------------------


def test_hits_stand_on_a_ground_of_their_own(rig: FindRig) -> None:
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


def test_the_text_itself_is_underlined(rig: FindRig) -> None:
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


def test_nothing_moves_when_another_choice_is_made(rig: FindRig) -> None:
    rig.trigger("find")
    places = [child.geometry() for child in rig.bar.findChildren(QToolButton)]
    choose_direction(rig, "Sent")
    for name in ("find_topic", "find_hex", "only_hits"):
        rig.trigger(name)
        assert [child.geometry() for child in rig.bar.findChildren(QToolButton)] == places


@pytest.mark.parametrize("width", [320, 369, 370, 469, 470, 700, 1_200])
def test_it_fits_into_any_width(rig: FindRig, width: int) -> None:
    rig.trigger("find")
    rig.panel.resize(width, 500)
    QApplication.processEvents()
    assert rig.bar.width() == rig.panel.width() == width
    buttons = [b for b in rig.bar.findChildren(QAbstractButton) if b.isVisible()]
    assert max(button.mapTo(rig.bar, button.rect().topRight()).x() for button in buttons) < width
    assert rig.bar.field.width() >= 80
