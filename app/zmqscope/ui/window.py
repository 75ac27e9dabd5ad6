"""The main window: top bar, centre, docks, ledger. Paints before any panel exists. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.docks import PanelDock, PanelFrame, PanelId, panel_title
from zmqscope.ui.settings import Settings
from zmqscope.ui.shell_commands import ShellCommands
from zmqscope.ui.statusbar import LedgerBar
from zmqscope.ui.stylesheet import SEPARATOR_PX
from zmqscope.ui.theme import Theme
from zmqscope.ui.topbar import TopBar
from zmqscope.ui.welcome import WelcomeView
from zmqscope.ui.window_layout import MINIMUM_SIZE, WindowLayout

__all__ = ["MainWindow", "PanelId"]

_DOCKED = (
    PanelId.SOCKETS,
    PanelId.RATES,
    PanelId.TOPICS,
    PanelId.EVENTS,
    PanelId.PEERS,
    PanelId.TOPOLOGY,
    PanelId.INSPECTOR,
    PanelId.COMPARE,
    PanelId.COMPOSER,
)

_PANEL_SHORTCUTS = {
    PanelId.SOCKETS: "Ctrl+6",
    PanelId.RATES: "Ctrl+2",
    PanelId.TOPICS: "Ctrl+7",
    PanelId.EVENTS: "Ctrl+3",
    PanelId.PEERS: "Ctrl+8",
    PanelId.TOPOLOGY: "Ctrl+9",
    PanelId.INSPECTOR: "Ctrl+4",
    PanelId.COMPARE: "F4",
    PanelId.COMPOSER: "Ctrl+5",
}


class MainWindow(QMainWindow):
    """The shell that panels are put into.

    Args:
        theme: Colours, fonts, icons.
        actions: What menus, buttons and the palette are filled from.
        settings: Where the layout is kept.

    Attributes:
        ledger: The status bar.
        welcome: What the centre shows while there are no sockets.
    """

    first_painted = Signal()
    """The window has been painted once; emitted once, when it is on its way to the display."""
    close_requested = Signal()
    """The user wants to leave; whoever listens ends the app."""

    def __init__(self, theme: Theme, actions: ActionRegistry, settings: Settings) -> None:
        super().__init__()
        self._theme = theme
        self._actions = actions
        self._painted = False
        self._shown = False
        actions.set_theme(theme)
        self.setWindowTitle("ZMQ Scope")
        self.setMinimumSize(MINIMUM_SIZE)
        self.top_bar = TopBar(theme, actions)
        self.setMenuWidget(self.top_bar)
        self.installEventFilter(self.top_bar)
        self.ledger = LedgerBar(theme)
        self.setStatusBar(self.ledger)
        self.welcome = WelcomeView(theme, settings)
        self._messages = PanelFrame(theme, PanelId.MESSAGES)
        self._centre = QStackedWidget()
        self._centre.addWidget(self.welcome)
        self._centre.addWidget(self._messages)
        self.setCentralWidget(self._centre)
        self._docks = {panel_id: PanelDock(theme, panel_id) for panel_id in _DOCKED}
        self._strips = [self._messages.strip, *(dock.strip for dock in self._docks.values())]
        self._set_dock_rules()
        self._layout = WindowLayout(self, self._docks, settings)
        self.commands = ShellCommands(self, theme, actions, settings)
        self._register_actions()
        self._layout.restore()
        self._show_tabs()

    def _set_dock_rules(self) -> None:
        options = QMainWindow.DockOption
        self.setDockOptions(options.AllowNestedDocks | options.AllowTabbedDocks)
        area = Qt.DockWidgetArea
        self.setCorner(Qt.Corner.TopLeftCorner, area.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.TopRightCorner, area.RightDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        for panel_id, dock in self._docks.items():
            dock.tab_chosen.connect(self.on_dock_tab_chosen)
            dock.visibilityChanged.connect(self.on_docks_changed)
            dock.dockLocationChanged.connect(self.on_docks_changed)
            dock.topLevelChanged.connect(self.on_docks_changed)
            dock.setProperty("panel", panel_id.value)

    def _register_actions(self) -> None:
        for panel_id, dock in self._docks.items():
            name = panel_title(panel_id)
            title = self.tr("{panel} panel").format(panel=name)
            words = self.tr("Show or hide {panel}").format(panel=name)
            keys = _PANEL_SHORTCUTS[panel_id]
            action = Action(f"view.panel.{panel_id.value}", title, "View", keys, "", True, words)
            toggle = self._actions.add(action, dock.on_toggled)
            dock.toggleViewAction().toggled.connect(toggle.setChecked)
            dock.shown_anyway.connect(toggle.setChecked)
            toggle.setChecked(not dock.isHidden())
        reset = Action(
            "view.layout.reset",
            self.tr("Reset layout"),
            "View",
            "Ctrl+Shift+L",
            help=self.tr("Put every panel back where it was at first"),
        )
        self._actions.add(reset, self.on_reset_layout)
        self.commands.register()

    # ---- what the app tells the window ------------------------------------------------------

    def set_panel(self, panel_id: PanelId, panel: QWidget) -> None:
        """Put a panel into its place; nothing else moves."""
        if panel_id is PanelId.MESSAGES:
            self._messages.set_panel(panel)
        else:
            self._docks[panel_id].set_panel(panel)

    def show_welcome(self, wanted: bool) -> None:
        """Show the welcome view in the centre, or the messages."""
        self._centre.setCurrentWidget(self.welcome if wanted else self._messages)

    def dock(self, panel_id: PanelId) -> PanelDock:
        """The dock of a panel; the messages have none."""
        return self._docks[panel_id]

    def show_panel(self, panel_id: PanelId) -> None:
        """Bring a panel to the front."""
        if panel_id in self._docks:
            self._docks[panel_id].come_to_front()

    def save_state(self) -> None:
        """Remember size, place and docks."""
        self._layout.save()

    # ---- news -------------------------------------------------------------------------------

    @Slot(object)
    def on_dock_tab_chosen(self, panel_id: object) -> None:
        """A name in a title strip was clicked."""
        if isinstance(panel_id, PanelId):
            self.show_panel(panel_id)

    @Slot()
    def on_docks_changed(self) -> None:
        """Docks have come together or gone apart, perhaps; look once Qt is done."""
        QTimer.singleShot(0, self, self.on_docks_settled)

    @Slot()
    def on_docks_settled(self) -> None:
        """Name the docks that share a place in their strips."""
        self._show_tabs()

    @Slot()
    def on_reset_layout(self) -> None:
        """Put every dock back where it was at first."""
        self._layout.arrange()
        self._show_tabs()

    @Slot()
    def on_first_paint_done(self) -> None:
        """The first paint is through."""
        for dock in self._docks.values():
            if dock.isFloating() and not dock.isHidden():
                dock.raise_()  # restored before the window, it lies behind it
        self.first_painted.emit()

    def _show_tabs(self) -> None:
        for panel_id, dock in self._docks.items():
            others = {other for other in self.tabifiedDockWidgets(dock) if not other.isHidden()}
            self._docks[panel_id].set_tabs(
                [one for one in _DOCKED if one is panel_id or self._docks[one] in others]
            )

    def _join_lines(self) -> None:
        """Lead the lines below the title strips over the separators' gaps to the next line."""
        painter = QPainter(self)
        gap, color = SEPARATOR_PX - 1, self._theme.color("border")
        for strip in self._strips:
            if strip.window() is self and strip.isVisible():
                place = QRect(strip.mapTo(self, QPoint(0, 0)), strip.size())
                for y in (place.top() - 1, place.bottom()):
                    painter.fillRect(place.left() - gap, y, gap, 1, color)

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self._layout.correct()
            # Nobody has asked for a button yet: none of them wears the ring of the focus.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._join_lines()
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.on_first_paint_done)

    def closeEvent(self, event: QCloseEvent) -> None:
        # Whoever listens hides the window at once and ends the app in stages.
        event.ignore()
        self.close_requested.emit()
