"""A security desk with what it depends on, and a keyring that is in memory alone."""

from __future__ import annotations

from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from tests.gui.socket_rig import RecordingController
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.desk import SecurityDesk
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.theme import Theme, ThemeMode

SECRET_WORD = "hunter2-correct-horse"
"""A password that must be found nowhere."""


class MemoryKeyring(KeyringBackend):
    """A keyring as a system would have one."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError


class SecurityRig:
    """The desk, a window, and the names that parts are known by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ini = folder / "s.ini"
        self.settings = Settings(QSettings(str(self.ini), QSettings.Format.IniFormat))
        self.secrets = SessionSecrets()
        self.controller = RecordingController()
        self.theme = Theme(ThemeMode.DARK)
        self.window = QWidget()
        self.window.resize(800, 600)
        self.desk = SecurityDesk(
            self.controller.as_controller(), self.settings, self.secrets, self.window
        )

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The open dialog of a kind."""
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind)]
        return next(w for w in found if w.isVisible())

    def everything_written(self) -> str:
        """Settings, files beside them, and the clipboard."""
        self.settings.save()
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        texts = [path.read_bytes().decode("utf-8", "replace") for path in files]
        return "\n".join([*texts, QGuiApplication.clipboard().text()])


def line(holder: QWidget, name: str) -> QLineEdit:
    return next(f for f in holder.findChildren(QLineEdit) if f.accessibleName() == name)


def combo(holder: QWidget, name: str) -> QComboBox:
    return next(c for c in holder.findChildren(QComboBox) if c.accessibleName() == name)


def button(holder: QWidget, words: str) -> QPushButton:
    found = holder.findChildren(QPushButton)
    return next(b for b in found if b.text().replace("&", "") == words)


def named(holder: QWidget, name: str) -> QAbstractButton:
    found = (*holder.findChildren(IconButton), *holder.findChildren(QAbstractButton))
    return next(b for b in found if b.accessibleName() == name)


def notes(holder: QWidget) -> str:
    return "\n".join(n.words for n in holder.findChildren(NoteLabel) if n.isVisible())


def problems(holder: QWidget) -> list[str]:
    return [p.words for p in holder.findChildren(ProblemLabel) if p.isVisible()]


def choose(box: QComboBox, words: str) -> None:
    """As a person would: by mouse or keyboard."""
    row = box.findText(words)
    assert row >= 0, [box.itemText(at) for at in range(box.count())]
    box.setCurrentIndex(row)
    box.activated.emit(row)


def unnamed(holder: QWidget) -> list[QWidget]:
    """Controls without a name or a tooltip."""
    kinds = (QLineEdit, QComboBox, QPushButton, QToolButton)
    found = [w for kind in kinds for w in holder.findChildren(kind) if w.isVisible()]
    return [
        w
        for w in found
        if not isinstance(w.parent(), QComboBox)
        and not (w.toolTip() and (w.accessibleName() or getattr(w, "text", str)()))
    ]
