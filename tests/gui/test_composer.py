from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.composer_rig import ComposerRig
from zmqscope.core.types import (
    Direction,
    Message,
    Problem,
    RowId,
    SocketId,
    SocketState,
    SocketType,
    Turn,
)
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, LineEnd
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.composer.controls import ToneLabel
from zmqscope.ui.composer.empty import EmptyComposer
from zmqscope.ui.composer.frame_list import FrameList
from zmqscope.ui.composer.frame_menu import FrameAct, FramePlace, act_menu, format_menu
from zmqscope.ui.composer.frame_row import FrameRow
from zmqscope.ui.composer.job_list import JobList
from zmqscope.ui.composer.panel import ComposerPanel
from zmqscope.ui.composer.pattern_bar import PatternBar
from zmqscope.ui.composer.repeat_popup import RepeatPopup
from zmqscope.ui.composer.send_bar import SendBar
from zmqscope.ui.composer.socket_picker import SocketPicker
from zmqscope.ui.composer.topic_popup import TopicPopup
from zmqscope.ui.theme import Theme, ThemeMode

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
W = TypeVar("W", bound=QWidget)


class PanelRig(ComposerRig):
    """A composer in a window, and hands to use it."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        self.qtbot = qtbot
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.panel = ComposerPanel(self.store, self.controller, self.theme, self.actions)
        qtbot.addWidget(self.panel)
        for action in self.actions.actions():  # as the window's menus do
            self.panel.addAction(self.actions.qaction(action.id))
        self.panel.resize(420, 400)
        with qtbot.waitExposed(self.panel):
            self.panel.show()
        self.panel.activateWindow()
        self.frames = self.child(FrameList)

    def child(self, kind: type[W]) -> W:
        """The one child of a kind."""
        found = self.panel.findChild(kind)
        assert isinstance(found, kind)
        return found

    def choose(self, kind: SocketType, *, state: SocketState | None = None) -> None:
        """Open a socket and write for it."""
        self.panel.set_socket(self.open(kind, state=state))

    def row(self, index: int) -> FrameRow:
        """The row of a frame."""
        return self.frames.row(index)

    def write(self, *texts: str) -> None:
        """Replace the message by text frames."""
        self.panel.model.message.replace_all([FrameDraft(text=text) for text in texts])

    def texts(self) -> list[str]:
        """What stands in all frames."""
        return [draft.text for draft in self.panel.model.message.drafts]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.panel, key, modifier)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(QApplication.focusWidget() or self.panel, text)

    def do(self, action_id: str) -> None:
        """Choose an action in the menu."""
        self.actions.qaction(action_id).trigger()

    def button(self, name: str) -> QAbstractButton:
        """A visible button by its accessible name."""
        for button in self.panel.findChildren(QAbstractButton):
            if button.accessibleName() == name and button.isVisible():
                return button
        raise AssertionError(name)

    def click(self, name: str) -> None:
        """Click a button."""
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def words(self) -> str:
        """Every sentence that is visible."""
        labels = self.panel.findChildren(ToneLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def rig(qtbot: QtBot) -> PanelRig:
    return PanelRig(qtbot)


def menu_words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def menu_action(menu: QMenu, words: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == words)


# ---- frames ---------------------------------------------------------------------------------


def test_frames_are_numbered_with_meaning_format_and_size(rig: PanelRig) -> None:
    rig.choose(SocketType.ROUTER)
    rig.panel.load_frames((b"\x00\x6b\x8b\x45\x67", b"", b'{"ok": true}'))
    assert [row.editor.accessibleName() for row in rig.frames.rows] == [
        "Frame 1, identity, hex",
        "Frame 2, delimiter, text",
        "Frame 3, json",
    ]
    assert rig.row(0).editor.exact_text() == "00 6b 8b 45 67"
    assert "12 B" in [label.text() for label in rig.row(2).findChildren(type(rig.row(2)._size))]
    assert rig.button("Format of frame 1").text() == "hex"


def test_typing_is_checked_at_once(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.panel.model.message.convert(0, FrameFormat.HEX)
    rig.frames.focus_frame(0)
    QTest.keyClicks(rig.row(0).editor, "00 6")
    assert rig.texts() == ["00 6"]
    assert "The hex digit 6 at position 4 stands alone." in rig.words()
    assert not rig.button("Send").isEnabled()
    QTest.keyClicks(rig.row(0).editor, "b")
    assert "stands alone" not in rig.words()
    assert rig.button("Send").isEnabled()


def test_enter_makes_a_line_and_tab_moves_on(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    rig.frames.focus_frame(0)
    QTest.keyClicks(rig.row(0).editor, "a")
    rig.press(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    QTest.keyClicks(rig.row(0).editor, "b")
    assert rig.texts() == ["a\nb", ""]
    seen = []
    for _ in range(3):
        rig.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus.accessibleName())
    assert seen == ["More for frame 1", "Format of frame 2", "Frame 2, text"]


def test_a_row_grows_to_eight_lines_and_scrolls_inside(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    heights = []
    for lines in (1, 2, 8, 9, 50):
        rig.write("\n".join(["x"] * lines))
        heights.append(rig.row(0).height())
    assert heights[0] < heights[1] < heights[2]
    assert heights[2] == heights[3] == heights[4]
    assert rig.row(0).editor.verticalScrollBar().maximum() > 0


def test_the_editor_gives_back_exactly_what_it_holds(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    text = "no-break\u00a0blank\u2028line\ttab\x00\x1b\u202e👩\u200d🚀\ue000\nend"
    rig.write(text)
    editor = rig.row(0).editor
    assert editor.exact_text() == text
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor, "!")
    assert rig.panel.model.message.data() == (f"{text}!".encode(),)


def test_undo_survives_until_another_message_is_shown(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    editor = rig.row(0).editor
    QTest.keyClicks(editor, "abc")
    QTest.keyClicks(rig.row(1).editor, "x")
    editor.undo()
    assert rig.texts() == ["", "x"]


def test_changing_the_format_keeps_the_bytes_or_says_why_not(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("é")
    row = rig.row(0)
    row.format_chosen.emit(row.key, FrameFormat.HEX)
    assert rig.texts() == ["c3 a9"]
    row.editor.set_exact_text("")
    QTest.keyClicks(row.editor, "ff")
    row.format_chosen.emit(row.key, FrameFormat.TEXT)
    assert rig.panel.model.message.draft(0).format is FrameFormat.HEX
    assert "These bytes are not UTF-8: 0xff at offset 0. Keep hex or base64." in rig.words()
    QTest.keyClicks(row.editor, "00")
    assert "not UTF-8" not in rig.words()


def test_the_menus_of_a_frame(rig: PanelRig) -> None:
    formats = format_menu(FrameDraft(FrameFormat.HEX), rig.panel)
    assert menu_words(formats) == ["text", "hex", "base64", "json"]
    assert menu_action(formats, "hex").isChecked()
    json_acts = act_menu(FrameDraft(FrameFormat.JSON, "[]"), FramePlace(0, 2), rig.panel)
    assert "Remove blanks between tokens" in menu_words(json_acts)
    assert not menu_action(json_acts, "Move up").isEnabled()
    assert menu_action(json_acts, "Move down").isEnabled()
    hex_acts = act_menu(FrameDraft(FrameFormat.HEX, "00"), FramePlace(0, 1), rig.panel)
    assert menu_words(hex_acts)[-1] == "Empty"
    assert "Line breaks as LF (0a)" not in menu_words(hex_acts)


def test_the_menus_open_and_do_what_they_say(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("a\nb")
    rig.click("Format of frame 1")
    menu = rig.row(0).findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu_action(menu, "base64").trigger()
    assert rig.texts() == ["YQpi"]
    menu.close()
    rig.write("a\nb")
    rig.click("More for frame 1")
    more = rig.row(0).findChildren(QMenu)[-1]
    menu_action(more, "Line breaks as CR LF (0d 0a)").trigger()
    more.close()
    assert rig.panel.model.message.data() == (b"a\r\nb",)
    assert rig.button("Format of frame 1").text() == "text crlf"


@pytest.mark.parametrize(
    ("act", "texts", "current"),
    [
        (FrameAct.ADD, ["a", "b", "", "c"], 2),
        (FrameAct.DUPLICATE, ["a", "b", "b", "c"], 2),
        (FrameAct.MOVE_UP, ["b", "a", "c"], 0),
        (FrameAct.MOVE_DOWN, ["a", "c", "b"], 2),
        (FrameAct.REMOVE, ["a", "c"], 1),
    ],
)
def test_what_can_be_done_with_a_frame(
    rig: PanelRig, act: FrameAct, texts: list[str], current: int
) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("a", "b", "c")
    row = rig.row(1)
    row.act_chosen.emit(row.key, act)
    assert rig.texts() == texts
    assert rig.frames.current == current
    assert [r.editor.exact_text() for r in rig.frames.rows] == texts


def test_a_text_that_reads_as_hex_can_be_taken_as_hex(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("00 6b")
    rig.click("Format of frame 1")
    menu = rig.row(0).findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert menu_words(menu)[4:] == ["read this text as hex", "read this text as base64"]
    menu_action(menu, "read this text as hex").trigger()
    menu.close()
    assert rig.texts() == ["00 6b"]
    assert rig.panel.model.message.data() == (b"\x00\x6b",)
    assert menu_words(format_menu(FrameDraft(text="not hex!"), rig.panel))[4:] == []


def test_json_is_made_compact_and_line_ends_are_chosen(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.panel.model.message.set_draft(0, FrameDraft(FrameFormat.JSON, '{ "a": 1 }'))
    row = rig.row(0)
    row.act_chosen.emit(row.key, FrameAct.COMPACT)
    assert rig.texts() == ['{"a":1}']
    row.act_chosen.emit(row.key, FrameAct.CARRIAGE_RETURNS)
    assert rig.panel.model.message.draft(0).line_end is LineEnd.CRLF
    row.act_chosen.emit(row.key, FrameAct.LINE_FEEDS)
    assert rig.panel.model.message.draft(0).line_end is LineEnd.LF


def test_frames_by_keyboard(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("a", "b")
    rig.frames.focus_frame(0)
    rig.press(Qt.Key.Key_D, CTRL | SHIFT)
    assert rig.texts() == ["a", "a", "b"]
    rig.press(Qt.Key.Key_Down, ALT)
    assert rig.texts() == ["a", "b", "a"]
    rig.press(Qt.Key.Key_Up, ALT)
    assert rig.texts() == ["a", "a", "b"]
    rig.press(Qt.Key.Key_Backspace, CTRL | SHIFT)
    assert rig.texts() == ["a", "b"]
    rig.press(Qt.Key.Key_N, CTRL | SHIFT)
    assert rig.texts() == ["a", "b", ""]
    assert rig.frames.current == 2


def test_a_thousand_frames_are_few_widgets(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.panel.load_frames(tuple(b"frame %d" % number for number in range(1_000)))
    assert len(rig.panel.findChildren(FrameRow)) < 60
    bar = rig.frames.verticalScrollBar()
    for value in range(0, bar.maximum(), bar.maximum() // 20):
        bar.setValue(value)
    bar.setValue(bar.maximum())
    assert rig.frames.rows[-1].editor.exact_text() == "frame 999"
    rig.qtbot.waitUntil(lambda: len(rig.panel.findChildren(FrameRow)) < 60)
    QTest.keyClicks(rig.row(500).editor, "x")
    assert rig.texts()[500] == "xframe 500"
    assert rig.texts()[499] == "frame 499"
    rig.do("send.send")
    assert len(rig.recorder.sent[0][2]) == 1_000


def test_tab_walks_through_many_frames(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.panel.load_frames(tuple(b"%d" % number for number in range(100)))
    rig.frames.focus_frame(0)
    for _ in range(3 * 60):
        rig.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    assert rig.frames.current == 60
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Frame 61, text"


def test_a_reused_row_cannot_undo_into_another_frame(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.panel.load_frames(tuple(b"%d" % number for number in range(200)))
    QTest.keyClicks(rig.row(0).editor, "typed")
    bar = rig.frames.verticalScrollBar()
    bar.setValue(bar.maximum())
    for row in rig.frames.rows:
        row.editor.undo()
    assert rig.texts()[1:] == [str(number) for number in range(1, 200)]


# ---- large frames and files -----------------------------------------------------------------


def test_a_large_frame_is_not_shown_but_sent(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    data = bytes(20_000_000)
    message = Message(RowId(122), 0, SocketId(1), Direction.RECEIVED, (data,))
    rig.panel.load_message(message)
    row = rig.row(0)
    assert not row.editor.isVisible()
    assert row._held.text() == "20.0 MB of bytes loaded from message #123 (not shown)"
    assert rig.button("Format of frame 1").text() == "bytes"
    rig.do("send.send")
    assert rig.recorder.sent[0][2][0] is data


def test_a_long_paste_is_held(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("ab")
    editor = rig.row(0).editor
    editor.moveCursor(QTextCursor.MoveOperation.Right)
    mime = QMimeData()
    mime.setText("y\r\n" * 1_000_000)
    editor.insertFromMimeData(mime)
    assert rig.panel.model.message.data() == (b"a" + b"y\n" * 1_000_000 + b"b",)
    assert "loaded from the clipboard" in rig.row(0)._held.text()


def test_a_long_paste_that_is_not_hex_is_refused(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.panel.model.message.set_draft(0, FrameDraft(FrameFormat.HEX, "00"))
    mime = QMimeData()
    mime.setText("y" * 2_000_000)
    rig.row(0).editor.insertFromMimeData(mime)
    assert rig.texts() == ["00"]
    assert "Nothing was pasted." in rig.words()


def test_a_short_paste_is_plain_text(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    mime = QMimeData()
    mime.setHtml("<b>bold</b>")
    mime.setText("<b>bold</b>")
    rig.row(0).editor.insertFromMimeData(mime)
    assert rig.texts() == ["<b>bold</b>"]


def test_a_file_is_loaded_into_its_frame(rig: PanelRig, tmp_path: Path) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("a", "b")
    path = tmp_path / "frame.json"
    path.write_bytes(b'{"a": 1}')
    row = rig.row(1)
    row.file_dropped.emit(row.key, str(path))
    assert "Reading the file…" in rig.words()
    rig.qtbot.waitUntil(lambda: rig.texts() == ["a", '{"a": 1}'])
    assert "Reading" not in rig.words()


def test_a_file_is_asked_for_without_stopping_the_window(rig: PanelRig, tmp_path: Path) -> None:
    rig.choose(SocketType.PUSH)
    path = tmp_path / "frame.bin"
    path.write_bytes(b"\x00\x01")
    rig.do("send.load_file")
    dialog = rig.child(QFileDialog)
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    rig.qtbot.waitUntil(lambda: rig.texts() == ["00 01"])


def test_a_file_that_cannot_be_read_is_said_below_the_frame(rig: PanelRig, tmp_path: Path) -> None:
    rig.choose(SocketType.PUSH)
    row = rig.row(0)
    row.file_dropped.emit(row.key, str(tmp_path / "none"))
    rig.qtbot.waitUntil(lambda: "cannot be read" in rig.words())


def test_a_file_for_a_frame_that_is_gone_is_dropped(rig: PanelRig, tmp_path: Path) -> None:
    rig.choose(SocketType.PUSH)
    path = tmp_path / "frame"
    path.write_bytes(b"data")
    row = rig.row(0)
    reader = rig.panel._commands.frame_actions.reader
    with rig.qtbot.waitSignal(reader.finished):
        row.file_dropped.emit(row.key, str(path))
        rig.write("other")
    assert rig.texts() == ["other"]


# ---- sending --------------------------------------------------------------------------------


def test_ctrl_enter_sends_and_the_report_is_shown(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    rig.write("EUR", "1.08")
    rig.frames.focus_frame(1)
    rig.press(Qt.Key.Key_Return, CTRL)
    rig.press(Qt.Key.Key_Enter, CTRL)
    assert [frames for _, _, frames in rig.recorder.sent] == [(b"EUR", b"1.08")] * 2
    assert rig.texts() == ["EUR", "1.08"]
    rig.report()
    assert "Sent 2 frames, 7 B at " in rig.words()
    rig.click("Send")
    rig.report(accepted=False, problem=Problem("Not sent: no peer.", "Start one."))
    assert "Not sent: no peer. Start one." in rig.words()


def test_ctrl_enter_on_a_fault_goes_there_and_says_so(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    rig.panel.model.message.set_draft(1, FrameDraft(FrameFormat.JSON, "{"))
    rig.frames.focus_frame(0)
    rig.press(Qt.Key.Key_Return, CTRL)
    assert rig.recorder.sent == []
    assert rig.frames.current == 1
    assert "Not sent. Frame 2: The JSON ends too early at line 1, column 2." in rig.words()


def test_sent_messages_are_called_back(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    assert not rig.button("Messages sent before (Ctrl+Up)").isEnabled()
    for text in ("one & only", "two"):
        rig.write(text)
        rig.do("send.send")
    rig.write("being written")
    rig.frames.focus_frame(0)
    rig.press(Qt.Key.Key_Up, CTRL)
    rig.press(Qt.Key.Key_Up, CTRL)
    assert rig.texts() == ["one & only"]
    rig.press(Qt.Key.Key_Down, CTRL)
    rig.press(Qt.Key.Key_Down, CTRL)
    assert rig.texts() == ["being written"]
    rig.click("Messages sent before (Ctrl+Up)")
    menu = rig.child(SendBar).findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert menu_words(menu) == ["two", "one && only"]
    menu_action(menu, "one && only").trigger()
    menu.close()
    assert rig.texts() == ["one & only"]


def test_clear_begins_anew(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    rig.write("a", "b", "c")
    rig.do("send.clear")
    assert rig.texts() == ["", ""]
    rig.do("send.previous")
    assert rig.texts() == ["a", "b", "c"]


def test_a_message_is_repeated_until_stopped(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    rig.write("EUR", "1.08")
    rig.click("Repeat")
    popup = rig.child(RepeatPopup)
    assert popup.isVisible()
    rig.click("Every 0.1 s")
    assert popup.interval_s == pytest.approx(0.1)
    QTest.keyClick(popup._seconds, Qt.Key.Key_Return)
    assert not popup.isVisible()
    _, _, frames, interval_s = rig.recorder.started[0]
    assert (frames, interval_s) == ((b"EUR", b"1.08"), 0.1)
    assert rig.button("Repeat").text() == "every 0.1 s ▾"
    rig.report_job(sent=12)
    assert "12 sent" in job_words(rig)
    rig.click("Stop: pub 1 · every 0.1 s")
    assert rig.recorder.stopped == [rig.recorder.started[0][0]]
    rig.report_job(running=False, sent=13)
    assert rig.child(JobList).rows == ()
    assert not rig.child(JobList).isVisible()


def job_words(rig: PanelRig) -> str:
    labels = rig.child(JobList).findChildren(QWidget)
    return "\n".join(label.accessibleName() for label in labels)


def test_repeat_by_keyboard_starts_and_stops(rig: PanelRig) -> None:
    rig.choose(SocketType.PUB)
    rig.frames.focus_frame(0)
    rig.press(Qt.Key.Key_Return, CTRL | SHIFT)
    assert rig.recorder.started[0][3] == pytest.approx(1.0)
    rig.press(Qt.Key.Key_Return, CTRL | SHIFT)
    assert len(rig.recorder.stopped) == 1
    assert len(rig.recorder.started) == 1


def test_a_job_whose_socket_closed_says_so_until_dismissed(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.do("send.repeat")
    rig.report_job(running=False, problem=Problem("The socket was closed.", "Reopen it."))
    assert "push 1 · stopped" in job_words(rig)
    assert "The socket was closed. Reopen it." in job_words(rig)
    rig.panel.grab()
    rig.click("Dismiss: push 1 · stopped")
    assert rig.child(JobList).rows == ()


def test_many_jobs_take_few_lines(rig: PanelRig) -> None:
    for _ in range(8):
        rig.choose(SocketType.PUB)
        rig.do("send.repeat")
    assert len(rig.child(JobList).rows) == 8
    assert rig.child(JobList).height() < 120


def test_copy_as_python_fills_the_clipboard_or_says_why_not(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.write("work")
    rig.click("Copy as Python")
    script = QGuiApplication.clipboard().text()
    assert "socket = context.socket(zmq.PUSH)" in script
    assert 'b"work"' in script
    assert "Copied as a Python script of" in rig.words()
    rig.panel.model.message.set_draft(0, FrameDraft(FrameFormat.JSON, "{"))
    rig.do("send.copy_python")
    assert "Not copied. Frame 1: " in rig.words()
    assert QGuiApplication.clipboard().text() == script


# ---- patterns -------------------------------------------------------------------------------


def test_a_router_offers_the_routing_ids_seen_before(rig: PanelRig) -> None:
    rig.choose(SocketType.ROUTER)
    socket_id = rig.panel.model.socket_id
    assert socket_id is not None
    menu = rig.child(PatternBar)._head_menu
    menu.aboutToShow.emit()
    assert not menu.actions()[0].isEnabled()
    rig.receive(socket_id, b"w&1", b"hello")
    rig.receive(socket_id, b"\x00\x6b\x8b\x45\x67", b"hello")
    menu.aboutToShow.emit()
    assert menu_words(menu) == ["00 6b 8b 45 67", "w&&1"]
    menu_action(menu, "w&&1").trigger()
    assert rig.panel.model.message.data() == (b"w&1", b"")
    rig.type("hi")  # one goes on with the body
    assert rig.panel.model.message.data() == (b"w&1", b"hi")


def test_a_server_offers_its_peers_and_their_numbers(rig: PanelRig) -> None:
    rig.choose(SocketType.SERVER)
    socket_id = rig.panel.model.socket_id
    assert socket_id is not None
    rig.receive(socket_id, b"\x00\x6b\x8b\x45\x67", b"hello")
    menu = rig.child(PatternBar)._head_menu
    menu.aboutToShow.emit()
    assert menu_words(menu) == ["1804289383 · 00 6b 8b 45 67"]
    menu.actions()[0].trigger()
    rig.type("hi")
    assert rig.panel.model.message.data() == (b"\x00\x6b\x8b\x45\x67", b"hi")


@pytest.mark.parametrize(
    ("kind", "title", "none"),
    [
        (SocketType.RADIO, "Group", "type one into frame 1"),
        (SocketType.DGRAM, "Address", "first datagram"),
        (SocketType.PEER, "Peer", "first message"),
    ],
)
def test_what_frame_1_names_can_be_picked(
    rig: PanelRig, kind: SocketType, title: str, none: str
) -> None:
    rig.choose(kind)
    bar = rig.child(PatternBar)
    assert bar._heads.isVisible()
    assert bar._heads.text() == title
    assert bar._heads.toolTip() == bar._heads.accessibleName()
    bar._head_menu.aboutToShow.emit()
    assert none in menu_words(bar._head_menu)[0]
    rig.choose(SocketType.CLIENT)
    assert not bar._heads.isVisible()


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (SocketType.ROUTER, ["id", "body"], ["id", "", "body"]),
        (SocketType.DEALER, ["body"], ["", "body"]),
    ],
)
def test_the_delimiter_is_a_toggle_that_follows_the_frames(
    rig: PanelRig, kind: SocketType, before: list[str], after: list[str]
) -> None:
    rig.choose(kind)
    rig.write(*before)
    box = rig.child(QCheckBox)
    assert box.isVisible()
    assert box.toolTip()
    assert not box.isChecked()
    box.click()
    assert rig.texts() == after
    rig.write(*before)
    assert not box.isChecked()
    rig.write(*after)
    assert box.isChecked()
    box.click()
    assert rig.texts() == before


def test_an_xsub_writes_subscription_messages(rig: PanelRig) -> None:
    rig.choose(SocketType.XSUB)
    rig.click("Write the message that subscribes to a topic")
    popup = rig.child(TopicPopup)
    assert popup.isVisible()
    QTest.keyClicks(popup._topic, "EUR")
    QTest.keyClick(popup._topic, Qt.Key.Key_Return)
    assert rig.panel.model.message.data() == (b"\x01EUR",)
    assert rig.row(0).editor.accessibleName() == "Frame 1, subscribe, hex"
    assert "Send it to subscribe." in rig.words()
    assert QApplication.focusWidget() is rig.row(0).editor
    rig.click("Write the message that cancels a subscription")
    popup._format.setCurrentIndex(1)
    assert popup._topic.property("problem") is True
    assert not popup._write.isEnabled()
    popup._topic.setText("00 01")
    popup._write.click()
    assert rig.panel.model.message.data() == (b"\x00\x00\x01",)


def test_a_req_says_that_it_waits(rig: PanelRig) -> None:
    rig.choose(SocketType.REQ)
    socket_id = rig.panel.model.socket_id
    assert socket_id is not None
    rig.set_turn(socket_id, Turn.AWAITS_REPLY)
    assert "Waiting for the reply to the request that was sent." in rig.words()
    assert not rig.button("Send").isEnabled()
    assert "Waiting for the reply" in rig.button("Send").toolTip()
    rig.click("Open the socket again")
    assert rig.recorder.reopened == [socket_id]
    rig.store.counters.of(socket_id).turn = Turn.MAY_SEND
    rig.panel.refresh(0)
    assert rig.button("Send").isEnabled()
    assert "Waiting" not in rig.words()
    assert rig.panel.refresh_interval_ms() >= 500


def test_a_rep_says_whether_it_holds_a_request(rig: PanelRig) -> None:
    rig.choose(SocketType.REP)
    socket_id = rig.panel.model.socket_id
    assert socket_id is not None
    rig.set_turn(socket_id, Turn.AWAITS_REQUEST)
    assert "This REP holds no request to answer." in rig.words()
    assert not rig.button("Send").isEnabled()
    rig.set_turn(socket_id, Turn.HOLDS_REQUEST)
    assert "Holds a request: what is sent now answers it." in rig.words()
    assert rig.button("Send").isEnabled()


def test_a_closed_socket_can_be_reopened(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH, state=SocketState.CLOSED)
    socket_id = rig.panel.model.socket_id
    assert socket_id is not None
    assert "This socket is closed. Reopen it to send." in rig.words()
    rig.click("Open the socket again")
    assert rig.recorder.reopened == [socket_id]
    rig.show(replace(rig.recorder.snapshots[socket_id], state=SocketState.CONNECTED))
    assert "closed" not in rig.words()


@pytest.mark.parametrize("kind", [SocketType.SUB, SocketType.PULL])
def test_a_receiver_says_what_to_do(rig: PanelRig, kind: SocketType) -> None:
    rig.choose(kind)
    assert rig.child(EmptyComposer).isVisible()
    assert not rig.child(SendBar).isVisible()
    assert f"A {kind.name} only receives, it cannot send." in rig.words()
    sender = rig.open(SocketType.PUB)
    picker = rig.child(EmptyComposer).findChild(SocketPicker)
    assert isinstance(picker, SocketPicker)
    assert picker.isVisible()
    picker.socket_chosen.emit(sender)
    assert rig.panel.model.socket_id == sender
    assert not rig.child(EmptyComposer).isVisible()


def test_the_composer_is_reached_by_keyboard(rig: PanelRig) -> None:
    with rig.qtbot.waitSignal(rig.panel.front_wanted):
        rig.do("send.write")
    assert QApplication.focusWidget() is rig.button("New socket")
    pub = rig.open(SocketType.PUB)
    rig.choose(SocketType.SUB)
    rig.do("send.write")
    assert isinstance(QApplication.focusWidget(), SocketPicker)
    rig.panel.set_socket(pub)
    rig.do("send.write")
    assert QApplication.focusWidget() is rig.row(0).editor


def test_without_any_socket_one_is_to_be_opened(rig: PanelRig) -> None:
    assert "There is no socket to send from. Open one first." in rig.words().replace("\n", " ")
    rig.click("New socket")  # nothing is registered: nothing happens


def test_frames_for_a_receiver_wait_for_a_socket_that_can_send(rig: PanelRig) -> None:
    rig.choose(SocketType.SUB)
    rig.panel.load_frames((b"EUR", b"1.08"))
    assert rig.frames.isVisible()
    assert not rig.button("Send").isEnabled()
    pub = rig.open(SocketType.PUB)
    picker = rig.child(PatternBar).findChild(SocketPicker)
    assert isinstance(picker, SocketPicker)
    picker.socket_chosen.emit(pub)
    assert rig.texts() == ["EUR", "1.08"]
    assert rig.button("Send").isEnabled()
    assert QApplication.focusWidget() is rig.row(0).editor


def test_the_focus_never_stays_in_a_frame_that_is_gone(rig: PanelRig) -> None:
    rig.choose(SocketType.PULL)
    rig.panel.load_frames(tuple(b"%d" % number for number in range(40)))
    push = rig.open(SocketType.PUSH)
    rig.panel.set_socket(push)
    rig.panel.set_socket(SocketId(1))
    rig.panel.on_socket_chosen(push)
    rig.type("new")
    assert rig.texts()[0] == "new0"


def test_who_writes_goes_on_writing_for_the_next_socket(rig: PanelRig) -> None:
    rig.choose(SocketType.PUSH)
    rig.frames.focus_frame(0)
    rig.choose(SocketType.REQ)
    assert QApplication.focusWidget() is rig.row(0).editor


def test_the_header_names_the_socket_and_offers_the_others(rig: PanelRig) -> None:
    corner = rig.panel.corner_widget()
    rig.qtbot.addWidget(corner)
    assert isinstance(corner, SocketPicker)
    corner.resize(300, 24)
    corner.show()
    assert corner.text() == "no socket"
    pub = rig.open(SocketType.PUB, name="a & b")
    sub = rig.open(SocketType.SUB, name="quotes")
    rig.panel.set_socket(sub)
    assert corner.text() == "quotes (SUB)"
    menu = corner.menu()
    menu.aboutToShow.emit()
    assert menu_words(menu) == ["a && b (PUB)", "quotes (SUB)"]
    assert not menu_action(menu, "quotes (SUB)").isEnabled()
    menu_action(menu, "a && b (PUB)").trigger()
    assert rig.panel.model.socket_id == pub
    assert corner.text() == "a && b (PUB)"
    corner.resize(80, 24)
    assert "…" in corner.text()


# ---- the panel ------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [300, 420, 900])
@pytest.mark.parametrize("kind", list(SocketType))
def test_nothing_is_cut_at_any_width(rig: PanelRig, kind: SocketType, width: int) -> None:
    rig.choose(kind)
    rig.panel.resize(width, 300)
    QApplication.processEvents()
    assert rig.panel.width() == width
    assert rig.panel.minimumSizeHint().width() <= 300
    for widget in rig.panel.findChildren(QAbstractButton):
        if widget.isVisible():
            right = widget.mapTo(rig.panel, widget.rect().topRight()).x()
            assert right < width, widget.accessibleName()


def test_every_control_has_a_name_and_a_tool_tip(rig: PanelRig) -> None:
    for kind in SocketType:
        rig.choose(kind)
        for button in rig.panel.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.accessibleName() or button.text(), button
                assert button.toolTip(), button.accessibleName()


def test_both_themes_are_drawn(rig: PanelRig) -> None:
    rig.choose(SocketType.ROUTER)
    rig.panel.load_frames((b"\x00kEg", b"", b'{"a": [1, "x", null]}'))
    rig.do("send.repeat")
    dark = rig.panel.grab().toImage()
    rig.theme.set_mode(ThemeMode.LIGHT)
    light = rig.panel.grab().toImage()
    assert dark != light


def test_all_actions_have_a_shortcut_and_help(rig: PanelRig) -> None:
    ids = [action.id for action in rig.actions.actions()]
    for wanted in (
        "send.send",
        "send.repeat",
        "send.previous",
        "send.next",
        "send.add_frame",
        "send.copy_python",
        "send.clear",
    ):
        assert wanted in ids
    for action in rig.actions.actions():
        assert action.shortcut
        assert action.help
        assert action.menu == "Send"


def test_a_name_typed_as_a_routing_id_becomes_text_with_one_click(rig: PanelRig) -> None:
    rig.choose(SocketType.ROUTER)
    rig.frames.focus_frame(0)
    rig.type("bob")
    assert "Or change the frame’s format from hex to text." in rig.words()
    rig.click("Send it as text")
    assert rig.panel.model.message.check(0).data == b"bob"
    assert rig.texts()[0] == "bob"
    assert "hex" not in rig.words()
    assert rig.row(0).editor.hasFocus()
    assert rig.button("Format of frame 1").text() == "text"


def test_the_way_to_text_is_reached_by_keyboard(rig: PanelRig) -> None:
    rig.choose(SocketType.ROUTER)
    rig.frames.focus_frame(0)
    rig.type("bob")
    rig.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    assert QApplication.focusWidget() is rig.button("Send it as text")
    rig.press(Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert rig.panel.model.message.check(0).data == b"bob"
