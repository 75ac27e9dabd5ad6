"""The compare panel: two messages, field by field or byte by byte."""

from __future__ import annotations

import json
import struct
import time
import zlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.compare_rig import messages
from tests.gui.message_rig import SocketList
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice
from zmqscope.core.types import RowId, SocketId, SocketType
from zmqscope.models.compare_sides import Mode
from zmqscope.models.compare_table import CompareColumn
from zmqscope.models.formats import Formats
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.panel import ComparePanel
from zmqscope.ui.theme import Theme, ThemeMode

Key = Qt.Key


class Rig:
    """The panel with its corner above it, over a store without an engine."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.store = CaptureStore(1 << 30)
        self.sockets = SocketList()
        self.sockets.add(1, SocketType.SUB, "telemetry")
        self.sockets.add(2, SocketType.ROUTER, "orders")
        self.sockets.add(3, SocketType.PULL, "jobs")
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.formats = Formats()
        self.panel = ComparePanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, self.formats
        )
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.panel.corner_widget())
        column.addWidget(self.panel)
        qtbot.addWidget(self.window)
        self.window.resize(420, 500)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.time_ns = 1_700_000_000_000_000_000

    def put(self, *frames: bytes, socket_id: int = 1) -> RowId:
        """Store a message, a millisecond after the last one."""
        rules = {1: TopicRule.ALWAYS, 2: TopicRule.WITH_TWO_FRAMES, 3: TopicRule.NEVER}
        self.time_ns += 1_000_000
        self.store.append(
            messages(
                frames, socket_id=socket_id, start_ns=self.time_ns, topic_rule=rules[socket_id]
            )
        )
        return RowId(self.store.end_row - 1)

    def inspect(self, row: int) -> None:
        """Show a message in the inspector."""
        message = self.store.message(row)
        assert message is not None
        snapshot = self.sockets.snapshots[message.socket_id]
        shown = Inspected(message, snapshot.name, snapshot.spec.type, self.formats)
        self.panel.show_message(shown)
        self.finish()

    def show(self, *frames: bytes, socket_id: int = 1) -> RowId:
        row = self.put(*frames, socket_id=socket_id)
        self.inspect(row)
        return row

    def finish(self) -> None:
        """Wait until everything is compared."""
        self.qtbot.waitUntil(lambda: not self.panel._more.isActive(), timeout=5_000)

    def action(self, name: str) -> QAction:
        return self.actions.qaction(f"compare.{name}")

    def trigger(self, name: str) -> None:
        self.action(name).trigger()
        self.finish()

    def refresh(self) -> None:
        self.panel.refresh(0)
        self.finish()

    def mode(self) -> Mode:
        return self.panel.sides.mode

    def lines(self) -> list[str]:
        """The list, columns apart by bars."""
        model = self.panel.model
        return [
            " | ".join(str(model.index(row, column).data()) for column in CompareColumn).strip(" |")
            for row in range(model.rowCount())
        ]

    def words(self) -> str:
        labels = self.window.findChildren(QLabel)
        return " | ".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


STATE = {"seq": 1, "mode": "hover", "imu": {"accel": [0.1, 9.81]}}


def state(**changed: object) -> bytes:
    return json.dumps({**STATE, **changed}).encode()


def test_empty_says_what_to_do_next(rig: Rig) -> None:
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


def test_the_message_before_on_the_same_topic(rig: Rig) -> None:
    rig.put(b"robot", state())
    rig.put(b"other", state(seq=7))
    rig.show(b"robot", state(seq=2, imu={"accel": [0.1, 9.8]}))
    assert rig.lines() == [
        "1 topic | 5 B | 5 B | equal",
        "2 json | 58 B | 57 B | 2",
        "seq | 1 | 2 | +1",
        "imu.accel[1] | 9.81 | 9.8 | −0.01",
    ]
    assert "2 changes" in rig.words()
    assert rig.panel.head.before.text.startswith("#1 · ")
    assert rig.panel.head.after.text.startswith("#3 · 2.0 ms later · ") or (
        rig.panel.head.after.text.startswith("#3 · 2 ms later · ")
    )


def test_routing_ids_count_as_topic(rig: Rig) -> None:
    rig.put(b"\x00peer1", b"", b"A", socket_id=2)
    rig.put(b"\x00peer2", b"", b"B", socket_id=2)
    rig.show(b"\x00peer1", b"", b"C", socket_id=2)
    assert rig.panel.head.before.text.startswith("#1 ")
    assert rig.lines()[-1] == "line 1 | A | C"


def test_frames_are_counted_from_the_body(rig: Rig) -> None:
    rig.put(b"\x00peer1", b"", state(), socket_id=2)
    first = int(rig.store.end_row) - 1
    row = rig.put(b"\x00peer2", b"hop", b"", state(seq=3), b"more", socket_id=2)
    rig.panel.compare_rows(row, first)
    rig.finish()
    found = {(line.kind.value, line.label) for line in rig.panel.model.rows if line.is_frame}
    assert ("added", "5 text") in found
    assert any(line.path == "json.seq" for line in rig.panel.model.rows)


def test_added_removed_types_and_order(rig: Rig) -> None:
    rig.put(b"t", b'{"a":1,"b":2,"c":"x"}')
    rig.show(b"t", b'{"b":2,"a":1,"c":5,"d":[]}')
    kinds = {line.label: line.kind.value for line in rig.panel.model.rows if not line.is_frame}
    assert kinds == {"c": "changed", "json": "order", "d": "added"}
    assert "string → number" in " ".join(rig.lines())
    assert "other order" in " ".join(rig.lines())
    assert "2 changes" in rig.words()


def test_other_decoders_are_told(rig: Rig) -> None:
    rig.put(b"t", b'{"a":1}')
    rig.show(b"t", b"plain words")
    assert "Read as json before and as text after" in rig.words()
    assert any(line.path.startswith("bytes[") for line in rig.panel.model.rows)


def test_same_values_written_another_way(rig: Rig) -> None:
    rig.put(b"t", b'{"a":1}')
    rig.show(b"t", b'{ "a": 1 }')
    assert rig.lines()[-1].endswith("same")
    assert "no changes" in rig.words()
    assert "the bytes are not" in rig.words()


def test_missing_frames(rig: Rig) -> None:
    rig.put(b"t", b'{"a":1}', b"rest")
    rig.show(b"t", b'{"a":1}')
    assert rig.lines()[-1] == "3 text | 4 B |  | missing"
    rig.trigger("next")
    assert rig.panel.view.currentIndex().row() == 2


def test_all_fields_and_only_changes(rig: Rig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.trigger("only_changes")
    assert "mode | hover | hover" in rig.lines()
    rig.trigger("only_changes")
    assert len(rig.lines()) == 3


def test_a_pinned_message_stays(rig: Rig) -> None:
    rig.show(b"a", state())
    rig.trigger("pin")
    rig.store.clear()
    rig.show(b"b", state(seq=5))
    assert "seq | 1 | 5 | +4" in rig.lines()
    rig.trigger("swap")
    assert "seq | 5 | 1 | −4" in rig.lines()
    rig.trigger("swap")
    rig.trigger("previous")
    assert "not in memory" in rig.words()
    rig.trigger("pinned")
    assert "seq | 1 | 5 | +4" in rig.lines()


def test_the_message_before_stays_when_it_leaves_memory(rig: Rig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.store.clear()
    rig.refresh()
    rig.trigger("only_changes")
    assert "seq | 1 | 2 | +1" in rig.lines()


def test_two_rows(rig: Rig) -> None:
    one, two = rig.put(b"a", state()), rig.put(b"b", state(seq=9))
    rig.panel.compare_rows(two, one)
    rig.finish()
    assert rig.mode() is Mode.TWO
    assert "seq | 1 | 9 | +8" in rig.lines()
    rig.store.clear()
    rig.panel.compare_rows(one, two)
    assert "no longer in memory" in rig.words()
    # Another message in the inspector takes over again.
    rig.show(b"a", state())
    assert rig.mode() is Mode.PREVIOUS
    rig.panel.say_select_two()


def test_following_a_topic(rig: Rig) -> None:
    rig.put(b"t", state())
    rig.show(b"t", state(seq=2))
    rig.put(b"t", state(seq=5))
    rig.refresh()
    assert "seq | 1 | 2 | +1" in rig.lines()
    rig.trigger("follow")
    assert "seq | 2 | 5 | +3" in rig.lines()
    rig.panel.view.go_to(2)
    rig.put(b"other", state())
    rig.put(b"t", state(seq=9))
    rig.refresh()
    assert "seq | 5 | 9 | +4" in rig.lines()
    # The reader's line stays the reader's.
    current = rig.panel.view.current
    assert current is not None
    assert current.label == "seq"
    rig.trigger("follow")
    assert "seq | 1 | 2 | +1" in rig.lines()


def test_bytes_side_by_side(rig: Rig) -> None:
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


def test_enter_on_a_field_shows_its_bytes(rig: Rig) -> None:
    rig.put(b"t", b'{"a":1,"b":2}')
    rig.show(b"t", b'{"a":3,"b":4}')
    rig.panel.view.go_to(3)
    QTest.keyClick(rig.panel.view, Key.Key_Return)
    rig.finish()
    current = rig.panel.hex.view.current
    assert current is not None
    assert current.after == (11, 12)


def test_steps_go_on_in_the_next_frame(rig: Rig) -> None:
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


def test_the_users_choice_holds_for_both(rig: Rig) -> None:
    rig.put(b"t", b'{"a":1}')
    rig.show(b"t", b'{"a":2}')
    rig.formats.choices.choose(SocketId(1), None, 0, DecoderChoice("text"))
    rig.finish()
    assert rig.lines()[-1].startswith("line 1 | ")
    rig.formats.choices.choose(SocketId(1), None, 0, None)
    rig.finish()
    assert rig.lines()[-1] == "a | 1 | 2 | +1"


def test_copies(rig: Rig) -> None:
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


def test_a_lone_surrogate_can_be_copied(rig: Rig) -> None:
    rig.put(b"t", b'{"a":"x"}')
    rig.show(b"t", b'{"a":"\\ud800"}')
    rig.trigger("copy")
    rig.trigger("copy_json")
    assert json.loads(QGuiApplication.clipboard().text())


def test_by_keyboard_alone(rig: Rig) -> None:
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


def test_nothing_is_done_while_nobody_looks(rig: Rig) -> None:
    rig.put(b"t", state())
    rig.window.hide()
    rig.show(b"t", state(seq=2))
    assert rig.lines() == []
    rig.window.show()
    rig.finish()
    assert "seq | 1 | 2 | +1" in rig.lines()


def test_foreign_text_is_harmless(rig: Rig) -> None:
    rig.put(b"t", b'{"<b>\\u202e":"a"}')
    rig.show(b"t", b'{"<b>\\u202e":"<img src=x>\\u001b[31m"}')
    line = rig.lines()[-1]
    assert "\u202e" not in line
    assert "\x1b" not in line
    tip = rig.panel.model.index(2, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img" in tip


def test_a_large_frame_does_not_hold_the_window(rig: Rig) -> None:
    before = bytes(60_000_000)
    rig.put(b"t", b"\x00\xff" + before)
    row = rig.put(b"t", b"\x00\xff" + before[:-1] + b"\x01")
    message = rig.store.message(row)
    assert message is not None
    shown = Inspected(message, "telemetry", SocketType.SUB, rig.formats)
    began = time.perf_counter()
    rig.panel.show_message(shown)
    assert time.perf_counter() - began < 0.5
    rig.finish()
    assert rig.panel.model.rows[-1].path == "bytes[60000001:60000002]"
    rig.trigger("bytes")
    rig.trigger("next")
    assert rig.panel.hex.view.isVisible()
    QApplication.processEvents()


@pytest.mark.parametrize("mode", [ThemeMode.DARK, ThemeMode.LIGHT])
def test_it_is_painted_in_both_themes(rig: Rig, mode: ThemeMode) -> None:
    rig.put(b"t", state(), bytes(100))
    rig.show(b"t", state(seq=2, new=1), bytes(50) + b"abc" + bytes(50))
    rig.theme.set_mode(mode)
    assert not rig.window.grab().isNull()
    rig.trigger("bytes")
    assert not rig.window.grab().isNull()


def test_numbers_element_by_element(rig: Rig) -> None:
    rig.put(b"t", struct.pack("<6f", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5))
    rig.show(b"t", struct.pack("<6f", 1.5, 2.25, 3.5, 4.5, 5.5, 6.5))
    choice = DecoderChoice("numbers", (), DecodeOptions(dtype="<f4", shape=(2, 3)))
    rig.formats.choices.choose(SocketId(1), None, 0, choice)
    rig.finish()
    assert rig.lines()[-1] == "[0][1] | 2.5 | 2.25 | −0.25"
    assert rig.panel.model.rows[-1].path == "numbers[0][1]"
    assert "1 of 6 numbers differ, by 0.25 at most." in rig.words()


def test_behind_a_compression(rig: Rig) -> None:
    rig.put(b"t", zlib.compress(state()))
    rig.show(b"t", zlib.compress(state(seq=2)))
    assert [row.path for row in rig.panel.model.rows if row.path] == ["zlib.json.seq"]


def test_a_password_is_not_shown(rig: Rig) -> None:
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
    rig: Rig, monkeypatch: pytest.MonkeyPatch
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
