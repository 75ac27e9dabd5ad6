"""Where the docks are: the first layout, saving it, restoring it, correcting it. GUI thread."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QMainWindow

from zmqscope.ui.docks import PanelDock, PanelId
from zmqscope.ui.settings import Settings

DEFAULT_SIZE = QSize(1400, 860)
MINIMUM_SIZE = QSize(900, 560)

# Raise it when docks come or go: a layout of another version is not restored.
_STATE_VERSION = 4
_BEFORE: dict[int, tuple[PanelId, ...]] = {
    3: (PanelId.COMPARE,),
    2: (PanelId.PEERS, PanelId.TOPOLOGY, PanelId.COMPARE),
    1: (PanelId.TOPICS, PanelId.PEERS, PanelId.TOPOLOGY, PanelId.COMPARE),
}
"""Earlier versions, and the docks that they do not know."""
_GEOMETRY_KEY = "window/geometry"
_STATE_KEY = "window/state"
# Pixels, a share of the window's width on top, and the least and most in pixels. The left one holds
# a whole TCP address beside two rates from 1,280 on.
_LEFT, _RIGHT = (160, 0.0725, 230, 300), (0, 0.255, 310, 420)
_BOTTOM = (
    PanelId.RATES,
    PanelId.TOPICS,
    PanelId.EVENTS,
    PanelId.PEERS,
    PanelId.TOPOLOGY,
)
_BESIDE = (PanelId.INSPECTOR, PanelId.COMPARE)
_BOTTOM_HEIGHT = 260
_COMPOSER_SHARE = 0.36
_TITLE_BAR_PX = 40


class WindowLayout:
    """Knows the docks of one window.

    Args:
        window: The window.
        docks: Its docks.
        settings: Where the layout is kept.
    """

    def __init__(
        self, window: QMainWindow, docks: dict[PanelId, PanelDock], settings: Settings
    ) -> None:
        self._window = window
        self._docks = docks
        self._settings = settings
        self._is_first = False
        self._unplaced: tuple[PanelId, ...] = ()

    def arrange(self) -> None:
        """Put every dock where it is at first."""
        window, docks = self._window, self._docks
        area = Qt.DockWidgetArea
        for dock in docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(area.LeftDockWidgetArea, docks[PanelId.SOCKETS])
        window.addDockWidget(area.RightDockWidgetArea, docks[PanelId.INSPECTOR])
        window.addDockWidget(area.RightDockWidgetArea, docks[PanelId.COMPOSER])
        for panel_id in _BOTTOM:
            window.addDockWidget(area.BottomDockWidgetArea, docks[panel_id])
        for before, behind in (*pairwise(_BOTTOM), *pairwise(_BESIDE)):
            window.tabifyDockWidget(docks[before], docks[behind])
        for dock in docks.values():
            dock.show()
        docks[PanelId.RATES].raise_()
        docks[PanelId.INSPECTOR].raise_()
        self.set_first_sizes()

    def set_first_sizes(self) -> None:
        """Give the docks the sizes that they have at first."""
        docks = self._docks
        height = self._window.height()
        width = self._window.width()
        left, right = (
            round(min(max(base + width * share, least), most))
            for base, share, least, most in (_LEFT, _RIGHT)
        )
        composer = round(height * _COMPOSER_SHARE)
        self._window.resizeDocks(
            [docks[PanelId.SOCKETS], docks[PanelId.INSPECTOR]],
            [left, right],
            Qt.Orientation.Horizontal,
        )
        self._window.resizeDocks(
            [docks[PanelId.INSPECTOR], docks[PanelId.COMPOSER]],
            [height - composer, composer],
            Qt.Orientation.Vertical,
        )
        # In a call of its own: Qt scales all sizes of one call when one of them does not fit.
        self._window.resizeDocks([docks[PanelId.RATES]], [_BOTTOM_HEIGHT], Qt.Orientation.Vertical)

    def save(self) -> None:
        """Remember size, place and docks."""
        self._settings.set_bytes(_GEOMETRY_KEY, bytes(self._window.saveGeometry().data()))
        self._settings.set_bytes(_STATE_KEY, bytes(self._window.saveState(_STATE_VERSION).data()))

    def restore(self) -> None:
        """Bring back what was saved as far as it fits; else the first layout."""
        self._window.resize(self._fitting(DEFAULT_SIZE))
        geometry = self._settings.get_bytes(_GEOMETRY_KEY)
        if geometry and self._window.restoreGeometry(QByteArray(geometry)):
            self._keep_on_screen()
        # Also before a restore: Qt restores only docks that the window has already.
        self.arrange()
        state = self._settings.get_bytes(_STATE_KEY)
        if self._window.restoreState(QByteArray(state), _STATE_VERSION):
            return
        for version, unknown in _BEFORE.items():
            if self._window.restoreState(QByteArray(state), version):
                self._unplaced = unknown
                return
        self._is_first = True

    def correct(self) -> None:
        """At the first show, when the window has its real size.

        Docks that were saved on a larger screen must leave the centre its room.
        """
        for panel_id in self._unplaced:
            self._place(panel_id)
        if self._is_first or self._is_centre_squeezed():
            self.set_first_sizes()

    def _place(self, newcomer_id: PanelId) -> None:
        """Qt puts a dock that a layout does not know among those of its old place.

        Where these are tabs, so is the new one, behind them; else it would take room from them.
        """
        newcomer = self._docks[newcomer_id]
        known = [d for i, d in self._docks.items() if i not in self._unplaced]
        if any(dock in known for dock in self._window.tabifiedDockWidgets(newcomer)):
            return
        for panel_id in _BESIDE if newcomer_id in _BESIDE else _BOTTOM:
            dock = self._docks[panel_id]
            if panel_id in self._unplaced or dock.isHidden() or dock.isFloating():
                continue
            self._window.tabifyDockWidget(dock, newcomer)
            dock.raise_()
            return

    def _is_centre_squeezed(self) -> bool:
        centre = self._window.centralWidget()
        if centre is None:
            return False
        wanted = centre.minimumSizeHint()
        return centre.width() < wanted.width() or centre.height() < wanted.height()

    def _keep_on_screen(self) -> None:
        window = self._window
        room = window.screen().availableGeometry()
        if window.isMaximized() or window.isFullScreen():
            return
        frame = QRect(window.pos(), self._fitting(window.size()))
        # The title bar has to stay within reach.
        frame.moveLeft(max(room.left(), min(frame.left(), room.right() - frame.width() + 1)))
        top_limit = room.bottom() - frame.height() + 1
        frame.moveTop(max(room.top(), min(frame.top(), top_limit)))
        window.resize(frame.size())
        # Each move() counts the frame anew: without need, the window would creep at every start.
        if frame.topLeft() != window.pos():
            window.move(frame.topLeft())

    def _fitting(self, size: QSize) -> QSize:
        room = self._window.screen().availableGeometry().size() - QSize(0, _TITLE_BAR_PX)
        return size.boundedTo(room).expandedTo(MINIMUM_SIZE)
