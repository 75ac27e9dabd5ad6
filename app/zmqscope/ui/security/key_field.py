"""A field for somebody's public key: checked as one types, tidied when one pastes. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zmqscope.core.errors import UserError
from zmqscope.core.security.keys import KEY_LETTERS, clean_key, is_key, names_secret_key
from zmqscope.core.types import Problem
from zmqscope.ui.security.known_keys import KnownKeysButton
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.rows import mark_problem
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class PastedField(DataField):
    """A line that takes a whole certificate: a line break is a blank, not the end."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        # A certificate of pyzmq with its comments is longer than Qt's default allows comfortably.
        self.setMaxLength(65_537)


class KeyField(QWidget):
    """Takes 40 letters, 64 hex digits or the text of a certificate, and makes letters of it.

    Args:
        theme: Colours and fonts.
        desk: Knows keys that can be chosen.
        name: What the key is, for screen readers.
        hint: What is said while the field is empty.
    """

    changed = Signal()
    """The text is another one."""
    name_found = Signal(str)
    """What the user calls the key that was chosen."""

    def __init__(self, theme: Theme, desk: SecurityDesk, name: str, hint: str) -> None:
        super().__init__()
        self._hint = hint
        self.field = PastedField(theme, name)
        self.field.setPlaceholderText(self.tr("40 letters, hex, or the text of a .key file"))
        self._note = NoteLabel()
        self._problem = ProblemLabel()
        self._line = QHBoxLayout()
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(4)
        self._line.addWidget(self.field, 1)
        self._known = KnownKeysButton(theme, desk)
        self._known.key_chosen.connect(self.on_known_key_chosen)
        self._known.key_refused.connect(self.set_problem)
        self._line.addWidget(self._known)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._line)
        column.addWidget(self._note)
        column.addWidget(self._problem)
        # The label's mnemonic leads here.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self.on_field_text_changed)
        self._say("")

    @property
    def text(self) -> str:
        """What is typed, tidied."""
        return self.field.text().strip()

    def set_text(self, text: str) -> None:
        """Show another text; the same is left alone."""
        if text != self.text:
            self.field.setText(text)
            self.field.setCursorPosition(0)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self.field, self._known]

    @Slot(object)
    def set_problem(self, problem: Problem | None) -> None:
        """Say what is wrong, or nothing."""
        self._problem.set_problem(problem)
        mark_problem(self.field, problem is not None)
        self._note.setVisible(problem is None and bool(self._note.words))

    def set_lacking(self, lacking: bool) -> None:
        """Mark the field because it is empty; for after ``set_problem``."""
        if lacking:
            mark_problem(self.field, wrong=True)

    @Slot(str)
    def on_field_text_changed(self, text: str) -> None:
        """Make the 40 letters of what was pasted, and say so."""
        said = ""
        try:
            key = clean_key(text)
        except UserError:
            key = ""
        is_path = text.lstrip().lower().startswith("file:")
        if not key and not is_path and names_secret_key(text):
            self._wipe()
            return
        if key and text.strip() != key:
            blocked = self.field.blockSignals(True)
            self.field.setText(key)
            self.field.blockSignals(blocked)
            said = self.tr("Taken from what was pasted; {0} letters, as they should be.")
            said = said.format(KEY_LETTERS)
        elif is_key(text.strip()):
            said = self.tr("{0} letters, as they should be.").format(KEY_LETTERS)
        self._say(said)
        self.changed.emit()

    @Slot(str, str)
    def on_known_key_chosen(self, public: str, name: str) -> None:
        """Take it."""
        self.set_text(public)
        self.name_found.emit(name)

    def _wipe(self) -> None:
        """A secret key was pasted: it goes at once, before it is shown or copied anywhere."""
        blocked = self.field.blockSignals(True)
        self.field.setText("")  # unlike clear(), it leaves nothing to undo
        self.field.blockSignals(blocked)
        self._say("")
        self.changed.emit()
        text = self.tr("That was a secret key; it was not taken.")
        self.set_problem(Problem(text, self.tr("Paste the public one, from the .key file.")))

    def _say(self, words: str) -> None:
        self._note.set_note(words or ("" if self.text else self._hint))
