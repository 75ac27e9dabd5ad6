"""Offers this machine's network interfaces for multicast. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from zmqscope.models.sockets.interfaces import Interface, interfaces
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.theme import Theme


class InterfaceButton(IconButton):
    """A menu of interfaces, read anew each time it opens.

    Args:
        theme: Where the icon comes from.
    """

    interface_chosen = Signal(object)
    """Interface, or None to let the system choose."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "globe", "")
        words = self.tr("Choose the network interface")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self.on_menu_about_to_show)
        self._menu.triggered.connect(self.on_menu_triggered)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    @Slot()
    def on_menu_about_to_show(self) -> None:
        """List them."""
        self._menu.clear()
        self._menu.addAction(self.tr("As the system chooses")).setData(None)
        self._menu.addSeparator()
        for interface in interfaces():
            name = interface.name.replace("&", "&&")
            self._menu.addAction(f"{name} · {interface.address}").setData(interface)

    @Slot(QAction)
    def on_menu_triggered(self, action: QAction) -> None:
        """One was picked."""
        # Qt hands a named tuple back as a list.
        data = action.data()
        self.interface_chosen.emit(Interface(*data) if data else None)
