"""A plain table in the data font whose letters are left to the inspector. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from zmqscope.ui.claimed_keys import claims
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

ROW_PX = 19
"""Height of a row."""

_MAX_COPIED_CELLS = 100_000


class DataTable(QTableView):
    """Rows of equal height; copies what is selected.

    Args:
        theme: Font.
        model: What it shows.
    """

    current_moved = Signal(QModelIndex)
    """The user made another cell current."""

    def __init__(self, theme: Theme, model: QAbstractItemModel) -> None:
        super().__init__()
        self._is_quiet = False
        self.setFont(theme.data_font(size_px=11.5))
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows = self.verticalHeader()
        # Fixed and hidden: Qt then keeps nothing for each row.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_PX)
        rows.setDefaultSectionSize(ROW_PX)
        rows.hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setResizeContentsPrecision(0)
        theme.changed.connect(self.viewport().update)

    def go_to(self, index: QModelIndex) -> None:
        """Make a cell current and bring it into sight, without saying so."""
        self._is_quiet = True
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._is_quiet = False

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._is_quiet:
            self.current_moved.emit(current)

    def copy(self) -> None:
        """Copy the selected cells, columns apart by tabs."""
        rows: dict[int, list[str]] = {}
        for index in self.selectedIndexes()[:_MAX_COPIED_CELLS]:
            rows.setdefault(index.row(), []).append(str(index.data() or ""))
        if rows:
            text = "\n".join("\t".join(rows[row]) for row in sorted(rows))
            QGuiApplication.clipboard().setText(text)

    def event(self, event: QEvent) -> bool:
        # While the keyboard is here, the key means these cells and not the messages.
        return claims(event, QKeySequence.StandardKey.Copy) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.text().isalnum() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by typing: Qt would ask for the text of every row."""
