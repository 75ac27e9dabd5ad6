"""Asks for a name. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from zmqscope.core.types import Problem
from zmqscope.ui.security.field_dialog import FieldDialog


class NameDialog(FieldDialog):
    """Asks for a new name, or for another one.

    Args:
        title: The window's title.
        label: What is typed, with its mnemonic.
        words: What the name is for.
        check: What is wrong with a name.
        parent: What it belongs to.
        name: What to begin with.
    """

    name_chosen = Signal(str)

    def __init__(
        self,
        title: str,
        label: str,
        words: str,
        check: Callable[[str], Problem | None],
        parent: QWidget | None = None,
        name: str = "",
    ) -> None:
        super().__init__(check, parent)
        self.ask(title, label, words, words)
        self.field.setText(name)
        self.field.selectAll()

    def accept(self) -> None:
        """Hand it over, if it can be one."""
        if self.can_be_taken:
            self.name_chosen.emit(self.field.text().strip())
            super().accept()
