"""The head of the inspector: which message this is, its frames, and how they are shown. GUI."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from zmqscope.core.types import Direction
from zmqscope.models.format import format_bytes, format_clock_time, format_count, one_line
from zmqscope.models.frame_text import FrameForm
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import FORM_ACTIONS
from zmqscope.ui.inspector.ribbon import FrameRibbon
from zmqscope.ui.theme import Theme

_LINE_PX = 18
_MARGIN_PX = 12
_FONT_PX = 11.5


class Facts(QWidget):
    """Two lines of facts about a message, in the data font, elided.

    Args:
        theme: Colours and font.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._message: Inspected | None = None
        self._lines: tuple[str, str] = ("", "")
        self.setFont(theme.data_font(size_px=_FONT_PX))
        self.setFixedHeight(2 * _LINE_PX + 6)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_message(self, message: Inspected | None) -> None:
        """Tell about another message."""
        self._message = message
        self._lines = ("", "") if message is None else (self._what(message), self._where(message))
        self.setAccessibleName(" · ".join(self._lines))
        self.setToolTip("\n".join(self._lines) if message is not None else "")
        self.update()

    @property
    def lines(self) -> tuple[str, str]:
        """What it says."""
        return self._lines

    def _what(self, message: Inspected) -> str:
        facts = message.message
        number = f"#{format_count(facts.row + 1)}"
        received = facts.direction is Direction.RECEIVED
        way = self.tr("↓ received") if received else self.tr("↑ sent")
        return f"{number} · {format_clock_time(facts.time_ns)} · {way}"

    def _where(self, message: Inspected) -> str:
        size = format_bytes(sum(map(len, message.frames)))
        count = len(message.frames)
        frames = self.tr("1 frame") if count == 1 else self.tr("{0} frames")
        kind = message.socket_type.name if message.socket_type is not None else self.tr("closed")
        peer = self.tr("peer unknown")
        name = one_line(message.socket_name)
        return f"{name} ({kind}) · {frames.format(format_count(count))}, {size} · {peer}"

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._message is None:
            return
        painter = QPainter(self)
        painter.setPen(self._theme.color("muted"))
        width = self.width() - 2 * _MARGIN_PX
        elide = self.fontMetrics().elidedText
        left, baseline = _MARGIN_PX, self.fontMetrics().ascent() + 4
        for line in self._lines:
            painter.drawText(left, baseline, elide(line, Qt.TextElideMode.ElideRight, width))
            baseline += _LINE_PX
        painter.end()


class InspectorHead(QWidget):
    """Facts, frames, and the four ways to show a frame.

    Args:
        theme: Colours and fonts.
        actions: Where the inspector's actions are registered.

    Attributes:
        facts: Which message this is.
        ribbon: Its frames.
    """

    frame_chosen = Signal(int)

    def __init__(self, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self.facts = Facts(theme)
        self.ribbon = FrameRibbon(theme)
        self.ribbon.frame_chosen.connect(self.frame_chosen)
        row = QHBoxLayout()
        row.setContentsMargins(9, 0, 8, 4)
        row.setSpacing(6)
        row.addWidget(self.ribbon, 1)
        forms = QHBoxLayout()
        forms.setSpacing(0)
        words = {
            None: self.tr("Auto"),
            FrameForm.TEXT: self.tr("Text"),
            FrameForm.JSON: self.tr("JSON"),
            FrameForm.HEX: self.tr("Hex"),
        }
        font = theme.ui_font(size_px=12.0)
        for form, action_id in FORM_ACTIONS.items():
            forms.addWidget(_form_button(actions.qaction(action_id), words[form], font))
        row.addLayout(forms)
        row.setAlignment(forms, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.facts)
        column.addLayout(row)

    def set_message(self, message: Inspected | None) -> None:
        """Tell about another message."""
        self.facts.set_message(message)
        self.ribbon.set_message(message)


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
