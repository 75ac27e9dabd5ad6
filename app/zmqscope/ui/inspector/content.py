"""One frame as text, JSON or hex, with everything the reader must know about it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.format import format_bytes
from zmqscope.models.frame_text import (
    MAX_SHOWN_BYTES,
    FrameForm,
    FrameReading,
    FrameText,
)
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.inspector.text_view import FrameTextView
from zmqscope.ui.theme import Theme


class FrameContent(QWidget):
    """Shows a frame; says so wherever it does not show all of it or not as it is.

    Args:
        theme: Colours and fonts.

    Attributes:
        text: Where text and JSON are shown.
        hex: Where hex is shown.
    """

    hex_requested = Signal()
    save_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._source: FrameText | None = None
        self._size = 0
        self.text = FrameTextView(theme)
        self.hex = HexView(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.text)
        self._stack.addWidget(self.hex)
        self._problem = Sentence("problem")
        self._notes = Sentence("muted")
        self._rest = self._make_rest()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._problem)
        column.addWidget(self._stack, 1)
        column.addWidget(self._notes)
        column.addWidget(self._rest)
        self.text.grown.connect(self.on_text_grown)

    def _make_rest(self) -> QWidget:
        """What is said and offered where text is not shown whole."""
        rest = QWidget()
        self._shown = Sentence("warning")
        column = QVBoxLayout(rest)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addWidget(self._shown)
        row = QHBoxLayout()
        row.setContentsMargins(5, 0, 12, 0)
        row.setSpacing(2)
        hex_button = _flat(self.tr("Hex shows all"), self.tr("Show the whole frame as hex"))
        hex_button.clicked.connect(self.hex_requested)
        save = _flat(self.tr("Save to file…"), self.tr("Write the whole frame to a file"))
        save.clicked.connect(self.save_requested)
        self._all = _flat(self.tr("Show all"), self.tr("Load the rest of the text, too"))
        self._all.clicked.connect(self.on_all_clicked)
        for button in (hex_button, save, self._all):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return rest

    # ---- what is shown ----------------------------------------------------------------------

    def show_frame(self, reading: FrameReading, form: FrameForm) -> None:
        """Show a frame from its beginning."""
        self._size = len(reading.frame)
        problem = reading.json_problem if form is FrameForm.JSON else ""
        self._problem.set_words(problem)
        if form is FrameForm.HEX:
            self._source = None
            self.text.clear_text()
            self.hex.set_frame(reading.frame)
            self._stack.setCurrentWidget(self.hex)
        else:
            self._source = reading.text(form)
            self.hex.set_frame(b"")
            self.text.set_text(self._source, is_json=form is FrameForm.JSON and not problem)
            self._stack.setCurrentWidget(self.text)
        self._update_words()

    def show_nothing(self) -> None:
        """Let go of the frame."""
        self._source = None
        self.text.clear_text()
        self.hex.set_frame(b"")
        self._problem.set_words("")
        self._update_words()

    @Slot()
    def on_text_grown(self) -> None:
        """More of the text is there."""
        self._update_words()

    @Slot()
    def on_all_clicked(self) -> None:
        """Load the rest of the text."""
        self.text.show_all()
        self._update_words()

    def _update_words(self) -> None:
        source = self._source
        if source is None:
            self._notes.set_words("" if self._size else self._empty_words())
            self._rest.hide()
            return
        notes = source.notes()
        if not source.frame:
            notes.append(self._empty_words())
        self._notes.set_words("\n".join(notes))
        self._rest.setVisible(not source.at_end)
        if not source.at_end:
            self._show_rest(source)

    def _show_rest(self, source: FrameText) -> None:
        shown, size = format_bytes(source.bytes_read), format_bytes(self._size)
        words = self.tr("Showing the first {0} of {1}.").format(shown, size)
        can_show_all = self._size <= MAX_SHOWN_BYTES
        if self.text.is_loading:
            words = self.tr("Loading: {0} of {1} so far.").format(shown, size)
        elif not can_show_all:
            limit = format_bytes(MAX_SHOWN_BYTES)
            words += " " + self.tr("Up to {0} can be shown as text.").format(limit)
        self._shown.set_words(words)
        self._all.setVisible(can_show_all and not self.text.is_loading)

    def _empty_words(self) -> str:
        return self.tr("This frame is empty: it has no bytes.")


class Sentence(QLabel):
    """Plain words that wrap; no room while there are none."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(12, 4, 12, 4)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def set_words(self, words: str) -> None:
        """Say something, or nothing."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
        self.setVisible(bool(words))


def _flat(words: str, help_words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "flat")
    button.setToolTip(help_words)
    button.setAccessibleName(words)
    return button
