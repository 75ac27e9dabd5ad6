"""The lines of a comparison as a table. GUI thread."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from zmqscope.core.decode.compare.changes import ChangeKind
from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.compare.rows import (
    COUNTED,
    MAX_VALUE_CHARS,
    CompareRow,
    from_where_they_differ,
)
from zmqscope.models.format import one_line, plain_tip

_TIP_CHARS = 400


class CompareColumn(IntEnum):
    """The columns."""

    FIELD = 0
    BEFORE = 1
    AFTER = 2
    DIFFERENCE = 3


_Index = QModelIndex | QPersistentModelIndex


class CompareTable(QAbstractTableModel):
    """Shows a comparison as it grows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[CompareRow] = []

    def show(self, comparison: Comparison | None) -> None:
        """Show another comparison, as far as it is."""
        self.beginResetModel()
        self._rows = [] if comparison is None else list(comparison.rows)
        self.endResetModel()

    def grow(self, comparison: Comparison) -> None:
        """Show what has been found since."""
        known = len(self._rows)
        for row, line in enumerate(comparison.rows[:known]):
            if line.is_frame and line != self._rows[row]:
                self._rows[row] = line
                self.dataChanged.emit(self.index(row, 0), self.index(row, 3))
        if len(comparison.rows) > known:
            self.beginInsertRows(QModelIndex(), known, len(comparison.rows) - 1)
            self._rows += comparison.rows[known:]
            self.endInsertRows()

    @property
    def rows(self) -> list[CompareRow]:
        """All lines."""
        return self._rows

    def row_of(self, key: tuple[int, str, bool]) -> int:
        """The line with this key; -1 if there is none."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    def step(self, row: int, direction: int) -> int | None:
        """The next line with a change.

        Args:
            row: The line to go on from; -1 for none.
            direction: 1 for the next, -1 for the one before.
        """
        at = row + direction if row >= 0 or direction > 0 else len(self._rows) - 1
        while 0 <= at < len(self._rows):
            line = self._rows[at]
            is_lone = line.is_frame and line.kind in (ChangeKind.ADDED, ChangeKind.REMOVED)
            if is_lone or (not line.is_frame and line.kind in COUNTED):
                return at
            at += direction
        return None

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(CompareColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_tr("Field"), _tr("Before"), _tr("After"), _tr("Change"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], CompareColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(one_line(_whole(row, column)[:_TIP_CHARS]))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = cell_text(row, column)
            if row.is_frame and column is CompareColumn.DIFFERENCE:
                return frame_words(row)
            return f"{kind_word(row.kind)} {text}" if column is CompareColumn.FIELD else text
        return None


def cell_text(row: CompareRow, column: CompareColumn, room: int = MAX_VALUE_CHARS) -> str:
    """What a cell says, harmless and in one line.

    Args:
        row: The line.
        column: Which of its cells.
        room: Characters that can be seen.
    """
    if column is CompareColumn.FIELD:
        return one_line(row.label)
    if column is CompareColumn.DIFFERENCE:
        return row.difference
    pair = row.before, row.after
    if row.kind is ChangeKind.CHANGED and not row.is_frame:
        pair = from_where_they_differ(*pair, room)
    return one_line(pair[column - CompareColumn.BEFORE])


def frame_words(row: CompareRow) -> str:
    """What became of a frame: ``3 changes``, ``equal``."""
    if row.difference == "1":
        return _tr("1 change")
    if row.difference.endswith("+"):
        return _tr("{0} changes or more").format(row.difference[:-1])
    if row.difference[:1].isdigit():
        return _tr("{0} changes").format(row.difference)
    return row.difference or _tr("comparing…")


def kind_word(kind: ChangeKind) -> str:
    """What became of a field, in a word."""
    return {
        ChangeKind.EQUAL: _tr("equal"),
        ChangeKind.CHANGED: _tr("changed"),
        ChangeKind.ADDED: _tr("added"),
        ChangeKind.REMOVED: _tr("removed"),
        ChangeKind.ORDER: _tr("in another order"),
        ChangeKind.UNREAD: _tr("not compared"),
    }[kind]


def _whole(row: CompareRow, column: CompareColumn) -> str:
    texts = {
        CompareColumn.FIELD: row.path or row.label,
        CompareColumn.BEFORE: row.before,
        CompareColumn.AFTER: row.after,
        CompareColumn.DIFFERENCE: frame_words(row) if row.is_frame else row.difference,
    }
    return texts[column]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
