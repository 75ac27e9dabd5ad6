"""Chooses what becomes of peers that are not on an access list. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from zmqscope.core.security.access import AccessMode
from zmqscope.models.security.access_edit import mode_title, mode_words
from zmqscope.ui.sockets.labels import NoteLabel

_MODES = tuple(AccessMode)


class ModeChoice(QWidget):
    """A radio button and a sentence for each mode."""

    mode_chosen = Signal(object)
    """AccessMode, by a person."""

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, mode in enumerate(_MODES):
            button = QRadioButton(mode_title(mode))
            button.setToolTip(mode_words(mode))
            button.setAccessibleName(f"{mode_title(mode)}: {mode_words(mode)}")
            self._group.addButton(button, row)
            grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
            words = NoteLabel(mode_words(mode))
            words.setContentsMargins(0, 3, 0, 0)
            grid.addWidget(words, row, 1)
        self._group.idClicked.connect(self.on_group_id_clicked)

    def show_mode(self, mode: AccessMode) -> None:
        """Show a mode."""
        self._group.button(_MODES.index(mode)).setChecked(True)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order; it reaches the chosen one, arrows the others."""
        return list(self._group.buttons())

    @Slot(int)
    def on_group_id_clicked(self, number: int) -> None:
        """Pass it on."""
        self.mode_chosen.emit(_MODES[number])
