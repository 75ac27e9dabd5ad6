"""Where the encoding of text is chosen or typed. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.encodings import ENCODINGS, known_encoding
from zmqscope.models.format import one_line


class EncodingField(QComboBox):
    """The encodings that are met with, and room for the name of any other."""

    chosen = Signal(str)
    """The name of an encoding; empty for the one that the text seems to be in."""
    refused = Signal(str)
    """Why what was typed is none, a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.addItem(self.tr("as it looks"), "")
        for each in ENCODINGS:
            self.addItem(each.title, each.name)
        self.activated.connect(self.on_entered)
        line = self.lineEdit()
        if line is not None:
            line.editingFinished.connect(self.on_entered)

    def set_encoding(self, name: str) -> None:
        """Show an encoding, unless the user is typing one."""
        at = self.findData(name)
        if at >= 0:
            self.setCurrentIndex(at)
        elif not self.hasFocus():
            self.setEditText(name)

    @Slot()
    def on_entered(self) -> None:
        """Another encoding was chosen or typed."""
        text = self.currentText().strip()
        at = self.findText(text)
        try:
            name = str(self.itemData(at)) if at >= 0 else known_encoding(text)
        except DecodeError as error:
            self.refused.emit(one_line(error.text))
            return
        self.chosen.emit(name)
