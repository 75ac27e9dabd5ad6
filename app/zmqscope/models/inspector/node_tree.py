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
from zmqscope.models.inspector.node_words import (
    name_words,
    size_words,
    spoken_words,
    type_words,
    value_words,
)

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

    __slots__ = ("children", "key", "node", "parent", "row", "source")

    def __init__(self, node: Node, parent: _Item | None, row: int) -> None:
        self.key = 0
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
        # An index carries a number and no pointer: one that somebody kept too long finds nothing.
        self._items: dict[int, _Item] = {}
        self._last_key = 0

    def set_root(self, root: Node | None) -> None:
        """Show other fields, or none."""
        self.beginResetModel()
        self._items.clear()
        self._root = None
        if root is not None:
            self._root = _Item(root, None, 0)
            self._know(self._root)
        self.endResetModel()

    def _know(self, item: _Item) -> None:
        self._last_key += 1
        item.key = self._last_key
        self._items[item.key] = item

    # ---- fields -----------------------------------------------------------------------------

    def node(self, index: _Index) -> Node | None:
        """The field behind an index."""
        item = self._item(index)
        return None if item is None else item.node

    def steps(self, index: _Index) -> tuple[Step, ...]:
        """The way from the root to a field."""
        steps: list[Step] = []
        item = self._item(index)
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
            item = self._item(parent)
            children = [] if item is None else item.children
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

    def _item(self, index: _Index) -> _Item | None:
        return self._items.get(index.internalId()) if index.isValid() else None

    # ---- Qt's questions ---------------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = _NO_INDEX) -> QModelIndex:
        if not parent.isValid():
            if self._root is None or row != 0:
                return QModelIndex()
            return self.createIndex(row, column, self._root.key)
        item = self._item(parent)
        if item is None or not 0 <= row < len(item.children):
            return QModelIndex()
        return self.createIndex(row, column, item.children[row].key)

    def parent(self, index: _Index = _NO_INDEX) -> Any:
        """The field that one belongs to."""
        item = self._item(index)
        if item is None or item.parent is None:
            return QModelIndex()
        return self.createIndex(item.parent.row, 0, item.parent.key)

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        if not parent.isValid():
            return 0 if self._root is None else 1
        item = self._item(parent)
        return 0 if item is None or parent.column() > 0 else len(item.children)

    def columnCount(self, _parent: _Index = _NO_INDEX) -> int:
        return len(NodeColumn)

    def hasChildren(self, parent: _Index = _NO_INDEX) -> bool:
        if not parent.isValid():
            return self._root is not None
        item = self._item(parent)
        if item is None or parent.column() > 0:
            return False
        return bool(item.children) or (item.source is not None and item.node.count != 0)

    def canFetchMore(self, parent: _Index) -> bool:
        item = self._item(parent)
        return item is not None and item.source is not None

    def fetchMore(self, parent: _Index) -> None:
        """Read the next batch of a field's children."""
        item = self._item(parent)
        if item is None:
            return
        first = len(item.children)
        found = item.read(BATCH, perf_counter() + BATCH_S)
        if found:
            for each in found:
                self._know(each)
            last = first + len(found) - 1
            self.beginInsertRows(self.createIndex(item.row, 0, item.key), first, last)
            item.children.extend(found)
            self.endInsertRows()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell; whole as a tooltip, all columns to a screen reader."""
        item = self._item(index)
        if item is None:
            return None
        node, column = item.node, index.column()
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
        """Names of the columns; sizes stand at the right."""
        if role == Qt.ItemDataRole.TextAlignmentRole and section == NodeColumn.SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
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
