"""The table's controls, for the right end of its title strip. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from zmqscope.models.messages.cells import TimeMode
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.icon_button import action_button
from zmqscope.ui.messages.action_list import TIME_ACTIONS

_MAX_NAME_CHARS = 18


class MessageStrip(QWidget):
    """Says whether the table is live, and has its few controls.

    Args:
        actions: Where the messages' actions are registered.
    """

    filter_dropped = Signal()
    """The mark of the filter was clicked."""

    def __init__(self, actions: ActionRegistry) -> None:
        super().__init__()
        self._state = QLabel()
        self._state.setProperty("tone", "muted")
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._chip = QPushButton()
        self._chip.setProperty("kind", "flat")
        self._chip.clicked.connect(self.filter_dropped)
        self._chip.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._chip)
        row.addWidget(self._state)
        row.addSpacing(6)
        row.addWidget(self._make_time_button(actions))
        for name in ("pause", "clear", "columns"):
            row.addWidget(action_button(actions.qaction(f"messages.{name}")))

    def _make_time_button(self, actions: ActionRegistry) -> QPushButton:
        self._time = QPushButton()
        self._time.setProperty("kind", "flat")
        self._time.setProperty("menu", "true")
        self._time.setAccessibleName(self.tr("What the time counts from"))
        self._time.setToolTip(self.tr("Show the time of day, since the first message, or gaps"))
        self._time.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self._time)
        for action_id in TIME_ACTIONS.values():
            menu.addAction(actions.qaction(action_id))
        self._time.setMenu(menu)
        return self._time

    def set_time_mode(self, mode: TimeMode) -> None:
        """Show which time it is."""
        words = {
            TimeMode.ABSOLUTE: self.tr("Time"),
            TimeMode.RELATIVE: self.tr("Since first"),
            TimeMode.GAP: self.tr("Gap"),
        }
        self._time.setText(words[mode])

    def set_state(self, words: str) -> None:
        """Say whether the table is live."""
        if words != self._state.text():
            self._state.setText(words)

    @property
    def state(self) -> str:
        """What it says."""
        return self._state.text()

    def set_filter(self, name: str) -> None:
        """Say which socket alone is shown; empty for all."""
        short = name if len(name) <= _MAX_NAME_CHARS else name[: _MAX_NAME_CHARS - 1] + "…"
        self._chip.setText(self.tr("only {0} ✕").format(short.replace("&", "&&")))
        words = self.tr("Show the messages of every socket again")
        self._chip.setToolTip(words)
        self._chip.setAccessibleName(self.tr("Only {0} is shown. {1}").format(name, words))
        self._chip.setVisible(bool(name))
