"""Chooses a socket's own key pair: a known one, a file, a new one, or a fresh one. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.types import Problem
from zmqscope.models.format import one_line
from zmqscope.models.security.lock_words import short_ref
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.key_file_dialog import KeyFileDialog
from zmqscope.ui.security.key_label import KeyLabel
from zmqscope.ui.security.pair_dialog import PairDialog
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class PairField(QWidget):
    """A list of the pairs that are known, with buttons for a file and for a new pair.

    Args:
        theme: Colours, fonts and icons.
        desk: Knows the pairs, reads files, makes pairs.
    """

    changed = Signal()
    """Another pair was chosen."""

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__()
        self._theme = theme
        self._desk = desk
        self._fresh_allowed = True
        self._combo = QComboBox()
        self._combo.setAccessibleName(self.tr("Own key pair"))
        self._combo.setToolTip(self.tr("The key pair that this socket shows itself with"))
        self._combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._combo.setMinimumContentsLength(12)
        self._file = IconButton(theme, "folder-open", self.tr("Choose a .key_secret file"))
        self._new = IconButton(theme, "plus", self.tr("Make a new key pair"))
        self._public = KeyLabel(theme, self.tr("Copy this socket’s public key"))
        self._note = NoteLabel()
        self._problem = ProblemLabel()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._combo, 1)
        line.addWidget(self._file)
        line.addWidget(self._new)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(line)
        for widget in (self._public, self._note, self._problem):
            column.addWidget(widget)
        # The label's mnemonic leads here.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._combo)
        self._fill(None)
        self._combo.currentIndexChanged.connect(self.on_combo_changed)
        self._file.clicked.connect(self.on_file_clicked)
        self._new.clicked.connect(self.on_new_clicked)
        desk.book.changed.connect(self.on_book_changed)
        desk.public_found.connect(self.on_desk_public_found)

    # ---- what it holds ----------------------------------------------------------------------

    @property
    def ref(self) -> SecretRef | None:
        """Where the pair is; None for a fresh one, or for none yet."""
        ref: SecretRef | None = self._combo.currentData()
        return ref

    def set_ref(self, ref: SecretRef | None) -> None:
        """Show a pair; ``changed`` is not emitted."""
        if ref != self.ref:
            self._fill(ref)

    def set_fresh_allowed(self, allowed: bool) -> None:
        """Whether a fresh pair each time makes sense: not for a server, whose key is known."""
        if allowed != self._fresh_allowed:
            self._fresh_allowed = allowed
            self._fill(self.ref)

    def set_problem(self, problem: Problem | None) -> None:
        """Say what is wrong, or nothing; a file that cannot be read may be there later."""
        ref = self.ref
        unreadable = self._desk.unreadable(ref) if ref is not None else None
        self._problem.set_problem(problem or unreadable)

    def set_lacking(self, lacking: bool) -> None:
        """Mark the list because nothing is chosen, or take the mark away."""
        mark_problem(self._combo, lacking)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._combo, self._file, self._new, *self._public.tab_stops()]

    # ---- the list ---------------------------------------------------------------------------

    def _fill(self, chosen: SecretRef | None) -> None:
        combo = self._combo
        blocked = combo.blockSignals(True)
        combo.clear()
        first = self.tr("a fresh pair each time it opens")
        combo.addItem(first if self._fresh_allowed else self.tr("choose or make one"), None)
        entries = self._desk.book.pairs
        for entry in entries:
            if entry.secret is not None:
                combo.addItem(f"{one_line(entry.name)} · {short_ref(entry.secret)}", entry.secret)
        if chosen is not None and all(entry.secret != chosen for entry in entries):
            combo.addItem(_words(chosen), chosen)
        combo.setCurrentIndex(max(0, self._row_of(chosen)))
        combo.blockSignals(blocked)
        self._show_words()

    def _row_of(self, ref: SecretRef | None) -> int:
        # findData compares Python objects by identity.
        rows = range(self._combo.count())
        return next((row for row in rows if self._combo.itemData(row) == ref), -1)

    def _show_words(self) -> None:
        ref = self.ref
        if ref is None:
            words = self.tr("The server sees another key each time, so no access list knows it.")
            self._note.set_note(words if self._fresh_allowed else "")
            self._public.set_key("")
        else:
            self._note.set_note("")
            self._public.set_key(self._desk.public_of(ref))
        self.set_problem(None)

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_combo_changed(self) -> None:
        """Another one."""
        self._show_words()
        self.changed.emit()

    @Slot()
    def on_book_changed(self) -> None:
        """The list is another one."""
        self._fill(self.ref)

    @Slot(object)
    def on_desk_public_found(self, ref: SecretRef) -> None:
        """A public key was read."""
        if ref == self.ref:
            self._show_words()

    @Slot()
    def on_file_clicked(self) -> None:
        """Ask for a secret certificate."""
        dialog = KeyFileDialog(
            self, self.tr("Choose a key pair"), self.tr("Key pairs (*.key_secret)")
        )
        dialog.fileSelected.connect(self.on_dialog_file_selected)
        dialog.open()

    @Slot(str)
    def on_dialog_file_selected(self, path: str) -> None:
        """It was chosen."""
        ref = SecretRef(SecretPlace.FILE, path)
        self._desk.look_again(ref)
        self._choose(ref)

    @Slot()
    def on_new_clicked(self) -> None:
        """Make one."""
        dialog = PairDialog(self._theme, self._desk, self)
        dialog.pair_made.connect(self.on_pair_made)
        dialog.open()

    @Slot(object)
    def on_pair_made(self, ref: SecretRef) -> None:
        """It is there."""
        self._choose(ref)

    def _choose(self, ref: SecretRef) -> None:
        self._fill(ref)
        self.changed.emit()


def _words(ref: SecretRef) -> str:
    return one_line(ref.name)
