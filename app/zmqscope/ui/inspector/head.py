"""The head of the inspector: which message this is, its frames, and how they are shown. GUI."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zmqscope.core.types import Direction
from zmqscope.models.format import (
    format_bytes,
    format_clock_time,
    format_count,
    one_line,
    plain_tip,
)
from zmqscope.models.frame_text import FrameForm
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import FORM_ACTIONS
from zmqscope.ui.inspector.ribbon import FrameRibbon
from zmqscope.ui.theme import Theme

_LINE_PX = 18
_MARGIN_PX = 12
_FONT_PX = 11.5


class FactLine(QWidget):
    """One line of facts in the data font, elided.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = ""
        self.setFont(theme.data_font(size_px=_FONT_PX))
        self.setFixedHeight(_LINE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """What it says, whole."""
        return self._text

    def set_text(self, text: str, spoken: str = "") -> None:
        """Say something else; ``spoken`` to a screen reader, where that differs."""
        self._text = text
        self.setAccessibleName(spoken or text)
        self.setToolTip(plain_tip(text))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("muted"))
        room = self.rect().adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


class InspectorHead(QWidget):
    """Facts, the four ways to show a frame, and the frames.

    Args:
        theme: Colours and fonts.
        actions: Where the inspector's actions are registered.

    Attributes:
        which: Number and size of the message.
        where: Its socket and time.
        ribbon: Its frames.
    """

    frame_chosen = Signal(int)

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self.which = FactLine(theme)
        self.where = FactLine(theme)
        self.ribbon = FrameRibbon(theme)
        self.ribbon.frame_chosen.connect(self.frame_chosen)
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 8, 0)
        first.setSpacing(0)
        first.addWidget(self.which, 1)
        font = theme.ui_font(size_px=12.0)
        words = {
            None: self.tr("Auto"),
            FrameForm.TEXT: self.tr("Text"),
            FrameForm.JSON: self.tr("JSON"),
            FrameForm.HEX: self.tr("Hex"),
        }
        for form, action_id in FORM_ACTIONS.items():
            first.addWidget(_form_button(actions.qaction(action_id), words[form], font))
        frames = QHBoxLayout()
        frames.setContentsMargins(9, 0, 8, 2)
        frames.addWidget(self.ribbon)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(1)
        column.addLayout(first)
        column.addWidget(self.where)
        column.addSpacing(3)
        column.addLayout(frames)

    def set_message(self, message: Inspected | None) -> None:
        """Tell about another message."""
        self.which.set_text("" if message is None else self._which(message))
        where = "" if message is None else self._where(message)
        self.where.set_text(where, "" if message is None else f"{self._way(message)} {where[2:]}")
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


def _form_button(action: QAction, words: str, font: QFont) -> QToolButton:
    button = QToolButton()
    button.setFont(font)
    # The style adds room for an icon that is not there.
    button.setFixedWidth(QFontMetrics(font).horizontalAdvance(words) + 12)
    action.setIconText(words)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAccessibleName(action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
