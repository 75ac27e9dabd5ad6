"""A line of data. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from zmqscope.ui.theme import Theme


class DataField(QLineEdit):
    """A line of data: monospaced, named for screen readers.

    Args:
        theme: Where the font comes from.
        name: Accessible name and tooltip.
        placeholder: An example.
        parent: Owner.
    """

    def __init__(
        self, theme: Theme, name: str, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(placeholder)
        self.set_name(name)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def set_name(self, name: str) -> None:
        """Say what is typed here."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the theme's font."""
        self.setFont(self._theme.data_font())
