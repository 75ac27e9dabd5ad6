"""A list of form rows, each with fields, a way to remove it and room for what is wrong. GUI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.types import Problem
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.theme import Theme

D = TypeVar("D")
"""What a row holds, a draft of one kind."""


def mark_problem(field: QWidget, wrong: bool) -> None:
    """Give a field the theme's border for what cannot be used, or take it away."""
    if bool(field.property("problem")) != wrong:
        field.setProperty("problem", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


class FieldRow(QWidget, Generic[D]):
    """One row: fields side by side, a remove button, and the problem underneath.

    Args:
        theme: Where icons come from.
        remove_words: What the remove button does.
    """

    changed = Signal()
    remove_asked = Signal(object)
    """The row itself."""

    def __init__(self, theme: Theme, remove_words: str) -> None:
        super().__init__()
        self._fields = QHBoxLayout()
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._fields.setSpacing(4)
        self._tab_stops: list[QWidget] = []
        self._remove = IconButton(theme, "x", remove_words)
        self._remove.clicked.connect(self.on_remove_clicked)
        self._fields.addWidget(self._remove)
        self._note = NoteLabel()
        self._note.hide()
        self._problem = ProblemLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._fields)
        layout.addWidget(self._note)
        layout.addWidget(self._problem)

    def add_field(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a field before the remove button."""
        self._fields.insertWidget(self._fields.count() - 1, widget, stretch)
        self._tab_stops.append(widget)

    def replace_remove_button(self, button: QWidget) -> None:
        """Put another button at the end of the row; the row is then not for removing."""
        self._remove.hide()
        self._fields.addWidget(button)

    def set_remove_words(self, words: str) -> None:
        """What the remove button does."""
        self._remove.setToolTip(words)
        self._remove.setAccessibleName(words)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [*self._tab_stops, self._remove]

    def set_problem(self, problem: Problem | None) -> None:
        """Say what is wrong with this row, or nothing."""
        self._problem.set_problem(problem)
        for field in self._tab_stops:
            if isinstance(field, QLineEdit):
                mark_problem(field, problem is not None)

    def set_note(self, words: str) -> None:
        """Say something about what was typed, or nothing."""
        self._note.set_note(words)

    def draft(self) -> D:
        """What was typed."""
        raise NotImplementedError

    def set_draft(self, draft: D) -> None:
        """Fill the fields; ``changed`` is not emitted."""
        raise NotImplementedError

    def focus_field(self) -> None:
        """Put the cursor where one types."""
        raise NotImplementedError

    @Slot()
    def on_remove_clicked(self) -> None:
        """Ask to be taken away."""
        self.remove_asked.emit(self)


class RowList(QWidget, Generic[D]):
    """Rows of one kind, with a button that adds one.

    Args:
        theme: Where icons come from.
        make_row: Makes a blank row.
        add_words: The add button's text.
    """

    changed = Signal()
    rows_changed = Signal()
    """A row came or went: the tab order has to be made anew."""

    def __init__(self, theme: Theme, make_row: Callable[[], FieldRow[D]], add_words: str) -> None:
        super().__init__()
        self._theme = theme
        self._make_row = make_row
        self._rows: list[FieldRow[D]] = []
        self._add = QPushButton(add_words)
        self._add.setProperty("kind", "flat")
        self._add.setIconSize(QSize(12, 12))
        self._add.setAutoDefault(False)
        self.set_add_words(add_words)
        self._add.clicked.connect(self.on_add_clicked)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def set_add_words(self, words: str) -> None:
        """What the add button says."""
        self._add.setText(words)
        self._add.setToolTip(words.replace("&", ""))
        self._add.setAccessibleName(words.replace("&", ""))

    def rows(self) -> tuple[FieldRow[D], ...]:
        """All rows, in order."""
        return tuple(self._rows)

    def drafts(self) -> tuple[D, ...]:
        """What the rows hold."""
        return tuple(row.draft() for row in self._rows)

    def set_drafts(self, drafts: tuple[D, ...]) -> None:
        """Show these rows; ``changed`` is not emitted."""
        while len(self._rows) > len(drafts):
            self._drop(self._rows[-1])
        while len(self._rows) < len(drafts):
            self._append()
        for row, draft in zip(self._rows, drafts, strict=True):
            if row.draft() != draft:
                row.set_draft(draft)

    def set_problem(self, index: int, problem: Problem | None) -> None:
        """Say what is wrong with a row, or nothing."""
        self._rows[index].set_problem(problem)

    def row(self, index: int) -> FieldRow[D]:
        """A row."""
        return self._rows[index]

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [stop for row in self._rows for stop in row.tab_stops()] + [self._add]

    def __len__(self) -> int:
        return len(self._rows)

    def __bool__(self) -> bool:
        return True  # a list without rows is still a widget

    def _append(self) -> FieldRow[D]:
        row = self._make_row()
        row.changed.connect(self.changed)
        row.remove_asked.connect(self.on_row_remove_asked)
        self._layout.insertWidget(len(self._rows), row)
        self._rows.append(row)
        row.show()  # at once: a layout shows what it takes in only later
        self.rows_changed.emit()
        return row

    def _drop(self, row: FieldRow[D]) -> None:
        self._rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.rows_changed.emit()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the icon in the theme's colours."""
        self._add.setIcon(self._theme.icon("plus"))

    @Slot()
    def on_add_clicked(self) -> None:
        """Add a blank row and go there."""
        row = self._append()
        row.focus_field()
        self.changed.emit()

    @Slot(object)
    def on_row_remove_asked(self, row: FieldRow[D]) -> None:
        """Take a row away; the cursor goes to the one that takes its place."""
        index = self._rows.index(row)
        self._drop(row)
        if self._rows:
            self._rows[min(index, len(self._rows) - 1)].focus_field()
        else:
            self._add.setFocus()
        self.changed.emit()
