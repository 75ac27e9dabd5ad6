"""A public key in full, with a button that copies it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from zmqscope.ui.copy_button import CopyButton
from zmqscope.ui.sockets.labels import DataLabel
from zmqscope.ui.theme import Theme


class KeyLabel(QWidget):
    """All 40 letters; takes no room while there is no key.

    Args:
        theme: Colours, font and icon.
        copy_words: What the button does.
    """

    def __init__(self, theme: Theme, copy_words: str) -> None:
        super().__init__()
        self._label = DataLabel(theme, "accent")
        # The key is the public one: it may be copied.
        self._copy = CopyButton(theme, copy_words, lambda: self.key)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._label, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._copy)
        self.hide()

    @property
    def key(self) -> str:
        """The key; empty for none."""
        return self._label.text

    def set_key(self, key: str) -> None:
        """Show a key, or nothing."""
        if key != self.key:
            self._copy.forget()
        self._label.set_text(key)
        self.setVisible(bool(key))

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._copy]
