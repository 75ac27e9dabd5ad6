"""Writes a frame to a file that the user names. GUI thread."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from zmqscope.models.format import format_bytes, one_line

log = logging.getLogger(__name__)


def ask_for_path(parent: QWidget, name: str) -> Path | None:
    """Where to save; None if the user does not want to after all."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, _tr("Save frame to file"), name)
    return Path(chosen) if chosen else None


def save_frame(frame: bytes, path: Path) -> str:
    """Write a frame, whole.

    Returns:
        What became of it, in one sentence.
    """
    try:
        path.write_bytes(frame)
    except OSError as error:
        log.warning("saving a frame failed", exc_info=True)
        reason = one_line(error.strerror or str(error))
        words = _tr("{0} could not be written: {1}. Choose another place.")
        return words.format(one_line(str(path)), reason)
    return _tr("Saved {0} to {1}.").format(format_bytes(len(frame)), one_line(str(path)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("FrameSaving", text)
