"""Changes the lock of one socket. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.lock import Lock
from zmqscope.core.types import SocketSnapshot
from zmqscope.models.security.lock_draft import draft_of_lock
from zmqscope.models.sockets import socket_words
from zmqscope.models.sockets.spec_draft import (
    DraftCheck,
    check_draft,
    draft_of,
    lock_problems,
    lock_reasons,
)
from zmqscope.ui.security.lock_form import LockForm
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class LockDialog(QDialog):
    """The lock's fields; applying opens the socket anew.

    Args:
        theme: Colours, fonts and icons.
        desk: Keeps secrets, knows key pairs and access lists.
        snapshot: The socket.
        parent: What it belongs to.
    """

    lock_chosen = Signal(object)
    """Lock."""

    def __init__(
        self,
        theme: Theme,
        desk: SecurityDesk,
        snapshot: SocketSnapshot,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Lock of {0}").format(socket_words.title(snapshot))
        self.setWindowTitle(title)
        self._draft = draft_of(snapshot.spec)
        self._before = snapshot.spec.lock
        self._lock: Lock | None = None
        self.form = LockForm(theme, desk)
        self._apply = QPushButton(self.tr("&Reopen with it"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._lay_out()
        self.form.set_draft(draft_of_lock(snapshot.spec.lock))
        self.form.set_reasons(lock_reasons(self._draft))
        self.form.changed.connect(self.on_form_changed)
        self.form.rows_changed.connect(self.on_form_rows_changed)
        self.form.settled.connect(self.on_form_settled)
        self.form.unsettled.connect(self.on_form_changed)
        self._apply.clicked.connect(self.accept)
        self._cancel.clicked.connect(self.reject)
        self.on_form_changed()
        self.on_form_rows_changed()

    def _lay_out(self) -> None:
        self._apply.setProperty("kind", "primary")
        self._apply.setDefault(True)
        self._apply.setToolTip(self.tr("Open the socket anew with this lock (Enter)"))
        self._cancel.setAutoDefault(False)
        self._cancel.setToolTip(self.tr("Leave the lock as it is (Esc)"))
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.form)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.addWidget(NoteLabel(self.tr("Its captured messages and totals stay.")), 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        self.setMinimumSize(440, 300)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(540, 340)

    def _check(self) -> DraftCheck:
        return check_draft(replace(self._draft, lock=self.form.draft()))

    @Slot()
    def on_form_changed(self) -> None:
        """Judge what is typed."""
        check = self._check()
        problems = lock_problems(check)
        self.form.show_problems(problems, check.missing)
        is_whole = not problems and not check.missing and not self.form.own_problem
        self._lock = check.spec.lock if is_whole else None
        self._apply.setEnabled(is_whole)

    @Slot()
    def on_form_rows_changed(self) -> None:
        """Lead Tab through the fields."""
        for first, second in pairwise([*self.form.tab_stops(), self._apply, self._cancel]):
            QWidget.setTabOrder(first, second)

    def accept(self) -> None:
        """Keep what was typed as a password, then hand the lock over."""
        if self._lock is not None:
            self._apply.setEnabled(False)
            self.form.settle()

    @Slot()
    def on_form_settled(self) -> None:
        """Everything is kept."""
        if self._lock is None:
            return
        self.lock_chosen.emit(self._lock)
        super().accept()
