"""A password: typed once, kept somewhere, never shown again. GUI thread."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from zmqscope.core.security.lock import SecretPlace, SecretRef
from zmqscope.core.security.secret import Secret
from zmqscope.core.security.secret_files import password_problem
from zmqscope.core.types import Problem
from zmqscope.models.security.lock_words import place_words, ref_words
from zmqscope.models.security.secret_names import password_path, stem_of
from zmqscope.ui.security.path_field import PathField
from zmqscope.ui.security.place_combo import PlaceCombo
from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class SecretField(QWidget):
    """Either a line to type a password in and where to keep it, or where it is kept.

    What is typed stays in here until ``take`` hands it over to be kept; ``ref`` says where that
    will be.

    Args:
        theme: Colours and fonts.
        desk: Knows where secrets can be kept.
    """

    changed = Signal()
    """Something was typed or chosen."""
    rows_changed = Signal()
    """Other parts can be reached by Tab now."""

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__()
        self._folder = desk.folder
        self._kept: SecretRef | None = None
        self._stem = ""
        self._suffix = secrets.token_hex(3)
        self._kept_words = NoteLabel()
        self._replace = LinkButton(
            theme,
            self.tr("Replace…"),
            self.tr("Type another password; the one that is kept cannot be shown"),
        )
        self._replace.clicked.connect(self.on_replace_clicked)
        self._back = LinkButton(
            theme, self.tr("Leave it as it is"), self.tr("Keep the password that was there")
        )
        self._back.clicked.connect(self.on_back_clicked)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(self.tr("Password"))
        self.field.setToolTip(self.tr("It is not shown, neither now nor later"))
        self._place = PlaceCombo(theme, desk)
        self._path = PathField(theme, self.tr("File for the password"), self.tr("Keep in a file"))
        self._note = NoteLabel()
        self._problem = ProblemLabel()
        self._replaced: SecretRef | None = None
        self._lay_out()
        # The label's mnemonic leads here.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.field.textChanged.connect(self.on_field_text_changed)
        self._place.currentIndexChanged.connect(self.on_place_changed)
        self._path.changed.connect(self.changed)
        self._show_parts()

    def _lay_out(self) -> None:
        self._kept_line = QWidget()
        line = QHBoxLayout(self._kept_line)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._kept_words, 1)
        line.addWidget(self._replace, 0, Qt.AlignmentFlag.AlignTop)
        self._type_line = QWidget()
        fields = QHBoxLayout(self._type_line)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(4)
        fields.addWidget(self.field, 1)
        fields.addWidget(self._place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._kept_line, self._type_line, self._path, self._note, self._problem):
            column.addWidget(widget)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)

    # ---- what it holds ----------------------------------------------------------------------

    @property
    def ref(self) -> SecretRef | None:
        """Where the password is, or will be; None while there is none."""
        if self._kept is not None:
            return self._kept
        if not self.field.text():
            return None
        place = self._place.place
        if place is SecretPlace.FILE:
            return SecretRef(place, self._path.text)
        # In the same place it takes the old one's name, for all that refer to it.
        if self._replaced is not None and self._replaced.place is place:
            return self._replaced
        return SecretRef(place, self._name)

    @property
    def is_pending(self) -> bool:
        """Whether something is typed that is not kept yet."""
        return self._kept is None and bool(self.field.text())

    @property
    def _name(self) -> str:
        return f"{self._stem or 'password'}-{self._suffix}"

    def set_user(self, user: str) -> None:
        """Whose password it is: entries are named so."""
        if self._kept is None and stem_of(user) != self._stem:
            self._stem = stem_of(user)
            self._propose_path()
            if self.is_pending:
                self.changed.emit()

    def set_ref(self, ref: SecretRef | None) -> None:
        """Show where a password is kept; one that waits to be kept there stays typed."""
        if ref == self.ref:
            return
        self._kept, self._replaced = ref, None
        self._clear()
        self._show_parts()

    def password(self) -> Secret:
        """What is typed, to be kept."""
        return Secret(self.field.text().encode("utf-8", "replace"))

    @property
    def may_replace_file(self) -> bool:
        """Whether it takes the place of the file that it was kept in."""
        return self._replaced is not None and self._replaced == self.ref

    def take_kept(self) -> None:
        """It is kept now: forget what was typed."""
        self._kept, self._replaced = self.ref, None
        self._clear()
        self._show_parts()

    def _clear(self) -> None:
        blocked = self.field.blockSignals(True)
        self.field.setText("")  # unlike clear(), it leaves nothing to undo
        self.field.blockSignals(blocked)
        self._suffix = secrets.token_hex(3)
        self._propose_path()

    # ---- what it shows ----------------------------------------------------------------------

    def own_problem(self) -> Problem | None:
        """What is wrong with what is typed."""
        return password_problem(self.password()) if self.is_pending else None

    def set_problem(self, problem: Problem | None) -> None:
        """Say what is wrong, or nothing."""
        problem = problem or self.own_problem()
        self._problem.set_problem(problem)
        mark_problem(self.field, self.own_problem() is not None)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._replace, self.field, self._place, *self._path.tab_stops(), self._back]

    def _show_parts(self) -> None:
        is_kept = self._kept is not None
        if self._kept is not None:
            self._kept_words.set_words(self.tr("Kept {0}.").format(ref_words(self._kept)))
        self._kept_line.setVisible(is_kept)
        self._type_line.setVisible(not is_kept)
        self._path.setVisible(not is_kept and self._place.place is SecretPlace.FILE)
        self._back.setVisible(self._replaced is not None)
        self._show_note()
        self.setFocusProxy(self._replace if is_kept else self.field)
        self.rows_changed.emit()

    def _show_note(self) -> None:
        words = place_words(self._place.place)
        if not self.field.text():
            words = self.tr("Left empty, it shows an empty password.")
        self._note.set_note("" if self._kept is not None else words)

    def _propose_path(self) -> None:
        if not self._path.is_chosen:
            self._path.propose(password_path(self._folder, self._name))

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_replace_clicked(self) -> None:
        """Make room for another password; the old one stays until that is kept."""
        self._replaced, self._kept = self._kept, None
        if self._replaced is not None:
            self._place.choose(self._replaced.place)
            if self._replaced.place is SecretPlace.FILE:
                self._path.set_text(self._replaced.name)
        self._show_parts()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    @Slot()
    def on_back_clicked(self) -> None:
        """Leave the old password where it is."""
        self._kept, self._replaced = self._replaced, None
        self._clear()
        self._show_parts()
        self._replace.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    @Slot(str)
    def on_field_text_changed(self, _text: str) -> None:
        """Judge what is typed."""
        self._show_note()
        self.set_problem(None)
        self.changed.emit()

    @Slot()
    def on_place_changed(self) -> None:
        """It will be kept elsewhere."""
        self._show_parts()
        self.changed.emit()
