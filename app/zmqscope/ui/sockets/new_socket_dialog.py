"""Asks for a socket: the spec as one line and the same thing as a form, in step. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.spec import format_spec, read_spec
from zmqscope.core.types import Problem, SocketId, SocketSpec
from zmqscope.models.sockets.spec_draft import DraftCheck, check_draft, draft_of
from zmqscope.ui.security.desk import SecurityDesk
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel
from zmqscope.ui.sockets.led_scroll import LedScroll
from zmqscope.ui.sockets.spec_field import SpecField
from zmqscope.ui.sockets.spec_form import SpecForm
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.settings import Settings

# A line half typed is wrong all the time: it is told only to somebody who pauses.
_PATIENCE_MS = 600
_ROOM = QSize(40, 120)


class NewSocketDialog(QDialog):
    """Makes a spec, or changes one.

    Args:
        theme: Colours, fonts and icons.
        settings: Where recent specs are kept.
        spec: What to begin with; None for an empty form.
        replaces: The socket that is changed by opening it anew; None for a new one.
        parent: The window it belongs to.
        desk: Keeps secrets, knows key pairs and access lists; None for one of its own.
    """

    spec_accepted = Signal(object, object)
    """SocketSpec to open, and the SocketId that it replaces or None."""

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        spec: SocketSpec | None = None,
        replaces: SocketId | None = None,
        parent: QWidget | None = None,
        desk: SecurityDesk | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("New socket") if replaces is None else self.tr("Edit socket"))
        self._settings = settings
        self._replaces = replaces
        self._spec: SocketSpec | None = None
        self._field = SpecField(theme, settings.recent_specs)
        self._field_problem = ProblemLabel()
        self._field_note = NoteLabel(
            self.tr("One line for the whole socket; the form below follows it.")
        )
        self._unsaid: Problem | None = None
        self._unread: tuple[str, ...] = ()
        self._follows = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.on_patience_ended)
        desk = desk or SecurityDesk(None, settings, SessionSecrets(), self)
        self._form = SpecForm(theme, desk)
        self._scroll = LedScroll()
        self._open = QPushButton(self.tr("&Open") if replaces is None else self.tr("Re&open"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._lay_out()
        self._connect()
        if spec is not None:
            self.set_spec(spec)
        self._check()
        self.on_form_rows_changed()

    def _connect(self) -> None:
        self._open.clicked.connect(self.accept)
        self._cancel.clicked.connect(self.reject)
        self._field.textEdited.connect(self.on_field_text_edited)
        self._field.returnPressed.connect(self.on_field_return_pressed)
        # A completion that is picked is no edit to Qt.
        self._field.completer().activated.connect(self.on_field_text_edited)
        self._form.changed.connect(self.on_form_changed)
        self._form.rows_changed.connect(self.on_form_rows_changed)
        self._form.lock.settled.connect(self.on_lock_settled)
        self._form.lock.unsettled.connect(self.on_lock_unsettled)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&Spec"))
        label.setProperty("tone", "muted")
        label.setBuddy(self._field)
        self._scroll.setWidget(self._form)
        self._open.setProperty("kind", "primary")
        self._open.setDefault(True)
        self._open.setToolTip(self.tr("Open the socket (Enter)"))
        self._cancel.setAutoDefault(False)
        self._cancel.setToolTip(self.tr("Close without opening (Esc)"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._open)
        line = QFrame()
        line.setProperty("role", "line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(6)
        for widget in (label, self._field, self._make_words(), line):
            layout.addWidget(widget)
        layout.addWidget(self._scroll, 1)
        layout.addSpacing(4)
        layout.addLayout(buttons)
        self.setMinimumSize(440, 360)
        # Qt itself would not give it more than two thirds of the screen's height.
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() - _ROOM))

    def _make_words(self) -> QWidget:
        """The note, or the problem in its place: with the room of both, so that nothing jumps."""
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._field_note)
        column.addWidget(self._field_problem)
        column.addStretch(1)
        words.setMinimumHeight(2 * self._field_note.fontMetrics().lineSpacing() + 2)
        return words

    def sizeHint(self) -> QSize:
        return QSize(580, 640)

    # ---- the spec ---------------------------------------------------------------------------

    def set_spec(self, spec: SocketSpec) -> None:
        """Fill the line and the form."""
        self._field.setText(format_spec(spec))
        self._form.set_draft(draft_of(spec))
        self._check()

    @property
    def spec_text(self) -> str:
        """The line as it is now."""
        return self._field.text()

    @Slot(str)
    def on_field_text_edited(self, text: str) -> None:
        """Bring the form in step with the line, as far as that can be read."""
        if not text.strip():
            self._unread = ()
            self._say(None)
            self._check()
            return
        reading = read_spec(text.strip())
        self._unread = reading.unread
        self._follows = reading.spec is not None
        if reading.spec is not None:
            self._form.set_draft(draft_of(reading.spec))
        if reading.problem is None:
            self._say(None)
            self._check()
            return
        self._refuse()
        if self._follows:
            self._form.show_check(replace(check_draft(self._form.draft()), problems={}))
        self._say(reading.problem)

    def _refuse(self) -> None:
        self._spec = None
        self._open.setEnabled(False)

    @Slot()
    def on_form_changed(self) -> None:
        """Bring the line in step with the form; what could not be read stays at its end."""
        line = format_spec(check_draft(self._form.draft()).typed)
        if self._unsaid is not None and not self._unread and line == self._field.text().strip():
            # A field was only shown anew, such as once the keyring is known: all was said.
            return
        self._follows = False
        self._check()
        if not self._unread:
            self._field.setText(line)
            self._say(None)
            return
        line = line if line.endswith(":") else f"{line},"
        self._field.setText(line + ",".join(self._unread))
        self._refuse()
        self._say(read_spec(self._field.text()).problem)

    def _say(self, problem: Problem | None) -> None:
        """Say what is wrong with the line: another thing at once, the first one after a pause."""
        self._unsaid = problem
        if problem is None or not self._field_problem.isHidden():
            self.on_patience_ended()
        else:
            self._patience.start()

    @Slot()
    def on_patience_ended(self) -> None:
        """Nobody types any more, or somebody pressed Enter: say it now."""
        self._patience.stop()
        self._field_problem.set_problem(self._unsaid)
        self._field_note.setVisible(self._unsaid is None)
        if self._unsaid is not None and self._follows:
            check = check_draft(self._form.draft()).beside(self._unsaid)
            self._form.show_check(check, marks_lacking=True)

    @Slot()
    def on_field_return_pressed(self) -> None:
        """Say what is wrong now, and go where the lock lacks something."""
        self.on_patience_ended()
        lacking = check_draft(self._form.draft()).lacking
        if self._unsaid is not None and self._follows and lacking:
            self._scroll.lead_to(self._form.lock.focus_part(lacking[0]))

    def _check(self) -> DraftCheck:
        check = check_draft(self._form.draft())
        self._form.show_check(check)
        complete = check.complete and not self._form.lock.own_problem
        self._spec = check.spec if complete else None
        self._open.setEnabled(complete)
        return check

    # ---- the end ----------------------------------------------------------------------------

    def accept(self) -> None:
        """Keep what was typed as a password, then hand the spec over, if there is one."""
        if self._spec is not None:
            self._open.setEnabled(False)
            self._form.lock.settle()

    @Slot()
    def on_lock_unsettled(self) -> None:
        """The password could not be kept, and the form says why."""
        self._open.setEnabled(self._spec is not None)

    @Slot()
    def on_lock_settled(self) -> None:
        """Hand the spec over."""
        if self._spec is None:
            return
        self._settings.add_recent_spec(format_spec(self._spec))
        self.spec_accepted.emit(self._spec, self._replaces)
        super().accept()

    # ---- keyboard ---------------------------------------------------------------------------

    @Slot()
    def on_form_rows_changed(self) -> None:
        """Lead Tab through the rows as they are now, and keep the cursor in sight."""
        stops = [self._field, *self._form.tab_stops(), self._open, self._cancel]
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)
        self._scroll.lead_to()
