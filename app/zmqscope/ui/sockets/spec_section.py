"""A socket as one line, to be copied or changed as a whole. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zmqscope.core.spec import format_spec
from zmqscope.core.types import SocketSpec
from zmqscope.ui.copy_button import CopyButton
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.theme import Theme


class SpecSection(QWidget):
    """The spec, a button that copies it, and a way to change it all at once.

    Args:
        theme: Colours, font and icon.
    """

    change_asked = Signal()
    """The whole socket is to be changed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._field = DataField(theme, self.tr("The whole socket as one line"))
        self._field.setReadOnly(True)
        self._copy = CopyButton(theme, self.tr("Copy the spec"), self._field.text)
        self._change = LinkButton(
            theme,
            self.tr("Change the type or all at once…"),
            self.tr("Edit the whole socket as in the dialog for a new one; it is opened anew"),
        )
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._field, 1)
        line.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self._change)
        self._change.clicked.connect(self.change_asked)

    def show_spec(self, spec: SocketSpec) -> None:
        """Show a spec; the same is left alone, with what is selected in it."""
        text = format_spec(spec)
        if self._field.text() != text:
            self._field.setText(text)
            self._field.setCursorPosition(0)
            self._copy.forget()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._field, self._copy, self._change]
