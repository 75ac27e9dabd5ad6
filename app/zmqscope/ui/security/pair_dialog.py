"""Makes a key pair. GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.lock import SecretPlace
from zmqscope.core.types import Problem
from zmqscope.models.security.key_book import KeyEntry
from zmqscope.models.security.lock_words import place_words
from zmqscope.models.security.secret_names import pair_name_problem
from zmqscope.ui.security.path_field import PathField
from zmqscope.ui.security.place_combo import PlaceCombo
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.models.errands import ErrandId
    from zmqscope.ui.security.desk import SecurityDesk

_WIDTH_PX = 480
_FOLDER_ROW = 2


class PairDialog(QDialog):
    """A name and a place.

    Args:
        theme: Colours, fonts and icons.
        desk: Makes and keeps the pair.
        parent: What it belongs to.
    """

    pair_made = Signal(object)
    """SecretRef."""

    def __init__(self, theme: Theme, desk: SecurityDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("New key pair"))
        self.setFixedWidth(_WIDTH_PX)
        self._desk = desk
        self._errand: ErrandId | None = None
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the key pair"))
        self.name.setToolTip(self.tr("What lists and files call it"))
        self._place = PlaceCombo(theme, desk, SecretPlace.FILE)
        self._folder = PathField(
            theme,
            self.tr("Folder for the key pair"),
            self.tr("Choose the folder"),
            folder=True,
        )
        self._folder.propose(desk.folder)
        self._note = NoteLabel()
        self._problem = ProblemLabel()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._make = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._make.setText(self.tr("&Make"))
        self._make.setProperty("kind", "primary")
        self._lay_out()
        self.name.textChanged.connect(self.on_field_changed)
        self._folder.changed.connect(self.on_field_changed)
        self._place.currentIndexChanged.connect(self.on_field_changed)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        desk.errands.finished.connect(self.on_errands_finished)
        self.on_field_changed()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(10)
        for words, field, buddy in (
            (self.tr("&Name"), self.name, self.name),
            (self.tr("&Keep in"), self._place, self._place),
            (self.tr("&Folder"), self._folder, self._folder.field),
        ):
            label = QLabel(words)
            label.setProperty("tone", "muted")
            label.setBuddy(buddy)
            self._form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(10)
        column.addLayout(self._form)
        column.addWidget(self._note)
        column.addWidget(self._problem)
        column.addWidget(self._buttons)

    def _check(self) -> Problem | None:
        taken = [entry.secret for entry in self._desk.book.pairs if entry.secret is not None]
        return pair_name_problem(self.name.text().strip(), self._place.place, taken)

    @Slot()
    def on_field_changed(self) -> None:
        """Say what will be made, or what is wrong."""
        place, name = self._place.place, self.name.text().strip()
        is_file = place is SecretPlace.FILE
        self._form.setRowVisible(_FOLDER_ROW, is_file)
        words = place_words(place)
        if is_file:
            words = self.tr("{0}.key to give away, and {0}.key_secret for you alone (0600).")
            words = words.format(name or self.tr("name"))
        self._note.set_note(words)
        problem = self._check() if name else None
        self._problem.set_problem(problem)
        mark_problem(self.name, problem is not None)
        self._make.setEnabled(bool(name) and problem is None)

    def accept(self) -> None:
        """Make it; the dialog closes once it is kept."""
        if self._errand is not None or not self._make.isEnabled():
            return
        self._make.setEnabled(False)
        name, place, folder = self.name.text().strip(), self._place.place, self._folder.text
        self._errand = self._desk.errands.run(
            partial(self._desk.vault.make_pair, name, place, folder)
        )

    @Slot(int, object, object)
    def on_errands_finished(self, number: int, result: object, problem: Problem | None) -> None:
        """It is there, or could not be kept."""
        if number != self._errand:
            return
        self._errand = None
        if not isinstance(result, KeyEntry) or result.secret is None:
            self._problem.set_problem(problem)
            self._make.setEnabled(True)
            return
        self._desk.add_key(result)
        self.pair_made.emit(result.secret)
        super().accept()
