"""An array of numbers as an item model of any size; nothing is copied. GUI thread."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from zmqscope.core.decode.decoded import Numbers
from zmqscope.core.decode.dtypes import known_dtype

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()

MAX_COLUMNS = 1_000
"""Columns that are shown of a row."""

_LONG = 2_000
_LONG_COLUMNS = 8
_MAX_ROWS = 100_000_000


class NumberTableModel(QAbstractTableModel):
    """Column 0 is where a row begins, the others are its numbers.

    An array of one dimension is one column of numbers, or eight if it is long; of more dimensions
    the last one runs along the rows.
    """

    def __init__(self) -> None:
        super().__init__()
        self._array: np.ndarray[Any, Any] = np.empty(0)
        self._shape: tuple[int, ...] = (0,)
        self._columns = 1
        self._skip = 0

    def set_numbers(self, numbers: Numbers | None, data: bytes) -> None:
        """Show other numbers, or none."""
        self.beginResetModel()
        if numbers is None:
            self._array, self._shape, self._columns = np.empty(0), (0,), 1
        else:
            self._array = array_of(numbers, data)
            self._shape = numbers.shape
            self._skip = numbers.skip
            one = len(numbers.shape) == 1
            row = _LONG_COLUMNS if self._array.size > _LONG else 1
            self._columns = row if one else max(1, numbers.shape[-1])
        self.endResetModel()

    @property
    def array(self) -> np.ndarray[Any, Any]:
        """All numbers, in one dimension."""
        return self._array

    @property
    def is_wide(self) -> bool:
        """Whether rows have more numbers than are shown."""
        return self._columns > MAX_COLUMNS

    # ---- bytes ------------------------------------------------------------------------------

    def byte_span(self, index: _Index) -> tuple[int, int]:
        """The bytes of a number; of all of a row for its first column."""
        size = self._array.itemsize
        at = index.row() * self._columns
        count = self._columns
        if index.column() > 0:
            at, count = at + index.column() - 1, 1
        start = self._skip + at * size
        return start, min(start + count * size, self._skip + self._array.size * size)

    def index_at(self, offset: int) -> QModelIndex:
        """The number that has a byte."""
        at = (offset - self._skip) // max(1, self._array.itemsize)
        if not 0 <= at < self._array.size:
            return QModelIndex()
        row, column = divmod(at, self._columns)
        return self.index(row, min(column, MAX_COLUMNS - 1) + 1)

    # ---- Qt's questions ---------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        if parent.isValid():
            return 0
        return min(_MAX_ROWS, -(-self._array.size // self._columns))

    def columnCount(self, _parent: _Index = _NO_INDEX) -> int:
        return 1 + min(self._columns, MAX_COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A number as its type writes it, or where its row begins."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._place(row) if column == 0 else self._number(row, column - 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if column == 0:
                return self._place(row)
            return f"[{row * self._columns + column - 1}] {self._number(row, column - 1)}"
        return None

    def _number(self, row: int, column: int) -> str:
        at = row * self._columns + column
        return number_words(self._array[at]) if at < self._array.size else ""

    def _place(self, row: int) -> str:
        if len(self._shape) == 1:
            return f"[{row * self._columns:,}]"
        places: list[int] = []
        for side in reversed(self._shape[:-1]):
            row, place = divmod(row, max(1, side))
            places.append(place)
        return f"[{', '.join(map(str, reversed(places)))}]"

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Which number of its row a column is."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return QCoreApplication.translate("NumberTable", "from")
        return str(section - 1) if self._columns > 1 else _value_word()


def array_of(numbers: Numbers, data: bytes) -> np.ndarray[Any, Any]:
    """The numbers in one dimension, as they stand in the bytes."""
    count = 1
    for side in numbers.shape:
        count *= side
    _name, dtype = known_dtype(numbers.dtype)
    return np.frombuffer(data, dtype, count, numbers.skip)


def number_words(number: Any) -> str:
    """A number in as few digits as tell it from its neighbours."""
    return str(number)


def _value_word() -> str:
    return QCoreApplication.translate("NumberTable", "value")
