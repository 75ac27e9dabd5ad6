"""A list of entries in columns, removed by button or Delete. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from zmqscope.models.format import plain_tip
from zmqscope.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        key: What it stands for.
        texts: One for each column.
        help: Its tooltip.
    """

    key: object
    texts: tuple[str, ...]
    help: str = ""


class EntryList(QTreeWidget):
    """Entries as lines of columns; one is current.

    Args:
        theme: Fonts.
        name: What they are, for screen readers.
        columns: Titles; the last one takes the room that is left.
        data_columns: Those that are set in the data font.
        parent: Owner.
    """

    current_changed = Signal()
    """Another one is current, or none."""
    remove_asked = Signal()
    """Delete was pressed."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        columns: Sequence[str],
        data_columns: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data_columns = tuple(data_columns)
        # Beside Qt, which changes a text that is none: a name may be any bytes.
        self._keys: list[object] = []
        self.setAccessibleName(name)
        self.setHeaderLabels(list(columns))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # As tall as the rows of the docks, and in line with the titles.
        self.setStyleSheet("QTreeView::item { padding: 4px 5px; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        for column in range(len(columns) - 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.currentItemChanged.connect(self.on_current_item_changed)

    def set_entries(self, entries: Sequence[Entry], current: object = None) -> None:
        """Show these; the one that was current stays so, if it is there.

        Args:
            entries: All of them.
            current: The key of the one that is to be current; None keeps the present one.
        """
        wanted = current if current is not None else self.current_key
        row = max(0, self.currentIndex().row())
        blocked = self.blockSignals(True)
        self.clear()
        for entry in entries:
            self.addTopLevelItem(self._make_item(entry))
        keys = self._keys = [entry.key for entry in entries]
        if keys:
            row = keys.index(wanted) if wanted in keys else min(row, len(keys) - 1)
            self.setCurrentIndex(self.model().index(row, 0))
        self.blockSignals(blocked)
        self.current_changed.emit()

    def _make_item(self, entry: Entry) -> QTreeWidgetItem:
        item = QTreeWidgetItem(list(entry.texts))
        for column, text in enumerate(entry.texts):
            item.setToolTip(column, plain_tip(entry.help or text))
        for column in self._data_columns:
            item.setFont(column, self._theme.data_font())
        return item

    @property
    def current_key(self) -> object:
        """The key of the current one; None if there is none."""
        row = self.currentIndex().row()
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def keys(self) -> list[object]:
        """The keys of all, in order."""
        return list(self._keys)

    @Slot()
    def on_current_item_changed(self) -> None:
        """Pass it on."""
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentItem():
            self.remove_asked.emit()
            return
        super().keyPressEvent(event)
