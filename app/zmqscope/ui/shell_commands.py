"""What the window itself can do: palette, theme, settings, help. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog, QWidget

from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.palette import CommandPalette
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode


class ShellCommands(QObject):
    """Carries the window's own actions out.

    Args:
        window: What dialogs and the palette belong to.
        theme: The theme.
        actions: Where the actions are registered, and what the palette and the help show.
        settings: What the user chose.
    """

    def __init__(
        self, window: QWidget, theme: Theme, actions: ActionRegistry, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._actions = actions
        self._settings = settings
        self._palette: CommandPalette | None = None
        settings.changed.connect(self.on_settings_changed)

    def register(self) -> None:
        """Add the actions."""
        for action, slot in (
            (self._settings_action(), self.on_settings),
            (self._palette_action(), self.on_palette),
            (self._theme_action(), self.on_theme),
            (self._transports_action(), self.on_transports),
            (self._shortcuts_action(), self.on_shortcuts),
            (self._about_action(), self.on_about),
        ):
            self._actions.add(action, slot)

    def _settings_action(self) -> Action:
        words = self.tr("Theme and memory budget")
        return Action(
            "file.settings", self.tr("Settings…"), "File", "Ctrl+,", "settings", help=words
        )

    def _palette_action(self) -> Action:
        words = self.tr("Find any action by its name")
        title = self.tr("Command palette…")
        return Action("view.palette", title, "View", "Ctrl+K", "command", help=words)

    def _theme_action(self) -> Action:
        words = self.tr("Switch between the dark and the light theme")
        title = self.tr("Switch dark and light")
        return Action("view.theme", title, "View", "Ctrl+T", "sun-moon", help=words)

    def _transports_action(self) -> Action:
        words = self.tr("Which socket type works over which transport, and why not")
        title = self.tr("Types and transports")
        return Action("help.transports", title, "Help", "Ctrl+F1", "table", help=words)

    def _shortcuts_action(self) -> Action:
        words = self.tr("All shortcuts at a glance")
        title = self.tr("Keyboard shortcuts")
        return Action("help.shortcuts", title, "Help", "F1", "keyboard", help=words)

    def _about_action(self) -> Action:
        words = self.tr("Version and licences")
        return Action(
            "help.about", self.tr("About ZMQ Scope"), "Help", "Shift+F1", "info", help=words
        )

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_palette(self) -> None:
        """Open the command palette."""
        if self._palette is None:
            self._palette = CommandPalette(self._theme, self._actions, self._window)
        self._palette.open_palette()

    @Slot()
    def on_theme(self) -> None:
        """Turn to the other theme, and stay there."""
        mode = ThemeMode.LIGHT if self._theme.is_dark else ThemeMode.DARK
        self._settings.theme_mode = mode
        # The command line may have overruled the settings, which then do not change.
        self._theme.set_mode(mode)

    @Slot(str)
    def on_settings_changed(self, name: str) -> None:
        """Another theme was chosen in the settings."""
        if name == "theme_mode":
            self._theme.set_mode(self._settings.theme_mode)

    @Slot()
    def on_settings(self) -> None:
        """Open the settings."""
        from zmqscope.ui.settings_dialog import SettingsDialog

        self._open(SettingsDialog(self._theme, self._settings, self._window))

    @Slot()
    def on_transports(self) -> None:
        """Show the table of types and transports, beside the window."""
        from zmqscope.ui.transports_dialog import TransportsDialog

        dialog = TransportsDialog(self._theme, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    @Slot()
    def on_shortcuts(self) -> None:
        """Show all shortcuts."""
        from zmqscope.ui.shortcuts_dialog import ShortcutsDialog

        self._open(ShortcutsDialog(self._theme, self._actions, self._window))

    @Slot()
    def on_about(self) -> None:
        """Show version and licences."""
        from zmqscope.ui.about_dialog import AboutDialog

        self._open(AboutDialog(self._theme, self._window))

    def _open(self, dialog: QDialog) -> None:
        """Show a dialog without an event loop of its own, which would hold up a quit."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
