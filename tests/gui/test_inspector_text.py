"""Text and JSON in the inspector: one with the bytes below, searched, and of any size."""

from __future__ import annotations

import json
import pickle
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.inspector_rig import PULL, InspectorRig
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.inspector.text_pane import TextPane
from zmqscope.ui.inspector.text_view import FrameTextView

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
Shift = Qt.KeyboardModifier.ShiftModifier

LOG = (
    "first line\r\nGr\u00fc\u00dfe \x1b[31mred\x1b[0m\r\nlast \u8a9e line\n".encode() + b"\xff end"
)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[InspectorRig]:
    rig = InspectorRig(qtbot, tmp_path)
    yield rig
    rig.panel.close()


def pane_of(rig: InspectorRig) -> TextPane:
    return rig.panel.content.bodies.text


def select(rig: InspectorRig, words: str) -> None:
    """Select words as the user does, and wait until that has been told."""
    view = pane_of(rig).text
    start = len(view.toPlainText()[: view.toPlainText().index(words)].encode("utf-16-le")) // 2
    cursor = QTextCursor(view.document())
    cursor.setPosition(start)
    cursor.setPosition(start + len(words), QTextCursor.MoveMode.KeepAnchor)
    with rig.qtbot.waitSignal(view.places_selected):
        view.setTextCursor(cursor)


def bytes_selected(rig: InspectorRig) -> bytes:
    hex_pane = rig.panel.content.hex_pane
    return hex_pane.data[slice(*hex_pane.selection)]


def selected_text(view: FrameTextView) -> str:
    return view.textCursor().selectedText()


def find(rig: InspectorRig, words: str) -> TextPane:
    """Type into the find bar, and wait for the end of the search."""
    pane = pane_of(rig)
    QTest.keyClick(pane.text, Key.Key_F, Ctrl)
    pane.find_bar.field.setText(words)
    search = pane.finder.search
    assert search is not None
    rig.qtbot.waitUntil(lambda: search.is_done, timeout=20_000)
    rig.qtbot.waitUntil(lambda: "…" not in pane.find_bar.words)
    QApplication.processEvents()
    return pane


# ---- text and bytes -------------------------------------------------------------------------


def test_text_selects_its_bytes(rig: InspectorRig) -> None:
    rig.show(PULL, LOG)
    rig.look(FrameView.TEXT)
    for words, meant in (
        ("first line\nGr", b"first line\r\nGr"),
        ("\u00dfe", "\u00dfe".encode()),
        ("\u241b[31mred", b"\x1b[31mred"),
        ("\u8a9e", "\u8a9e".encode()),
        ("\\xff", b"\xff"),
    ):
        select(rig, words.replace("\u241b", pane_of(rig).text.toPlainText()[17]))
        assert bytes_selected(rig) == meant


def test_bytes_select_their_text_and_say_nothing_back(rig: InspectorRig) -> None:
    rig.show(PULL, LOG)
    rig.look(FrameView.TEXT)
    view, hex_view = pane_of(rig).text, rig.panel.content.hex
    told: list[tuple[int, int]] = []
    view.places_selected.connect(lambda start, stop: told.append((start, stop)))
    start = LOG.index("\u8a9e".encode())
    hex_view.choose(start, start + 8)
    assert selected_text(view) == "\u8a9e line"
    hex_view.choose(start + 1, start + 1)
    assert selected_text(view) == "\u8a9e"
    at = LOG.index(b"\xff")
    hex_view.choose(at, at + 1)
    assert selected_text(view) == "\\xff"
    rig.qtbot.wait(0)
    assert told == []
    assert hex_view.selection == (at, at + 1)


def test_laid_out_json_and_its_bytes(rig: InspectorRig) -> None:
    rig.show(PULL, json.dumps({"a": [1, 22], "k\u00fc": "v\u8a9ex"}, ensure_ascii=False).encode())
    rig.look(FrameView.JSON)
    select(rig, "22")
    assert bytes_selected(rig) == b"22"
    select(rig, '"v\u8a9ex"')
    assert bytes_selected(rig).decode() == '"v\u8a9ex"'
    data = rig.panel.content.hex_pane.data
    at = data.index(b'"a"')
    rig.panel.content.hex.choose(at, at + 6)
    assert selected_text(pane_of(rig).text).startswith('"a": [')


