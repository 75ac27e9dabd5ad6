"""A flat button that copies, and shows that it has. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.theme import Theme

_SAID_MS = 2_000


class CopyButton(IconButton):
    """For a moment after a press it is a tick, and says so to a screen reader.

    Args:
        theme: Where the icons come from.
        words: What it copies.
        text: Gives what is copied.
        parent: Owner.
    """

    def __init__(
        self, theme: Theme, words: str, text: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        self._has_copied = False
        super().__init__(theme, "copy", words, parent)
        self._words = words
        self._text = text
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(self.forget)
        self.clicked.connect(self.on_clicked)

    @property
    def has_copied(self) -> bool:
        """Whether it shows that it has just copied."""
        return self._has_copied

    @Slot()
    def forget(self) -> None:
        """Offer to copy again: what is there now has not been."""
        self._show(False, self._words)

    @Slot()
    def on_clicked(self) -> None:
        """Copy."""
        QGuiApplication.clipboard().setText(self._text())
        self._show(True, self.tr("Copied"))
        self._said.start()

    def _show(self, has_copied: bool, words: str) -> None:
        self._said.stop()
        self._has_copied = has_copied
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        icon, token = ("check", "received") if self._has_copied else (self._icon_name, "muted")
        self.setIcon(self._theme.icon(icon, token))
