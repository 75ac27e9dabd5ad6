"""The inspector's buttons for the right end of its title strip. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.theme import Theme


class InspectorCorner(QWidget):
    """Copy, save, and send again.

    Args:
        theme: Where icons come from.
        actions: Where the inspector's actions are registered.
    """

    resend_clicked = Signal()

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name in ("copy", "save"):
            button = QToolButton()
            action = actions.qaction(f"inspector.{name}")
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            row.addWidget(button)
        # Not the action of the table: that one works on the store, this on the inspector's copy.
        self._resend = QToolButton()
        self._resend.setAccessibleName(self.tr("Edit and send again"))
        self._resend.setToolTip(self.tr("Put this message into the composer"))
        self._resend.clicked.connect(self.resend_clicked)
        row.addWidget(self._resend)
        for button in self.findChildren(QToolButton):
            button.setIconSize(QSize(14, 14))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def set_message_shown(self, shown: bool) -> None:
        """Whether there is a message to send again."""
        self._resend.setEnabled(shown)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the new colours."""
        self._resend.setIcon(self._theme.icon("send"))
