"""Lines of a listing as an item model that reads no further than somebody looks. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from time import perf_counter
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from zmqscope.core.decode.decoded import Listing, ListingLine
from zmqscope.models.format import one_line, plain_tip

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_BATCH = 500
_BATCH_S = 0.008
_FIND_S = 0.05
# Also where the machine is so busy that the time is over at once: an empty view says nothing.
_AT_LEAST = 32
_MAX_LINES = 500_000
_MAX_CHARS = 300


class ListingColumn(IntEnum):
    """Columns of a listing."""

    OFFSET = 0
    TEXT = 1
    NOTE = 2


class ListingTableModel(QAbstractTableModel):
    """One row a line."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[ListingLine] = []
        self._source: Iterator[ListingLine] | None = None

    def set_listing(self, listing: Listing | None) -> None:
        """Show another listing, or none."""
        self.beginResetModel()
        self._source = None if listing is None else listing.lines()
        self._lines = self._read()
        self.endResetModel()

    def line(self, row: int) -> ListingLine:
        """One of the lines that were read."""
        return self._lines[row]

    def row_at(self, offset: int) -> int:
        """The row of the line that has a byte; -1 if none was found soon enough."""
        until_s = perf_counter() + _FIND_S
        row = 0
        while True:
            while row < len(self._lines):
                span = self._lines[row].span
                if span.start <= offset < span.stop:
                    return row
                row += 1
            if self._source is None or perf_counter() > until_s:
                return -1
            self.fetchMore(_NO_INDEX)

    def _read(self) -> list[ListingLine]:
        until_s = perf_counter() + _BATCH_S
        found: list[ListingLine] = []
        while self._source is not None and len(found) < _BATCH:
            if len(found) >= _AT_LEAST and perf_counter() > until_s:
                break
            line = next(self._source, None)
            if line is None or len(self._lines) + len(found) >= _MAX_LINES:
                self._source = None
            else:
                found.append(line)
        return found

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, _parent: _Index = _NO_INDEX) -> int:
        return len(ListingColumn)

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and self._source is not None

    def fetchMore(self, parent: _Index) -> None:
        """Read the next lines."""
        found = self._read()
        if found and not parent.isValid():
            first = len(self._lines)
            self.beginInsertRows(QModelIndex(), first, first + len(found) - 1)
            self._lines.extend(found)
            self.endInsertRows()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._words(index.row(), index.column()))
        return None

    def _words(self, row: int, column: int) -> str:
        line = self._lines[row]
        if column == ListingColumn.OFFSET:
            return f"{line.span.start:04x}"
        return one_line((line.text if column == ListingColumn.TEXT else line.note)[:_MAX_CHARS])

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_tr("Offset"), _tr("What it is"), _tr("Remark"))[section]

    def text(self) -> str:
        """All lines that were read, for the clipboard."""
        rows = range(len(self._lines))
        cells = ([self._words(row, column) for column in ListingColumn] for row in rows)
        return "\n".join("  ".join(cell for cell in line if cell) for line in cells)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ListingTable", text)
