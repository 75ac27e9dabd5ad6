"""The field for a spec as one line. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QListView, QWidget

from zmqscope.ui.sockets.data_field import DataField
from zmqscope.ui.theme import Theme

EXAMPLE_SPEC = "sub:tcp://localhost:5556,topic=EUR,name=quotes"


class SpecField(DataField):
    """The spec as one line; completes from recent ones, Down offers them all."""

    def __init__(self, theme: Theme, recent: list[str], parent: QWidget | None = None) -> None:
        super().__init__(theme, "", EXAMPLE_SPEC, parent)
        self.setAccessibleName(self.tr("Socket spec"))
        self.setToolTip(
            self.tr("TYPE:ITEM,ITEM… where an item is an address, @address to bind, or key=value")
        )
        self._recent = QCompleter(recent, self)
        self._recent.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._recent.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = QListView()
        colors = theme.palette
        popup.setStyleSheet(
            f"QListView {{ background: {colors.raised}; border: 1px solid {colors.border};"
            " padding: 3px; }"
        )
        popup.setFont(theme.data_font())
        self._recent.setPopup(popup)
        self.setCompleter(self._recent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._recent.model().rowCount():
            self._recent.setCompletionPrefix("" if not self.text() else self.text())
            self._recent.complete()
            return
        super().keyPressEvent(event)
