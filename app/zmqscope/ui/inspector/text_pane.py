"""A frame's text, with what must be said where not all of it is shown as it is. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zmqscope.models.format import format_bytes
from zmqscope.models.frame_text import MAX_SHOWN_BYTES, FrameText
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.inspector.text_view import FrameTextView
from zmqscope.ui.theme import Theme


class TextPane(QWidget):
    """Text, laid out as JSON on wish.

    Args:
        theme: Colours and fonts.

    Attributes:
        text: Where it is shown.
    """

    hex_requested = Signal()
    save_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._source: FrameText | None = None
        self._size = 0
        self.text = FrameTextView(theme)
        self._notes = Sentence("muted")
        self._rest = self._make_rest()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addWidget(self._notes)
        column.addWidget(self._rest)
        self.text.grown.connect(self.on_text_grown)
        self.setFocusProxy(self.text)

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

    def set_source(self, source: FrameText | None, *, is_json: bool) -> None:
        """Show another text from its beginning, or none."""
        self._source = source
        if source is None:
            self._size = 0
            self.text.clear_text()
        else:
            self._size = len(source.frame)
            self.text.set_text(source, is_json=is_json)
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
            self._notes.set_words("")
            self._rest.hide()
            return
        self._notes.set_words("\n".join(source.notes()))
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


def _flat(words: str, help_words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "flat")
    button.setToolTip(help_words)
    button.setAccessibleName(words)
    return button
