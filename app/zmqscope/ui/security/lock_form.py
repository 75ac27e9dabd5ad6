"""A socket's lock as fields: what it is, and only the fields that then matter. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from zmqscope.core.types import Problem
from zmqscope.models.security.lock_draft import FIELDS, LockChoice, LockDraft, LockField
from zmqscope.models.security.lock_words import choice_title, choice_words
from zmqscope.ui.security.access_field import AccessField
from zmqscope.ui.security.key_field import KeyField
from zmqscope.ui.security.pair_field import PairField
from zmqscope.ui.security.secret_field import SecretField
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.meaning_combo import MeaningCombo
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.models.errands import ErrandId
    from zmqscope.ui.security.desk import SecurityDesk


class LockForm(QWidget):
    """The choice, a sentence about it, and its fields.

    Args:
        theme: Colours, fonts and icons.
        desk: Keeps secrets, knows key pairs and access lists.
    """

    changed = Signal()
    """Someone typed or chose something."""
    rows_changed = Signal()
    """The tab order has to be made anew."""
    settled = Signal()
    """What was typed as a password is kept now, or there was nothing to keep."""
    unsettled = Signal()
    """It could not be kept; the form says why."""

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__()
        self._desk = desk
        self._errand: ErrandId | None = None
        self._choice = MeaningCombo(theme, max(map(choice_title, LockChoice), key=len))
        for choice in LockChoice:
            self._choice.add_entry(choice_title(choice), choice, choice_words(choice))
        self._choice.fit_list()
        self._choice.setAccessibleName(self.tr("Lock"))
        self._choice.setToolTip(self.tr("Who may talk with this socket, and whether in clear"))
        self._words = NoteLabel()
        self._problem = ProblemLabel()
        self._user = QLineEdit()
        self._user.setAccessibleName(self.tr("User name"))
        self._user.setToolTip(self.tr("The name that is shown to the server"))
        self._user_problem = ProblemLabel()
        self._secret = SecretField(theme, desk)
        self._server_key = KeyField(
            theme,
            desk,
            self.tr("Public key of the server"),
            self.tr("Ask the server’s owner, or copy it from that socket’s details."),
        )
        self._pair = PairField(theme, desk)
        self._access = AccessField(theme, desk)
        self._rows: dict[LockField, tuple[QLabel, QWidget]] = {}
        self._lay_out()
        self._connect()
        self._show_rows()

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        user = QWidget()
        box = QVBoxLayout(user)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self._user)
        box.addWidget(self._user_problem)
        for part, words, field, buddy in (
            (LockField.USER, self.tr("&User"), user, self._user),
            (LockField.SECRET, self.tr("&Password"), self._secret, self._secret),
            (LockField.SERVER_KEY, self.tr("Server &key"), self._server_key, self._server_key),
            (LockField.PAIR, self.tr("Own key pai&r"), self._pair, self._pair),
            (LockField.ACCESS, self.tr("&Lets in"), self._access, self._access),
        ):
            label = QLabel(words)
            label.setProperty("tone", "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setContentsMargins(0, 5, 0, 0)
            label.setBuddy(buddy)
            self._rows[part] = (label, field)
            self._grid.addWidget(label, part.value, 0)
            self._grid.addWidget(field, part.value, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._choice, self._words, self._problem):
            column.addWidget(widget)
        column.addLayout(self._grid)
        # The label's mnemonic leads here.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._choice)

    def _connect(self) -> None:
        self._choice.currentIndexChanged.connect(self.on_choice_changed)
        self._user.textChanged.connect(self.on_user_text_changed)
        for field in (self._secret, self._server_key, self._pair, self._access):
            field.changed.connect(self.changed)
        self._secret.rows_changed.connect(self.rows_changed)
        self._desk.errands.finished.connect(self.on_errands_finished)

    # ---- what it holds ----------------------------------------------------------------------

    @property
    def choice(self) -> LockChoice:
        """What is chosen."""
        choice: LockChoice = self._choice.currentData()
        return choice

    def draft(self) -> LockDraft:
        """What was typed and chosen; of a password, where it will be."""
        return LockDraft(
            self.choice,
            self._user.text(),
            self._secret.ref,
            self._server_key.text,
            self._pair.ref,
            self._access.name,
        )

    def set_draft(self, draft: LockDraft) -> None:
        """Fill the fields; ``changed`` is not emitted.

        What this choice has no use for stays as it is.
        """
        blocked = self.blockSignals(True)
        self._choice.setCurrentIndex(self._choice.findData(draft.choice))
        used = FIELDS[draft.choice]
        if LockField.USER in used and self._user.text() != draft.user:
            self._user.setText(draft.user)
        if LockField.SECRET in used:
            self._secret.set_ref(draft.secret)
        if LockField.SERVER_KEY in used:
            self._server_key.set_text(draft.server_key)
        if LockField.PAIR in used:
            self._pair.set_ref(draft.pair)
        if LockField.ACCESS in used:
            self._access.set_name(draft.access)
        self.blockSignals(blocked)
        self._show_rows()

    def show_problems(
        self,
        problems: dict[LockField, Problem],
        missing: str,
        lacking: tuple[LockField, ...] = (),
    ) -> None:
        """Say at each field what is wrong with it, and what is still missing.

        Args:
            problems: What is wrong, by field.
            missing: What is still empty, in one sentence.
            lacking: The empty fields that are to be marked.
        """
        self._problem.set_problem(problems.get(LockField.CHOICE))
        self._user_problem.set_problem(problems.get(LockField.USER))
        mark_problem(self._user, LockField.USER in problems or LockField.USER in lacking)
        self._secret.set_problem(problems.get(LockField.SECRET))
        self._server_key.set_problem(problems.get(LockField.SERVER_KEY))
        self._pair.set_problem(problems.get(LockField.PAIR))
        self._server_key.set_lacking(LockField.SERVER_KEY in lacking)
        self._pair.set_lacking(LockField.PAIR in lacking)
        self._words.set_note(" ".join(filter(None, (choice_words(self.choice), missing))))

    def focus_part(self, part: LockField) -> QWidget:
        """Put the cursor into a field; where it is now."""
        field = self._user if part is LockField.USER else self._rows[part][1]
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return field

    def set_reasons(self, reasons: dict[LockChoice, str]) -> None:
        """Grey the choices that cannot be had, each with the reason."""
        for choice in LockChoice:
            row = self._choice.findData(choice)
            self._choice.set_entry(row, choice_words(choice), reasons.get(choice, ""))

    @property
    def own_problem(self) -> bool:
        """Whether a password is typed that cannot be used."""
        uses_it = LockField.SECRET in FIELDS[self.choice]
        return uses_it and self._secret.own_problem() is not None

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [
            self._choice,
            self._user,
            *self._secret.tab_stops(),
            *self._server_key.tab_stops(),
            *self._pair.tab_stops(),
            *self._access.tab_stops(),
        ]

    # ---- keeping the password ---------------------------------------------------------------

    def settle(self) -> None:
        """Keep what is typed as a password; ``settled`` or ``unsettled`` tells how that ended."""
        if LockField.SECRET not in FIELDS[self.choice] or not self._secret.is_pending:
            self.settled.emit()
            return
        ref = self._secret.ref
        if ref is None or self._errand is not None:
            return
        self._errand = self._desk.keep_password(
            ref, self._secret.password(), replaces=self._secret.may_replace_file
        )

    @Slot(int, object, object)
    def on_errands_finished(self, number: int, _result: object, problem: Problem | None) -> None:
        """It is kept, or cannot be."""
        if number != self._errand:
            return
        self._errand = None
        if problem is not None:
            self._secret.set_problem(problem)
            self.unsettled.emit()
            return
        self._secret.take_kept()
        self.settled.emit()

    # ---- fields that follow the choice ------------------------------------------------------

    @Slot()
    def on_choice_changed(self) -> None:
        """Other fields matter now."""
        self._show_rows()
        self.changed.emit()

    @Slot(str)
    def on_user_text_changed(self, user: str) -> None:
        """The password's entry is named after the user."""
        self._secret.set_user(user)
        self.changed.emit()

    def _show_rows(self) -> None:
        used = FIELDS[self.choice]
        for part, (label, field) in self._rows.items():
            label.setVisible(part in used)
            field.setVisible(part in used)
        self._pair.set_fresh_allowed(self.choice is not LockChoice.CURVE_SERVER)
        self._words.set_note(choice_words(self.choice))
        self.rows_changed.emit()
