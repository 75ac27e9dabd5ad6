"""What a person can ask of the plot: one record each, and what it does. GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QActionGroup, QGuiApplication

from zmqscope.core.capture.rates import Span
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import CurveKey
from zmqscope.models.rates.rates import RatesModel
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.rates.display import RatesDisplay
from zmqscope.ui.settings import Settings

SPAN_ACTIONS: dict[str, Span] = {
    "plot.span.10s": Span.TEN_SECONDS,
    "plot.span.1min": Span.MINUTE,
    "plot.span.10min": Span.TEN_MINUTES,
    "plot.span.1h": Span.HOUR,
}
_SPAN_KEY, _UNIT_KEY, _LOG_KEY = "rates.span", "rates.unit", "rates.log"
_MARKS_KEY = "rates.marks"


def span_words(span: Span) -> str:
    """How far back, as the bar and the menu say it."""
    words = {
        Span.TEN_SECONDS: QCoreApplication.translate("Rates", "last 10 s"),
        Span.MINUTE: QCoreApplication.translate("Rates", "last 60 s"),
        Span.TEN_MINUTES: QCoreApplication.translate("Rates", "last 10 min"),
        Span.HOUR: QCoreApplication.translate("Rates", "last hour"),
    }
    return words[span]


def unit_words(unit: RateUnit) -> str:
    """What is counted, as the bar says it."""
    if unit is RateUnit.MESSAGES:
        return QCoreApplication.translate("Rates", "messages/s")
    return QCoreApplication.translate("Rates", "bytes/s")


class RatesCommands(QObject):
    """Registers the plot's actions, does them, remembers span, unit and scale.

    Args:
        model: What is shown.
        display: How it is shown.
        actions: Where actions are registered.
        settings: Where choices are remembered.
        parent: Owner.
    """

    changed = Signal()
    """Span, unit, scale or pause are others now."""
    marks_toggled = Signal(bool)
    """Events are to be marked on the time axis, or not."""
    export_requested = Signal()
    """The user wants a file."""

    def __init__(
        self,
        model: RatesModel,
        display: RatesDisplay,
        actions: ActionRegistry,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._display = display
        self._actions = actions
        self._settings = settings
        self._chosen: CurveKey | None = None
        self._register_spans()
        self._register_others()
        self._register_curves()
        self._restore()
        display.state_changed.connect(self.on_display_state_changed)
        display.crosshair.changed.connect(self.on_crosshair_changed)
        model.curves.changed.connect(self.on_crosshair_changed)
        self.on_display_state_changed()
        self.on_crosshair_changed()

    def _register_spans(self) -> None:
        group = QActionGroup(self)
        for number, (action_id, span) in enumerate(SPAN_ACTIONS.items(), start=1):
            title = span_words(span)
            record = Action(
                id=action_id,
                title=title[0].upper() + title[1:],
                menu="Plot",
                shortcut=f"Alt+{number}",
                checkable=True,
                help=self.tr("Plot the {span}").format(span=title),
            )
            group.addAction(self._actions.add(record, self.on_span_triggered))

    def _register_others(self) -> None:
        tr = self.tr
        unit = Action("plot.unit", tr("Messages or bytes"), "Plot", "Ctrl+B")
        unit_help = tr("Plot messages per second, or bytes per second")
        self._actions.add(replace(unit, help=unit_help), self.on_unit_triggered)
        log = Action("plot.log", tr("Logarithmic scale"), "Plot", "Ctrl+G", checkable=True)
        log_help = tr("Plot on a logarithmic scale; zero has a line of its own")
        self._actions.add(replace(log, help=log_help), self.on_log_triggered)
        pause = Action("plot.pause", tr("Pause plot"), "Plot", "Ctrl+Shift+P", "pause", True)
        pause_help = tr("Let the picture stand still; capture goes on")
        self._actions.add(replace(pause, help=pause_help), self.on_pause_triggered)
        live = Action("plot.live", tr("Plot live"), "Plot", "Alt+0")
        live_help = tr("Back to the newest: no pause, no zoom (Esc or double-click)")
        self._actions.add(replace(live, help=live_help), self.on_live_triggered)
        marks = Action("plot.marks", tr("Mark events"), "Plot", "Ctrl+Alt+M", checkable=True)
        marks_help = tr("Mark on the time axis when peers came and went, and when problems began")
        self._actions.add(replace(marks, help=marks_help), self.on_marks_triggered)
        export = Action("plot.export", tr("Export plot…"), "Plot", "Ctrl+E", "download")
        export_help = tr("Save what is plotted as PNG, SVG or CSV")
        self._actions.add(replace(export, help=export_help), self.on_export_triggered)

    def _register_curves(self) -> None:
        tr = self.tr
        others = Action(
            "plot.hide_others", tr("Hide other curves"), "Plot", "Ctrl+Alt+O", "eye-off"
        )
        others_help = tr("Show only the curve nearest to the crosshair")
        self._actions.add(replace(others, help=others_help), self.on_hide_others_triggered)
        every = Action("plot.show_all", tr("Show all curves"), "Plot", "Ctrl+Alt+P", "eye")
        every_help = tr("Switch all curves on")
        self._actions.add(replace(every, help=every_help), self.on_show_all_triggered)
        values = Action("plot.copy_values", tr("Copy values"), "Plot", "Ctrl+Alt+V", "copy")
        values_help = tr("Copy the time and the rates at the crosshair as text")
        self._actions.add(replace(values, help=values_help), self.on_copy_values_triggered)

    def _restore(self) -> None:
        names = {span.name: span for span in Span}
        units = {unit.value: unit for unit in RateUnit}
        span = names.get(self._settings.get_text(_SPAN_KEY), Span.MINUTE)
        unit = units.get(self._settings.get_text(_UNIT_KEY), RateUnit.MESSAGES)
        log = self._settings.get_text(_LOG_KEY) == "on"
        self._display.set_span(span)
        self._display.set_log(log)
        self._display.set_unit(unit)
        self._actions.qaction("plot.log").setChecked(log)
        has_marks = self._settings.get_text(_MARKS_KEY) != "off"
        self._actions.qaction("plot.marks").setChecked(has_marks)

    # ---- what the actions do ----------------------------------------------------------------

    @Slot()
    def on_span_triggered(self) -> None:
        """Look as far back as the action says; live."""
        for action_id, span in SPAN_ACTIONS.items():
            if self._actions.qaction(action_id).isChecked():
                self._settings.set_text(_SPAN_KEY, span.name)
                self._display.set_span(span)

    @Slot()
    def on_unit_triggered(self) -> None:
        """Count the other unit."""
        is_messages = self._model.unit is RateUnit.MESSAGES
        unit = RateUnit.BYTES if is_messages else RateUnit.MESSAGES
        self._settings.set_text(_UNIT_KEY, unit.value)
        self._display.set_unit(unit)
        self.changed.emit()

    @Slot(bool)
    def on_log_triggered(self, log: bool) -> None:
        """Change the scale."""
        self._settings.set_text(_LOG_KEY, "on" if log else "off")
        self._display.set_log(log)
        self.changed.emit()

    @Slot(bool)
    def on_marks_triggered(self, shown: bool) -> None:
        """Mark events, or leave the time axis bare."""
        self._settings.set_text(_MARKS_KEY, "on" if shown else "off")
        self.marks_toggled.emit(shown)

    @Slot(bool)
    def on_pause_triggered(self, paused: bool) -> None:
        """Freeze the picture, or let it go."""
        self._display.set_frozen(paused)

    @Slot()
    def on_live_triggered(self) -> None:
        """Back to the newest."""
        self._display.go_live()

    @Slot()
    def on_export_triggered(self) -> None:
        """Ask for a file."""
        self.export_requested.emit()

    @Slot()
    def on_hide_others_triggered(self) -> None:
        """Leave only the curve that was meant."""
        key = self._chosen or self._nearest()
        if key is not None:
            self._model.curves.show_only(key)
            self._display.redraw()

    @Slot()
    def on_show_all_triggered(self) -> None:
        """Switch all curves on."""
        self._model.curves.show_all()
        self._display.redraw()

    @Slot()
    def on_copy_values_triggered(self) -> None:
        """Put the crosshair's time and rates on the clipboard."""
        if self._display.crosshair.readout is not None:
            QGuiApplication.clipboard().setText(self._display.crosshair.readout.as_text())

    # ---- which of them make sense now -------------------------------------------------------

    def choose(self, key: CurveKey | None) -> None:
        """Say which curve is meant by the next command, instead of the crosshair's."""
        self._chosen = key
        self.on_crosshair_changed()

    def _nearest(self) -> CurveKey | None:
        readout = self._display.crosshair.readout
        return readout.nearest.key if readout is not None and readout.nearest else None

    @Slot()
    def on_display_state_changed(self) -> None:
        """Tick and enable what fits."""
        for action_id, span in SPAN_ACTIONS.items():
            self._actions.qaction(action_id).setChecked(span is self._model.view.span)
        self._actions.qaction("plot.pause").setChecked(self._model.is_frozen)
        is_live = self._model.view.is_live and not self._model.is_frozen
        self._actions.qaction("plot.live").setEnabled(not is_live)
        self.changed.emit()

    @Slot()
    def on_crosshair_changed(self) -> None:
        """Enable what needs a crosshair or a curve."""
        curves = self._model.curves
        has_curve = (self._chosen or self._nearest()) is not None
        self._actions.qaction("plot.hide_others").setEnabled(has_curve and len(curves.all) > 1)
        self._actions.qaction("plot.show_all").setEnabled(len(curves.shown) < len(curves.all))
        self._actions.qaction("plot.copy_values").setEnabled(
            self._display.crosshair.readout is not None
        )
