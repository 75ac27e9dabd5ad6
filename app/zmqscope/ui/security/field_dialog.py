"""A dialog with one field, which is handed over only once nothing is wrong with it. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
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


class FieldDialog(QDialog):
    """What is wrong with what is typed is said below.

    Args:
        check: What is wrong with a text.
        parent: What it belongs to.

    Attributes:
        field: Where one types.
        ok: Hands it over.
    """

    def __init__(
        self, check: Callable[[str], Problem | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH_PX)
        self._check = check
        self.field = QLineEdit()
        self._label = QLabel()
        self._words = NoteLabel()
        self._problem = ProblemLabel()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._lay_out(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(self.on_field_text_changed)
        self.on_field_text_changed("")

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        self._label.setProperty("tone", "muted")
        self._label.setBuddy(self.field)
        self.ok.setProperty("kind", "primary")
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.addRow(self._label, self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(self._words)
        column.addWidget(self._problem)
        column.addWidget(buttons)

    def ask(self, title: str, label: str, words: str, tip: str) -> None:
        """Say what is asked for.

        Args:
            title: The window's title.
            label: What is typed, with its mnemonic.
            words: What it is for.
            tip: The field's tooltip.
        """
        self.setWindowTitle(title)
        self._label.setText(label)
        self._words.set_note(words)
        self.field.setAccessibleName(label.replace("&", ""))
        self.field.setToolTip(tip)

    @property
    def can_be_taken(self) -> bool:
        """Whether nothing is wrong with what is typed."""
        return self._check(self.field.text()) is None

    @Slot(str)
    def on_field_text_changed(self, text: str) -> None:
        """Say what is wrong with it; an empty field is just empty."""
        problem = self._check(text)
        self.ok.setEnabled(problem is None)
        self._problem.set_problem(problem if text else None)
        mark_problem(self.field, bool(text) and problem is not None)
