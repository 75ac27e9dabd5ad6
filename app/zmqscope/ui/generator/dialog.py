"""The generator's window: what is sent, how fast, how many, and how it goes. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.composer.composer import ComposerModel
from zmqscope.models.composer.generator import GeneratorModel
from zmqscope.ui.composer.socket_picker import SocketPicker
from zmqscope.ui.generator.count_choice import CountChoice
from zmqscope.ui.generator.counter_form import CounterForm
from zmqscope.ui.generator.load_figures import LoadFigures
from zmqscope.ui.generator.rate_choice import RateChoice
from zmqscope.ui.sockets.labels import DataLabel, WrappedLabel
from zmqscope.ui.theme import Theme

_WIDTH_PX = 520
_WORD_LINES = 3


class GeneratorDialog(QDialog):
    """Stays beside the window while one goes on writing; closing it stops nothing.

    Args:
        composer: The message and the socket.
        theme: Colours, fonts and icons.
        parent: The window.

    Attributes:
        model: What it shows.
    """

    def __init__(
        self, composer: ComposerModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._composer = composer
        self.model = GeneratorModel(composer, self)
        self.setWindowTitle(self.tr("Generate load"))
        self.setFixedWidth(_WIDTH_PX)
        self._socket = SocketPicker(composer, theme, framed=True)
        self._message = DataLabel(theme)
        self._size = QLabel()
        self._rate = RateChoice(theme)
        self._count = CountChoice(theme)
        self._counter = CounterForm(self.model, theme)
        self._figures = LoadFigures(theme)
        self._words = WrappedLabel("")
        self._close = QPushButton(self.tr("Close"))
        self._start = QPushButton(self.tr("Start"))
        self._lay_out()
        self._connect()
        self.update_state()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow(self.tr("Socket"), self._beside(self._socket, None))
        form.addRow(self.tr("Message"), self._beside(self._message, self._size))
        form.addRow(self.tr("Rate"), self._rate)
        form.addRow(self.tr("Count"), self._count)
        form.addRow(self.tr("Counter"), self._counter)
        self._size.setProperty("tone", "muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # Room for the longest sentence, so that nothing jumps.
        self._words.setMinimumHeight(_WORD_LINES * self._words.fontMetrics().lineSpacing() + 2)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        buttons.addWidget(self._start)
        self._close.setAutoDefault(False)
        self._close.setToolTip(self.tr("Close this window; a load that runs goes on (Esc)."))
        self._start.setDefault(True)
        self._start.setMinimumWidth(84)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._figures)
        column.addWidget(self._words)
        column.addLayout(buttons)

    def _beside(self, first: QWidget, second: QWidget | None) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(first, int(second is not None))
        if second is None:
            row.addStretch(1)
        else:
            row.addWidget(second)
        return box

    def _connect(self) -> None:
        self._socket.socket_chosen.connect(self._composer.choose_socket)
        self._rate.rate_chosen.connect(self.model.set_rate)
        self._count.count_chosen.connect(self.model.set_count)
        self._counter.room_asked.connect(self.model.make_room)
        self._close.clicked.connect(self.close)
        self._start.clicked.connect(self.on_start_clicked)
        self.model.changed.connect(self.update_state)
        self._theme.changed.connect(self.update_state)

    def bring_up(self) -> None:
        """Show it, in front, ready to start."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._start.setFocus()

    # ---- state ------------------------------------------------------------------------------

    @Slot()
    def update_state(self) -> None:
        """Show what holds now."""
        model = self.model
        self._message.set_text(model.message_words() or self.tr("(empty)"))
        self._size.setText(model.size_words())
        self._rate.show_rate(model.rate_per_s)
        self._count.show_count(model.count)
        self._counter.update_state()
        self._figures.show_line(model.line(), self.tr("Nothing has been sent yet."))
        self._show_words()
        self._show_start()

    def _show_words(self) -> None:
        """What keeps it from starting, what holds it up, or what one should know."""
        model, line = self.model, self.model.line()
        problem = model.problem
        if model.is_running:
            words, token = (line.reason() if line else ""), "waiting"
        elif problem is not None:
            words, token = problem.sentence(), "muted" if model.lacks_socket else "waiting"
        elif line is not None and line.reason():
            words, token = line.reason(), line.tone
        else:
            words, token = model.warning, "muted"
        self._words.set_words(words)
        self._words.set_look(self._theme.color(token))

    def _show_start(self) -> None:
        line, is_running = self.model.line(), self.model.is_running
        self._start.setText(self.tr("Stop") if is_running else self.tr("Start"))
        kind = "" if is_running else "primary"
        if self._start.property("kind") != kind:
            self._start.setProperty("kind", kind)
            self._start.style().unpolish(self._start)
            self._start.style().polish(self._start)
        is_stopping = line is not None and line.is_stopping
        problem = self.model.problem
        self._start.setEnabled(not is_stopping if is_running else problem is None)
        words = self.tr("Stop sending at once (Enter).") if is_running else self.tr("Enter")
        if problem is not None and not is_running:
            words = problem.sentence()
        self._start.setToolTip(words)
        self._start.setAccessibleDescription(words)

    # ---- what was pressed -------------------------------------------------------------------

    @Slot()
    def on_start_clicked(self) -> None:
        """Start, or stop what runs."""
        if self.model.is_running:
            self.model.stop()
        else:
            self.model.start()
