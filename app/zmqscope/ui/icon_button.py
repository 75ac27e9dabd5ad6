"""Flat buttons with an icon. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from zmqscope.ui.enter_key import click_on_enter
from zmqscope.ui.theme import Theme


class IconButton(QToolButton):
    """A flat button with an icon; its words are its tooltip and accessible name.

    Args:
        theme: Where the icon comes from.
        icon: Name of the icon.
        words: What it does.
        parent: Owner.
    """

    def __init__(self, theme: Theme, icon: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self.setIconSize(QSize(14, 14))
        self.setAccessibleName(words)
        self.setToolTip(words)
        # Tab reaches it too: QToolButton by itself is for the mouse alone.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        self.setIcon(self._theme.icon(self._icon_name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not click_on_enter(self, event):
            super().keyPressEvent(event)


def action_button(action: QAction) -> QToolButton:
    """A button for an action that has an icon."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(14, 14))
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
