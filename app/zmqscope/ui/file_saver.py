"""Writes a file that the user has asked for, and says so. GUI thread."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from zmqscope.core.errors import UserError
from zmqscope.core.types import Notice, Severity

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

log = logging.getLogger(__name__)


class ExportError(UserError):
    """A file that could not be written."""


def write_file(path: Path, content: bytes) -> None:
    """Write a file; an older one there is replaced.

    Args:
        path: Where to.
        content: What.

    Raises:
        ExportError: It cannot be written; says which file and why. No half of it stays behind.
    """
    is_new = not path.exists()
    try:
        with path.open("wb") as file:
            file.write(content)
    except OSError as error:
        if is_new:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        words = QCoreApplication.translate("FileSaver", "{path} could not be written: {reason}.")
        raise ExportError(
            words.format(path=path, reason=error.strerror or error),
            QCoreApplication.translate("FileSaver", "Choose another folder or another name."),
        ) from error


class FileSaver:
    """Tells in the events what was saved, and in a box besides what was not.

    Args:
        controller: Where notices go.
        window: Parent of the box.
        title: Of the box.
    """

    def __init__(self, controller: EngineController, window: QWidget, title: str) -> None:
        self._controller = controller
        self._window = window
        self._title = title

    def save(self, path: Path, content: bytes, saved: str) -> bool:
        """Write a file; whether that went well.

        Args:
            path: Where to.
            content: What.
            saved: The sentence to tell then.
        """
        try:
            write_file(path, content)
        except ExportError as error:
            log.warning("%s", error)
            self._tell(Severity.ERROR, error.problem.text, error.problem.hint)
            box = QMessageBox(self._window)
            box.setIcon(QMessageBox.Icon.Warning)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setWindowTitle(self._title)
            box.setText(error.problem.text)
            box.setInformativeText(error.problem.hint)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()
            return False
        self._tell(Severity.INFO, saved, "")
        return True

    def _tell(self, severity: Severity, text: str, hint: str) -> None:
        now_ns = self._controller.clock.now_ns()
        self._controller.notice_posted.emit(Notice(now_ns, None, severity, text, hint))
