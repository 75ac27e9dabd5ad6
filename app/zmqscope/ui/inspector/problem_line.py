"""Why a frame is not shown as it might be, and the ways out. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from zmqscope.ui.inspector.sentence import Sentence


class ProblemLine(QWidget):
    """A sentence with at most one button behind it; no room while there is none."""

    byte_wanted = Signal(int)
    """The byte where reading failed is to be shown."""
    reveal_clicked = Signal()
    """The frame is to be shown although it may be a password."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._words = Sentence("problem")
        self._go = QPushButton()
        self._go.setProperty("kind", "flat")
        self._go.setToolTip(self.tr("Select the byte where reading failed"))
        self._go.clicked.connect(self.on_go_clicked)
        self._reveal = QPushButton(self.tr("Show it"))
        self._reveal.setObjectName("reveal")
        self._reveal.setProperty("kind", "flat")
        self._reveal.setAccessibleName(self.tr("Show the frame although it may be a password"))
        self._reveal.setToolTip(self._reveal.accessibleName())
        self._reveal.clicked.connect(self.reveal_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        row.addWidget(self._go)
        row.addWidget(self._reveal)
        self.say("")

    def say(self, words: str, at: int | None = None) -> None:
        """Say why, or nothing.

        Args:
            words: A sentence.
            at: The byte where reading failed; None if it is not known.
        """
        self._words.set_words(words)
        self._reveal.hide()
        self._go.setVisible(at is not None)
        if at is not None:
            self._at = at
            button = self.tr("Show byte {0}").format(f"{at:,}")
            self._go.setText(button)
            self._go.setAccessibleName(button)
        self.setVisible(bool(words) or at is not None)

    def say_hidden(self) -> None:
        """Say that the frame may be a password, and how to see it all the same."""
        self.say(self.tr("Somebody typed this: it may be a password. Not shown."))
        self._reveal.show()

    @Slot()
    def on_go_clicked(self) -> None:
        """The byte is wanted."""
        self.byte_wanted.emit(self._at)
