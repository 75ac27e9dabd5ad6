"""Rows of a socket's details: an endpoint as it stands, a topic, a field that adds one. GUI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.errors import UserError
from zmqscope.core.types import Endpoint, EndpointState, EndpointStatus, Problem
from zmqscope.models.format import one_line
from zmqscope.models.sockets import socket_words
from zmqscope.ui.copy_button import CopyButton
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.labels import DataLabel, NoteLabel, StateDot, WrappedLabel
from zmqscope.ui.sockets.rows import FieldRow
from zmqscope.ui.theme import Theme

D = TypeVar("D")

_RETRIABLE = (EndpointState.FAILED, EndpointState.RETRYING)


class EndpointStatusRow(QWidget):
    """One endpoint: its state, its real address, and what can be done with it.

    Args:
        theme: Colours, fonts and icons.
        status: As it is now.
    """

    retry_asked = Signal(object)
    """Endpoint."""
    remove_asked = Signal(object)
    """Endpoint."""

    def __init__(self, theme: Theme, status: EndpointStatus) -> None:
        super().__init__()
        self._status = status
        self._dot = StateDot(theme)
        self._address = DataLabel(theme)
        self._note = NoteLabel()
        self._problem = WrappedLabel("")
        self._theme = theme
        words = self.tr("Copy the real address")
        self._copy = CopyButton(theme, words, lambda: self._status.actual)
        self._retry = IconButton(theme, "rotate-ccw", self.tr("Try this endpoint again"))
        self._remove = IconButton(theme, "x", self.tr("Remove this endpoint"))
        self._retry.clicked.connect(self.on_retry_clicked)
        self._remove.clicked.connect(self.on_remove_clicked)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self._dot)
        line.addWidget(self._address, 1)
        for button in (self._retry, self._copy, self._remove):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        for label in (self._note, self._problem):
            label.setContentsMargins(14, 0, 0, 2)
            layout.addWidget(label)
        theme.changed.connect(self.on_theme_changed)
        self.show_status(status)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the problem's colour from the theme."""
        failed = self._status.state is EndpointState.FAILED
        self._problem.set_look(self._theme.color("broken" if failed else "waiting"))

    def show_status(self, status: EndpointStatus) -> None:
        """Show the endpoint as it is now."""
        self._status = status
        words = socket_words.endpoint_state_words(status)
        self._dot.set_state(socket_words.endpoint_token(status.state), words)
        role = socket_words.role_words(status.endpoint.role)
        self._address.set_text(f"{role} {one_line(status.actual)}")
        if status.actual != status.endpoint.address:
            asked = one_line(status.endpoint.address)
            words = self.tr("{0}; asked for {1}").format(words, asked)
        self._note.set_note(words)
        problem = status.problem
        self._problem.set_words(one_line(problem.sentence()) if problem is not None else "")
        self._problem.setVisible(problem is not None)
        self.on_theme_changed()
        self._retry.setVisible(status.state in _RETRIABLE)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._retry, self._copy, self._remove]

    @Slot()
    def on_retry_clicked(self) -> None:
        """Ask for another try."""
        self.retry_asked.emit(self._status.endpoint)

    @Slot()
    def on_remove_clicked(self) -> None:
        """Ask to unbind or disconnect it."""
        self.remove_asked.emit(self._status.endpoint)


class TopicItemRow(QWidget):
    """One subscription or group, with a button that takes it off.

    Args:
        theme: Colours, fonts and icons.
        words: It, in one line.
        remove_words: What the button does.
        topic: The topic prefix or the group.
    """

    remove_asked = Signal(object)
    """bytes."""

    def __init__(self, theme: Theme, words: str, remove_words: str, topic: bytes) -> None:
        super().__init__()
        self._topic = topic
        label = DataLabel(theme, "accent" if topic else "muted")
        label.set_text(one_line(words))
        self._remove = IconButton(theme, "x", remove_words)
        self._remove.clicked.connect(self.on_remove_clicked)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(label, 1)
        line.addWidget(self._remove)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._remove]

    @Slot()
    def on_remove_clicked(self) -> None:
        """Ask to unsubscribe or leave."""
        self.remove_asked.emit(self._topic)


class AddRow(QWidget, Generic[D]):
    """A form row with an Add button instead of a remove button; checks while one types.

    Args:
        row: Where one types; its field is cleared once something was added.
        blank: What the row holds when it is empty.
        check: Turns what was typed into a value; raises ``UserError``.
        words: The button's text.
        help_words: The button's tooltip.
        blank_words: The button's text while nothing is typed, if that is a value too; it is then
            added by the button alone, not by Enter.
    """

    added = Signal(object)
    """The value."""

    def __init__(
        self,
        row: FieldRow[D],
        blank: Callable[[D], D],
        check: Callable[[D], Endpoint | bytes],
        words: str,
        help_words: str,
        blank_words: str = "",
    ) -> None:
        super().__init__()
        self._row = row
        self._blank = blank
        self._check = check
        self._words = words
        self._blank_words = blank_words
        self._add = QPushButton(words)
        self._add.setToolTip(help_words)
        self._add.setAccessibleName(help_words)
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self.on_add_clicked)
        row.replace_remove_button(self._add)
        row.changed.connect(self.on_row_changed)
        for field in row.findChildren(QLineEdit):
            field.returnPressed.connect(self.on_field_return_pressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row)
        self._value()

    @property
    def row(self) -> FieldRow[D]:
        """The form row inside."""
        return self._row

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [*self._row.tab_stops(), self._add]

    @Slot()
    def on_row_changed(self) -> None:
        """Say what is wrong; an empty field is just empty."""
        self._value()

    def _value(self) -> Endpoint | bytes | None:
        draft = self._row.draft()
        problem: Problem | None = None
        value: Endpoint | bytes | None = None
        try:
            value = self._check(draft)
        except UserError as error:
            problem = error.problem
        is_blank = draft == self._blank(draft)
        self._row.set_problem(None if is_blank else problem)
        self._add.setText(self._blank_words if is_blank and self._blank_words else self._words)
        self._add.setEnabled(problem is None and bool(self._blank_words or not is_blank))
        return value

    @Slot()
    def on_field_return_pressed(self) -> None:
        """Add what was typed; Enter on an empty field is likely one too many."""
        draft = self._row.draft()
        if draft != self._blank(draft):
            self.on_add_clicked()

    @Slot()
    def on_add_clicked(self) -> None:
        """Hand the value over and make room for the next."""
        value = self._value()
        if value is None:
            return
        self.added.emit(value)
        self._row.set_draft(self._blank(self._row.draft()))
        self.on_row_changed()
        self._row.focus_field()
