"""The head of the inspector: which message this is, of what protocol, and its frames. GUI."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from zmqscope.core.types import Direction
from zmqscope.models.format import (
    format_bytes,
    format_clock_time,
    format_count,
    one_line,
)
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.fact_line import FactLine
from zmqscope.ui.inspector.envelope_line import EnvelopeLine
from zmqscope.ui.inspector.ribbon import FrameRibbon
from zmqscope.ui.theme import Theme

_COMPARE = "compare.previous"


class InspectorHead(QWidget):
    """Facts, the protocol, and the frames.

    Args:
        theme: Colours and fonts.
        actions: Where actions are registered, some of them only later.

    Attributes:
        which: Number and size of the message.
        where: Its socket and time.
        envelope: Its protocol.
        ribbon: Its frames.
    """

    frame_chosen = Signal(int)

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._theme = theme
        self._actions = actions
        self.which = FactLine(theme)
        self.where = FactLine(theme)
        self.envelope = EnvelopeLine(theme)
        self.ribbon = FrameRibbon(theme)
        self.ribbon.frame_chosen.connect(self.frame_chosen)
        self._first = QHBoxLayout()
        self._first.setContentsMargins(0, 0, 8, 0)
        self._first.setSpacing(0)
        self._first.addWidget(self.which, 1)
        frames = QHBoxLayout()
        frames.setContentsMargins(9, 0, 8, 0)
        frames.addWidget(self.ribbon)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(1)
        column.addLayout(self._first)
        column.addWidget(self.where)
        column.addWidget(self.envelope)
        column.addSpacing(3)
        column.addLayout(frames)
        if _COMPARE in actions:
            self._add_compare()
        else:
            actions.added.connect(self.on_action_added)

    @Slot(str)
    def on_action_added(self, action_id: str) -> None:
        """Comparing messages has become possible."""
        if action_id == _COMPARE:
            self._actions.added.disconnect(self.on_action_added)
            self._add_compare()

    def _add_compare(self) -> None:
        action = self._actions.qaction(_COMPARE)
        # Words of its own: the action is a switch in the panel that it belongs to.
        button = QToolButton()
        button.setFont(self._theme.ui_font(size_px=12.0))
        button.setText(self.tr("Compare with previous"))
        button.setToolTip(action.toolTip())
        button.setAccessibleName(button.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self.on_compare_clicked)
        self._first.addWidget(button)

    @Slot()
    def on_compare_clicked(self) -> None:
        """Compare the message with the one before."""
        self._actions.qaction(_COMPARE).trigger()

    def set_message(self, message: Inspected | None) -> None:
        """Tell about another message."""
        self.which.set_text("" if message is None else self._which(message))
        where = "" if message is None else self._where(message)
        self.where.set_text(where, "" if message is None else f"{self._way(message)} {where[2:]}")
        self.envelope.set_message(message)
        self.ribbon.set_message(message)

    def _which(self, message: Inspected) -> str:
        facts = message.message
        size = format_bytes(sum(map(len, message.frames)))
        return f"#{format_count(facts.row + 1)} · {size}"

    def _where(self, message: Inspected) -> str:
        arrow = "↓" if message.message.direction is Direction.RECEIVED else "↑"
        name = one_line(message.socket_name)
        kind = f" ({message.socket_type.name})" if message.socket_type is not None else ""
        return f"{arrow} {name}{kind} · {format_clock_time(message.message.time_ns)}"

    def _way(self, message: Inspected) -> str:
        received = message.message.direction is Direction.RECEIVED
        return self.tr("received by") if received else self.tr("sent by")
