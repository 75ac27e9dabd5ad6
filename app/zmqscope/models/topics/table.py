"""The topic table as an item model over the store's topics, without an object for each topic.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import MAX_TOPIC_BYTES, OTHER_TOPICS, SECOND_NS, TopicKey
from zmqscope.core.types import RowId, SocketId, SocketSnapshot, SocketType
from zmqscope.models.format import format_clock_time, plain_tip
from zmqscope.models.messages.cells import CellWriter
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.topics.cells import (
    TEXT_COLUMNS,
    TopicCells,
    TopicColumn,
    column_help,
    column_title,
    figure_texts,
    gone_text,
    spoken_text,
    tip_text,
    topic_text,
)
from zmqscope.models.topics.find import TopicFinder
from zmqscope.models.topics.newest import newest_first_frame, newest_row
from zmqscope.models.topics.rows import TopicRows
from zmqscope.models.topics.words import OtherTopics

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
# Rates of a second are known in the next one and are zero in the one after it.
_QUIET_AFTER_NS = 3 * SECOND_NS
_ALIGN_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGN_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_WORDS: dict[int, Callable[[TopicCells, TopicColumn], str | None]] = {
    Qt.ItemDataRole.DisplayRole: lambda cells, column: cells.texts[column],
    Qt.ItemDataRole.AccessibleTextRole: spoken_text,
    Qt.ItemDataRole.ToolTipRole: lambda cells, column: (
        plain_tip(tip_text(cells, column) or "") or None
    ),
}
_ASCENDING_FIRST = (TopicColumn.TOPIC, TopicColumn.SOCKET)


class TopicTableModel(QAbstractTableModel):
    """Topics with live figures; told to look for news by ``refresh``.

    Rows change their order once a second, when the rates do. Topics that come in between stand at
    the end until then.

    Args:
        store: Where topics and messages are.
        parent: Owner.

    Attributes:
        rows: Which topics stand where.
    """

    def __init__(self, store: CaptureStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._names = CellWriter()
        self._present: frozenset[SocketId] = frozenset()
        self.rows = TopicRows(store.topics, self._name_of)
        self._column, self._descending = TopicColumn.RATE, True
        self._now_ns = 0
        self._seen = (-1, -1)
        self._quiet_from_ns = 0
        self._sorted_in = -1

    def _name_of(self, socket_id: int) -> str:
        return self._names.name(SocketId(socket_id))

    # ---- news -------------------------------------------------------------------------------

    def refresh(self, now_ns: int, *, hold: bool = False) -> bool:
        """Take in new topics and figures.

        Args:
            now_ns: The time now on the capture clock.
            hold: Leave rows where they are, because somebody is about to click one.

        Returns:
            Whether anything can have changed.
        """
        seen = (self._store.counters.total.messages, int(self._store.first_row))
        if seen != self._seen:
            self._seen, self._quiet_from_ns = seen, now_ns + _QUIET_AFTER_NS
        if now_ns >= self._quiet_from_ns:
            return False
        self._now_ns = now_ns
        self.rows.read(now_ns)
        self._take_new()
        if self.rows.second != self._sorted_in and not hold:
            self._sorted_in = self.rows.second
            self._sort_again()
        return True

    def _take_new(self) -> None:
        ids = self.rows.arrived()
        if len(ids):
            start = len(self.rows)
            self.beginInsertRows(_NO_INDEX, start, start + len(ids) - 1)
            self.rows.append(ids)
            self.endInsertRows()

    def _sort_again(self) -> None:
        ids = self.rows.sorted_ids(self._column, descending=self._descending)
        if np.array_equal(ids, self.rows.ids):
            return
        self.layoutAboutToBeChanged.emit()
        # The selected row's few indices go with their topic.
        before = self.persistentIndexList()
        topics = [int(self.rows.ids[index.row()]) for index in before]
        self.rows.ids = ids
        places = {topic: self.rows.position(topic) for topic in set(topics)}
        after = [
            self.index(places[topic], index.column())
            for topic, index in zip(topics, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def set_sockets(self, snapshots: Mapping[SocketId, SocketSnapshot]) -> bool:
        """Take in sockets' names and types; returns whether what is shown has changed."""
        present = frozenset(snapshots)
        changed = self._names.set_sockets(snapshots) or present != self._present
        self._present = present
        if changed:
            self._quiet_from_ns = self._now_ns + _QUIET_AFTER_NS
        return changed

    # ---- what is shown ----------------------------------------------------------------------

    def set_filter(self, typed: str) -> None:
        """Show only topics that contain this."""
        finder = TopicFinder(typed)
        if finder.typed == self.rows.finder.typed:
            return
        self.beginResetModel()
        self.rows.find(finder)
        self.rows.ids = self.rows.sorted_ids(self._column, descending=self._descending)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by another column, at once."""
        if 0 <= column < len(TopicColumn):
            self._column = TopicColumn(column)
            self._descending = order is Qt.SortOrder.DescendingOrder
            self._sort_again()

    def topic_at(self, position: int) -> int | None:
        """The topic id in a row."""
        return int(self.rows.ids[position]) if 0 <= position < len(self.rows) else None

    def index_of(self, topic: int | None) -> QModelIndex:
        """The index of a topic; invalid if it is not shown."""
        position = -1 if topic is None else self.rows.position(topic)
        return self.index(position, 0) if position >= 0 else QModelIndex()

    def key(self, topic: int) -> TopicKey:
        """What a topic id stands for.

        Raises:
            KeyError: It stands for no topic.
        """
        key = self._store.topics.key(topic)
        if key is None:
            raise KeyError(topic)
        return key

    def socket_type(self, socket_id: SocketId) -> SocketType | None:
        """A socket's type, if it was ever told."""
        return self._names.type(socket_id)

    def newest_row(self, topic: int) -> RowId | None:
        """The newest message of a topic; None if it is no longer in memory."""
        return newest_row(self._store, self.rows.keys, topic)

    def newest_first_frame(self, topic: int) -> bytes | None:
        """What a topic's newest message begins with; None if it is no longer in memory."""
        return newest_first_frame(self._store, self.rows.keys, topic)

    def others(self) -> OtherTopics:
        """What the table of topics had no room for."""
        figures, table = self.rows.figures, self._store.topics
        room = len(self.rows.keys.data) - self.rows.keys.bytes_used(len(table))
        return OtherTopics(
            int(figures.messages[OTHER_TOPICS]), int(figures.per_s[OTHER_TOPICS]),
            self.rows.known, table.is_full or room < MAX_TOPIC_BYTES,
        )  # fmt: skip

    # ---- rows -------------------------------------------------------------------------------

    def cells(self, start: int, stop: int) -> list[TopicCells]:
        """The texts of rows."""
        ids = self.rows.ids[max(0, start) : max(0, stop)]
        rows = self.rows.figures.last_row[ids].tolist()
        last = self._last_texts(rows)
        gone = self._store.first_row
        total = max(1, self._store.counters.total.messages)
        return [
            self._cells(topic, text, row < gone, total)
            for topic, row, text in zip(ids.tolist(), rows, last, strict=True)
        ]

    def _cells(self, topic: int, last: str, is_gone: bool, total: int) -> TopicCells:
        figures, key = self.rows.figures, self.key(topic)
        per_s, messages = int(figures.per_s[topic]), int(figures.messages[topic])
        share = min(1.0, messages / total)
        texts = (
            topic_text(key.name, key.direction, self._names.type(key.socket_id)),
            self._names.name(key.socket_id),
            *figure_texts(per_s, messages, int(figures.bytes[topic]), share, last),
        )
        is_orphan = key.socket_id not in self._present
        return TopicCells(topic, key, texts, share, not per_s, is_gone, is_orphan)

    def _last_texts(self, rows: list[int]) -> list[str]:
        first, end = self._store.first_row, self._store.end_row
        result = []
        for row, view in zip(rows, self._store.row_views(rows, 0, 0), strict=True):
            if view is not None:
                result.append(format_clock_time(view.time_ns, 0))
            elif row < 0:
                result.append(NOTHING)
            elif row >= end:
                # Counted a moment before it can be read: it has just come.
                result.append(format_clock_time(self._now_ns, 0))
            else:
                result.append(gone_text() if row < first else NOTHING)
        return result

    # ---- Qt's item model --------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(TopicColumn)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for whoever asks cell by cell; the view paints from ``cells``."""
        if not index.isValid():
            return None
        column = TopicColumn(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        words = _WORDS.get(role)
        if words is None:
            return None
        cells = next(iter(self.cells(index.row(), index.row() + 1)), None)
        return None if cells is None else words(cells, column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles; rows have no header."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TopicColumn):
            return None
        column = TopicColumn(section)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column_title(column)
            case Qt.ItemDataRole.ToolTipRole:
                return column_help(column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.InitialSortOrderRole:
                ascending = column in _ASCENDING_FIRST
                order = Qt.SortOrder.AscendingOrder if ascending else Qt.SortOrder.DescendingOrder
                return order.value
        return None


def _alignment(column: TopicColumn) -> int:
    return _ALIGN_LEFT if column in TEXT_COLUMNS else _ALIGN_RIGHT
