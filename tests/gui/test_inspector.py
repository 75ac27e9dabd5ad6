"""The inspector: any number of frames of any size and kind, whole, and honest about it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.inspector_rig import InspectorRig
from tests.gui.message_rig import put
from zmqscope.core.types import RowId, SocketType
from zmqscope.models.inspector.frame_text import FIRST_CHARS
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.theme import ThemeMode

Key = Qt.Key
TEXT = b"plain words"
JSON = b'{"px":1.08409,"src":"ebs","ok":true}'
BINARY = bytes(range(256))
NOISE = bytes((n * n * 31 + 200 * n + 0x80) % 251 for n in range(256))


class Rig(InspectorRig):
    """An inspector beside its buttons, which saves where the test says."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.save_to: Path | None = None
        self.asked_name = ""
        super().__init__(qtbot, folder, ask_path=self.ask_path)
        self.corner = self.panel.corner_widget()
        qtbot.addWidget(self.corner)
        self.panel.resize(408, 500)
        QApplication.processEvents()

    def ask_path(self, _parent: QWidget, name: str) -> Path | None:
        self.asked_name = name
        return self.save_to

    @property
    def text(self) -> str:
        return self.panel.content.text.toPlainText()

    @property
    def is_hex(self) -> bool:
        return self.panel.content.view is FrameView.HEX

    def lay_out(self) -> None:
        """Show the frames of this socket as JSON, laid out."""
        self.look(FrameView.JSON)

    def words(self) -> str:
        """Every sentence in sight."""
        labels = self.panel.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    rig.panel.close()


def test_nothing_selected_says_what_to_do(rig: Rig) -> None:
    assert "Select one" in rig.words()
    assert not rig.actions.qaction("inspector.save").isEnabled()
    rig.show(1, b"EUR", JSON)
    assert "Select one" not in rig.words()
    rig.panel.show_row(None)
    assert "Select one" in rig.words()
    assert rig.text == ""


def test_facts(rig: Rig) -> None:
    rig.show(1, b"EUR", JSON)
    assert rig.panel.head.which.text == "#1 · 39 B"
    where = rig.panel.head.where
    assert re.fullmatch(r"↓ quotes \(SUB\) · \d\d:\d\d:\d\d\.\d{6}", where.text)
    assert where.accessibleName().startswith("received by quotes (SUB)")


def test_each_frame_is_shown_as_what_it_is(rig: Rig) -> None:
    rig.show(3, TEXT, JSON, NOISE, b"")
    message = rig.panel.message
    assert message is not None
    assert [message.title(index) for index in range(4)] == [
        "1 text · 11 B",
        "2 json · 36 B",
        "3 binary · 256 B",
        "4 empty · 0 B",
    ]
    assert rig.text == "plain words"
    rig.panel.head.ribbon.choose(1)
    rig.lay_out()
    assert rig.text == '{\n  "px": 1.08409,\n  "src": "ebs",\n  "ok": true\n}'
    assert len(rig.panel.content.text.extraSelections()) == 3
    rig.trigger("auto")
    rig.panel.head.ribbon.choose(2)
    assert rig.is_hex
    rig.panel.head.ribbon.choose(3)
    assert "no bytes" in rig.words()


@pytest.mark.parametrize(
    ("kind", "head", "title"),
    [
        (SocketType.SUB, b"EUR", "1 topic · 3 B"),
        (SocketType.DISH, b"EUR", "1 group · 3 B"),
        (SocketType.DGRAM, b"127.0.0.1:9", "1 address · 11 B"),
        (SocketType.SERVER, b"\x00\x00\x00\x01\x02", "1 id 258 · 5 B"),
        (SocketType.PEER, b"odd", "1 id · 3 B"),
        (SocketType.ROUTER, b"\x00\x00\x00\x01\x02", "1 id · 5 B"),
    ],
)
def test_the_first_frame_is_called_what_it_is(
    rig: Rig, kind: SocketType, head: bytes, title: str
) -> None:
    rig.sockets.add(9, kind, "it")
    rig.show(9, head, TEXT)
    message = rig.panel.message
    assert message is not None
    assert message.title(0) == title
    assert rig.text == "plain words"


def test_it_begins_with_the_payload_and_remembers_the_frame(rig: Rig) -> None:
    rig.show(2, b"\x00\x6b", b"", b"body", b"more")
    assert rig.panel.head.ribbon.chosen == 2
    message = rig.panel.message
    assert message is not None
    assert [message.kind(0), message.kind(1)] == ["id", "delimiter"]
    rig.panel.head.ribbon.choose(3)
    rig.show(2, b"\x00\x6b", b"", b"body", b"again")
    assert rig.panel.head.ribbon.chosen == 3
    rig.show(2, b"\x00\x6b", b"", b"body")
    assert rig.panel.head.ribbon.chosen == 2


