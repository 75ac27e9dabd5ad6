"""Decoded fields as an item model that reads no further than somebody looks. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from time import perf_counter
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from zmqscope.core.decode.field_path import Index, Step
from zmqscope.core.decode.node import Node, error_node
from zmqscope.models.format import plain_tip
from zmqscope.models.node_words import name_words, size_words, spoken_words, type_words, value_words

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()

BATCH = 500
"""Children that are read at a time."""

BATCH_S = 0.008
"""Seconds after which a batch ends early."""

MAX_CHILDREN = 100_000
"""Children of one field that are listed; a sentence says that there are more."""


class NodeColumn(IntEnum):
    """Columns of the tree."""

    NAME = 0
    VALUE = 1
    TYPE = 2
    SIZE = 3


class _Item:
    """A field in the model, with the children that were read so far."""

    __slots__ = ("children", "node", "parent", "row", "source")

    def __init__(self, node: Node, parent: _Item | None, row: int) -> None:
        self.node = node
        self.parent = parent
        self.row = row
        self.children: list[_Item] = []
        self.source: Iterator[Node] | None = None if node.children is None else node.children()

    def read(self, count: int, until_s: float) -> list[_Item]:
        """Up to so many further children, not yet in ``children``."""
        found: list[_Item] = []
        first = len(self.children)
        while self.source is not None and len(found) < count:
            at = first + len(found)
            node = next(self.source, None)
            if node is None or at >= MAX_CHILDREN:
                self.source = None
                if node is not None:
                    found.append(_Item(error_node(_more_words()), self, at))
                break
            found.append(_Item(node, self, at))
            if not at & 31 and perf_counter() > until_s:
                break
        return found


class NodeTreeModel(QAbstractItemModel):
    """One root and what is below it; four columns.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root: _Item | None = None

    def set_root(self, root: Node | None) -> None:
        """Show other fields, or none."""
        self.beginResetModel()
        self._root = None if root is None else _Item(root, None, 0)
        self.endResetModel()

    # ---- fields -----------------------------------------------------------------------------

    def node(self, index: _Index) -> Node | None:
        """The field behind an index."""
        return self._item(index).node if index.isValid() else None

    def steps(self, index: _Index) -> tuple[Step, ...]:
        """The way from the root to a field."""
        steps: list[Step] = []
        item: _Item | None = self._item(index) if index.isValid() else None
        while item is not None:
            if item.node.step is not None:
                steps.append(item.node.step)
            item = item.parent
        return tuple(reversed(steps))

    def at_rows(self, rows: Sequence[int]) -> QModelIndex:
        """The field that is reached by these row numbers below the root; read as far as needed."""
        index = self.index(0, 0)
        for row in rows:
            while self.rowCount(index) <= row and self.canFetchMore(index):
                self.fetchMore(index)
            if self.rowCount(index) <= row:
                return QModelIndex()
            index = self.index(row, 0, index)
        return index

    def at_steps(self, steps: Sequence[Step], limit_s: float = 0.02) -> tuple[QModelIndex, int]:
        """The field that is reached by these steps, or the last one on the way to it.

        Args:
            steps: From the root.
            limit_s: Seconds after which it gives up.

        Returns:
            The field, and how many steps lead to it.
        """
        until_s = perf_counter() + limit_s
        index = self.index(0, 0)
        for done, step in enumerate(steps):
            child = self._child_at(index, step, until_s)
            if child is None:
                return index, done
            index = child
        return index, len(steps)

    def _child_at(self, parent: QModelIndex, step: Step, until_s: float) -> QModelIndex | None:
        looked_at = 0
        while True:
            children = self._item(parent).children
            # An array's element is most likely where its number says.
            if (
                isinstance(step, Index)
                and step.at < len(children)
                and children[step.at].node.step == step
            ):
                return self.index(step.at, 0, parent)
            for row in range(looked_at, len(children)):
                if children[row].node.step == step:
                    return self.index(row, 0, parent)
            looked_at = len(children)
            if not self.canFetchMore(parent) or perf_counter() > until_s:
                return None
            self.fetchMore(parent)

    def _item(self, index: _Index) -> _Item:
        item = index.internalPointer()
        assert isinstance(item, _Item)
        return item

    # ---- Qt's questions ---------------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = _NO_INDEX) -> QModelIndex:
        if not parent.isValid():
            if self._root is None or row != 0:
                return QModelIndex()
            return self.createIndex(row, column, self._root)
        children = self._item(parent).children
        if not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    def parent(self, index: _Index = _NO_INDEX) -> Any:
        """The field that one belongs to."""
        item = self._item(index).parent if index.isValid() else None
        return QModelIndex() if item is None else self.createIndex(item.row, 0, item)

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        if not parent.isValid():
            return 0 if self._root is None else 1
        return 0 if parent.column() > 0 else len(self._item(parent).children)

    def columnCount(self, _parent: _Index = _NO_INDEX) -> int:
        return len(NodeColumn)

    def hasChildren(self, parent: _Index = _NO_INDEX) -> bool:
        if not parent.isValid():
            return self._root is not None
        item = self._item(parent)
        return parent.column() == 0 and bool(
            item.children or (item.source is not None and item.node.count != 0)
        )

    def canFetchMore(self, parent: _Index) -> bool:
        return parent.isValid() and self._item(parent).source is not None

    def fetchMore(self, parent: _Index) -> None:
        """Read the next batch of a field's children."""
        item = self._item(parent)
        first = len(item.children)
        found = item.read(BATCH, perf_counter() + BATCH_S)
        if found:
            self.beginInsertRows(self.createIndex(item.row, 0, item), first, first + len(found) - 1)
            item.children.extend(found)
            self.endInsertRows()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell; whole as a tooltip, all columns to a screen reader."""
        if not index.isValid():
            return None
        node, column = self._item(index).node, index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(node, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_words(node) if column == NodeColumn.NAME else _words(node, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = f"{_words(node, column)}\n{node.note}." if node.note else _words(node, column)
            return plain_tip(words)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == NodeColumn.SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_tr("Field"), _tr("Value"), _tr("Type"), _tr("Size"))[section]


def _words(node: Node, column: int) -> str:
    if column == NodeColumn.NAME:
        return name_words(node)
    if column == NodeColumn.VALUE:
        return value_words(node)
    return type_words(node) if column == NodeColumn.TYPE else size_words(node)


def _more_words() -> str:
    return _tr("The first {0} are listed here; hex has all of them.").format(f"{MAX_CHILDREN:,}")


def _tr(text: str) -> str:
    return QCoreApplication.translate("NodeTree", text)
