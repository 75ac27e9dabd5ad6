"""The plot's controls, for the right end of its title strip. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from zmqscope.core.capture.rates import Span
from zmqscope.models.rates.axis import RateUnit
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.rates.commands import SPAN_ACTIONS, span_words, unit_words
from zmqscope.ui.theme import Theme

_ICON_PX = 14
_SPACING_PX = 1


class RatesBar(QWidget):
    """``● Live   last 60 s ▾ · messages/s ▾ · log ☐   pause   export``.

    Where there is no room for all of it, what the Plot menu has too gives way whole.

    Args:
        theme: Icons and fonts.
        actions: What the controls do; the plot's are registered already.
        parent: Owner.
    """

    def __init__(
        self, theme: Theme, actions: ActionRegistry, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = actions
        self._live = self._words_button(actions.qaction("plot.live"))
        self._live.setText(self.tr("back to live"))
        self._live.set_token("accent")
        self._span = self._words_button(None)
        self._span.setAccessibleName(self.tr("Time shown"))
        self._span.setToolTip(self.tr("How far back the plot looks"))
        self._span.set_chevron()
        self._span.clicked.connect(self.on_span_clicked)
        self._unit = self._words_button(actions.qaction("plot.unit"))
        self._unit.setAccessibleName(self.tr("Unit"))
        log_action = actions.qaction("plot.log")
        self._log = self._words_button(log_action)
        self._log.setText(self.tr("log"))
        self._log.setCheckable(True)
        self._log.setChecked(log_action.isChecked())
        log_action.toggled.connect(self._log.setChecked)
        self._pause = self._icon_button(actions.qaction("plot.pause"))
        self._export = self._icon_button(actions.qaction("plot.export"))
        actions.qaction("plot.pause").toggled.connect(self.on_pause_toggled)
        self._menu = QMenu(self)
        for action_id in SPAN_ACTIONS:
            self._menu.addAction(actions.qaction(action_id))
        self._lay_out()
        self._live.hide()
        theme.changed.connect(self.on_theme_changed)

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(_SPACING_PX)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        unit_dot, log_dot = _dot(), _dot()
        row.addStretch(1)
        row.addWidget(self._live)
        row.addSpacing(6)
        row.addWidget(self._span)
        row.addWidget(unit_dot)
        row.addWidget(self._unit)
        row.addWidget(log_dot)
        row.addWidget(self._log)
        row.addSpacing(4)
        row.addWidget(self._pause)
        row.addWidget(self._export)
        self._fixed_px = 6 + 4 + 4 + 2 * _SPACING_PX
        self._kept: tuple[QWidget, ...] = (self._span,)
        # What gives way first.
        self._give_way: tuple[tuple[QWidget, ...], ...] = (
            (unit_dot, self._unit),
            (log_dot, self._log),
            (self._export,),
            (self._pause,),
        )

    # ---- how much of it there is room for -----------------------------------------------------

    def sizeHint(self) -> QSize:
        # All of it, hidden or not: what gave way has to find its room again.
        return QSize(self._needed_px(0), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._needed_px(len(self._give_way)), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _needed_px(self, gone: int) -> int:
        live = () if self._live.isHidden() else (self._live,)
        groups = (live, self._kept, *self._give_way[gone:])
        widths = [widget.sizeHint().width() + _SPACING_PX for group in groups for widget in group]
        return sum(widths) + self._fixed_px

    def _fit(self) -> None:
        most = len(self._give_way)
        gone = next((n for n in range(most) if self._needed_px(n) <= self.width()), most)
        for number, group in enumerate(self._give_way):
            for widget in group:
                widget.setVisible(number >= gone)

    # ---- parts ------------------------------------------------------------------------------

    def _words_button(self, action: QAction | None) -> QuietButton:
        button = QuietButton(self._theme, self._theme.ui_font())
        if action is not None:
            button.setToolTip(action.toolTip())
            button.setAccessibleName(action.text())
            button.clicked.connect(action.trigger)
        return button

    def _icon_button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "quiet")
        button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        return button

    # ---- what it shows ----------------------------------------------------------------------

    def set_state(self, span: Span, unit: RateUnit, *, is_live: bool) -> None:
        """Show what the plot shows."""
        self._span.setText(span_words(span))
        self._unit.setText(unit_words(unit))
        self._live.setVisible(not is_live)

    @Slot()
    def on_span_clicked(self) -> None:
        """Offer the spans."""
        self._menu.popup(self._span.below)

    @Slot(bool)
    def on_pause_toggled(self, paused: bool) -> None:
        """The button says what it does next."""
        icon = self._theme.icon("play" if paused else "pause", "waiting" if paused else "muted")
        self._actions.qaction("plot.pause").setIcon(icon)

    @Slot()
    def on_theme_changed(self) -> None:
        """The registry has just given the action its ordinary icon again."""
        self.on_pause_toggled(self._actions.qaction("plot.pause").isChecked())


def _dot() -> QLabel:
    label = QLabel("·")
    label.setProperty("tone", "muted")
    return label
