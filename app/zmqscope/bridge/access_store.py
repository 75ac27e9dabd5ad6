"""The access lists that hold, and the user's file that they are saved in. GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from zmqscope.core.security.access import AccessList
from zmqscope.core.security.access_file import AccessFileError, read_access, write_access
from zmqscope.core.types import Problem


def access_path(settings: Path) -> Path:
    """Where access lists are kept: beside a settings file, with its name.

    Args:
        settings: Such as ``zmqscope.ini``; they are then in ``zmqscope.access.json``.
    """
    return settings.with_name(f"{settings.stem}.access.json")


class AccessStore(QObject):
    """Reads the lists once, and saves them with each change.

    Args:
        path: The file; None keeps them for this run only.
        parent: Owner.
    """

    changed = Signal(object)
    """tuple[AccessList, ...]: these hold from now on."""

    def __init__(self, path: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._lists: tuple[AccessList, ...] = ()
        # A file that could not even be read is not ours to overwrite.
        self._unread: Problem | None = None

    def lists(self) -> tuple[AccessList, ...]:
        """Those that hold now; a list that is not among them lets nobody in unasked."""
        return self._lists

    def load(self) -> Problem | None:
        """Read the file, once, at the start; ``changed`` follows if there are any lists.

        Returns:
            Why there are none although there is a file. A broken one is kept under another name.
        """
        if self._path is None:
            return None
        try:
            self._lists = read_access(self._path)
        except AccessFileError as error:
            self._unread = error.problem if self._path.exists() else None
            return error.problem
        if self._lists:
            self.changed.emit(self._lists)
        return None

    def set_lists(self, lists: tuple[AccessList, ...]) -> Problem | None:
        """Have other lists hold, and save them.

        Returns:
            Why they could not be saved; they hold all the same.
        """
        if lists == self._lists:
            return None
        self._lists = lists
        self.changed.emit(lists)
        if self._path is None:
            return None
        if self._unread is not None:
            return Problem(
                f"The access lists were not saved: {self._path} could not be read before, and may "
                "hold others.",
                "They hold until the program ends. Move that file away and start again.",
            )
        try:
            write_access(self._path, lists)
        except AccessFileError as error:
            return error.problem
        return None
