"""Docks with slim title strips, and the hosts that panels are put into. GUI thread.

Docks that share a place show all their names in the strip, as tabs: Qt's own tab bar stays hidden.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.ui.stylesheet import BAR_HEIGHT_PX
from zmqscope.ui.theme import Theme


class PanelId(Enum):
    """The panels of the window; values name their docks in the saved layout."""

    SOCKETS = "sockets"
    MESSAGES = "messages"
    RATES = "rates"
    TOPICS = "topics"
    EVENTS = "events"
    PEERS = "peers"
    TOPOLOGY = "topology"
    INSPECTOR = "inspector"
    COMPARE = "compare"
    COMPOSER = "composer"


_MINIMUM_SIZES: dict[PanelId, QSize] = {
    PanelId.SOCKETS: QSize(200, 120),
    PanelId.MESSAGES: QSize(320, 120),
    PanelId.RATES: QSize(320, 120),
    PanelId.TOPICS: QSize(320, 120),
    PanelId.EVENTS: QSize(320, 120),
    PanelId.PEERS: QSize(320, 120),
    PanelId.TOPOLOGY: QSize(320, 120),
    PanelId.INSPECTOR: QSize(260, 120),
    PanelId.COMPARE: QSize(260, 120),
    PanelId.COMPOSER: QSize(260, 120),
}


_FLOAT_OFFSET = QPoint(-24, 24)


def panel_title(panel_id: PanelId) -> str:
    """What a panel is called in its title strip and in menus."""
    return {
        PanelId.SOCKETS: QCoreApplication.translate("Panels", "Sockets"),
        PanelId.MESSAGES: QCoreApplication.translate("Panels", "Messages"),
        PanelId.RATES: QCoreApplication.translate("Panels", "Rates"),
        PanelId.TOPICS: QCoreApplication.translate("Panels", "Topics"),
        PanelId.EVENTS: QCoreApplication.translate("Panels", "Events"),
        PanelId.PEERS: QCoreApplication.translate("Panels", "Peers"),
        PanelId.TOPOLOGY: QCoreApplication.translate("Panels", "Topology"),
        PanelId.INSPECTOR: QCoreApplication.translate("Panels", "Inspector"),
        PanelId.COMPARE: QCoreApplication.translate("Panels", "Compare"),
        PanelId.COMPOSER: QCoreApplication.translate("Panels", "Composer"),
    }[panel_id]


@runtime_checkable
class HasCorner(Protocol):
    """A panel with controls for the right end of its title strip."""

    def corner_widget(self) -> QWidget:
        """The controls; the strip takes them over."""


class PanelHost(QWidget):
    """The place of a panel; its size does not depend on whether the panel is there yet.

    Args:
        panel_id: Whose place it is.
    """

    def __init__(self, panel_id: PanelId) -> None:
        super().__init__()
        self._minimum = _MINIMUM_SIZES[panel_id]
        self._panel: QWidget | None = None
        self._is_shown = True
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def set_panel(self, panel: QWidget) -> None:
        """Put the panel into its place."""
        self._panel = panel
        self._layout.addWidget(panel)
        panel.setVisible(self._is_shown)
        self.setFocusProxy(panel)

    def set_shown(self, shown: bool) -> None:
        """Hide the panel while nobody can see it: Qt holds a dock behind another for visible."""
        self._is_shown = shown
        if self._panel is not None:
            self._panel.setVisible(shown)

    def minimumSizeHint(self) -> QSize:
        return self._minimum

    def sizeHint(self) -> QSize:
        return self._minimum


class TitleStrip(QWidget):
    """The strip above a panel: names of the panels in this place, the panel's own controls.

    Args:
        theme: Fonts and icons.
        panel_id: The panel below.
    """

    tab_chosen = Signal(object)
    """PanelId of another panel in the same place."""

    def __init__(self, theme: Theme, panel_id: PanelId) -> None:
        super().__init__()
        self._theme = theme
        self._panel_id = panel_id
        self._tabs: dict[PanelId, QPushButton] = {}
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 6, 0)
        self._row.setSpacing(4)
        self._names = QHBoxLayout()
        self._names.setSpacing(16)
        self._row.addLayout(self._names)
        self._row.addSpacing(12)
        self._row.addStretch(1)
        self.set_tabs([panel_id])

    def set_tabs(self, panel_ids: list[PanelId]) -> None:
        """Show the names of the panels in this place, in this order."""
        if list(self._tabs) == panel_ids:
            return
        for button in self._tabs.values():
            self._names.removeWidget(button)
            button.deleteLater()
        self._tabs = {panel_id: self._make_tab(panel_id) for panel_id in panel_ids}

    def _make_tab(self, panel_id: PanelId) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "tab")
        button.setText(panel_title(panel_id))
        button.setFont(self._theme.ui_font(QFont.Weight.DemiBold))
        button.setCheckable(True)
        button.setChecked(panel_id is self._panel_id)
        button.setProperty("panel", panel_id.value)
        button.setAccessibleName(panel_title(panel_id))
        if panel_id is self._panel_id:
            # The name of the panel below is what one drags the dock by.
            button.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        else:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(self.tr("Show {panel}").format(panel=panel_title(panel_id)))
            button.clicked.connect(self.on_tab_clicked)
        self._names.addWidget(button)
        return button

    def add_control(self, widget: QWidget) -> None:
        """Add a control at the right end."""
        self._row.addWidget(widget)

    def add_corner(self, widget: QWidget) -> None:
        """Add the panel's own controls, left of the strip's."""
        behind_the_stretch = 3
        self._row.insertWidget(behind_the_stretch, widget)

    def sizeHint(self) -> QSize:
        # A dock asks for this before the style sheet has its say.
        return QSize(super().sizeHint().width(), BAR_HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        # A panel's controls come later and must not make its dock wider.
        return QSize(_MINIMUM_SIZES[self._panel_id].width(), BAR_HEIGHT_PX)

    @Slot()
    def on_tab_clicked(self) -> None:
        """Another panel's name was clicked."""
        button = self.sender()
        for panel_id, tab in self._tabs.items():
            if tab is button:
                tab.setChecked(panel_id is self._panel_id)
                self.tab_chosen.emit(panel_id)


