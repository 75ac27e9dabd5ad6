"""What frames are read as: the bar, the menu, options, compressions and what fails."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgpack
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.inspector_rig import PULL, SUB, InspectorRig
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice, Payload
from zmqscope.core.types import SocketId
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.ui.inspector.decoder_menu import DecoderMenu

Key = Qt.Key
INSIDE = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
QUOTE = {"px": 1.08409, "src": "ebs"}


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[InspectorRig]:
    rig = InspectorRig(qtbot, tmp_path)
    yield rig
    rig.panel.close()


def menu_of(rig: InspectorRig) -> DecoderMenu:
    """The decoder menu, opened anew."""
    rig.panel.decoder.open_menu()
    menus = [m for m in rig.panel.findChildren(DecoderMenu) if m.isVisible()]
    assert len(menus) == 1
    return menus[0]


def entries(menu: QMenu) -> dict[str, QAction]:
    """Entries of a menu and of its submenus, by their words."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        submenu = action.menu()
        if isinstance(submenu, QMenu):
            found |= {f"{action.text()}/{k}": v for k, v in entries(submenu).items()}
        elif action.text():
            found[action.text().split("\t")[0]] = action
    return found


def choose(rig: InspectorRig, words: str) -> None:
    menu = menu_of(rig)
    entries(menu)[words].trigger()
    menu.close()
    QApplication.processEvents()


