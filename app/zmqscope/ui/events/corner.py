"""What stands in the title strip of the events: how many there are, and clear. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from zmqscope.ui.actions import Action
from zmqscope.ui.theme import Theme


class EventCorner(QWidget):
    """Count and clear button.

    Args:
        theme: Fonts and icons.

    Attributes:
        count: Says how many events there are.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.count = QLabel()
        self.count.setProperty("tone", "muted")
        self.count.setFont(theme.data_font(size_px=11.0))
        self._clear_button = QToolButton()
        self._clear_button.setProperty("kind", "quiet")
        self._clear_button.setAutoRaise(True)
        self._clear_button.setIconSize(QSize(13, 13))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.count)
        row.addWidget(self._clear_button)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    def set_clear(self, record: Action, action: QAction) -> None:
        """Say what the button does."""
        self._clear_button.setToolTip(record.help)
        self._clear_button.setAccessibleName(record.title)
        self._clear_button.clicked.connect(action.trigger)

    def set_can_clear(self, can_clear: bool) -> None:
        """Let the button be pressed, or not."""
        self._clear_button.setEnabled(can_clear)

    @Slot()
    def on_theme_changed(self) -> None:
        """Draw the icon in the new colours."""
        self._clear_button.setIcon(self._theme.quiet_icon("trash-2"))
