"""Enter presses a button as Space does, on each desktop. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton


def click_on_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press the button if the key is Enter; to be asked first in ``keyPressEvent``.

    Which keys press a button is up to the desktop's theme (Qt's ``ButtonPressKeys``), and Enter is
    among them on a few only. A dialog would take it for its default button.

    Returns:
        Whether it was Enter: nothing is left to be done.
    """
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    plain = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    if event.key() not in keys or event.modifiers() not in plain:
        return False
    if not event.isAutoRepeat():
        button.click()
    return True
