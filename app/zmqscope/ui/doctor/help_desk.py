"""Opens the one help window, and asks before anything leaves the app. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.models.help_pages import INDEX
from zmqscope.ui.theme import Theme


class HelpDesk(QObject):
    """Shows pages in one window, which is made when it is first wanted.

    Args:
        theme: Colours, fonts and icons.
        window: What the help window belongs to.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._parent = window

    @Slot(object)
    def show_page(self, rule: Rule | None) -> None:
        """Show a rule's page, or the one that leads to all; the window comes to the front."""
        from zmqscope.ui.doctor.help_window import HelpWindow

        name = INDEX if rule is None else rule.value
        for window in self._parent.findChildren(HelpWindow):
            window.go_to(name)
            window.show()
            window.raise_()
            window.activateWindow()
            return
        window = HelpWindow(self._theme, self._parent)
        window.external_link_asked.connect(self.on_window_external_link_asked)
        window.go_to(name)
        window.show()

    @Slot(str)
    def on_window_external_link_asked(self, address: str) -> None:
        """A link leads out of the app: show where, and open it only if that is wanted."""
        box = QMessageBox(self._parent.findChild(QWidget, "help-window") or self._parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Open in the browser"))
        box.setText(self.tr("This page is on the web:"))
        box.setInformativeText(address)
        go = box.addButton(self.tr("Open"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(go)
        box.accepted.connect(_Opener(address, box).on_box_accepted)
        box.open()


class _Opener(QObject):
    """Remembers which address a box asks about."""

    def __init__(self, address: str, box: QMessageBox) -> None:
        super().__init__(box)
        self._address = address

    @Slot()
    def on_box_accepted(self) -> None:
        """Hand it to the system's browser."""
        QDesktopServices.openUrl(QUrl(self._address))
