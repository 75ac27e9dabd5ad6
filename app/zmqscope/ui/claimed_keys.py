"""Keys that mean one thing where the keyboard is and another elsewhere. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


def claims_escape(event: QEvent) -> bool:
    """Whether Esc is pressed, now accepted before the shortcut that ends another search."""
    is_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
    return is_key and _claim(event)


def claims(event: QEvent, key: QKeySequence.StandardKey) -> bool:
    """Whether a usual key is pressed, now accepted before the window's shortcut of that key."""
    return isinstance(event, QKeyEvent) and event.matches(key) and _claim(event)


def _claim(event: QEvent) -> bool:
    """Qt asks the focused widget first; who accepts gets the key press itself."""
    if event.type() != QEvent.Type.ShortcutOverride:
        return False
    event.accept()
    return True