def test_a_choice_lasts_for_its_socket(rig: Rig) -> None:
    rig.show(1, b"EUR", JSON)
    rig.trigger("hex")
    assert rig.is_hex
    rig.show(3, JSON)
    assert not rig.is_hex
    rig.show(1, b"EUR", JSON)
    assert rig.is_hex
    assert rig.panel.decoder.tabs.button(FrameView.HEX).isChecked()
    rig.trigger("auto")
    assert not rig.is_hex
    assert rig.actions.qaction("inspector.auto").isChecked()


def test_a_choice_that_does_not_fit_gives_way_and_says_so(rig: Rig) -> None:
    rig.show(1, b"EUR", JSON)
    rig.trigger("text")
    assert rig.text == JSON.decode()
    rig.show(1, b"EUR", BINARY)
    assert rig.panel.content.view is not FrameView.TEXT
    assert "this frame is not Text" in rig.words()
    rig.lay_out()
    assert "Not JSON" in rig.words()


def test_bad_json_names_the_place_and_shows_the_text(rig: Rig) -> None:
    rig.show(3, b'{"a": 1,')
    rig.lay_out()
    assert "line 1, column" in rig.words()
    assert rig.text == '{"a": 1,'


def test_deep_nesting_neither_hangs_nor_crashes(rig: Rig) -> None:
    rig.show(3, b"[" * 100_000 + b"]" * 100_000)
    rig.lay_out()
    assert "nested too deeply" in rig.words()


def test_hostile_text_is_plain(rig: Rig) -> None:
    rig.show(3, "<b>bold</b>\x1b[31m\u202egnp\r\n".encode() + b"\xff" * 3 + b"x" * 40)
    rig.trigger("text")
    assert rig.text.startswith("<b>bold</b>␛[31m⟨U+202E⟩gnp\n\\xff\\xff\\xff")
    assert "Not all of it is UTF-8" in rig.words()


def test_a_thousand_frames_open_at_once(rig: Rig) -> None:
    started = time.thread_time()
    rig.show(3, *[b"%d" % number for number in range(1_000)])
    assert time.thread_time() - started < 3.0
    ribbon = rig.panel.head.ribbon
    assert ribbon.model().rowCount() == 1_000
    ribbon.choose(999)
    assert rig.text == "999"
    assert ribbon.horizontalScrollBar().value() > 0


def test_a_200_mb_frame_opens_at_once_and_scrolls_to_its_end(rig: Rig) -> None:
    frame = BINARY * 781_250
    put(rig.store, 3, (frame,))
    started = time.thread_time()
    rig.panel.show_row(RowId(0))
    QApplication.processEvents()
    assert time.thread_time() - started < 10.0
    view = rig.panel.content.hex
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.viewport().repaint()
    shown = bar.value() + bar.pageStep()
    assert shown >= view.model.line_count
    rig.trigger("text")
    assert "Showing the first" in rig.words()
    assert "of 200 MB" in rig.words()


def test_long_text_shows_its_beginning_and_all_when_asked(rig: Rig) -> None:
    frame = b"line of text\n" * 200_000
    rig.show(3, frame)
    assert len(rig.text) < len(frame)
    assert "Showing the first" in rig.words()
    buttons = {b.text(): b for b in rig.panel.findChildren(QPushButton) if b.isVisible()}
    buttons["Show all"].click()
    rig.qtbot.waitUntil(lambda: not rig.panel.content.text.is_loading)
    assert len(rig.text) == len(frame)
    assert "Showing the first" not in rig.words()
    rig.show(3, b"small")
    assert rig.text == "small"


def test_loading_stops_when_another_frame_is_chosen(rig: Rig) -> None:
    rig.show(3, b"line of text\n" * 400_000)
    rig.panel.content.bodies.text.on_all_clicked()
    assert rig.panel.content.text.is_loading
    rig.show(3, b"small")
    assert not rig.panel.content.text.is_loading
    assert rig.text == "small"


def test_the_offer_leads_to_hex(rig: Rig) -> None:
    rig.show(3, b"line of text\n" * 200_000)
    buttons = {b.text(): b for b in rig.panel.findChildren(QPushButton) if b.isVisible()}
    buttons["Hex shows all"].click()
    assert rig.is_hex


def test_a_message_that_leaves_memory_stays(rig: Rig) -> None:
    row = rig.show(1, b"EUR", JSON)
    rig.lay_out()
    rig.store.clear()
    rig.panel.refresh(0)
    assert "own copy" in rig.words()
    assert rig.text.startswith("{")
    rig.panel.show_row(RowId(row))
    assert "just left memory" in rig.words()


# ---- copying, saving, sending -------------------------------------------------------------------


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_copies(rig: Rig) -> None:
    rig.show(3, JSON)
    rig.lay_out()
    rig.trigger("copy")
    assert json.loads(clipboard()) == json.loads(JSON)
    assert "\n" in clipboard()
    rig.trigger("text")
    rig.trigger("copy")
    assert clipboard() == JSON.decode()
    rig.trigger("hex")
    rig.trigger("copy")
    assert clipboard().startswith("0000  7b 22")
    rig.trigger("copy_hex")
    assert bytes.fromhex(clipboard()) == JSON
    assert "Copied 36 B." in rig.words()


