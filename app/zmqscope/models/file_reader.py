"""Reads a file on a thread of Qt's pool, so that a slow disk never stops the window."""

from __future__ import annotations

import itertools
import os
import stat
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from zmqscope.core.types import Problem
from zmqscope.models.format import format_bytes

_CONTEXT = "FileReader"

MAX_FILE_BYTES = 1_000_000_000
"""Larger files are refused: a frame is held in memory several times while it is sent."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """What became of reading a file.

    Attributes:
        ticket: The number that the read got.
        path: The file.
        data: What was in it; None if it could not be read.
        problem: Why it could not.
    """

    ticket: int
    path: str
    data: bytes | None = field(default=None, repr=False)
    problem: Problem | None = None

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return os.path.basename(self.path)


class FileReader(QObject):
    """Reads files one after the other. GUI thread, but for the reading itself.

    Args:
        parent: Owner.
    """

    finished = Signal(object)
    """FileRead; on the GUI thread."""

    _read = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tickets = itertools.count(1)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._read.connect(self.on_read, Qt.ConnectionType.QueuedConnection)

    def read(self, path: str) -> int:
        """Begin to read a file; ``finished`` follows with the number returned here."""
        ticket = next(self._tickets)
        self._pool.start(_ReadJob(self, ticket, path))
        return ticket

    def wait(self, timeout_ms: int) -> bool:
        """Wait until no file is being read; whether that was so in time."""
        return self._pool.waitForDone(timeout_ms)

    def emit_read(self, result: FileRead) -> None:
        """Called on the pool's thread: hand the result to the GUI thread."""
        self._read.emit(result)

    @Slot(object)
    def on_read(self, result: FileRead) -> None:
        """A file was read."""
        self.finished.emit(result)


class _ReadJob(QRunnable):
    def __init__(self, reader: FileReader, ticket: int, path: str) -> None:
        super().__init__()
        self._reader = reader
        self._ticket = ticket
        self._path = path

    def run(self) -> None:
        self._reader.emit_read(read_file(self._ticket, self._path))


def read_file(ticket: int, path: str) -> FileRead:
    """Read a file now; any thread."""
    name = os.path.basename(path)
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            # A pipe or a device may never end.
            problem = Problem(_tr("{0} is not an ordinary file.").format(name), _pick_another())
            return FileRead(ticket, path, problem=problem)
        if info.st_size > MAX_FILE_BYTES:
            size, limit = format_bytes(info.st_size), format_bytes(MAX_FILE_BYTES)
            text = _tr("{0} has {1}; a frame takes {2} at most.").format(name, size, limit)
            return FileRead(ticket, path, problem=Problem(text, _pick_another()))
        with open(path, "rb") as file:
            return FileRead(ticket, path, file.read(MAX_FILE_BYTES))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        text = _tr("{0} cannot be read: {1}.").format(name, reason)
        return FileRead(ticket, path, problem=Problem(text, _pick_another()))


def _pick_another() -> str:
    return _tr("Choose another file.")


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
