"""A table model over rows with keys, changed by difference: nothing is reset, nothing jumps.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zmqscope.models.format import plain_tip

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_ALIGN_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGN_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class TableColumn(NamedTuple):
    """One column.

    Attributes:
        title: What the header says.
        help: What it shows, in a sentence.
        is_figure: Set from the right, and sorted from the largest at first.
    """

    title: str
    help: str
    is_figure: bool = False


class TableCells(NamedTuple):
    """A row as it is painted.

    Attributes:
        texts: One text for each column.
        tokens: The theme token of each text.
        mark: The theme token of the dot in front of the row; empty for none.
    """

    texts: tuple[str, ...]
    tokens: tuple[str, ...]
    mark: str = ""


class KeyedTableModel(QAbstractTableModel):
    """Rows with keys; subclasses say what stands in them.

    Args:
        columns: The columns, in their first order.
        parent: Owner.
    """

    def __init__(self, columns: Sequence[TableColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._keys: list[Hashable] = []
        self._places: dict[Hashable, int] | None = None
        self._column, self._descending = -1, False

    # ---- what subclasses say ----------------------------------------------------------------

    def cells(self, start: int, stop: int) -> list[TableCells]:
        """The texts of rows."""
        raise NotImplementedError

    def tip(self, row: int, column: int) -> str:
        """What a cell says when the mouse rests on it; empty for nothing."""
        raise NotImplementedError

    def sorted_keys(self) -> list[Hashable]:
        """All rows that are to be shown, in the order of the chosen column."""
        raise NotImplementedError

    # ---- rows -------------------------------------------------------------------------------

    @property
    def keys(self) -> list[Hashable]:
        """The rows from the top down."""
        return self._keys

    @property
    def sorted_by(self) -> tuple[int, bool]:
        """The column that rows are sorted by, -1 for none, and whether it is descending."""
        return self._column, self._descending

    def key_at(self, row: int) -> Hashable | None:
        """The key of a row; None if there is no such row."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def index_of(self, key: Hashable | None) -> QModelIndex:
        """The first index of a row; invalid if it is not shown."""
        if self._places is None:
            self._places = {key: row for row, key in enumerate(self._keys)}
        row = -1 if key is None else self._places.get(key, -1)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    def show_keys(self, keys: list[Hashable]) -> bool:
        """Show these rows, by four signals at most however many come and go.

        Those that go move to the end first, those that come are put there and then sorted in.

        Returns:
            Whether anything changed.
        """
        if keys == self._keys:
            return False
        wanted, before = set(keys), set(self._keys)
        gone = [key for key in self._keys if key not in wanted]
        if gone:
            stay = [key for key in self._keys if key in wanted]
            self._permute(stay + gone)
            self.beginRemoveRows(_NO_INDEX, len(stay), len(stay) + len(gone) - 1)
            self._set(stay)
            self.endRemoveRows()
        came = [key for key in keys if key not in before]
        if came:
            end = len(self._keys)
            self.beginInsertRows(_NO_INDEX, end, end + len(came) - 1)
            self._set(self._keys + came)
            self.endInsertRows()
        self._permute(keys)
        return True

    def _set(self, keys: list[Hashable]) -> None:
        self._keys, self._places = keys, None

    def _permute(self, keys: list[Hashable]) -> None:
        if keys == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        # The selected rows' few indexes go with their keys.
        before = self.persistentIndexList()
        moved = [(self._keys[index.row()], index.column()) for index in before]
        self._set(keys)
        after = [self.index(self.index_of(key).row(), column) for key, column in moved]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by another column, at once."""
        if column < len(self.columns):
            self._column, self._descending = column, order is Qt.SortOrder.DescendingOrder
            self.show_keys(self.sorted_keys())

    # ---- Qt's item model --------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for whoever asks cell by cell; the view paints from ``cells``."""
        if not index.isValid() or index.row() >= len(self._keys):
            return None
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.cells(row, row + 1)[0].texts[column]
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self.tip(row, column)) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                text = self.cells(row, row + 1)[0].texts[column]
                return f"{self.columns[column].title}: {text}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN_RIGHT if self.columns[column].is_figure else _ALIGN_LEFT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Column titles; rows have no header."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return column.help
            case Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN_RIGHT if column.is_figure else _ALIGN_LEFT
            case Qt.ItemDataRole.InitialSortOrderRole:
                order = (
                    Qt.SortOrder.DescendingOrder
                    if column.is_figure
                    else Qt.SortOrder.AscendingOrder
                )
                return order.value
        return None