class PanelFrame(QWidget):
    """A title strip with a panel's host below it, for the centre of the window.

    Args:
        theme: Fonts and icons.
        panel_id: Whose place it is.

    Attributes:
        strip: Its title strip.
    """

    def __init__(self, theme: Theme, panel_id: PanelId) -> None:
        super().__init__()
        self.strip = TitleStrip(theme, panel_id)
        self._host = PanelHost(panel_id)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._host, 1)
        self.setFocusProxy(self._host)

    def set_panel(self, panel: QWidget) -> None:
        """Put the panel into its place."""
        self._host.set_panel(panel)
        if isinstance(panel, HasCorner):
            self.strip.add_corner(panel.corner_widget())


class PanelDock(QDockWidget):
    """A dock for one panel.

    Args:
        theme: Fonts and icons.
        panel_id: Whose place it is.

    Attributes:
        strip: Its title strip.
    """

    tab_chosen = Signal(object)
    """PanelId of another panel in the same place."""
    shown_anyway = Signal(bool)
    """True: it was to be hidden, but lay behind another and came to the front."""

    def __init__(self, theme: Theme, panel_id: PanelId) -> None:
        super().__init__(panel_title(panel_id))
        self.panel_id = panel_id
        self._theme = theme
        self._host = PanelHost(panel_id)
        self.strip = TitleStrip(theme, panel_id)
        self._float_button = self._make_button(self.on_float_clicked)
        self._close_button = self._make_button(self.close)
        self.setObjectName(panel_id.value)
        self.setAccessibleName(panel_title(panel_id))
        self.setWidget(self._host)
        self.setTitleBarWidget(self.strip)
        self.strip.tab_chosen.connect(self.tab_chosen)
        self.visibilityChanged.connect(self._host.set_shown)
        self.topLevelChanged.connect(self.on_place_changed)
        self.dockLocationChanged.connect(self.on_place_changed)
        theme.changed.connect(self.on_theme_changed)
        self._dress()

    def set_panel(self, panel: QWidget) -> None:
        """Put the panel into its place."""
        self._host.set_panel(panel)
        if isinstance(panel, HasCorner):
            self.strip.add_corner(panel.corner_widget())

    def set_tabs(self, panel_ids: list[PanelId]) -> None:
        """Show the names of all panels in this place in the strip."""
        self.strip.set_tabs(panel_ids)

    def _make_button(self, clicked: object) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setAutoRaise(True)
        button.setIconSize(QSize(12, 12))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(clicked)
        self.strip.add_control(button)
        return button

    @Slot()
    def come_to_front(self) -> None:
        """Show the dock in front of those in the same place."""
        self.show()
        self.raise_()

    @Slot(bool)
    def on_toggled(self, wanted: bool) -> None:
        """Show the dock, in front of those in the same place, or hide it.

        One that lies behind another comes to the front first: nobody hides what cannot be seen.
        """
        if not wanted and not self.isHidden() and self.visibleRegion().isEmpty():
            self.raise_()
            self.shown_anyway.emit(True)
            return
        self.setVisible(wanted)
        if wanted:
            self.raise_()

    @Slot()
    def on_float_clicked(self) -> None:
        """Take the dock out of the window, or put it back."""
        self.setFloating(not self.isFloating())
        if self.isFloating():
            # Beside its old place, or nobody would see that it is out.
            self.move(self.pos() + _FLOAT_OFFSET)

    @Slot()
    def on_place_changed(self) -> None:
        """Name what the float button does next."""
        self._dress()

    @Slot()
    def on_theme_changed(self) -> None:
        """Draw the icons in the new colours."""
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isFloating():
            painter = QPainter(self)
            painter.setPen(self._theme.color("muted"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _dress(self) -> None:
        title = panel_title(self.panel_id)
        floating = self.isFloating()
        words = self.tr("Put {panel} back") if floating else self.tr("Take {panel} out")
        self._float_button.setIcon(self._theme.quiet_icon("minimize" if floating else "maximize"))
        self._close_button.setIcon(self._theme.quiet_icon("x"))
        for button, text in (
            (self._float_button, words.format(panel=title)),
            (self._close_button, self.tr("Close {panel}").format(panel=title)),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
