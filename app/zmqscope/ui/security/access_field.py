"""Chooses the access list that a server goes by. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.security.lock import DEFAULT_ACCESS
from zmqscope.models.format import one_line
from zmqscope.models.security.access_edit import list_named, list_words
from zmqscope.ui.security.access_dialog import AccessDialog
from zmqscope.ui.sockets.labels import NoteLabel
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.ui.security.desk import SecurityDesk


class AccessField(QWidget):
    """The names of the lists, what the chosen one amounts to, and a way to change it.

    Args:
        theme: Colours and fonts.
        desk: Knows the lists and opens their dialog.
    """

    changed = Signal()
    """Another list was chosen."""

    def __init__(self, theme: Theme, desk: SecurityDesk) -> None:
        super().__init__()
        self._theme = theme
        self._desk = desk
        self._combo = QComboBox()
        self._combo.setFont(theme.data_font())
        self._combo.setAccessibleName(self.tr("Access list"))
        self._combo.setToolTip(self.tr("The list that says who may come in"))
        self._edit = QPushButton(self.tr("Edit…"))
        self._edit.setAutoDefault(False)
        self._edit.setToolTip(self.tr("Say who may come in"))
        self._edit.setAccessibleName(self.tr("Edit the access list"))
        self._note = NoteLabel()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._combo, 1)
        line.addWidget(self._edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._note)
        # The label's mnemonic leads here.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._combo)
        self._fill("")
        self._combo.currentIndexChanged.connect(self.on_combo_changed)
        self._edit.clicked.connect(self.on_edit_clicked)
        desk.access_changed.connect(self.on_desk_access_changed)

    @property
    def name(self) -> str:
        """The list's name; empty for the default one."""
        name: str = self._combo.currentData()
        return name

    def set_name(self, name: str) -> None:
        """Show a list; ``changed`` is not emitted."""
        if name != self.name:
            self._fill(name)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should visit, in order."""
        return [self._combo, self._edit]

    def _fill(self, chosen: str) -> None:
        combo = self._combo
        blocked = combo.blockSignals(True)
        combo.clear()
        names = [access.name for access in self._desk.access.lists()]
        others = [name for name in names if name != DEFAULT_ACCESS]
        if chosen not in ("", DEFAULT_ACCESS) and chosen not in others:
            others.append(chosen)
        combo.addItem(DEFAULT_ACCESS, "")
        for name in others:
            combo.addItem(one_line(name), name)
        # “access=default” and nothing are the same list, but not the same spec.
        if chosen == DEFAULT_ACCESS:
            combo.setItemData(0, DEFAULT_ACCESS)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.blockSignals(blocked)
        self._show_words()

    def _show_words(self) -> None:
        access = list_named(self._desk.access.lists(), self.name or DEFAULT_ACCESS)
        words = list_words(access)
        self._note.set_note(f"{words[:1].upper()}{words[1:]}.")

    @Slot()
    def on_combo_changed(self) -> None:
        """Another one."""
        self._show_words()
        self.changed.emit()

    @Slot()
    def on_edit_clicked(self) -> None:
        """Open the dialog on this list."""
        AccessDialog(self._theme, self._desk, self.name or DEFAULT_ACCESS, self).open()

    @Slot()
    def on_desk_access_changed(self) -> None:
        """The lists are others."""
        self._fill(self.name)
