"""Asks for a name. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import Problem
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem

_WIDTH_PX = 400


class NameDialog(QDialog):
    """One field; what is wrong with it is said below.

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
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setFixedWidth(_WIDTH_PX)
        self._check = check
        self.field = QLineEdit()
        self.field.setAccessibleName(label.replace("&", ""))
        self.field.setToolTip(words)
        buddy = QLabel(label)
        buddy.setProperty("tone", "muted")
        buddy.setBuddy(self.field)
        self._problem = ProblemLabel()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setProperty("kind", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.addRow(buddy, self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(NoteLabel(words))
        column.addWidget(self._problem)
        column.addWidget(buttons)
        self.field.textChanged.connect(self.on_field_text_changed)
        self.field.setText(name)
        self.field.selectAll()
        self.on_field_text_changed(name)

    @Slot(str)
    def on_field_text_changed(self, text: str) -> None:
        """Say what is wrong with it; an empty field is just empty."""
        problem = self._check(text)
        self._ok.setEnabled(problem is None)
        self._problem.set_problem(problem if text else None)
        mark_problem(self.field, bool(text) and problem is not None)

    def accept(self) -> None:
        """Hand it over, if it can be one."""
        if self._check(self.field.text()) is None:
            self.name_chosen.emit(self.field.text().strip())
            super().accept()
