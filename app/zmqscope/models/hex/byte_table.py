"""The data inspector as an item model: every way to read the bytes at one place. GUI thread."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.models.format import one_line, plain_tip
from zmqscope.models.hex.byte_values import NOTHING, ByteRow, ByteValue, read_bytes

LIKELY_ROLE = Qt.ItemDataRole.UserRole + 1
"""bool: whether a value looks like something that was meant."""

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_WHOLE = FieldPath((BYTES,))


class ByteColumn(IntEnum):
    """What stands in which column."""

    NAME = 0
    LITTLE = 1
    BIG = 2


class ByteTableModel(QAbstractTableModel):
    """The same rows for every place, so that nothing jumps when the cursor moves."""

    def __init__(self) -> None:
        super().__init__()
        self._offset = 0
        self._path = _WHOLE
        self._rows: tuple[ByteRow, ...] = read_bytes(b"", 0)

    @property
    def rows(self) -> tuple[ByteRow, ...]:
        """What is read."""
        return self._rows

    @property
    def offset(self) -> int:
        """The first byte that is read."""
        return self._offset

    def set_path(self, path: FieldPath) -> None:
        """Whose bytes these are: a path of plain bytes without a span."""
        self._path = path

    def set_place(self, data: bytes, offset: int) -> None:
        """Read the bytes from an offset on."""
        self._offset, rows = offset, read_bytes(data, offset)
        if rows != self._rows:
            self._rows = rows
            last = self.index(len(rows) - 1, ByteColumn.BIG)
            self.dataChanged.emit(self.index(0, ByteColumn.LITTLE), last)

    def value(self, index: _Index) -> ByteValue:
        """What stands in a cell; that of the one order there is, where there is no other."""
        if not index.isValid():
            return NOTHING
        row = self._rows[index.row()]
        return row.big if index.column() == ByteColumn.BIG and row.big is not None else row.little

    def path(self, index: _Index) -> str:
        """The field path of a value; empty where nothing could be read."""
        value = self.value(index)
        if not value.size:
            return ""
        span = (self._offset, self._offset + value.size)
        path = self._path
        return str(FieldPath(path.source, frame=path.frame, span=span, form=value.form))

    def is_split(self, row: int) -> bool:
        """Whether a row has two byte orders."""
        return self._rows[row].big is not None

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(ByteColumn)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        value = self.value(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name if column == ByteColumn.NAME else value.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row, value, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._tip(row, value, column)
        if role == LIKELY_ROLE:
            return value.is_likely
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A name is nothing to be at: the keys go from value to value."""
        if not index.isValid() or index.column() == ByteColumn.NAME:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def _tip(self, row: ByteRow, value: ByteValue, column: int) -> str:
        if column == ByteColumn.NAME:
            return row.title
        order = ""
        if row.big is not None:
            big = column == ByteColumn.BIG
            order = self.tr(", big endian") if big else self.tr(", little endian")
        if value.size:
            return f"{one_line(value.full or value.text)}\n{row.title}{order}"
        return self.tr("nothing to be read\n{0}{1}").format(row.title, order)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("", self.tr("Little endian"), self.tr("Big endian"))[section]
