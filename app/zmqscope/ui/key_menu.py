"""A menu that letters lead through, instead of doing what they mean behind it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

_HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class KeyMenu(QMenu):
    """Goes to the next entry that begins with the letter typed.

    A popup leaves the focus where it was: without this, the letters that are keys of that widget
    would go on working behind the menu.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def event(self, event: QEvent) -> bool:
        is_early = event.type() == QEvent.Type.ShortcutOverride
        if is_early and isinstance(event, QKeyEvent) and _letter(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = _letter(event)
        found = self._next(letter) if letter else None
        if found is None:
            super().keyPressEvent(event)
        else:
            self.setActiveAction(found)

    def _next(self, letter: str) -> QAction | None:
        """The next entry behind the current one that begins so, going round."""
        actions = self.actions()
        if any(f"&{letter}" in action.text().casefold().replace("&&", "") for action in actions):
            return None  # Qt's own way
        current = self.activeAction()
        at = actions.index(current) + 1 if current in actions else 0
        for action in (*actions[at:], *actions[:at]):
            is_there = action.isVisible() and action.isEnabled() and not action.isSeparator()
            if is_there and action.text().lstrip("&").casefold().startswith(letter):
                return action
        return None


def _letter(event: QKeyEvent) -> str:
    text = event.text()
    is_plain = len(text) == 1 and text.isalnum() and not event.modifiers() & _HELD
    return text.casefold() if is_plain else ""
