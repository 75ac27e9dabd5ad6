"""What is said and offered where a text is not shown whole. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zmqscope.models.format import format_bytes
from zmqscope.models.inspector.frame_text import MAX_SHOWN_BYTES, FrameText
from zmqscope.ui.inspector.sentence import Sentence


class TextRest(QWidget):
    """How much is shown, and the ways to the rest; out of sight if that is all."""

    hex_clicked = Signal()
    save_clicked = Signal()
    all_clicked = Signal()
    """The rest is to be loaded."""
    begin_clicked = Signal()
    """The text is to be shown from its beginning."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = Sentence("warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addWidget(self._shown)
        row = QHBoxLayout()
        row.setContentsMargins(5, 0, 12, 0)
        row.setSpacing(2)
        hex_button = _flat(self.tr("Hex shows all"), self.tr("Show the whole frame as hex"))
        hex_button.clicked.connect(self.hex_clicked)
        save = _flat(self.tr("Save to file…"), self.tr("Write the whole frame to a file"))
        save.clicked.connect(self.save_clicked)
        self._all = _flat(self.tr("Show all"), self.tr("Load the rest of the text, too"))
        self._all.clicked.connect(self.all_clicked)
        self._begin = _flat(self.tr("Beginning"), self.tr("Show the text from its beginning"))
        self._begin.clicked.connect(self.begin_clicked)
        for button in (hex_button, save, self._all, self._begin):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    def tell(self, source: FrameText | None, *, is_loading: bool) -> None:
        """Say how much is shown.

        Args:
            source: The text; None for none.
            is_loading: Whether the rest is on its way because somebody asked for it.
        """
        if source is None or (source.at_end and source.is_from_beginning):
            self.hide()
            return
        whole = len(source.frame)
        shown, size = format_bytes(source.bytes_read - source.start), format_bytes(whole)
        is_large = whole > MAX_SHOWN_BYTES
        if is_loading:
            words = self.tr("Loading: {0} of {1} so far.").format(shown, size)
        elif source.is_from_beginning:
            words = self.tr("Showing the first {0} of {1}.").format(shown, size)
            if is_large:
                limit = format_bytes(MAX_SHOWN_BYTES)
                words += " " + self.tr("Up to {0} can be shown as text.").format(limit)
        else:
            words = self.tr("Showing {0} of {1}, from byte {2} on.")
            words = words.format(shown, size, f"{source.start:,}")
        self._shown.set_words(words)
        self._all.setVisible(not is_large and not source.at_end and not is_loading)
        self._begin.setVisible(not source.is_from_beginning)
        self.show()


def _flat(words: str, help_words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "flat")
    button.setToolTip(help_words)
    button.setAccessibleName(words)
    return button
