"""Asks what answers at an endpoint, and shows it. GUI thread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.bridge.probes import PrepareLock, ProbeRunner
from zmqscope.core.probe import ProbePlan, ProbeResult
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism
from zmqscope.core.types import Problem, SocketType
from zmqscope.models.doctor.probe_words import facts, result_text, tone
from zmqscope.ui.probe.facts import FactsView
from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.sockets.labels import NoteLabel, ProblemLabel, WrappedLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.core.types import SocketSnapshot

_SIZE = QSize(560, 460)
_ICON = QSize(16, 16)
_SAID_MS = 2_000


class ProbeDialog(QDialog):
    """An endpoint, whom one would like to be there, and what is there.

    Args:
        theme: Colours, fonts and icons.
        prepare_lock: Fetches what a socket's lock needs, on the probe's thread.
        parent: The window it belongs to.
    """

    def __init__(
        self,
        theme: Theme,
        prepare_lock: PrepareLock | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Probe an endpoint"))
        self._theme = theme
        self._lock = NO_LOCK
        # Where the lock's socket shows its secret anyway; elsewhere a stranger may listen.
        self._own: frozenset[str] = frozenset()
        self._result: ProbeResult | None = None
        self._runner = ProbeRunner(prepare_lock, self)
        self._address = DataField(theme, self.tr("Endpoint to probe"), "tcp://localhost:5556", self)
        self._kind = QComboBox()
        self._lock_words = NoteLabel()
        self._problem = ProblemLabel()
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON.width(), _ICON.height() + 3)
        self._headline = WrappedLabel("")
        self._hint = NoteLabel()
        self._facts = FactsView(theme)
        self._go = QPushButton(self.tr("&Probe"))
        self._copy_words = self.tr("&Copy result")
        self._copy = QPushButton(self._copy_words)
        # For a moment it says that it has done so, as wide as before.
        self._copy.setMinimumWidth(self._copy.sizeHint().width())
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._close = QPushButton(self.tr("Close"))
        self._fill_kinds()
        self._lay_out()
        self._go.clicked.connect(self.on_go_clicked)
        self._copy.clicked.connect(self.on_copy_clicked)
        self._said.timeout.connect(self.on_said_timeout)
        self._close.clicked.connect(self.close)
        self._address.textChanged.connect(self.on_address_changed)
        self._runner.finished.connect(self.on_runner_finished)
        self._runner.refused.connect(self.on_runner_refused)
        theme.changed.connect(self.on_theme_changed)
        self._show_nothing()
        self.on_address_changed()
        self.resize(_SIZE)

    def _fill_kinds(self) -> None:
        self._kind.addItem(self.tr("any socket"), None)
        for kind in SocketType:
            if kind not in (SocketType.STREAM, SocketType.DGRAM):
                self._kind.addItem(kind.name, kind)
        self._kind.setAccessibleName(self.tr("Socket type that would like to talk with it"))
        self._kind.setToolTip(self.tr("Says whether a socket of this type could talk with it"))
        self._kind.setMaxVisibleItems(self._kind.count())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        for words, field in (
            (self.tr("&Endpoint"), self._address),
            (self.tr("&For"), self._kind),
        ):
            label = QLabel(words)
            label.setProperty("tone", "muted")
            label.setBuddy(field)
            form.addRow(label, field)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._headline, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        buttons.addWidget(self._go)
        self._go.setProperty("kind", "primary")
        self._go.setDefault(True)
        for button in (self._copy, self._close):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addLayout(form)
        for widget in (self._lock_words, self._problem):
            column.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self._hint)
        column.addWidget(self._facts, 1)
        column.addLayout(buttons)

    # ---- what it is asked -------------------------------------------------------------------

    def ask(self, address: str, snapshot: SocketSnapshot | None = None) -> None:
        """Probe an endpoint at once, on behalf of a socket.

        Args:
            address: The endpoint.
            snapshot: Whose it is: its type and lock count.
        """
        self.prefill(address, snapshot)
        self.on_go_clicked()

    def prefill(self, address: str, snapshot: SocketSnapshot | None) -> None:
        """Put in what would be probed, to be changed or sent off."""
        self._address.setText(address)
        self._address.selectAll()
        if snapshot is not None:
            self._kind.setCurrentIndex(max(0, self._kind.findText(snapshot.spec.type.name)))
            own = {s.endpoint.address for s in snapshot.endpoints}
            self.set_lock(snapshot.spec.lock, own | {s.actual for s in snapshot.endpoints})

    def set_lock(self, lock: Lock, own: Collection[str]) -> None:
        """Probe as a socket with this lock would.

        Args:
            lock: It.
            own: The socket's endpoints: a password is shown nowhere else.
        """
        self._lock, self._own = lock, frozenset(own)
        self._show_lock()

    @property
    def _tries_lock(self) -> bool:
        is_secret = self._lock.mechanism is Mechanism.PLAIN and not self._lock.is_server
        return not is_secret or self._address.text().strip() in self._own

    def _show_lock(self) -> None:
        words, lock = "", self._lock
        if not self._tries_lock:
            words = self.tr(
                "Without the socket’s lock: name and password are shown at its own endpoints only."
            )
        elif lock.mechanism is Mechanism.PLAIN and not lock.is_server:
            words = self.tr("With the socket’s own lock: who answers is shown name and password.")
        elif lock.mechanism is not Mechanism.NULL:
            words = self.tr("With the socket’s own lock ({0}).").format(lock.mechanism.value)
        self._lock_words.set_note(words)

    @property
    def found(self) -> ProbeResult | None:
        """What was found last."""
        return self._result

    @property
    def headline(self) -> str:
        """What it says at the top."""
        return self._headline.words

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_address_changed(self) -> None:
        """There must be something to probe."""
        self._go.setEnabled(bool(self._address.text().strip()))
        self._problem.set_problem(None)
        self._show_lock()

    @Slot()
    def on_go_clicked(self) -> None:
        """Begin."""
        self._problem.set_problem(None)
        self._result = None
        self._show_nothing()
        self._headline.set_words(self.tr("Asking who is there…"))
        plan = ProbePlan(self._address.text().strip(), self._chosen(), self._lock)
        self._runner.start(replace(plan, tries_lock=self._tries_lock))

    def _chosen(self) -> SocketType | None:
        # Qt may hand an enum back as a plain value: by name it is certain.
        name = self._kind.currentText()
        return SocketType[name] if name in SocketType.__members__ else None

    @Slot(object)
    def on_runner_finished(self, result: ProbeResult) -> None:
        """Show what was found."""
        self._result = result
        self._headline.set_words(result.text)
        self._hint.set_note(result.hint)
        self._facts.show_facts(facts(result))
        self._offer_copy(True)
        self.on_theme_changed()

    @Slot(object)
    def on_runner_refused(self, problem: Problem) -> None:
        """It cannot be probed."""
        self._show_nothing()
        self._problem.set_problem(problem)

    @Slot()
    def on_copy_clicked(self) -> None:
        """Copy it as text."""
        if self._result is not None:
            QGuiApplication.clipboard().setText(result_text(self._result))
            self._copy.setText(self.tr("Copied"))
            self._said.start()

    @Slot()
    def on_said_timeout(self) -> None:
        """Whoever has copied it knows by now."""
        self._offer_copy(self._result is not None)

    def _offer_copy(self, can: bool) -> None:
        self._said.stop()
        self._copy.setText(self._copy_words)
        self._copy.setEnabled(can)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take icon and colour in the theme's colours."""
        if self._result is None:
            return
        icon, token = tone(self._result)
        pixmap = self._theme.icon(icon, token).pixmap(_ICON, self.devicePixelRatioF())
        self._icon.setPixmap(pixmap)
        self._headline.set_look(self._theme.color(token), bold=True)

    def _show_nothing(self) -> None:
        self._icon.clear()
        self._headline.set_look(self._theme.color("muted"))
        self._headline.set_words("")
        self._hint.set_note(
            self.tr(
                "It connects, reads the greeting and leaves: whoever is there gets no message, "
                "and is asked for none."
            )
        )
        self._facts.show_facts([])
        self._offer_copy(False)

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        self._runner.forget()
        super().closeEvent(event)
