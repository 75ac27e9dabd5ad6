"""Asks for another password of a user. GUI thread."""

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

from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secret_files import password_problem
from zmqscope.models.format import one_line
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem

_WIDTH_PX = 400


class PasswordDialog(QDialog):
    """One field whose letters are not shown.

    Args:
        user: Whose password it is.
        parent: What it belongs to.
    """

    password_chosen = Signal(object, object)
    """The user's name, which Qt would change where it is no text, and the Secret."""

    def __init__(self, user: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Change password"))
        self.setFixedWidth(_WIDTH_PX)
        self._user = user
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(self.tr("New password"))
        self.field.setToolTip(self.tr("Only a hash of it is kept"))
        label = QLabel(self.tr("New &password"))
        label.setProperty("tone", "muted")
        label.setBuddy(self.field)
        words = self.tr("“{0}” comes in with it from now on; who is in stays in.")
        self._problem = ProblemLabel()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(self.tr("Change"))
        self._ok.setProperty("kind", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.addRow(label, self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(NoteLabel(words.format(one_line(user))))
        column.addWidget(self._problem)
        column.addWidget(buttons)
        self.field.textChanged.connect(self.on_field_text_changed)
        self.on_field_text_changed("")

    def _secret(self) -> Secret:
        return Secret(self.field.text().encode("utf-8", "replace"))

    @Slot(str)
    def on_field_text_changed(self, text: str) -> None:
        """Say what is wrong with it; an empty field is just empty."""
        problem = password_problem(self._secret())
        self._ok.setEnabled(problem is None)
        self._problem.set_problem(problem if text else None)
        mark_problem(self.field, bool(text) and problem is not None)

    def accept(self) -> None:
        """Hand it over, if it can be one."""
        if password_problem(self._secret()) is None:
            self.password_chosen.emit(self._user, self._secret())
            self.field.setText("")
            super().accept()