def test_a_guess_says_that_it_is_one(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    words = rig.panel.decoder.source.words
    assert words.startswith("MessagePack · guessed, ")
    assert words.endswith(" %")
    assert rig.panel.decoder.source.accessibleName() == f"Read as {words}"
    assert rig.message.title(1) == f"2 msgpack · {len(msgpack.packb(QUOTE))} B"


def test_the_likeliest_come_first_in_the_menu(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    words = [a.text() for a in menu_of(rig).actions() if a.text()]
    assert words[0] == "Leave it to the frame"
    assert words[1].startswith("MessagePack\t")
    assert "Only for topic EUR" in words
    assert "For all of quotes" in words


def test_a_choice_sticks_to_its_topic(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    choose(rig, "CBOR")
    assert rig.panel.decoder.source.words == "CBOR · chosen for topic EUR"
    assert rig.message.title(1).startswith("2 cbor")
    rig.show(SUB, b"GBP", msgpack.packb(QUOTE))
    assert "guessed" in rig.panel.decoder.source.words
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    assert rig.panel.decoder.source.words == "CBOR · chosen for topic EUR"
    choose(rig, "Leave it to the frame")
    assert "guessed" in rig.panel.decoder.source.words


def test_a_choice_for_all_of_the_socket(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    choose(rig, "For all of quotes")
    choose(rig, "CBOR")
    assert rig.panel.decoder.source.words == "CBOR · chosen for quotes"
    rig.show(SUB, b"GBP", msgpack.packb(QUOTE))
    assert rig.panel.decoder.source.words == "CBOR · chosen for quotes"
    choose(rig, "Only for topic GBP")
    assert rig.panel.decoder.source.words == "CBOR · chosen for topic GBP"
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    assert "guessed" in rig.panel.decoder.source.words


def test_the_menu_opens_by_its_letter(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", msgpack.packb(QUOTE))
    tree = rig.panel.content.bodies.tree.tree
    tree.setFocus()
    QTest.keyClick(tree, Key.Key_D)
    assert [m for m in rig.panel.findChildren(DecoderMenu) if m.isVisible()]


def test_a_decoder_that_fails_says_why_and_shows_the_byte(rig: InspectorRig) -> None:
    rig.show(SUB, b"EUR", b'{"px": 1.5, oops}')
    choose(rig, "MessagePack")
    rig.show(SUB, b"EUR", b"\xc1\xc1\xc1")
    assert "Not MessagePack." in rig.words()
    assert rig.panel.content.hex_pane.data == b"\xc1\xc1\xc1"
    buttons = [b for b in rig.panel.findChildren(QPushButton) if b.isVisible()]
    go = next(b for b in buttons if b.text().startswith("Show byte"))
    go.click()
    assert rig.panel.content.hex_pane.selection == (0, 1)


# ---- compressions -------------------------------------------------------------------------------


def test_layers_are_named_and_the_own_bytes_one_key_away(rig: InspectorRig) -> None:
    inner = msgpack.packb({"text": "abc" * 200})
    packed = zlib.compress(inner)
    rig.show(PULL, packed)
    assert rig.panel.decoder.source.words.startswith(f"zlib {INSIDE} MessagePack · guessed")
    assert rig.panel.decoder.words == f"zlib {len(packed):,} B → {len(inner):,} B"
    pane = rig.panel.content.hex_pane
    assert pane.data == inner
    assert "Unpacked by zlib" in rig.words()
    rig.select(0)
    assert pane.selection[1] > pane.selection[0]
    tree = rig.panel.content.bodies.tree.tree
    tree.setFocus()
    QTest.keyClick(tree, Key.Key_R)
    assert pane.data == packed
    assert "The frame’s own bytes" in rig.words()
    QTest.keyClick(tree, Key.Key_R)
    assert pane.data == inner
    assert str(rig.panel.field_path()) == "zlib.msgpack.text"


def test_a_bomb_is_unpacked_so_far_and_further_when_asked(rig: InspectorRig) -> None:
    bomb = zlib.compress(b"a" * 40_000_000, 9)
    rig.show(PULL, bomb)
    assert "→ over " in rig.panel.decoder.words
    rig.qtbot.waitUntil(lambda: _unpack_all(rig))
    assert rig.panel.decoder.words.endswith("→ 40.0 MB")


def _unpack_all(rig: InspectorRig) -> bool:
    """Ask for more whenever that can be done; true when there is no more."""
    for button in rig.panel.findChildren(QPushButton):
        if button.text() == "Unpack more" and button.isVisible() and button.isEnabled():
            button.click()
    return "→ over " not in rig.panel.decoder.words


def test_another_compression_can_be_chosen(rig: InspectorRig) -> None:
    inner = json.dumps(QUOTE).encode()
    rig.show(PULL, zlib.compress(inner))
    choose(rig, "Compression/None")
    assert rig.panel.decoder.words == ""
    choose(rig, "Compression/zlib")
    assert rig.panel.content.hex_pane.data == inner
    choose(rig, "Compression/gzip")
    assert "gzip:" in rig.words()


# ---- options ------------------------------------------------------------------------------------


def test_the_bytes_to_skip_begin_where_the_text_of_the_other_fields_does(
    rig: InspectorRig, dressed: QApplication
) -> None:
    rig.theme.apply(dressed)
    rig.show(PULL, np.arange(6, dtype="<f4").tobytes())
    choose(rig, "Numbers")
    options = rig.panel.decoder.options
    options.shape.setText("8")
    inked = []
    for field in (options.skip, options.shape):
        image = field.grab().toImage()
        ground = image.pixelColor(4, image.height() // 2)
        middle = range(image.height() // 2 - 4, image.height() // 2 + 4)
        # Right of the border and its antialiased corners.
        inked.append(
            next(
                x
                for x in range(2, image.width())
                if any(
                    abs(image.pixelColor(x, y).lightness() - ground.lightness()) > 60
                    for y in middle
                )
            )
        )
    assert abs(inked[0] - inked[1]) <= 2, inked


def test_numbers_are_told_their_type(rig: InspectorRig) -> None:
    data = np.arange(6, dtype=">i2").tobytes()
    rig.show(PULL, data)
    choose(rig, "Numbers")
    options = rig.panel.decoder.options
    assert options.isVisible()
    options.kind.setCurrentIndex(options.kind.findData("i2"))
    options.kind.activated.emit(options.kind.currentIndex())
    options.order.setCurrentIndex(1)
    options.order.activated.emit(1)
    assert rig.view is FrameView.NUMBERS
    numbers = rig.panel.content.bodies.numbers.numbers
    assert numbers.array.tolist() == [0, 1, 2, 3, 4, 5]
    QTest.keyClicks(options.shape, "2, 3")
    assert numbers.rowCount() == 2
    options.skip.setValue(2)
    QTest.keyClick(options.shape, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(options.shape, "nonsense")
    assert "no shape" in rig.words()
    QTest.keyClick(options.shape, Key.Key_Escape)
    assert not options.isVisible()


def test_text_is_told_its_encoding(rig: InspectorRig) -> None:
    rig.show(PULL, "Straße für Müller und Söhne, größer als je".encode("cp1252"))
    choose = rig.panel.decoding.on_decoder_chosen
    choose(DecoderChoice("text", None, DecodeOptions(encoding="cp1252")))
    assert rig.panel.content.text.toPlainText().startswith("Straße für Müller")
    choose(DecoderChoice("text", None, DecodeOptions(encoding="cp437")))
    assert not rig.panel.content.text.toPlainText().startswith("Straße")


def test_a_schema_is_read_beside_the_window(rig: InspectorRig) -> None:
    schema = rig.folder / "robot.proto"
    schema.write_text('syntax = "proto3"; message Imu { float x = 1; string name = 2; }')
    rig.show(PULL, b"\x0d\x00\x00\xc0\x3f\x12\x03abc")
    choose(rig, "Protobuf")
    options = rig.panel.decoder.options
    options.use_schema(str(schema))
    rig.qtbot.waitUntil(lambda: options.message.currentText() == "Imu")
    rig.qtbot.waitUntil(lambda: "x" in rig.rows())
    assert "robot.proto" in rig.panel.decoder.source.words
    options.use_schema(str(rig.folder / "missing.proto"))
    rig.qtbot.waitUntil(lambda: "no file" in rig.words())


def test_the_encoding_that_was_found_is_kept_for_all_of_the_topic(rig: InspectorRig) -> None:
    order = "注文を受け付けました。東京証券取引所、銘柄コード7203 トヨタ自動車"
    rig.show(SUB, b"orders", order.encode("shift_jis"))
    choose(rig, "Text")
    assert rig.panel.content.text.toPlainText() == order
    assert "Shift-JIS" in rig.panel.decoder.source.words
    # A word of it is too little to tell by, and the table has no more.
    rig.show(SUB, b"orders", "銘柄".encode("shift_jis"))
    assert rig.panel.content.text.toPlainText() == "銘柄"
    choice = rig.message.choice(1)
    assert choice is not None
    head = Payload(order.encode("shift_jis")[:40], is_cut=True, size=100)
    assert rig.formats.registry.preview(head, choice).text.startswith("注文を受け")


ROBOT = """syntax = "proto3"; package robot;
message Vec { double x = 1; double y = 2; }
message Health { string node = 1; uint32 errors = 2; }"""
HEALTH = b"\x0a\x05lidar\x10\x03"
VEC = b"\x09" + bytes(7) + b"\x40\x11" + bytes(7) + b"\x40"


def test_the_message_that_fits_the_frame_is_offered(rig: InspectorRig) -> None:
    schema = rig.folder / "robot.proto"
    schema.write_text(ROBOT)
    rig.show(SUB, b"health", HEALTH)
    choose(rig, "Protobuf")
    options = rig.panel.decoder.options
    options.use_schema(str(schema))
    rig.qtbot.waitUntil(lambda: options.message.currentData() == "robot.Health")
    assert rig.rows()[1:] == ["node", "errors"]
    options.message.setCurrentIndex(options.message.findData("robot.Vec"))
    options.message.activated.emit(0)
    QApplication.processEvents()
    assert "robot.Health would fit" in rig.words()


def test_one_schema_for_all_topics_of_a_socket(rig: InspectorRig) -> None:
    schema = rig.folder / "robot.proto"
    schema.write_text(ROBOT)
    rig.show(SUB, b"health", HEALTH)
    choose(rig, "For all of quotes")
    choose(rig, "Protobuf")
    options = rig.panel.decoder.options
    options.use_schema(str(schema))
    rig.qtbot.waitUntil(lambda: options.message.count() == 3)
    assert options.message.currentText() == "the one that fits best"
    assert rig.rows()[1:] == ["node", "errors"]
    rig.show(SUB, b"vec", VEC)
    assert rig.rows()[1:] == ["x", "y"]
    assert "Read as robot.Vec, which fits best of the schema." in rig.words()


def test_a_schema_that_is_broken_is_mended_and_read_again(rig: InspectorRig) -> None:
    schema = rig.folder / "robot.proto"
    schema.write_text(ROBOT.replace("node = 1", "node"))
    rig.show(SUB, b"health", HEALTH)
    choose(rig, "Protobuf")
    options = rig.panel.decoder.options
    options.use_schema(str(schema))
    rig.qtbot.waitUntil(lambda: "Line 3 of “robot.proto”" in rig.words())
    # The bytes are not to blame, the sentence stands once, and nothing goes on in the background.
    assert "Not Protobuf" not in rig.words()
    assert rig.words().count("Line 3 of") == 1
    assert not options.is_reading
    assert options.message.count() == 0
    schema.write_text(ROBOT)
    options.schema.again.click()
    rig.qtbot.waitUntil(lambda: options.message.currentData() == "robot.Health")
    assert rig.rows()[1:] == ["node", "errors"]


def test_a_schema_counts_even_if_another_frame_is_shown_meanwhile(rig: InspectorRig) -> None:
    schema = rig.folder / "robot.proto"
    schema.write_text(ROBOT)
    rig.show(SUB, b"health", HEALTH)
    choose(rig, "Protobuf")
    rig.panel.decoder.options.use_schema(str(schema))
    rig.show(SUB, b"other", b"text")
    rig.show(SUB, b"health", HEALTH)
    rig.qtbot.waitUntil(lambda: rig.rows()[1:] == ["node", "errors"])


def test_schemas_used_before_are_offered(rig: InspectorRig) -> None:
    schema = rig.folder / "robot.proto"
    schema.write_text(ROBOT)
    rig.show(SUB, b"health", HEALTH)
    choose(rig, "Protobuf")
    options = rig.panel.decoder.options
    options.use_schema(str(schema))
    rig.qtbot.waitUntil(lambda: options.message.currentData() == "robot.Health")
    rig.show(SUB, b"vec", VEC)
    choose(rig, "Protobuf")
    options.schema.button.click()
    (menu,) = [m for m in options.findChildren(QMenu) if m.isVisible()]
    assert list(entries(menu)) == ["robot.proto", "Choose a file…"]
    entries(menu)["robot.proto"].trigger()
    menu.close()
    rig.qtbot.waitUntil(lambda: options.message.currentData() == "robot.Vec")


def test_the_choice_is_that_of_all_panels(rig: InspectorRig) -> None:
    rig.show(PULL, msgpack.packb(QUOTE))
    rig.formats.choices.choose(SocketId(PULL), None, 0, DecoderChoice("cbor"))
    assert rig.panel.decoder.source.words == "CBOR · chosen for jobs"
