"""The access lists: kept in a file, told to the engine, shown by dialogs. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from zmqscope.core.errors import UserError
from zmqscope.core.security.access import AccessList
from zmqscope.core.security.access_file import AccessFileError, read_access, write_access
from zmqscope.core.types import Problem


class AccessBook(QObject):
    """All access lists.

    Args:
        path: The file.
        apply: Told the lists, at once and whenever they change.
        parent: Owner.

    Attributes:
        problem: Why the file could not be read; None if it could.
    """

    changed = Signal()
    """The lists are others."""

    def __init__(
        self,
        path: Path,
        apply: Callable[[tuple[AccessList, ...]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._apply = apply
        self._lists: tuple[AccessList, ...] = ()
        self.problem: Problem | None = None
        try:
            self._lists = read_access(path)
        except UserError as error:
            self.problem = error.problem
        # A broken file was kept under another name; one that cannot even be read may hold lists.
        self._is_ours = self.problem is None or not path.exists()
        if self._lists:
            apply(self._lists)

    def lists(self) -> tuple[AccessList, ...]:
        """All of them."""
        return self._lists

    def set_lists(self, lists: Sequence[AccessList]) -> None:
        """These hold from now on.

        Raises:
            UserError: They hold, but could not be saved.
        """
        self._lists = tuple(lists)
        self._apply(self._lists)
        self.changed.emit()
        if not self._is_ours:
            raise AccessFileError(
                f"The access lists were not saved: {self._path} could not be read before, and may "
                "hold others.",
                "They hold until the program ends. Move that file away and start again.",
            )
        write_access(self._path, self._lists)
