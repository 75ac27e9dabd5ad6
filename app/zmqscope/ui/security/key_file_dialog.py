"""Asks for a file with keys that is there already. GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QWidget


class KeyFileDialog(QFileDialog):
    """Goes by itself once it is closed; ``fileSelected`` tells what was chosen.

    Args:
        parent: What it belongs to.
        title: The window's title.
        filters: Name filters, the likeliest first; the last one that is offered shows all files.
    """

    def __init__(self, parent: QWidget, title: str, *filters: str) -> None:
        super().__init__(parent, title)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilters([*filters, self.tr("All files (*)")])
        self.finished.connect(self.deleteLater)
