"""The compare panel: two messages, field by field or byte by byte."""

from __future__ import annotations

import json
import struct
import time
import zlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from tests.compare_rig import messages
from tests.gui.compare_rig import CompareRig, state
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.compare.table import path_end
from zmqscope.ui.theme import ThemeMode


@pytest.fixture
def rig(qtbot: QtBot) -> CompareRig:
    return CompareRig(qtbot)


Key = Qt.Key


def test_empty_says_what_to_do_next(rig: CompareRig) -> None:
    assert "Nothing to compare yet" in rig.words()
    assert "Select a message" in rig.words()
    assert not rig.action("next").isEnabled()
    assert not rig.action("pin").isEnabled()
    rig.show(b"robot", state())
    assert "first message on this topic" in rig.words()
    assert "F8" in rig.words()
    rig.trigger("pinned")
    assert "No message is pinned" in rig.words()
    rig.trigger("pin")
    assert "This message is the pinned one" in rig.words()


def test_added_removed_types_and_order(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":1,"b":2,"c":"x"}')
    rig.show(b"t", b'{"b":2,"a":1,"c":5,"d":[]}')
    kinds = {line.label: line.kind.value for line in rig.panel.model.rows if not line.is_frame}
    assert kinds == {"c": "changed", "json": "order", "d": "added"}
    assert "string → number" in " ".join(rig.lines())
    assert "other order" in " ".join(rig.lines())
    assert "2 changes" in rig.words()


def test_other_decoders_are_told(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":1}')
    rig.show(b"t", b"plain words")
    assert "Read as json before and as text after" in rig.words()
    assert any(line.path.startswith("bytes[") for line in rig.panel.model.rows)


def test_same_values_written_another_way(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":1}')
    rig.show(b"t", b'{ "a": 1 }')
    assert rig.lines()[-1].endswith("same")
    assert "no changes" in rig.words()
    assert "the bytes are not" in rig.words()


def test_missing_frames(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":1}', b"rest")
    rig.show(b"t", b'{"a":1}')
    assert rig.lines()[-1] == "3 text | 4 B |  | missing"
    rig.trigger("next")
    assert rig.panel.view.currentIndex().row() == 2


def test_all_fields_and_only_changes(rig: CompareRig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.trigger("only_changes")
    assert "mode | hover | hover" in rig.lines()
    rig.trigger("only_changes")
    assert len(rig.lines()) == 3


def test_bytes_side_by_side(rig: CompareRig) -> None:
    rig.put(b"t", bytes(range(200)))
    rig.show(b"t", bytes(range(100)) + b"\xff\xff\xff" + bytes(range(100, 200)))
    rows = [line for line in rig.panel.model.rows if not line.is_frame]
    assert [(line.path, line.after) for line in rows] == [("bytes[100:103]", "ff ff ff")]
    rig.panel.view.go_to(2)
    QTest.keyClick(rig.panel.view, Key.Key_Return)
    rig.finish()
    hex_view = rig.panel.hex.view
    assert hex_view.isVisible()
    assert hex_view.current is not None
    assert hex_view.current.after == (100, 103)
    assert "ff ff ff after" in hex_view.accessibleName()
    assert rig.panel.hex.frames.currentText().endswith(" · 1 change")
    rig.trigger("next")
    assert "no further change" in rig.words()
    rig.trigger("bytes")
    assert rig.panel.view.isVisible()


def test_enter_on_a_field_shows_its_bytes(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":1,"b":2}')
    rig.show(b"t", b'{"a":3,"b":4}')
    rig.panel.view.go_to(3)
    QTest.keyClick(rig.panel.view, Key.Key_Return)
    rig.finish()
    current = rig.panel.hex.view.current
    assert current is not None
    assert current.after == (11, 12)


def test_steps_go_on_in_the_next_frame(rig: CompareRig) -> None:
    rig.put(b"t", b"one", b"same", b"two")
    rig.show(b"t", b"One", b"same", b"Two")
    rig.trigger("bytes")
    hex_page = rig.panel.hex
    assert hex_page.frames.currentIndex() == 1
    rig.trigger("next")
    rig.trigger("next")
    assert hex_page.frames.currentIndex() == 3
    rig.trigger("back")
    assert hex_page.frames.currentIndex() == 1


def test_the_users_choice_holds_for_both(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":1}')
    rig.show(b"t", b'{"a":2}')
    rig.formats.choices.choose(SocketId(1), None, 0, DecoderChoice("text"))
    rig.finish()
    assert rig.lines()[-1].startswith("line 1 | ")
    rig.formats.choices.choose(SocketId(1), None, 0, None)
    rig.finish()
    assert rig.lines()[-1] == "a | 1 | 2 | +1"


def test_copies(rig: CompareRig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2, mode="land\n<b>"))
    clipboard = QGuiApplication.clipboard()
    assert not rig.action("copy_path").isEnabled()
    rig.trigger("next")
    rig.trigger("copy_path")
    assert clipboard.text() == "json.seq"
    rig.trigger("copy")
    text = clipboard.text()
    assert "~ json.seq  1 → 2  (+1)" in text
    assert "land␊<b>" in text
    rig.trigger("copy_json")
    whole = json.loads(clipboard.text())
    assert whole["is_complete"]
    assert whole["before"]["number"] == 1
    assert whole["frames"][1]["changes"][0] == {
        "path": "json.seq",
        "change": "changed",
        "before": "1",
        "after": "2",
        "difference": "+1",
    }
    QTest.keyClick(rig.panel.view, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "json.seq" in clipboard.text()


def test_a_lone_surrogate_can_be_copied(rig: CompareRig) -> None:
    rig.put(b"t", b'{"a":"x"}')
    rig.show(b"t", b'{"a":"\\ud800"}')
    rig.trigger("copy")
    rig.trigger("copy_json")
    assert json.loads(QGuiApplication.clipboard().text())


def test_by_keyboard_alone(rig: CompareRig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2, mode="land"))
    rig.trigger("next")
    assert rig.panel.view.currentIndex().row() == 2
    rig.trigger("next")
    assert rig.panel.view.currentIndex().row() == 3
    rig.trigger("back")
    assert rig.panel.view.currentIndex().row() == 2
    assert "json.seq  +1" in rig.words()
    for button in rig.window.findChildren(QToolButton):
        if button.isVisible():
            assert button.accessibleName()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    spoken = rig.panel.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "changed seq"


def test_nothing_is_done_while_nobody_looks(rig: CompareRig) -> None:
    rig.put(b"t", state())
    rig.window.hide()
    rig.show(b"t", state(seq=2))
    assert rig.lines() == []
    rig.window.show()
    rig.finish()
    assert "seq | 1 | 2 | +1" in rig.lines()


def test_foreign_text_is_harmless(rig: CompareRig) -> None:
    rig.put(b"t", b'{"<b>\\u202e":"a"}')
    rig.show(b"t", b'{"<b>\\u202e":"<img src=x>\\u001b[31m"}')
    line = rig.lines()[-1]
    assert "\u202e" not in line
    assert "\x1b" not in line
    tip = rig.panel.model.index(2, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img" in tip


def test_a_large_frame_does_not_hold_the_window(rig: CompareRig) -> None:
    before = bytes(60_000_000)
    rig.put(b"t", b"\x00\xff" + before)
    row = rig.put(b"t", b"\x00\xff" + before[:-1] + b"\x01")
    message = rig.store.message(row)
    assert message is not None
    shown = Inspected(message, "telemetry", SocketType.SUB, rig.formats)
    began = time.thread_time()
    rig.panel.show_message(shown)
    assert time.thread_time() - began < 3.0
    rig.finish()
    assert rig.panel.model.rows[-1].path == "bytes[60000001:60000002]"
    rig.trigger("bytes")
    rig.trigger("next")
    assert rig.panel.hex.view.isVisible()
    QApplication.processEvents()


@pytest.mark.parametrize("mode", [ThemeMode.DARK, ThemeMode.LIGHT])
def test_it_is_painted_in_both_themes(rig: CompareRig, mode: ThemeMode) -> None:
    rig.put(b"t", state(), bytes(100))
    rig.show(b"t", state(seq=2, new=1), bytes(50) + b"abc" + bytes(50))
    rig.theme.set_mode(mode)
    assert not rig.window.grab().isNull()
    rig.trigger("bytes")
    assert not rig.window.grab().isNull()


def test_numbers_element_by_element(rig: CompareRig) -> None:
    rig.put(b"t", struct.pack("<6f", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5))
    rig.show(b"t", struct.pack("<6f", 1.5, 2.25, 3.5, 4.5, 5.5, 6.5))
    choice = DecoderChoice("numbers", (), DecodeOptions(dtype="<f4", shape=(2, 3)))
    rig.formats.choices.choose(SocketId(1), None, 0, choice)
    rig.finish()
    assert rig.lines()[-1] == "[0][1] | 2.5 | 2.25 | −0.25"
    assert rig.panel.model.rows[-1].path == "numbers[0][1]"
    assert "1 of 6 numbers differ, by 0.25 at most." in rig.words()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("accel[2]", "accel[2]"),
        ("imu.accel[2]", "…ccel[2]"),
        ("items[1049]", "…s[1049]"),
        ("a long name", "a long name"),
    ],
)
def test_of_a_path_the_end_stays_in_sight(text: str, shown: str) -> None:
    assert path_end(text, 8) == shown


def test_behind_a_compression(rig: CompareRig) -> None:
    rig.put(b"t", zlib.compress(state()))
    rig.show(b"t", zlib.compress(state(seq=2)))
    assert [row.path for row in rig.panel.model.rows if row.path] == ["zlib.json.seq"]


def test_a_password_is_not_shown(rig: CompareRig) -> None:
    def request(password: bytes) -> tuple[bytes, ...]:
        return (b"", b"1.0", b"1", b"global", b"127.0.0.1", b"", b"PLAIN", b"admin", password)

    rig.sockets.add(4, SocketType.DEALER, "zap")
    for password in (b"first-word", b"other-word"):
        rig.store.append(messages(request(password), socket_id=4, topic_rule=TopicRule.NEVER))
    rig.inspect(1)
    assert "only whether it changed" in rig.words()
    assert "1 change" in rig.words()
    rig.trigger("copy")
    rig.trigger("copy_json")
    assert "word" not in QGuiApplication.clipboard().text().replace("password", "")
    rig.trigger("bytes")
    rig.trigger("next")
    assert rig.panel.hex.view.pair.data == (b"", b"") or b"word" not in b"".join(
        rig.panel.hex.view.pair.data
    )


def test_the_place_is_found_again_even_if_comparing_takes_its_time(
    rig: CompareRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is found at once, as on a busy machine.
    monkeypatch.setattr("zmqscope.ui.compare.panel._FIRST_S", -1.0)
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.trigger("follow")
    rig.put(b"t", state(seq=5))
    rig.refresh()
    rig.panel.view.go_to(2)
    assert rig.panel.view.current is not None
    assert rig.panel.view.current.label == "seq"
    rig.put(b"t", state(seq=9))
    rig.refresh()
    assert "seq | 5 | 9 | +4" in rig.lines()
    assert rig.panel.view.current is not None
    assert rig.panel.view.current.label == "seq"
