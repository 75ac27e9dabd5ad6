"""All shortcuts at a glance, read from the action registry. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zmqscope.ui.actions import ALL_MENUS, ActionRegistry, shortcut_text
from zmqscope.ui.theme import Theme


class ShortcutsDialog(QDialog):
    """Lists every action that has a shortcut, menu by menu.

    Args:
        theme: Fonts.
        actions: What is listed.
        parent: The window.
    """

    def __init__(
        self, theme: Theme, actions: ActionRegistry, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(460, 560)
        page = QWidget()
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(20, 16, 20, 16)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        for menu in ALL_MENUS:
            self._add_menu(menu, actions)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName(self.tr("Shortcuts"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.setContentsMargins(0, 0, 20, 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        column.addWidget(buttons)

    def _add_menu(self, menu: str, actions: ActionRegistry) -> None:
        lines = [
            (action.title, keys)
            for action in actions.actions()
            if action.menu == menu and (keys := shortcut_text(actions.qaction(action.id)))
        ]
        if not lines:
            return
        row = self._grid.rowCount()
        heading = QLabel(menu)
        heading.setProperty("tone", "muted")
        heading.setFont(self._theme.ui_font(QFont.Weight.DemiBold, 11.5))
        heading.setContentsMargins(0, 8 if row > 1 else 0, 0, 2)
        self._grid.addWidget(heading, row, 0, 1, 2)
        for offset, (title, keys) in enumerate(lines, start=1):
            key_label = QLabel(keys)
            key_label.setFont(self._theme.data_font())
            key_label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(QLabel(title), row + offset, 0)
            self._grid.addWidget(key_label, row + offset, 1)
