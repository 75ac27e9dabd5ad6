"""The bytes of a frame by keyboard and mouse: select, find, go, read, copy, save."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QSplitter, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from zmqscope.core.decode.field_path import FieldPath
from zmqscope.models.hex.byte_table import ByteColumn
from zmqscope.models.hex.copy import CopyForm
from zmqscope.models.hex.grid import Side
from zmqscope.models.hex.offset import OffsetBase
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.hex_actions import hex_actions
from zmqscope.ui.inspector.hex_painter import LINE_PX
from zmqscope.ui.inspector.hex_pane import HexPane
from zmqscope.ui.inspector.hex_scroll import MARGIN_PX
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

Key, Mod = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
ALL = bytes(range(256)) * 8
WORDS = b"hello world, " * 40


class Rig:
    """A pane with everything it depends on."""

    def __init__(self, qtbot: QtBot, folder: Path, width: int = 338) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.save_to: Path | None = None
        self.asked_name = ""
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        self.pane = HexPane(self.theme, self.actions, self.settings, self.ask_path)
        qtbot.addWidget(self.pane)
        self.view, self.reader = self.pane.view, self.pane.reader
        self.told = QSignalSpy(self.pane.selection_changed)
        self.said = QSignalSpy(self.pane.said)
        self.pane.resize(width, 430)
        self.pane.show()
        self.pane.activateWindow()
        QApplication.processEvents()

    def ask_path(self, _parent: QWidget, name: str) -> Path | None:
        self.asked_name = name
        return self.save_to

    def show(self, data: bytes, title: str = "") -> None:
        self.pane.set_bytes(data, title)
        self.view.setFocus()
        QApplication.processEvents()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Mod.NoModifier) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key, modifier)

    def type(self, field: QLineEdit, text: str) -> None:
        field.selectAll()
        QTest.keyClick(field, Key.Key_Backspace)
        if text.isascii():
            QTest.keyClicks(field, text)
        else:
            QGuiApplication.clipboard().setText(text)
            field.paste()

    def find(self, text: str) -> None:
        """Type what to find, and wait until all was looked at."""
        self.type(self.pane.find_bar.field, text)
        self.wait_found()

    def wait_found(self) -> None:
        self.qtbot.waitUntil(lambda: not self.pane.finder.is_busy)

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"hex.{name}").trigger()
        QApplication.processEvents()

    def point(self, offset: int, side: Side = Side.DIGITS) -> QPoint:
        """The middle of a byte in sight."""
        per_line = self.view.model.bytes_per_line
        line, place = divmod(offset, per_line)
        left, right = self.view.grid.span_x(side, place, place)
        x = MARGIN_PX - self.view.horizontalScrollBar().value() + (left + right) / 2
        y = (line - self.view.verticalScrollBar().value()) * LINE_PX + LINE_PX / 2
        return QPoint(round(x), round(y))

    def drag_to(self, point: QPoint) -> None:
        """Move the mouse with its left button held."""
        viewport = self.view.viewport()
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(point),
            QPointF(viewport.mapToGlobal(point)),
            LEFT,
            LEFT,
            Mod.NoModifier,
        )
        QApplication.sendEvent(viewport, event)

    @property
    def result(self) -> str:
        return self.pane.find_bar.result.text

    @property
    def last_said(self) -> str:
        return str(self.said.at(self.said.count() - 1)[0])

    @property
    def last_told(self) -> list[int]:
        return list(self.told.at(self.told.count() - 1))


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    rig.pane.close()


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


# ---- keyboard -----------------------------------------------------------------------------------


def test_keys_go_everywhere(rig: Rig) -> None:
    rig.show(ALL)
    line = rig.view.model.bytes_per_line
    page = (rig.view.verticalScrollBar().pageStep() - 1) * line
    for key, modifier, caret in (
        (Key.Key_Down, Mod.NoModifier, line),
        (Key.Key_Right, Mod.NoModifier, line + 1),
        (Key.Key_End, Mod.NoModifier, 2 * line - 1),
        (Key.Key_Home, Mod.NoModifier, line),
        (Key.Key_Up, Mod.NoModifier, 0),
        (Key.Key_Up, Mod.NoModifier, 0),
        (Key.Key_Left, Mod.NoModifier, 0),
        (Key.Key_Right, Mod.ControlModifier, 4),
        (Key.Key_PageDown, Mod.NoModifier, 4 + page),
        (Key.Key_PageUp, Mod.NoModifier, 4),
        (Key.Key_End, Mod.ControlModifier, len(ALL) - 1),
        (Key.Key_Down, Mod.NoModifier, len(ALL) - 1),
        (Key.Key_PageDown, Mod.NoModifier, len(ALL) - 1),
        (Key.Key_Home, Mod.ControlModifier, 0),
    ):
        rig.key(key, modifier)
        assert (rig.view.caret, rig.view.selection) == (caret, (caret, caret)), key
    assert rig.last_told == [0, 0]


def test_shift_selects(rig: Rig) -> None:
    rig.show(ALL)
    rig.key(Key.Key_Right)
    rig.key(Key.Key_Right, Mod.ShiftModifier)
    rig.key(Key.Key_Right, Mod.ShiftModifier)
    assert rig.pane.selection == (1, 4)
    assert rig.last_told == [1, 4]
    rig.key(Key.Key_End, Mod.ShiftModifier | Mod.ControlModifier)
    assert rig.pane.selection == (1, len(ALL))
    rig.key(Key.Key_A, Mod.ControlModifier)
    assert rig.pane.selection == (0, len(ALL))
    rig.key(Key.Key_Left)
    assert rig.pane.selection == (len(ALL) - 2, len(ALL) - 2)


def test_the_cursor_stays_in_sight(rig: Rig) -> None:
    rig.show(ALL)
    bar = rig.view.verticalScrollBar()
    for _ in range(bar.pageStep()):
        rig.key(Key.Key_Down)
    assert bar.value() == 1
    rig.key(Key.Key_End, Mod.ControlModifier)
    assert bar.value() == bar.maximum()


def test_a_selection_from_outside_is_not_told(rig: Rig) -> None:
    rig.show(ALL)
    rig.pane.select(1000, 1004)
    assert rig.told.count() == 0
    assert rig.pane.selection == (1000, 1004)
    per_line = rig.view.model.bytes_per_line
    top = rig.view.verticalScrollBar().value()
    assert top <= 1000 // per_line < top + rig.view.verticalScrollBar().pageStep()
    rig.pane.set_field(0, 8)
    assert rig.view.verticalScrollBar().value() == top


# ---- mouse --------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_click_drag_and_shift_click(rig: Rig, side: Side) -> None:
    rig.show(ALL)
    viewport = rig.view.viewport()
    QTest.mouseClick(viewport, LEFT, pos=rig.point(10, side))
    assert rig.pane.selection == (10, 10)
    QTest.mouseClick(viewport, LEFT, Mod.ShiftModifier, rig.point(20, side))
    assert rig.pane.selection == (10, 21)
    QTest.mousePress(viewport, LEFT, pos=rig.point(30, side))
    rig.drag_to(rig.point(12, side))
    QTest.mouseRelease(viewport, LEFT, pos=rig.point(12, side))
    assert rig.pane.selection == (12, 31)
    assert rig.last_told == [12, 31]


def test_a_drag_stays_in_its_column(rig: Rig) -> None:
    rig.show(ALL)
    QTest.mousePress(rig.view.viewport(), LEFT, pos=rig.point(0))
    rig.drag_to(rig.point(2, Side.CHARACTERS))
    assert rig.pane.selection == (0, rig.view.model.bytes_per_line)


def test_a_drag_below_the_edge_scrolls_on(rig: Rig) -> None:
    rig.show(ALL)
    viewport, bar = rig.view.viewport(), rig.view.verticalScrollBar()
    QTest.mousePress(viewport, LEFT, pos=rig.point(0))
    rig.drag_to(QPoint(100, viewport.height() + 90))
    rig.qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    assert rig.pane.selection[0] == 0
    assert rig.pane.selection[1] > 1_900
    rig.drag_to(QPoint(100, -90))
    rig.qtbot.waitUntil(lambda: bar.value() == 0)
    QTest.mouseRelease(viewport, LEFT, pos=QPoint(100, 10))
    assert rig.pane.selection[1] < 100


def test_resizing_while_dragging(rig: Rig) -> None:
    rig.show(ALL)
    QTest.mousePress(rig.view.viewport(), LEFT, pos=rig.point(0))
    rig.drag_to(QPoint(100, 5_000))
    for width, height in ((700, 600), (150, 90), (338, 430)):
        rig.pane.resize(width, height)
        QApplication.processEvents()
        rig.drag_to(QPoint(width - 20, height * 2))
        assert rig.pane.selection[0] == 0
    rig.pane.clear()
    rig.drag_to(QPoint(5, 5))
    assert rig.pane.selection == (0, 0)


def test_a_double_click_selects_a_word_or_a_run(rig: Rig) -> None:
    rig.show(b"\x01 hello \0\0\0\0 \xff")
    QTest.mouseDClick(rig.view.viewport(), LEFT, pos=rig.point(4, Side.CHARACTERS))
    assert rig.pane.selection == (2, 7)
    QTest.mouseDClick(rig.view.viewport(), LEFT, pos=rig.point(9))
    assert rig.pane.selection == (8, 12)


def test_hovering_tells_the_byte(rig: Rig) -> None:
    rig.show(b"ab\0")
    QTest.mouseMove(rig.view.viewport(), rig.point(1))
    QApplication.processEvents()
    assert rig.pane.status.aside == "0x0001: 62 98 b"
    QTest.mouseMove(rig.view.viewport(), QPoint(3, 3))
    QApplication.processEvents()
    assert rig.pane.status.aside == ""


def test_the_right_button_keeps_the_selection_it_is_on(rig: Rig) -> None:
    rig.show(ALL)
    rig.pane.select(8, 16)
    QTest.mouseClick(rig.view.viewport(), Qt.MouseButton.RightButton, pos=rig.point(10))
    assert rig.pane.selection == (8, 16)
    QTest.mouseClick(rig.view.viewport(), Qt.MouseButton.RightButton, pos=rig.point(20))
    assert rig.pane.selection == (20, 20)


# ---- where one is, and going there --------------------------------------------------------------


def test_the_status_says_where_one_is(rig: Rig) -> None:
    rig.show(ALL)
    assert rig.pane.status.text == "0x0000 · 0 of 2,048 bytes"
    rig.pane.select(0x20, 0x24)
    assert rig.pane.status.text == "0x0020–0x0023 · 32–35 · 4 bytes"
    rig.pane.select(0x20, 0x21)
    assert rig.pane.status.text == "0x0020 · 32 · 1 byte"
    rig.trigger("decimal")
    rig.pane.select(0x20, 0x20)
    assert rig.pane.status.text == "32 · 0x0020 of 2,048 bytes"
    assert rig.view.model.line(4).offset == f"{4 * rig.view.model.bytes_per_line:04}"
    rig.pane.clear()
    assert rig.pane.status.text == "No bytes"


def test_going_to_an_offset(rig: Rig) -> None:
    rig.show(ALL)
    rig.key(Key.Key_G, Mod.ControlModifier)
    field = rig.pane.goto_bar.field
    assert field.hasFocus()
    rig.type(field, "0x100")
    assert rig.pane.goto_bar.result.text == "0x100 · 256"
    rig.key(Key.Key_Return)
    assert rig.pane.selection == (256, 256)
    assert rig.last_told == [256, 256]
    assert rig.view.hasFocus()
    assert rig.pane.goto_bar.isHidden()
    rig.key(Key.Key_G, Mod.ControlModifier)
    rig.type(field, "+9999")
    assert "There is no byte 10,255. The last one is 2,047" in rig.pane.goto_bar.result.text
    rig.key(Key.Key_Return)
    assert not rig.pane.goto_bar.isHidden()
    rig.type(field, "4:8")
    rig.key(Key.Key_Return)
    assert rig.pane.selection == (4, 8)
    rig.key(Key.Key_G, Mod.ControlModifier)
    rig.key(Key.Key_Escape)
    assert rig.view.hasFocus()


# ---- finding ------------------------------------------------------------------------------------


def test_finding_from_hit_to_hit(rig: Rig) -> None:
    rig.show(WORDS)
    rig.key(Key.Key_F, Mod.ControlModifier)
    assert rig.pane.find_bar.field.hasFocus()
    rig.find("77 6f 72 ?4")
    assert rig.result == "Not found"
    rig.find("77 6f ?? 6c")
    assert rig.result == "1 of 40"
    assert rig.pane.selection == (6, 10)
    rig.key(Key.Key_Return)
    rig.wait_found()
    assert (rig.result, rig.pane.selection) == ("2 of 40", (19, 23))
    rig.key(Key.Key_Return, Mod.ShiftModifier)
    rig.key(Key.Key_Return, Mod.ShiftModifier)
    rig.wait_found()
    assert rig.result == "40 of 40 · went round"
    rig.view.setFocus()
    rig.key(Key.Key_F3)
    rig.wait_found()
    assert rig.result == "1 of 40 · went round"
    rig.key(Key.Key_F3, Mod.ShiftModifier)
    rig.wait_found()
    assert rig.result == "40 of 40 · went round"
    rig.key(Key.Key_Escape)
    assert rig.pane.find_bar.isHidden()
    assert rig.view.hasFocus()
    assert rig.pane.finder.search is None


@pytest.mark.parametrize(
    ("kind", "text", "data"),
    [
        ("text", "kůň", "kůň".encode()),
        ("text_any_case", "HeLLo", b"hEllO"),
        ("utf16le", "kůň", "kůň".encode("utf-16-le")),
        ("utf16be", "kůň", "kůň".encode("utf-16-be")),
        ("f32be", "1.5", struct.pack(">f", 1.5)),
        ("i16le", "-2", struct.pack("<h", -2)),
        ("u8", "0x7b", b"\x7b"),
    ],
)
def test_finding_text_and_numbers(rig: Rig, kind: str, text: str, data: bytes) -> None:
    rig.show(bytes(100) + data + bytes(100))
    rig.trigger("find")
    menu = rig.pane.find_bar.kind.menu()
    entries = [*menu.actions(), *(a for sub in menu.findChildren(QMenu) for a in sub.actions())]
    next(entry for entry in entries if entry.data() == kind).trigger()
    rig.find(text)
    assert rig.pane.selection == (100, 100 + len(data))
    assert rig.result == "1 of 1"
    again = Rig(rig.qtbot, rig.folder)
    assert again.pane.find_bar.kind.kind == kind


def test_bad_patterns_say_what_to_write(rig: Rig) -> None:
    rig.show(ALL)
    rig.trigger("find")
    rig.find("de a")
    assert rig.result.startswith("“a” ends in half a byte. Write")
    assert rig.pane.find_bar.field.property("problem")
    rig.find("")
    assert "Hex digits" in rig.result
    assert not rig.pane.find_bar.field.property("problem")


def test_what_is_selected_is_what_to_find(rig: Rig) -> None:
    rig.show(WORDS)
    rig.pane.select(6, 11)
    rig.key(Key.Key_F, Mod.ControlModifier)
    rig.wait_found()
    assert rig.pane.find_bar.field.text() == "77 6f 72 6c 64"
    assert rig.result == "1 of 40"
    rig.key(Key.Key_Return)
    rig.wait_found()
    assert rig.pane.selection == (19, 24)


def test_other_bytes_are_searched_without_moving(rig: Rig) -> None:
    rig.show(WORDS)
    rig.trigger("find")
    rig.find("77 6f")
    told = rig.told.count()
    rig.pane.set_bytes(WORDS * 2)
    rig.wait_found()
    assert rig.result == "80 hits"
    assert rig.pane.selection == (0, 0)
    assert rig.told.count() == told
    rig.pane.clear()
    assert rig.result == "Not found"


def test_typing_on_keeps_the_place(rig: Rig) -> None:
    rig.show(WORDS)
    rig.pane.select(20, 20)
    rig.trigger("find")
    rig.find("6f")
    at = rig.pane.selection[0]
    assert at >= 20
    rig.find("6f 20")
    assert rig.pane.selection[0] >= at


def test_hits_in_sight_are_marked(rig: Rig) -> None:
    rig.show(WORDS)
    before = rig.view.grab().toImage()
    rig.trigger("find")
    rig.find("6c 6c")
    rig.pane.select(0, 0)
    rig.view.setFocus()
    assert rig.view.grab().toImage() != before


# ---- the data inspector -------------------------------------------------------------------------


def test_it_reads_under_the_cursor(rig: Rig) -> None:
    rig.show(b"xxxx" + struct.pack("<f", 1.5) + ALL)
    rig.pane.select(4, 4)
    values = rig.reader.values
    index = next(
        values.index(row, ByteColumn.LITTLE)
        for row in range(values.rowCount())
        if values.index(row, 0).data() == "f32"
    )
    assert index.data() == "1.5"
    rig.reader.setFocus()
    rig.reader.setCurrentIndex(index)
    rig.key(Key.Key_C, Mod.ControlModifier)
    assert clipboard() == "1.5"
    rig.key(Key.Key_C, Mod.ControlModifier | Mod.ShiftModifier)
    assert clipboard() == "bytes[4:8].f32le"
    assert rig.last_said == "Copied bytes[4:8].f32le"
    rig.key(Key.Key_Return)
    assert rig.pane.selection == (4, 8)
    assert rig.last_told == [4, 8]
    rig.trigger("copy_path")
    assert clipboard() == "bytes[4:8].f32le"
    rig.key(Key.Key_Right)
    rig.trigger("copy_path")
    assert clipboard() == "bytes[4:8].f32be"
    rig.key(Key.Key_Escape)
    rig.trigger("copy_path")
    assert clipboard() == "bytes[4:8]"


def test_paths_say_whose_bytes_they_are(rig: Rig) -> None:
    rig.pane.set_bytes(ALL, path=FieldPath(("zlib", "bytes"), frame=2))
    rig.pane.select(4, 6)
    rig.trigger("copy_path")
    assert clipboard() == "frame2.zlib.bytes[4:6]"
    rig.reader.setCurrentIndex(rig.reader.values.index(0, ByteColumn.LITTLE))
    rig.reader.on_copy_path()
    assert clipboard() == "frame2.zlib.bytes[4:5].u8"


def test_a_value_marks_its_bytes(rig: Rig) -> None:
    rig.show(ALL)
    before = rig.view.grab().toImage()
    rig.reader.setCurrentIndex(rig.reader.values.index(6, ByteColumn.BIG))
    assert rig.view.grab().toImage() != before
    rig.trigger("reader")
    assert not rig.reader.isVisible()
    assert rig.view.grab().toImage().height() > before.height()


def test_letters_are_left_to_the_panel(rig: Rig) -> None:
    rig.show(ALL)
    rig.reader.setFocus()
    rig.reader.setCurrentIndex(rig.reader.values.index(0, 1))
    QTest.keyClick(rig.reader, Key.Key_Z)
    assert rig.reader.currentIndex().row() == 0


def test_its_state_is_remembered(rig: Rig) -> None:
    rig.trigger("reader")
    rig.trigger("decimal")
    again = Rig(rig.qtbot, rig.folder)
    assert not again.reader.isVisible()
    assert not again.actions.qaction("hex.reader").isChecked()
    assert again.view.model.base is OffsetBase.DECIMAL
    again.trigger("reader")
    assert Rig(rig.qtbot, rig.folder).reader.isVisible()


# ---- copying and saving -------------------------------------------------------------------------


@pytest.mark.parametrize("form", CopyForm)
def test_copies_what_is_selected_or_all(rig: Rig, form: CopyForm) -> None:
    rig.show(b"abc\xff")
    rig.trigger(f"copy_{form.value}")
    whole = clipboard()
    assert rig.last_said.startswith("Copied 4 B as ")
    rig.pane.select(1, 3)
    rig.trigger(f"copy_{form.value}")
    assert rig.last_said.startswith("Copied 2 B as ")
    assert clipboard() != whole


def test_ctrl_c_copies_hex(rig: Rig) -> None:
    rig.show(b"abc\xff")
    rig.key(Key.Key_C, Mod.ControlModifier)
    assert clipboard() == "61"
    assert rig.last_said == "Copied 1 B as hex."
    rig.pane.select(1, 4)
    rig.key(Key.Key_C, Mod.ControlModifier)
    assert clipboard() == "62 63 ff"
    rig.key(Key.Key_C, Mod.ControlModifier | Mod.ShiftModifier)
    assert clipboard() == "bytes[1:4]"


def test_a_copy_is_bounded_and_says_so(rig: Rig) -> None:
    rig.show(bytes(17_000_000))
    rig.trigger("copy_hex_plain")
    assert len(clipboard()) == 32_000_000
    assert rig.last_said == (
        "Copied the first 16.0 MB of 17.0 MB as plain hex; save them to have all."
    )
    QGuiApplication.clipboard().clear()


def test_saving_what_is_selected(rig: Rig) -> None:
    rig.show(ALL)
    rig.pane.select(4, 8)
    rig.trigger("save_selection")
    assert rig.asked_name == "bytes-4-8.bin"
    rig.save_to = rig.folder / "part.bin"
    rig.trigger("save_selection")
    assert rig.save_to.read_bytes() == ALL[4:8]
    assert rig.last_said == f"Saved 4 B to {rig.save_to}."
    rig.save_to = rig.folder / "no" / "folder"
    rig.trigger("save_selection")
    assert "could not be written" in rig.last_said
    assert "Choose another folder" in rig.last_said
    rig.pane.set_bytes(ALL, path=FieldPath(("zlib", "bytes"), frame=2))
    rig.trigger("save_selection")
    assert rig.asked_name == "frame2-zlib-bytes-4-8.bin"


def test_the_menu_has_all_of_it(rig: Rig) -> None:
    rig.show(ALL)
    asked = QSignalSpy(rig.pane.save_requested)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), rig.view.mapToGlobal(QPoint(5, 5))
    )
    QApplication.sendEvent(rig.view.viewport(), event)
    menu = next(one for one in rig.pane.findChildren(QMenu) if one.isVisible())
    titles = [entry.text() for entry in menu.actions() if not entry.isSeparator()]
    assert "Copy bytes as C array" in titles
    menu.actions()[-1].trigger()
    assert asked.count() == 1
    menu.close()


def test_actions(rig: Rig) -> None:
    for action in hex_actions():
        assert action.shortcut
        assert action.help
        enabled = rig.actions.qaction(action.id).isEnabled()
        assert enabled == (action.id in ("hex.reader", "hex.decimal"))
    rig.show(ALL)
    assert all(rig.actions.qaction(action.id).isEnabled() for action in hex_actions())


# ---- any bytes, any size ------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\0", b"\x1b[31m\xe2\x80\xae\xd7\x90<b>&amp;"])
def test_every_key_on_any_bytes(rig: Rig, data: bytes) -> None:
    rig.show(data)
    for key in (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_PageUp,
                Key.Key_PageDown, Key.Key_Home, Key.Key_End, Key.Key_F3):  # fmt: skip
        for modifier in (Mod.NoModifier, Mod.ShiftModifier, Mod.ControlModifier):
            QTest.keyClick(rig.view, key, modifier)
            assert 0 <= rig.pane.selection[0] <= rig.pane.selection[1] <= len(data)
    for form in CopyForm:
        rig.trigger(f"copy_{form.value}")
    QTest.mouseClick(rig.view.viewport(), LEFT, pos=QPoint(200, 80))
    QTest.mouseDClick(rig.view.viewport(), LEFT, pos=QPoint(60, 5))
    QTest.keyClick(rig.view, Key.Key_G, Mod.ControlModifier)
    QTest.keyClick(rig.view, Key.Key_F, Mod.ControlModifier)
    rig.pane.grab()


def test_200_mb_open_scroll_and_are_searched_without_a_stall(rig: Rig) -> None:
    data = os.urandom(1 << 20) * 190 + b"\xde\xad\xbe\xef needle"
    started = time.thread_time()
    rig.show(data)
    rig.view.viewport().repaint()
    assert time.thread_time() - started < 3.0
    bar = rig.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    rig.view.viewport().repaint()
    assert bar.value() + bar.pageStep() >= rig.view.model.line_count
    rig.trigger("find")
    ticks: list[float] = []
    timer = QTimer()
    timer.setInterval(0)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    rig.find("6e 65 65 64 6c ?5")
    timer.stop()
    assert rig.result == "1 of 1"
    assert rig.pane.selection == (len(data) - 6, len(data))
    gaps = [after - before for before, after in pairwise(ticks)]
    assert max(gaps) < 0.2


def test_as_many_bytes_as_fit_and_the_first_stays(rig: Rig) -> None:
    rig.show(ALL)
    counts = []
    for width in (220, 338, 460, 700):
        rig.pane.resize(width, 430)
        QApplication.processEvents()
        counts.append(rig.view.model.bytes_per_line)
    assert counts == [4, 8, 12, 16]
    assert rig.view.horizontalScrollBar().maximum() == 0
    rig.pane.resize(120, 200)
    QApplication.processEvents()
    assert rig.view.model.bytes_per_line == 4
    assert rig.view.horizontalScrollBar().maximum() > 0


def test_the_same_bytes_again_stay_where_they_are(rig: Rig) -> None:
    rig.show(ALL)
    rig.pane.select(1000, 1004)
    top = rig.view.verticalScrollBar().value()
    rig.pane.set_bytes(ALL, "other name")
    assert rig.pane.selection == (1000, 1004)
    assert rig.view.verticalScrollBar().value() == top


def test_every_control_has_a_name(rig: Rig) -> None:
    for button in rig.pane.findChildren(QToolButton):
        assert button.accessibleName(), button
        assert button.toolTip(), button
    for field in rig.pane.findChildren(QLineEdit):
        assert field.accessibleName()
    assert rig.view.accessibleName()
    assert rig.reader.accessibleName()


def test_it_takes_little_room(rig: Rig) -> None:
    assert rig.pane.minimumSizeHint().width() <= 300
    rig.trigger("find")
    rig.trigger("goto")
    assert rig.pane.minimumSizeHint().width() <= 300


def test_the_theme_turns(rig: Rig) -> None:
    rig.show(ALL)
    before = rig.pane.grab().toImage()
    rig.theme.set_mode(ThemeMode.LIGHT)
    assert rig.pane.grab().toImage() != before


def test_as_many_bytes_of_the_next_message_are_shown_where_one_is(rig: Rig) -> None:
    path = FieldPath(("bytes",))
    rig.pane.set_bytes(ALL, "one", path)
    rig.pane.select(1000, 1004)
    top = rig.view.verticalScrollBar().value()
    rig.pane.set_bytes(ALL[::-1], "two", path)
    assert rig.pane.selection == (1000, 1004)
    assert rig.view.verticalScrollBar().value() == top
    assert rig.reader.values.index(0, 1).data() == str(ALL[::-1][1000])
    rig.pane.set_bytes(ALL[:-1], "three", path)
    assert rig.pane.selection == (0, 0)
    rig.pane.select(5, 6)
    rig.pane.set_bytes(ALL[1:], "four", FieldPath(("bytes",), frame=2))
    assert rig.pane.selection == (0, 0)


def test_names_lead_to_their_values(rig: Rig) -> None:
    rig.show(ALL)
    header = rig.reader.visualRect(rig.reader.values.index(2, ByteColumn.NAME))
    QTest.mouseClick(rig.reader.viewport(), LEFT, pos=header.center())
    assert rig.reader.currentIndex() == rig.reader.values.index(2, ByteColumn.LITTLE)
    rig.reader.setFocus()
    rig.key(Key.Key_Left)
    assert rig.reader.currentIndex() == rig.reader.values.index(2, ByteColumn.LITTLE)
    rig.key(Key.Key_Right)
    assert rig.reader.currentIndex() == rig.reader.values.index(2, ByteColumn.BIG)
    rig.key(Key.Key_Down)
    assert rig.reader.currentIndex() == rig.reader.values.index(3, ByteColumn.BIG)


def test_the_bytes_have_most_of_the_room(rig: Rig) -> None:
    rig.show(ALL)
    for height in (430, 250, 200):
        rig.pane.resize(338, height)
        QApplication.processEvents()
        assert rig.view.height() > rig.reader.height()
    rig.pane.resize(338, 900)
    QApplication.processEvents()
    assert rig.reader.height() == rig.reader.sizeHint().height()


def test_below_another_view_the_data_inspector_is_chosen_by_itself(rig: Rig) -> None:
    action = rig.actions.qaction("hex.reader")
    assert rig.reader.isVisible()
    rig.pane.set_below(True)
    assert not rig.reader.isVisible()
    assert not action.isChecked()
    action.trigger()
    assert rig.reader.isVisible()
    rig.pane.set_below(False)
    action.trigger()
    assert not rig.reader.isVisible()
    rig.pane.set_below(True)
    assert rig.reader.isVisible()
    assert action.isChecked()


def test_the_menu_of_a_value(rig: Rig) -> None:
    rig.show(b"abcd")
    index = rig.reader.values.index(2, ByteColumn.BIG)
    rig.reader.setCurrentIndex(index)
    place = rig.reader.visualRect(index).center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, rig.reader.viewport().mapToGlobal(place)
    )
    QApplication.sendEvent(rig.reader.viewport(), event)
    menu = next(one for one in rig.reader.findChildren(QMenu) if one.isVisible())
    titles = [entry.text().split("\t")[0] for entry in menu.actions()]
    assert titles == ["Copy 24930", "Copy bytes[0:2].u16be", "Select its bytes"]
    for entry in menu.actions():
        entry.trigger()
    assert clipboard() == "bytes[0:2].u16be"
    assert rig.pane.selection == (0, 2)
    menu.close()


def test_selected_text_is_looked_for_as_text(rig: Rig) -> None:
    rig.show("kůň a kůň".encode() + b"\xff\xfe")
    rig.pane.find_bar.kind.set_kind("text")
    rig.pane.select(0, 5)
    rig.trigger("find")
    assert rig.pane.find_bar.field.text() == "kůň"
    rig.wait_found()
    assert rig.result == "1 of 2"
    rig.pane.finder.on_close()
    rig.pane.select(13, 15)
    rig.trigger("find")
    assert rig.pane.find_bar.field.text() == "ff fe"
    assert rig.pane.find_bar.kind.kind == "hex"


def test_the_height_of_the_data_inspector_is_remembered(rig: Rig) -> None:
    rig.show(ALL)
    split = rig.reader.parentWidget()
    assert isinstance(split, QSplitter)
    split.moveSplitter(split.height() - 80, 1)
    height = rig.reader.height()
    rig.pane.resize(338, 600)
    QApplication.processEvents()
    assert rig.reader.height() == height
    again = Rig(rig.qtbot, rig.folder)
    assert again.reader.height() == height


def test_chords_work_beside_the_letters_of_the_panel(rig: Rig) -> None:
    rig.pane.addActions([rig.actions.qaction(action.id) for action in hex_actions()])
    letter = QAction("Hex", rig.pane)
    letter.setShortcut("H")
    letter.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    letters = QSignalSpy(letter.triggered)
    rig.view.addAction(letter)
    rig.show(b"abc")
    window = rig.pane.windowHandle()
    QTest.keyClick(window, Key.Key_Y, Mod.ControlModifier)
    QTest.keyClick(window, Key.Key_H)
    assert clipboard() == "61 62 63"
    assert letters.count() == 0
    QTest.keyClick(window, Key.Key_H)
    assert letters.count() == 1


def test_what_a_screen_reader_tells(rig: Rig) -> None:
    rig.pane.set_bytes(ALL, "Unpacked by zlib")
    assert rig.view.accessibleName() == "Unpacked by zlib"
    rig.pane.select(4, 8)
    assert rig.view.accessibleDescription() == "0x0004–0x0007 · 4–7 · 4 bytes"
    index = rig.reader.values.index(2, ByteColumn.LITTLE)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "1284\nunsigned integer of 16 bits, little endian"
