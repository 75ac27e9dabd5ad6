"""What the list shows while there is no socket: what to do next. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.spec import parse_spec
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.labels import NoteLabel, WrappedLabel
from zmqscope.ui.theme import Theme

EXAMPLES = ("sub:tcp://localhost:5556", "pull:@tcp://*:5557")
"""Specs to begin with, short enough for a narrow dock."""


class EmptySockets(QWidget):
    """One sentence, one button, two examples.

    Args:
        theme: Colours and fonts.
    """

    new_asked = Signal()
    example_asked = Signal(object)
    """SocketSpec."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        title = WrappedLabel("title", self.tr("No sockets yet"))
        title.setFont(theme.ui_font(QFont.Weight.DemiBold))
        note = NoteLabel(
            self.tr("Open one to see what travels through it: connect to a peer, or bind and wait.")
        )
        button = QPushButton(self.tr("New socket"))
        button.setProperty("kind", "primary")
        button.setToolTip(self.tr("Open a socket of any type (Ctrl+N)"))
        button.clicked.connect(self.new_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 16, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(note)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(button)
        line.addWidget(NoteLabel(self.tr("Ctrl+N")), 1)
        layout.addLayout(line)
        layout.addSpacing(6)
        layout.addWidget(NoteLabel(self.tr("Or begin with an example:")))
        for example in EXAMPLES:
            link = LinkButton(theme, example, self.tr("Open the dialog with this spec"), data=True)
            link.clicked.connect(self.on_example_clicked)
            layout.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    @Slot()
    def on_example_clicked(self) -> None:
        """Ask for the dialog, filled in."""
        link = self.sender()
        if isinstance(link, LinkButton):
            self.example_asked.emit(parse_spec(link.text()))
