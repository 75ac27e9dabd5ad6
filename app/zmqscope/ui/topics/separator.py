"""The choice of where a topic ends in the first frame: a menu, kept in the settings. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from zmqscope.core.capture.topics import TopicTable
from zmqscope.models.topics.separator import COMMON, separator_text
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme
from zmqscope.ui.topics.separator_dialog import SeparatorDialog

_WHOLE = -1


class SeparatorChoice(QObject):
    """Offers the choice, and tells the table of topics what was chosen.

    Args:
        table: Told at once and at every change.
        settings: Where the choice is kept.
        theme: Fonts.
        parent: The panel.
    """

    def __init__(
        self, table: TopicTable, settings: Settings, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._settings = settings
        self._theme = theme
        self._panel = parent
        settings.changed.connect(self.on_settings_changed)
        table.set_separator(settings.topic_separator)

    def pop_up(self, place: QPoint) -> QMenu:
        """Show the choices at a point of the screen."""
        chosen = self._settings.topic_separator
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for separator in COMMON:
            entry = menu.addAction(self._words(separator))
            entry.setData(_WHOLE if separator is None else separator)
            entry.setCheckable(True)
            entry.setChecked(separator == chosen)
        menu.addSeparator()
        words = self.tr("Ends at another character…")
        if chosen not in COMMON:
            words = self.tr("Ends at another character: {0}…").format(separator_text(chosen))
        other = menu.addAction(words)
        other.setCheckable(True)
        other.setChecked(chosen not in COMMON)
        menu.triggered.connect(self.on_menu_triggered)
        menu.popup(place)
        return menu

    def _words(self, separator: int | None) -> str:
        if separator is None:
            return self.tr("The whole first frame")
        return self.tr("Ends at {0}").format(separator_text(separator))

    @Slot(QAction)
    def on_menu_triggered(self, entry: QAction) -> None:
        """A choice was made, or another character is wanted."""
        chosen = entry.data()
        if isinstance(chosen, int):
            self._settings.topic_separator = None if chosen == _WHOLE else chosen
            return
        dialog = SeparatorDialog(self._theme, self._panel.window())
        dialog.separator_chosen.connect(self.on_dialog_separator_chosen)
        dialog.open()

    @Slot(int)
    def on_dialog_separator_chosen(self, separator: int) -> None:
        """A character was typed."""
        self._settings.topic_separator = separator

    @Slot(str)
    def on_settings_changed(self, name: str) -> None:
        """Number topics another way from now on."""
        if name == "topic_separator":
            self._table.set_separator(self._settings.topic_separator)
