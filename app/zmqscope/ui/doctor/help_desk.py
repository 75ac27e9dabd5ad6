"""Opens the one help window, and asks before anything leaves the app. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.models.doctor.help_pages import FORMATS_INDEX, INDEX
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.theme import Theme


class HelpDesk(QObject):
    """Shows pages in one window, which is made when it is first wanted.

    Args:
        theme: Colours, fonts and icons.
        window: What the help window belongs to.
        actions: Where the way to the message formats is registered.
    """

    def __init__(
        self, theme: Theme, window: QWidget, actions: ActionRegistry | None = None
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._parent = window
        if actions is not None:
            actions.add(self._formats_action(), self.on_formats)

    def _formats_action(self) -> Action:
        title = self.tr("Message formats")
        words = self.tr("Which programs and protocols are recognised, and what is said of them")
        return Action("help.formats", title, "Help", "Ctrl+Shift+F2", "braces", help=words)

    @Slot()
    def on_formats(self) -> None:
        """Show the page that leads to all message formats."""
        self.show_page(FORMATS_INDEX)

    @Slot(object)
    def show_page(self, page: Rule | str | None) -> None:
        """Show a page; the window comes to the front.

        Args:
            page: A rule; the name of an envelope, such as ``jupyter``, or of any other page, such
                as ``decoders`` or ``envelope-index``; None for the index of the doctor's pages,
                which is also shown where there is no page of that name.
        """
        from zmqscope.ui.doctor.help_window import HelpWindow

        name = page.value if isinstance(page, Rule) else page or INDEX
        for window in self._parent.findChildren(HelpWindow):
            window.open_at(name)
            window.show()
            window.raise_()
            window.activateWindow()
            return
        window = HelpWindow(self._theme, self._parent)
        window.external_link_asked.connect(self.on_window_external_link_asked)
        window.open_at(name)
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
