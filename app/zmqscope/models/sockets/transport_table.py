"""The table of types and transports as an item model. GUI thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zmqscope.core.transports import ALL
from zmqscope.models.sockets.transport_matrix import MatrixCell, cell_words, kind_words, matrix

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()


class TransportTable(QAbstractTableModel):
    """A row for each socket type, a column for each transport.

    Args:
        parent: Owner.

    Attributes:
        rows: The cells.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = matrix()

    def cell(self, index: _Index) -> MatrixCell | None:
        """The cell at an index; None if there is none."""
        return self.rows[index.row()][index.column()] if index.isValid() else None

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(ALL)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The sign, and its sentences for tooltip and screen reader."""
        cell = self.cell(index)
        if cell is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.sign
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return cell_words(cell)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Transports above, types at the left."""
        if orientation is Qt.Orientation.Horizontal:
            transport = ALL[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return transport.scheme
            return transport.meaning if role == Qt.ItemDataRole.ToolTipRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return kind_words(self.rows[section][0].kind)
        return None
