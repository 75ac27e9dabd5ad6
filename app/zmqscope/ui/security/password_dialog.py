"""Asks for another password of a user. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secret_files import password_problem
from zmqscope.models.format import one_line
from zmqscope.ui.security.field_dialog import FieldDialog


class PasswordDialog(FieldDialog):
    """Its letters are not shown.

    Args:
        user: Whose password it is.
        parent: What it belongs to.
    """

    password_chosen = Signal(object, object)
    """The user's name, which Qt would change where it is no text, and the Secret."""

    def __init__(self, user: str, parent: QWidget | None = None) -> None:
        super().__init__(lambda text: password_problem(_secret(text)), parent)
        self._user = user
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        words = self.tr("“{0}” comes in with it from now on; who is in stays in.")
        self.ask(
            self.tr("Change password"),
            self.tr("New &password"),
            words.format(one_line(user)),
            self.tr("Only a hash of it is kept"),
        )
        self.ok.setText(self.tr("Change"))

    def accept(self) -> None:
        """Hand it over, if it can be one."""
        if self.can_be_taken:
            self.password_chosen.emit(self._user, _secret(self.field.text()))
            self.field.setText("")
            super().accept()


def _secret(text: str) -> Secret:
    return Secret(text.encode("utf-8", "replace"))
