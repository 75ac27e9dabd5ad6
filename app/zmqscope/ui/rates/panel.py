"""The rates panel: legend above, plot below, controls for the title strip. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from zmqscope.core.events import EventLine
from zmqscope.core.types import SocketId
from zmqscope.models.rates.curves import CurveKey, CurveList
from zmqscope.models.rates.rates import RatesModel
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.rates.bar import RatesBar
from zmqscope.ui.rates.commands import RatesCommands
from zmqscope.ui.rates.display import RatesDisplay
from zmqscope.ui.rates.empty import EmptyNote
from zmqscope.ui.rates.exporter import PlotExporter
from zmqscope.ui.rates.legend import Legend
from zmqscope.ui.rates.marks import PlotMarks
from zmqscope.ui.rates.navigation import PlotNavigation
from zmqscope.ui.rates.plot import RatesPlot
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore

_LOW_PX = 190
_MENU = (
    ("plot.hide_others", "plot.show_all", "plot.copy_values"),
    ("plot.pause", "plot.live", "plot.marks"),
    ("plot.export",),
)


class RatesPanel(QWidget):
    """Messages or bytes per second of every socket, live.

    Args:
        store: Where rates are read.
        controller: Where sockets are followed.
        theme: Colours and fonts.
        actions: Where the plot's actions are registered.
        settings: Where span, unit and scale are remembered.
        parent: Owner.

    Attributes:
        marks: Events on the time axis.
    """

    ready = Signal()
    """The first traffic has been painted; emitted once."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = controller.clock
        self._actions = actions
        self._model = RatesModel(store.rates, CurveList(store.rates, controller, self))
        self._plot = RatesPlot(theme, self)
        self._legend = Legend(theme, self)
        self._controller = controller
        self.marks = PlotMarks(theme, self._name_of, self)
        self._plot.set_marks(self.marks)
        self._display = RatesDisplay(self._model, self._plot, self._legend, self._clock, self)
        self._display.marks = self.marks
        self._navigation = PlotNavigation(
            self._model, self._display.axis, self._plot, self._clock, self
        )
        self._navigation.moved.connect(self._display.on_navigation_moved)
        self._commands = RatesCommands(self._model, self._display, actions, settings, self)
        self._exporter = PlotExporter(self._display, theme, controller, self)
        self._bar = RatesBar(theme, actions, self)
        self._empty = EmptyNote(theme, self._plot)
        self._lay_out()
        self._connect()
        self.on_commands_changed()
        self._say_why_empty()

    def _lay_out(self) -> None:
        self.setAccessibleName(self.tr("Rates"))
        self._plot.setAccessibleName(self.tr("Rates plot"))
        self._plot.setAccessibleDescription(
            self.tr(
                "Wheel zooms, drag pans, Shift and drag zooms to a box, "
                "double-click or Esc goes back to live."
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._legend)
        column.addWidget(self._plot, 1)
        # Until a window takes it over it must not lie about in a corner.
        self._bar.hide()
        self.setFocusProxy(self._plot)

    def _connect(self) -> None:
        self._plot.traffic_painted.connect(self.ready)
        self._plot.resized.connect(self.on_plot_resized)
        self._plot.gestures.menu_requested.connect(self.on_plot_menu_requested)
        self._legend.toggled.connect(self.on_legend_toggled)
        self._legend.menu_requested.connect(self.on_legend_menu_requested)
        self._commands.changed.connect(self.on_commands_changed)
        self._commands.marks_toggled.connect(self.marks.set_shown)
        self.marks.set_shown(self._actions.qaction("plot.marks").isChecked())
        self._controller.events_changed.connect(self.on_controller_events_changed)
        self._commands.export_requested.connect(self._exporter.ask)

    # ---- what the window uses ---------------------------------------------------------------

    def corner_widget(self) -> QWidget:
        """The controls, for the right end of the title strip."""
        self._bar.show()
        return self._bar

    def refresh(self, now_ns: int) -> None:
        """Show what is new.

        Args:
            now_ns: The time now on the capture clock.
        """
        self._display.refresh(now_ns)
        self._say_why_empty()

    def refresh_interval_ms(self) -> int:
        """How soon the picture will have moved visibly, in ms."""
        return self._display.refresh_interval_ms()

    @Slot(object)
    def set_paused_sockets(self, paused: frozenset[SocketId]) -> None:
        """End the curves of these sockets here; those of the others go on.

        Args:
            paused: All sockets whose display is paused.
        """
        self._model.set_paused_sockets(frozenset(paused), self._clock.now_ns())
        self._display.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._legend.set_low(self.height() < _LOW_PX)

    # ---- empty ------------------------------------------------------------------------------

    def _say_why_empty(self) -> None:
        curves = self._model.curves
        if not curves.has_sockets:
            words = self.tr("No socket is open. Open one with Ctrl+N, and its rates show here.")
        elif not curves.has_traffic:
            words = self.tr("No message yet. The curves rise with the first one.")
        elif not curves.shown:
            words = self.tr("All curves are switched off. Click one above to see it.")
        else:
            words = ""
        if words != self._empty.text():
            self._empty.setText(words)
            self._place_empty()
        self._empty.setVisible(bool(words))

    def _place_empty(self) -> None:
        self._empty.place(self._plot.rect_px.toRect())

    # ---- what comes in ----------------------------------------------------------------------

    def _name_of(self, socket_id: SocketId | None) -> str:
        snapshot = None if socket_id is None else self._controller.snapshots.get(socket_id)
        return snapshot.name if snapshot is not None else ""

    @Slot(object)
    def on_controller_events_changed(self, lines: tuple[EventLine, ...]) -> None:
        """Mark what happened."""
        self.marks.take(lines)

    @Slot()
    def on_plot_resized(self) -> None:
        """Keep the sentence in the middle."""
        self._place_empty()

    @Slot()
    def on_commands_changed(self) -> None:
        """Show span, unit and scale in the bar."""
        is_live = self._model.view.is_live and not self._model.is_frozen
        self._bar.set_state(self._model.view.span, self._model.unit, is_live=is_live)

    @Slot(object, bool)
    def on_legend_toggled(self, key: CurveKey, shown: bool) -> None:
        """Switch a curve."""
        self._model.curves.set_shown(key, shown)
        self._display.redraw()

    @Slot(object, QPoint)
    def on_legend_menu_requested(self, key: CurveKey, at: QPoint) -> None:
        """Offer what can be done with a curve."""
        self._show_menu(at, key)

    @Slot(object)
    def on_plot_menu_requested(self, at: QPoint) -> None:
        """Offer what can be done with the plot."""
        self._show_menu(at, None)

    def _show_menu(self, at: QPoint, key: CurveKey | None) -> None:
        self._commands.choose(key)
        self._display.crosshair.hold(True)
        menu = QMenu(self)
        for group in _MENU:
            for action_id in group:
                menu.addAction(self._actions.qaction(action_id))
            menu.addSeparator()
        menu.aboutToHide.connect(self.on_menu_about_to_hide, Qt.ConnectionType.QueuedConnection)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @Slot()
    def on_menu_about_to_hide(self) -> None:
        """The next command means the crosshair's curve again, once this one is done."""
        self._display.crosshair.hold(False)
        self._commands.choose(None)
