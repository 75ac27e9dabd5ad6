"""Does to a frame what its row, its menu or a shortcut asks. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from zmqscope.core.errors import PayloadError
from zmqscope.core.types import Problem
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat, LineEnd, draft_of
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.file_reader import FileRead, FileReader
from zmqscope.models.format import one_line
from zmqscope.ui.composer.frame_list import FrameList
from zmqscope.ui.composer.frame_menu import FrameAct
from zmqscope.ui.composer.frame_row import FrameRow


class FrameActions(QObject):
    """Changes the message; what cannot be done is said below the frame.

    Args:
        message: What to change.
        frames: Shows it.
        parent: Owner of the file dialog.
    """

    def __init__(self, message: MessageDraft, frames: FrameList, parent: QWidget) -> None:
        super().__init__(parent)
        self._message = message
        self._frames = frames
        self._owner = parent
        self._reader = FileReader(self)
        self._reader.finished.connect(self.on_reader_finished)
        self._reading: dict[int, int] = {}
        self._asking_for = 0
        frames.row_made.connect(self.on_frames_row_made)

    @property
    def reader(self) -> FileReader:
        """Reads the files."""
        return self._reader

    @Slot(object)
    def on_frames_row_made(self, row: FrameRow) -> None:
        """Listen to a new row."""
        row.text_edited.connect(self.on_row_text_edited)
        row.long_text_pasted.connect(self.on_row_long_text_pasted)
        row.file_dropped.connect(self.on_row_file_dropped)
        row.format_chosen.connect(self.on_row_format_chosen)
        row.act_chosen.connect(self.on_row_act_chosen)

    # ---- what a row asks --------------------------------------------------------------------

    @Slot(int, str)
    def on_row_text_edited(self, key: int, text: str) -> None:
        """Somebody types."""
        self._message.set_text(self._message.index_of(key), text)

    @Slot(int, object)
    def on_row_long_text_pasted(self, key: int, text: str) -> None:
        """Keep a long text as bytes."""
        index = self._message.index_of(key)
        try:
            self._message.put_text(index, text, self.tr("the clipboard"))
        except PayloadError as error:
            self._frames.show_note(index, error.problem)

    @Slot(int, object)
    def on_row_format_chosen(self, key: int, frame_format: FrameFormat) -> None:
        """Show the same bytes in another format."""
        index = self._message.index_of(key)
        try:
            self._message.convert(index, frame_format)
        except PayloadError as error:
            self._frames.show_note(index, error.problem)
        self._frames.focus_frame(index)

    @Slot(int, object)
    def on_row_act_chosen(self, key: int, act: FrameAct) -> None:
        """Do it."""
        self.do(self._message.index_of(key), act)

    @Slot(int, str)
    def on_row_file_dropped(self, key: int, path: str) -> None:
        """Load the file that was dropped."""
        self._read(key, path)

    # ---- doing ------------------------------------------------------------------------------

    def do(self, index: int, act: FrameAct) -> None:
        """Do something to a frame."""
        match act:
            case FrameAct.ADD:
                self._message.insert(index + 1, FrameDraft())
                self._frames.focus_frame(index + 1)
            case FrameAct.DUPLICATE:
                self._message.duplicate(index)
                self._frames.focus_frame(index + 1)
            case FrameAct.MOVE_UP | FrameAct.MOVE_DOWN:
                target = index + (1 if act is FrameAct.MOVE_DOWN else -1)
                self._message.move(index, target)
                self._frames.focus_frame(max(0, min(target, len(self._message) - 1)))
            case FrameAct.REMOVE:
                self._message.remove(index)
                self._frames.focus_frame(min(index, len(self._message) - 1))
            case FrameAct.LOAD_FILE:
                self._ask_for_file(index)
            case FrameAct.COMPACT:
                self._message.compact(index)
            case _:
                self._reread(index, act)

    def _reread(self, index: int, act: FrameAct) -> None:
        """Leave the text as it stands and read it in another way."""
        draft = self._message.draft(index)
        draft = {
            FrameAct.LINE_FEEDS: replace(draft, line_end=LineEnd.LF),
            FrameAct.CARRIAGE_RETURNS: replace(draft, line_end=LineEnd.CRLF),
            FrameAct.READ_AS_HEX: replace(draft, format=FrameFormat.HEX),
            FrameAct.READ_AS_BASE64: replace(draft, format=FrameFormat.BASE64),
        }[act]
        self._message.set_draft(index, draft)

    # ---- files ------------------------------------------------------------------------------

    def _ask_for_file(self, index: int) -> None:
        self._asking_for = self._message.keys[index]
        dialog = QFileDialog(self._owner, self.tr("Load file into frame"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def on_dialog_file_selected(self, path: str) -> None:
        """A file was chosen."""
        self._read(self._asking_for, path)

    def _read(self, key: int, path: str) -> None:
        if key in self._message.keys:
            self._reading[self._reader.read(path)] = key
            words = self.tr("Reading the file…")
            self._frames.show_note(self._message.index_of(key), Problem(words))

    @Slot(object)
    def on_reader_finished(self, result: FileRead) -> None:
        """Put it into the frame it was read for, if that is still there."""
        key = self._reading.pop(result.ticket)
        if key not in self._message.keys:
            return
        index = self._message.index_of(key)
        if result.data is None:
            self._frames.show_note(index, result.problem or Problem(""))
            return
        self._message.set_draft(index, draft_of(result.data, one_line(result.name)))
        self._frames.drop_note(index)