def test_a_cursor_is_for_its_character(rig: InspectorRig) -> None:
    rig.show(PULL, LOG)
    rig.look(FrameView.TEXT)
    view = pane_of(rig).text
    view.setFocus()
    with rig.qtbot.waitSignal(view.places_selected):
        QTest.keyClick(view, Key.Key_Right)
    assert bytes_selected(rig) == b"i"
    with rig.qtbot.waitSignal(view.places_selected):
        QTest.keyClick(view, Key.Key_Right, Shift)
    assert view.selected == (1, 2)
    assert bytes_selected(rig) == b"i"


def test_behind_the_end_the_last_byte_is_marked(rig: InspectorRig) -> None:
    rig.show(PULL, b"one two\nthree")
    rig.look(FrameView.TEXT)
    text = rig.panel.content.text
    text.setFocus()
    QTest.keyClick(text, Key.Key_Right, Ctrl | Shift)
    rig.qtbot.waitUntil(lambda: rig.panel.content.hex_pane.selection[0] == 0)
    QTest.keyClick(text, Key.Key_End, Ctrl)
    rig.qtbot.waitUntil(lambda: rig.panel.content.hex_pane.selection == (12, 13))


def test_the_text_of_other_bytes_selects_none(rig: InspectorRig) -> None:
    rig.show(PULL, zlib.compress(msgpack.packb({"key": "value " * 50})))
    assert rig.view is FrameView.TREE
    rig.look(FrameView.TEXT)
    select(rig, "key")
    assert bytes_selected(rig) == b"key"
    # The text stays that of what was unpacked; the bytes are those that came.
    rig.trigger("raw")
    assert pane_of(rig).frame is not rig.panel.content.hex_pane.data
    before = rig.panel.content.hex.selection
    select(rig, "value")
    assert rig.panel.content.hex.selection == before
    rig.panel.content.hex.choose(2, 4)
    assert selected_text(pane_of(rig).text) == "value"


def test_selected_bytes_are_selected_in_the_next_message_too(rig: InspectorRig) -> None:
    rig.show(PULL, b"speed 100 end of it")
    rig.look(FrameView.TEXT)
    rig.panel.content.hex.choose(6, 9)
    rig.show(PULL, b"speed 250 end of it")
    assert selected_text(pane_of(rig).text) == "250"


def test_a_text_of_as_many_lines_stays_where_it_is(rig: InspectorRig) -> None:
    rig.show(PULL, b"value 1\n" * 100)
    rig.look(FrameView.TEXT)
    bar = pane_of(rig).text.verticalScrollBar()
    bar.setValue(40)
    rig.show(PULL, b"value 22\n" * 100)
    assert bar.value() == 40
    rig.show(PULL, b"value 3\n" * 90)
    assert bar.value() == 0


# ---- finding --------------------------------------------------------------------------------


def test_find_goes_from_hit_to_hit_and_round(rig: InspectorRig) -> None:
    rig.show(PULL, b"one two\nOne three\nnone")
    rig.look(FrameView.TEXT)
    pane = find(rig, "one")
    assert pane.find_bar.words == "1 / 3"
    assert bytes_selected(rig) == b"one"
    QTest.keyClick(pane.find_bar.field, Key.Key_Return)
    assert pane.find_bar.words == "2 / 3"
    assert selected_text(pane.text) == "One"
    QTest.keyClick(pane.find_bar.field, Key.Key_F3)
    assert rig.panel.content.hex.selection == (19, 22)
    QTest.keyClick(pane.find_bar.field, Key.Key_Return)
    assert pane.find_bar.words == "1 / 3"
    QTest.keyClick(pane.find_bar.field, Key.Key_Return, Shift)
    assert pane.find_bar.words == "3 / 3"
    pane.find_bar.field.setText("One")
    rig.qtbot.waitUntil(lambda: pane.find_bar.words == "1 / 1")
    pane.find_bar.field.setText("four")
    rig.qtbot.waitUntil(lambda: pane.find_bar.words == "Not found")
    QTest.keyClick(pane.find_bar.field, Key.Key_Escape)
    assert pane.find_bar.isHidden()
    assert pane.text.hasFocus()
    assert pane.finder.search is None


