"""What the composer shows while there is nothing to write: why, and what to do. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.types import Problem
from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.send_pattern import obstacle_problem
from zmqscope.ui.composer.controls import ToneLabel
from zmqscope.ui.composer.socket_picker import SocketPicker
from zmqscope.ui.theme import Theme

_ICON_PX = 24


class EmptyComposer(QWidget):
    """An icon, a sentence, and the two ways on.

    Args:
        model: The composer.
        theme: Colours, fonts, icons.
        parent: Owner.
    """

    socket_chosen = Signal(object)
    """SocketId."""
    new_socket_asked = Signal()

    def __init__(self, model: ComposerModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._icon = QLabel()
        self._text = ToneLabel(theme, "text", 12.5)
        self._hint = ToneLabel(theme, "muted", 12.5)
        self._picker = SocketPicker(model, theme, self.tr("Send from"))
        self._new = QPushButton(self.tr("New socket"))
        self._new.setToolTip(self.tr("Open a socket (Ctrl+N)."))
        self._new.setAccessibleName(self.tr("New socket"))
        self._lay_out()
        self._picker.socket_chosen.connect(self.socket_chosen)
        self._new.clicked.connect(self.new_socket_asked)
        model.socket_changed.connect(self.update_state)
        model.sockets_changed.connect(self.update_state)
        model.obstacle_changed.connect(self.update_state)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()
        self.update_state()

    def _lay_out(self) -> None:
        center = Qt.AlignmentFlag.AlignCenter
        for label in (self._icon, self._text, self._hint):
            label.setAlignment(center)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._picker)
        buttons.addWidget(self._new)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 12, 24, 12)
        box.setSpacing(6)
        box.addStretch(1)
        box.addWidget(self._icon)
        box.addWidget(self._text)
        box.addWidget(self._hint)
        box.addSpacing(4)
        box.addLayout(buttons)
        box.addStretch(1)

    @Slot()
    def update_state(self) -> None:
        """Say why there is nothing to write."""
        problem = obstacle_problem(self._model.obstacle, self._model.kind)
        if not self._model.sockets():
            problem = Problem(
                self.tr("There is no socket to send from."), self.tr("Open one first.")
            )
        self._text.set_words(problem.text if problem else "", "text")
        self._hint.set_words(problem.hint if problem else "", "muted")
        self._picker.setVisible(any(s.spec.type.can_send for s in self._model.sockets()))

    def focus_way_out(self) -> None:
        """Put the focus on what leads to a message: another socket, or a new one."""
        way_out: QWidget = self._new if self._picker.isHidden() else self._picker
        way_out.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        size = QSize(_ICON_PX, _ICON_PX)
        self._icon.setPixmap(self._theme.icon("send").pixmap(size, self.devicePixelRatioF()))
