"""What the pages of the access dialog have in common: a list, and a line that adds to it. GUI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.security.access import AccessList
from zmqscope.core.types import Problem
from zmqscope.ui.security.entry_list import Entry, EntryList
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence


class AccessPage(QWidget):
    """One part of an access list.

    Args:
        theme: Colours and fonts.
        name: What is listed, for screen readers.
        columns: Titles of the list's columns.
        data_columns: Those that are set in the data font.
        empty_words: What it means that nothing is listed.
    """

    edited = Signal(object)
    """AccessList: as it is to be from now on."""
    typed = Signal()
    """What is typed is another."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        columns: Sequence[str],
        data_columns: Sequence[int],
        empty_words: str,
    ) -> None:
        super().__init__()
        self.access = AccessList()
        self.list = EntryList(theme, name, columns, data_columns)
        self._empty_words = empty_words
        self._empty = NoteLabel()
        self._remove = QPushButton(self.tr("Re&move"))
        self._remove.setToolTip(self.tr("Take the selected entry off the list (Delete)"))
        self._add = QPushButton(self.tr("&Add"))
        self._add.setToolTip(self.tr("Put what is typed on the list (Enter)"))
        self._problem = ProblemLabel()
        self._fields: list[QLineEdit] = []
        self._list_buttons = [self._remove]
        self._buttons = QHBoxLayout()
        self._line = QHBoxLayout()
        self._lay_out()
        self._remove.clicked.connect(self.on_remove_asked)
        self.list.remove_asked.connect(self.on_remove_asked)
        self.list.current_changed.connect(self.on_list_current_changed)
        self._add.clicked.connect(self.on_add_clicked)

    def _lay_out(self) -> None:
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self._remove)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(6)
        self._line.addWidget(self._add, 0, Qt.AlignmentFlag.AlignTop)
        for button in (self._remove, self._add):
            # Enter belongs to the fields.
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty)
        column.addLayout(self._buttons)
        column.addLayout(self._line)
        column.addWidget(self._problem)

    def add_field(self, widget: QWidget, field: QLineEdit, stretch: int = 1) -> None:
        """Put a field before the Add button."""
        self._line.insertWidget(self._line.count() - 1, widget, stretch, Qt.AlignmentFlag.AlignTop)
        self._fields.append(field)
        field.textChanged.connect(self.on_field_text_changed)
        field.returnPressed.connect(self.on_field_return_pressed)

    def add_list_button(self, button: QPushButton) -> None:
        """Put a button beside Remove, for the current entry."""
        button.setAutoDefault(False)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        self._list_buttons.insert(0, button)

    # ---- what a page says -------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """The lines of the list."""
        raise NotImplementedError

    def problem(self) -> Problem | None:
        """What is wrong with what is typed."""
        raise NotImplementedError

    def with_typed(self) -> AccessList:
        """The access list with what is typed; only asked while nothing is wrong with it."""
        raise NotImplementedError

    def without(self, key: object) -> AccessList:
        """The access list without an entry."""
        raise NotImplementedError

    def typed_key(self) -> object:
        """The entry that would be made of what is typed."""
        raise NotImplementedError

    # ---- state ------------------------------------------------------------------------------

    def show_access(self, access: AccessList, current: object = None) -> None:
        """Show an access list as it is now."""
        self.access = access
        entries = self.entries()
        self.list.set_entries(entries, current)
        self._empty.set_note("" if entries else self._empty_words)
        for button in self._list_buttons:
            button.setVisible(bool(entries))
        self._judge()

    @property
    def is_typing(self) -> bool:
        """Whether something is typed that is not on the list yet."""
        return any(field.text().strip() for field in self._fields)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self.list, *self._list_buttons, *self._fields, self._add]

    def finish(self) -> bool:
        """Add what is still typed; whether nothing is left over."""
        if self.is_typing:
            self.on_add_clicked()
        return not self.is_typing

    def clear_fields(self) -> None:
        """Make room for the next entry."""
        for field in self._fields:
            field.setText("")  # unlike clear(), it leaves nothing to undo

    def _judge(self) -> Problem | None:
        problem = self.problem() if self.is_typing else None
        self._add.setEnabled(self.is_typing)
        self._problem.set_problem(None)
        for field in self._fields:
            mark_problem(field, False)
        return problem

    def say(self, problem: Problem | None) -> None:
        """Say below the fields what is wrong."""
        self._problem.set_problem(problem)

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_list_current_changed(self) -> None:
        """What can be done with an entry needs one."""
        has_current = self.list.current_key is not None
        for button in self._list_buttons:
            button.setEnabled(has_current)

    @Slot()
    def on_field_text_changed(self) -> None:
        """Judge while one types."""
        self.say(self._judge())
        self.typed.emit()

    @Slot()
    def on_field_return_pressed(self) -> None:
        """Add what was typed; Enter on empty fields is likely one too many."""
        if self.is_typing:
            self.on_add_clicked()

    @Slot()
    def on_add_clicked(self) -> None:
        """Put it on the list, or say what is wrong."""
        problem = self._judge()
        if problem is not None:
            self.say(problem)
            self._fields[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        key, access = self.typed_key(), self.with_typed()
        self.clear_fields()
        self.show_access(access, key)
        self.edited.emit(access)
        self._fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def on_remove_asked(self) -> None:
        """Take the current entry off."""
        key = self.list.current_key
        if key is None:
            return
        access = self.without(key)
        self.show_access(access)
        self.edited.emit(access)
        target: QWidget = self.list if self.list.keys() else self._fields[0]
        target.setFocus(Qt.FocusReason.OtherFocusReason)
