"""Asks for the character that topics end before. GUI thread."""

from __future__ import annotations

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

from zmqscope.core.errors import UserError
from zmqscope.models.topics.separator import parse_separator
from zmqscope.ui.theme import Theme

_WIDTH_PX = 380
_MAX_CHARS = 8


class SeparatorDialog(QDialog):
    """One field; what is wrong with it is said below.

    Args:
        theme: Fonts.
        parent: The window.

    Attributes:
        field: Where one types.
    """

    separator_chosen = Signal(int)
    """A byte."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Where a topic ends"))
        self.setFixedWidth(_WIDTH_PX)
        self.field = QLineEdit()
        self.field.setFont(theme.data_font())
        self.field.setMaxLength(_MAX_CHARS)
        self.field.setAccessibleName(self.tr("Character that topics end before"))
        self.field.setToolTip(self.tr(r"One character, or a byte such as 0x1f, or \t for a tab"))
        self.field.textChanged.connect(self.on_field_text_changed)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.on_accepted)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.addRow(self.tr("Topics end before"), self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._words)
        column.addWidget(buttons)
        self.on_field_text_changed("")

    @Slot(str)
    def on_field_text_changed(self, text: str) -> None:
        """Say what the text means, or what is wrong with it."""
        problem = ""
        try:
            parse_separator(text)
        except UserError as error:
            problem = error.problem.sentence()
        self._ok.setEnabled(not problem)
        is_wrong = bool(problem and text)
        words = self.tr("It counts for messages that come from now on.")
        self._words.setText(problem if is_wrong else words)
        self._words.setProperty("tone", "problem" if is_wrong else "muted")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)

    @Slot()
    def on_accepted(self) -> None:
        """Take the character."""
        self.separator_chosen.emit(parse_separator(self.field.text()))
        self.accept()