def test_hits_in_sight_are_marked_where_they_stand(rig: InspectorRig) -> None:
    rig.show(PULL, "\U0001f600 one \U0001f600 one".encode())
    rig.look(FrameView.TEXT)
    pane = find(rig, "one")
    marked = [extra.cursor.selectedText() for extra in pane.text.extraSelections()]
    assert marked == ["one", "one"]
    pane.find_bar.leave()
    assert not pane.text.extraSelections()


def test_json_is_searched_as_it_is_laid_out(rig: InspectorRig) -> None:
    rig.show(PULL, json.dumps([{"n": at} for at in range(30_000)], separators=(",", ":")).encode())
    rig.look(FrameView.JSON)
    pane = find(rig, '"n": 29999')
    assert pane.find_bar.words == "1 / 1"
    # It is loaded until there.
    rig.qtbot.waitUntil(lambda: selected_text(pane.text) == '"n": 29999', timeout=20_000)
    assert bytes_selected(rig) == b'"n":29999'


def test_find_from_the_palette_shows_the_text(rig: InspectorRig) -> None:
    rig.show(PULL, msgpack.packb({"key": "value"}))
    assert not pane_of(rig).isVisible()
    rig.trigger("find_text")
    assert rig.view is FrameView.TEXT
    assert pane_of(rig).find_bar.isVisible()


def test_where_there_is_no_text_bytes_are_searched(rig: InspectorRig) -> None:
    rig.show(PULL, pickle.dumps([1, 2]))
    rig.look(FrameView.LISTING)
    rig.trigger("bytes")
    assert not rig.panel.content.hex_pane.isVisible()
    QTest.keyClick(rig.panel, Key.Key_F, Ctrl)
    assert rig.panel.content.hex_pane.find_bar.isVisible()


def test_the_next_message_is_counted_without_a_jump(rig: InspectorRig) -> None:
    rig.show(PULL, b"one two one")
    rig.look(FrameView.TEXT)
    find(rig, "one")
    rig.show(PULL, b"one one one one!")
    rig.qtbot.waitUntil(lambda: pane_of(rig).find_bar.words == "4")
    assert selected_text(pane_of(rig).text) == ""


# ---- any size -------------------------------------------------------------------------------


def test_the_end_of_a_large_text_is_shown_without_loading_all(rig: InspectorRig) -> None:
    line = "{:07d} a line of a log, as long as they usually are: nothing to see\n"
    data = "".join(line.format(at) for at in range(700_000)).encode() + b"needle in it"
    rig.show(PULL, data)
    rig.look(FrameView.TEXT)
    pane = find(rig, "needle")
    assert selected_text(pane.text) == "needle"
    assert bytes_selected(rig) == b"needle"
    assert pane.text.document().characterCount() < 400_000
    assert "from byte" in rig.words()
    rig.panel.content.hex.choose(30_000_000, 30_000_020)
    assert selected_text(pane.text).replace("\u2029", "\n") == data[30_000_000:30_000_020].decode()
    pane.on_begin_clicked()
    assert pane.text.toPlainText().startswith("0000000 a line")
    assert "Showing the first" in rig.words()


def test_the_window_goes_on_while_a_large_text_is_searched(rig: InspectorRig) -> None:
    rig.show(PULL, b"some words of a text\n" * 3_000_000)
    rig.look(FrameView.TEXT)
    pane = pane_of(rig)
    QTest.keyClick(pane.text, Key.Key_F, Ctrl)
    started = time.perf_counter()
    pane.find_bar.field.setText("nowhere")
    QApplication.processEvents()
    assert time.perf_counter() - started < 1.0
    search = pane.finder.search
    assert search is not None
    assert not search.is_done
    assert "%" in pane.find_bar.words
    # It ends when it is not wanted any more.
    pane.find_bar.leave()
    share = search.source.share
    QApplication.processEvents()
    assert search.source.share == share


# ---- room -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(330, 470), (560, 700)])
def test_what_must_be_known_can_be_read_with_bytes_below(
    rig: InspectorRig, size: tuple[int, int]
) -> None:
    rig.panel.resize(*size)
    rig.show(PULL, LOG + b"x" * 20_000)
    rig.look(FrameView.TEXT)
    content = rig.panel.content
    assert content.bytes_below
    said = next(one for one in content.findChildren(Sentence) if "CR LF" in one.text())
    assert said.isVisible()
    assert said.height() >= said.heightForWidth(said.width())
    assert pane_of(rig).text.height() >= 36
