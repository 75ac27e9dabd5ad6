"""What is found out about a message beside the window: remarks, more bytes, keys. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from zmqscope.core.decode.registry import MAX_UNPACKED_BYTES
from zmqscope.core.envelopes.jupyter import Jupyter
from zmqscope.core.envelopes.jupyter_keys import ConnectionFileError, runtime_folder
from zmqscope.models.background import Background
from zmqscope.models.format import one_line
from zmqscope.models.formats import Formats, FrameFound
from zmqscope.models.inspector.inspected import Inspected

MOST_UNPACKED_BYTES = 512_000_000
"""Bytes that a compression gives out at most, however often more is asked for."""

_STEP = 8


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """More of a frame."""

    message: Inspected
    index: int
    found: FrameFound


class LateNews(QObject):
    """Remarks on whole messages, and bytes that take their time.

    Args:
        formats: What bytes may mean.
        parent: The panel; dialogs open over it.
    """

    notes_found = Signal(object)
    """tuple[Note, ...] on the message."""
    unpacked = Signal(bool)
    """Whether more of the frame is there; if not, it is not wanted any more."""
    keys_changed = Signal()
    """Signatures may be judged in another way now."""
    said = Signal(str)
    """What was done, in one sentence."""

    def __init__(self, formats: Formats, parent: QWidget) -> None:
        super().__init__(parent)
        self._formats = formats
        self._window = parent
        self._checking = Background(self)
        self._checking.done.connect(self.notes_found)
        self._unpacking = Background(self)
        self._unpacking.done.connect(self.on_unpacking_done)

    def set_message(self, message: Inspected | None) -> None:
        """Tell what is to be said of another message, now or soon."""
        self._checking.drop()
        notes = () if message is None else message.notes_at_once()
        if notes is not None:
            self.notes_found.emit(notes)
        elif message is not None:
            assert message.sighting is not None
            self.notes_found.emit(message.sighting.notes)
            self._checking.start(message.notes)

    # ---- more bytes -------------------------------------------------------------------------

    def unpack_more(self, message: Inspected, index: int) -> None:
        """Take eight times as much of a frame as is there."""
        layers = message.found(index).reading.layers
        there = max((MAX_UNPACKED_BYTES, *(layer.unpacked for layer in layers)))
        if there >= MOST_UNPACKED_BYTES:
            self.said.emit(self.tr("512 MB are unpacked at most. Save the frame to have the rest."))
            self.unpacked.emit(False)
            return
        limit = min(MOST_UNPACKED_BYTES, there * _STEP)
        self._unpacking.start(partial(_unpack, message, index, limit))

    def drop_unpacking(self) -> None:
        """Another frame is shown."""
        if self._unpacking.is_busy:
            self._unpacking.drop()
            self.unpacked.emit(False)

    @Slot(object)
    def on_unpacking_done(self, answer: _Unpacked) -> None:
        """More of the frame is there."""
        answer.message.keep(answer.index, answer.found)
        self.unpacked.emit(True)

    # ---- keys -------------------------------------------------------------------------------

    @Slot()
    def on_key_file_wanted(self) -> None:
        """A Jupyter connection file is to be chosen."""
        folder = runtime_folder()
        start = str(folder) if folder.is_dir() else str(Path.home())
        kinds = self.tr("Connection files (*.json);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(
            self._window, self.tr("Choose a kernel’s connection file"), start, kinds
        )
        if path:
            self.use_key_file(path)

    def use_key_file(self, path: str) -> None:
        """Check signatures with the key of a connection file from now on."""
        self.on_key_files_chosen((path,))

    @Slot(object)
    def on_key_files_chosen(self, paths: tuple[str, ...]) -> None:
        """Check signatures with the keys of connection files from now on."""
        envelope = next(
            (e for e in self._formats.envelopes.by_name.values() if isinstance(e, Jupyter)), None
        )
        if envelope is None:
            return
        titles: list[str] = []
        problems: list[str] = []
        # The one given last is tried first: the newest, which is the first of those offered.
        for path in reversed(paths):
            try:
                titles.append(envelope.keys.add_connection_file(path).title)
            except ConnectionFileError as error:
                problems.append(str(error))
        self.keys_changed.emit()
        if len(titles) == 1:
            words = self.tr("Signatures are checked with the key of {0}.")
            self.said.emit(words.format(one_line(titles[0])))
        elif titles:
            words = self.tr("Signatures are checked with the keys of {0} files.")
            self.said.emit(words.format(len(titles)))
        else:
            self.said.emit(one_line(problems[0]))


def _unpack(message: Inspected, index: int, limit: int) -> _Unpacked:
    """Any thread."""
    return _Unpacked(message, index, message.read(index, limit))
