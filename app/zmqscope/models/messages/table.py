"""The message table as an item model over the capture store, without memory for each row.

GUI thread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.types import SocketId, SocketSnapshot
from zmqscope.models.messages.cells import (
    CellWriter,
    Column,
    RowCells,
    TimeMode,
    column_name,
    column_title,
    direction_words,
)
from zmqscope.models.messages.row_choice import RowChoice
from zmqscope.models.messages.row_reader import RowReader
from zmqscope.models.messages.search_hits import SearchHits
from zmqscope.models.messages.shown_rows import ShownRows

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_FIND_BUDGET_S = 0.02
_RIGHT = (Column.NUMBER, Column.FRAMES, Column.SIZE)
_ALIGN_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGN_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_ALIGN_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


class MessageTableModel(QAbstractTableModel):
    """Rows of the store; told to look for news by ``gone``, ``drop`` and ``take_new``.

    Args:
        store: Where the rows are.
        kernels: For searches; see ``SearchJob``.
        parent: Owner.
        reader: Tells what messages mean.

    Attributes:
        rows: Which rows stand where.
        hits: Which rows a search has found.
        writer: Makes their texts.
    """

    def __init__(
        self,
        store: CaptureStore,
        kernels: KernelSet,
        parent: QObject | None = None,
        reader: RowReader | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._choice = RowChoice()
        self.hits = SearchHits(store, kernels, self)
        self.rows = ShownRows(store, self.hits)
        self.writer = CellWriter(reader)
        self._last: tuple[int, RowCells | None] | None = None

    # ---- news -------------------------------------------------------------------------------

    def gone(self) -> int:
        """How many rows at the head are no longer in memory."""
        return self.rows.gone()

    def drop(self, count: int) -> None:
        """Take rows off the head."""
        if not count:
            return
        self.beginRemoveRows(_NO_INDEX, 0, count - 1)
        self.rows.drop(count)
        self._last = None
        self.endRemoveRows()

    def take_older(self) -> int:
        """Show what a search has found before what is shown; returns how many rows that is."""
        count = self.rows.arrived_before()
        if count:
            self.beginInsertRows(_NO_INDEX, 0, count - 1)
            self.rows.publish_before(count)
            self._last = None
            self.endInsertRows()
        return count

    def take_new(self) -> int:
        """Show what has come, up to a bound in time; returns how many rows that is."""
        count = self.rows.arrived(_FIND_BUDGET_S)
        if not count:
            return 0
        start = len(self.rows)
        self.beginInsertRows(_NO_INDEX, start, start + count - 1)
        self.rows.publish(count)
        self.endInsertRows()
        if self.writer.base_ns is None:
            self.writer.base_ns = next(
                (view.time_ns for view in self.rows.views(0, 1) if view is not None), None
            )
        return count

    @property
    def choice(self) -> RowChoice:
        """Which rows are shown."""
        return self._choice

    def choose(self, choice: RowChoice, *, again: bool = False) -> bool:
        """Show and search for something else.

        Args:
            choice: Which rows.
            again: Begin the search anew even if it is for the same.

        Returns:
            Whether the table begins anew; rows then come with ``take_older`` and ``take_new``.
        """
        before, self._choice = self._choice, choice
        new_search = again or not choice.same_search(before)
        new_rows = not choice.same_rows(before) or (again and choice.shows_hits_alone)
        if new_rows:
            self.beginResetModel()
        if new_search:
            self._search(choice)
        if new_rows:
            self.rows.choose(choice)
            self._last = None
            self.endResetModel()
        return new_rows

    def _search(self, choice: RowChoice) -> None:
        if choice.query.matches_all:
            self.hits.stop()
        else:
            self.hits.start(choice.search_query(), choice.hidden_from, self.rows.stop)

    def set_sockets(self, snapshots: Mapping[SocketId, SocketSnapshot]) -> bool:
        """Take in sockets' names and types; returns whether texts have changed."""
        changed = self.writer.set_sockets(snapshots)
        if changed:
            self._last = None
        return changed

    def reread(self) -> None:
        """Find out anew what messages mean."""
        self.writer.reader.forget()
        self._last = None

    def set_time_mode(self, mode: TimeMode) -> None:
        """Count time from somewhere else."""
        self.writer.time_mode = mode
        self._last = None
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.TIME, Column.TIME)

    def restart_time(self) -> None:
        """Count relative time from the next message."""
        self.writer.base_ns = None

    # ---- rows -------------------------------------------------------------------------------

    def cells(self, start: int, stop: int, budget_s: float = math.inf) -> list[RowCells | None]:
        """The texts of rows; None for those that have just gone from memory.

        Args:
            start: Position of the first.
            stop: One past the last.
            budget_s: For how long to find out what messages mean; see ``RowReader``.
        """
        self.writer.reader.begin_refresh(budget_s)
        start, stop = max(0, start), min(stop, len(self.rows))
        if start >= stop:
            return []
        # Gaps need the row above the first one, too.
        above = 1 if start and self.writer.time_mode is TimeMode.GAP else 0
        before_ns: int | None = None
        result: list[RowCells | None] = []
        for view in self.rows.views(start - above, stop):
            if view is None:
                result.append(None)
                continue
            result.append(self.writer.cells(view, before_ns))
            before_ns = view.time_ns
        return result[above:]

    def row_id(self, position: int) -> int | None:
        """The row id at a position."""
        return next(iter(self.rows.row_ids(position, position + 1)), None)

    def index_of(self, row: int) -> QModelIndex:
        """The index of a row id; invalid if it is not shown."""
        position = self.rows.position(row)
        if self.row_id(position) != row:
            return QModelIndex()
        return self.index(position, 0)

    # ---- Qt's item model --------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for whoever asks cell by cell; the view paints from ``cells``."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        cells = self._cells_at(index.row())
        if cells is None:
            return ""
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == Column.DIRECTION:
            return direction_words(cells.direction)
        return cells.texts[index.column()]

    def _cells_at(self, position: int) -> RowCells | None:
        # Screen readers ask for one row's cells one after the other.
        if self._last is None or self._last[0] != position:
            self._last = (position, next(iter(self.cells(position, position + 1)), None))
        return self._last[1]

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles; rows have no header."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_title(Column(section), self.writer.time_mode)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column_name(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None


def _alignment(column: int) -> int:
    if column == Column.DIRECTION:
        return _ALIGN_CENTRE
    return _ALIGN_RIGHT if column in _RIGHT else _ALIGN_LEFT