def test_a_copy_of_text_has_its_long_lines_whole(rig: Rig) -> None:
    rig.show(3, b"x" * 50_000)
    assert "broken" in rig.words()
    rig.trigger("copy")
    assert clipboard() == "x" * 50_000


def test_saving(rig: Rig) -> None:
    rig.show(3, BINARY)
    rig.trigger("save")
    assert rig.asked_name == "message-1-frame-1.bin"
    rig.save_to = rig.folder / "frame.bin"
    rig.trigger("save")
    assert rig.save_to.read_bytes() == BINARY
    assert "Saved 256 B" in rig.words()
    rig.save_to = rig.folder / "no" / "such" / "folder"
    rig.trigger("save")
    assert "could not be written" in rig.words()


def test_sending_again_works_from_the_copy(rig: Rig) -> None:
    rig.show(1, b"EUR", JSON)
    rig.store.clear()
    asked = QSignalSpy(rig.panel.edit_requested)
    buttons = rig.corner.findChildren(QToolButton)
    next(b for b in buttons if b.accessibleName() == "Edit and send again").click()
    assert asked.at(0)[0] == (b"EUR", JSON)


# ---- keyboard and mouse -------------------------------------------------------------------------


def test_digits_and_letters(rig: Rig) -> None:
    rig.show(3, TEXT, JSON, BINARY)
    content = rig.panel.content
    widgets = (rig.panel.head.ribbon, content.text, content.hex, rig.panel.decoder.source)
    for widget in widgets:
        widget.setFocus()
        QTest.keyClick(widget, Key.Key_2)
        assert rig.panel.head.ribbon.chosen == 1
        QTest.keyClick(widget, Key.Key_T)
        assert rig.text == JSON.decode()
        QTest.keyClick(widget, Key.Key_A)
        assert rig.panel.content.view in (FrameView.TREE, FrameView.JSON)
        QTest.keyClick(widget, Key.Key_1)
        QTest.keyClick(widget, Key.Key_9)
        assert rig.panel.head.ribbon.chosen == 0
    QTest.keyClick(rig.panel.content.text, Key.Key_3)
    rig.panel.content.hex.setFocus()
    QTest.keyClick(rig.panel.content.hex, Key.Key_2)
    assert rig.panel.head.ribbon.chosen == 1


def test_hex_is_selected_by_keyboard_and_mouse(rig: Rig) -> None:
    rig.show(3, BINARY)
    view = rig.panel.content.hex
    view.setFocus()
    QTest.keyClick(view, Key.Key_Down)
    for _ in range(2):
        QTest.keyClick(view, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    per_line = view.model.bytes_per_line
    assert bytes.fromhex(clipboard()) == BINARY[per_line : per_line + 3]
    QTest.keyClick(view, Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.selection == (255, 255)
    QTest.keyClick(view, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selection == (0, 256)
    QTest.keyClick(view, Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 5))
    assert view.selection[0] == view.selection[1] < per_line


def test_hex_fits_its_width(rig: Rig) -> None:
    rig.show(3, BINARY)
    counts = []
    for width in (260, 408, 800):
        rig.panel.resize(width, 500)
        QApplication.processEvents()
        counts.append(rig.panel.content.hex.model.bytes_per_line)
    assert counts == sorted(counts)
    assert counts[-1] == 16


def test_text_can_be_selected(rig: Rig) -> None:
    rig.show(3, TEXT)
    rig.panel.content.text.moveCursor(QTextCursor.MoveOperation.EndOfWord)
    rig.panel.content.text.selectAll()
    rig.panel.content.text.copy()
    assert clipboard() == "plain words"


def test_every_control_has_a_name_and_a_tooltip(rig: Rig) -> None:
    rig.show(3, TEXT)
    for parent in (rig.panel, rig.corner):
        for button in parent.findChildren(QToolButton):
            assert button.accessibleName()
            assert button.toolTip()


def test_the_theme_turns(rig: Rig) -> None:
    for frame in (JSON, BINARY):
        rig.theme.set_mode(ThemeMode.DARK)
        rig.show(3, frame)
        before = rig.panel.grab().toImage()
        rig.theme.set_mode(ThemeMode.LIGHT)
        assert rig.panel.grab().toImage() != before


def test_a_long_text_opens_at_once_and_the_rest_of_its_beginning_follows(rig: Rig) -> None:
    text = b"".join(b"line %08d\n" % number for number in range(200_000))
    rig.show(1, b"t", text)
    rig.look(FrameView.TEXT)
    view = rig.panel.content.text
    rig.qtbot.waitUntil(lambda: view.is_settled)
    assert not view.is_loading
    shown = view.toPlainText()
    assert text.decode().startswith(shown)
    assert FIRST_CHARS <= len(shown) < len(text)
    view.show_all()
    rig.qtbot.waitUntil(lambda: view.is_settled)
    assert view.toPlainText() == text.decode()
