"""How wide the columns of the field tree are: shared out, or as the user sets them. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTreeView

from zmqscope.models.inspector.node_tree import NodeColumn
from zmqscope.ui.inspector.tree_delegate import PADDING_PX, ROW_PX
from zmqscope.ui.settings import Settings

_KEY = "inspector.tree-columns"
_HEADER_PX = 20
_LEAST_PX = 36
_MOST_PX = 2_000
_NAME_PX, _MAX_NAME_PX = 116, 280
_TYPE_PX, _MAX_TYPE_PX = 76, 150
_SIZE_PX = 60
_NARROW_PX = 370
_MAX_FIT_CHARS = 300
_FIT_PERCENT = 42
_SIDE = (NodeColumn.NAME, NodeColumn.TYPE, NodeColumn.SIZE)


class TreeColumns(QObject):
    """Name, type and size have widths; the value has what is left, so that nothing is cut off.

    A border that is dragged moves alone: what one column gains, the one behind it loses.

    Args:
        tree: The tree.
        metrics: Of its font.
        settings: Remembers what the user set; None forgets.
    """

    def __init__(self, tree: QTreeView, metrics: QFontMetrics, settings: Settings | None) -> None:
        super().__init__(tree)
        self._tree = tree
        self._metrics = metrics
        self._settings = settings
        self._by_hand: dict[int, int] = _read("" if settings is None else settings.get_text(_KEY))
        self._is_placing = False
        header = self._header = tree.header()
        header.setFixedHeight(_HEADER_PX)
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(_LEAST_PX)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setAccessibleName(self.tr("Columns of the fields"))
        header.setToolTip(self.tr("Drag a border to size a column; double-click it to fit"))
        header.sectionResized.connect(self.on_section_resized)
        header.sectionHandleDoubleClicked.connect(self.on_handle_double_clicked)

    def share_out(self) -> None:
        """Share the room out anew; what the user has set stays as it is, while there is room."""
        width = self._tree.viewport().width()
        is_narrow = width < _NARROW_PX and NodeColumn.TYPE not in self._by_hand
        self._is_placing = True
        self._tree.setColumnHidden(NodeColumn.TYPE, is_narrow)
        usual = {
            NodeColumn.NAME: _between(width * (38 if is_narrow else 30), _NAME_PX, _MAX_NAME_PX),
            NodeColumn.TYPE: _between(width * 24, _TYPE_PX, _MAX_TYPE_PX),
            NodeColumn.SIZE: _SIZE_PX,
        }
        shown = [column for column in _SIDE if not self._tree.isColumnHidden(column)]
        widths = {column: self._by_hand.get(column, usual[column]) for column in shown}
        # In a narrower panel the widest give way, until the value can be seen.
        lacking = sum(widths.values()) + _LEAST_PX - width
        for column in sorted(shown, key=lambda one: -widths[one]):
            less = max(0, min(lacking, widths[column] - _LEAST_PX))
            widths[column] -= less
            lacking -= less
        for column, size in widths.items():
            self._header.resizeSection(column, size)
        self._header.resizeSection(NodeColumn.VALUE, max(_LEAST_PX, width - sum(widths.values())))
        self._is_placing = False

    @Slot(int, int, int)
    def on_section_resized(self, column: int, before: int, after: int) -> None:
        """The user dragged a border."""
        if self._is_placing or not before or not after:
            return
        if column != NodeColumn.VALUE:
            self._by_hand[column] = after
        behind = [one for one in _SIDE if one > column and not self._tree.isColumnHidden(one)]
        if column != NodeColumn.NAME and behind:
            size = self._header.sectionSize(behind[0]) - (after - before)
            self._by_hand[behind[0]] = max(_LEAST_PX, size)
        self._keep()

    @Slot(int)
    def on_handle_double_clicked(self, column: int) -> None:
        """As wide as what is in sight needs; before the value's border that is what is behind."""
        self._fit(_SIDE[1:] if column == NodeColumn.VALUE else (NodeColumn(column),))

    @Slot()
    def fit(self) -> None:
        """Make each column as wide as what is in sight needs."""
        self._fit(_SIDE)

    @Slot()
    def reset(self) -> None:
        """Share the room out as at first."""
        self._by_hand.clear()
        self._keep()

    def _fit(self, columns: tuple[NodeColumn, ...]) -> None:
        # Long names leave the value its share.
        most = max(_NAME_PX, self._tree.viewport().width() * _FIT_PERCENT // 100)
        for column in columns:
            if not self._tree.isColumnHidden(column):
                self._by_hand[column] = min(self._needed(column), most)
        self._keep()

    def _needed(self, column: NodeColumn) -> int:
        """Of the rows in sight, the width of the widest one."""
        tree = self._tree
        index, widest = tree.indexAt(tree.viewport().rect().topLeft()), _LEAST_PX
        for _ in range(tree.viewport().height() // ROW_PX + 2):
            if not index.isValid():
                break
            text = str(index.siblingAtColumn(column).data() or "")[:_MAX_FIT_CHARS]
            width = self._metrics.horizontalAdvance(text) + 4 * PADDING_PX
            if column is NodeColumn.NAME:
                width += _depth(index) * tree.indentation()
            widest = max(widest, width)
            index = tree.indexBelow(index)
        return min(widest, _MOST_PX)

    def _keep(self) -> None:
        self.share_out()
        if self._settings is not None:
            parts = (f"{column}:{size}" for column, size in sorted(self._by_hand.items()))
            self._settings.set_text(_KEY, ",".join(parts))


def _between(percent: int, low: int, high: int) -> int:
    return max(low, min(percent // 100, high))


def _depth(index: QModelIndex) -> int:
    """How far a row is indented; the root is, too."""
    depth = 1
    while (index := index.parent()).isValid():
        depth += 1
    return depth


def _read(text: str) -> dict[int, int]:
    """Widths as they were kept; what is none is left out."""
    widths: dict[int, int] = {}
    for part in text[:200].split(","):
        column, _, size = part.partition(":")
        is_number = column.isascii() and size.isascii() and column.isdigit() and size.isdigit()
        if is_number and len(size) < 6 and int(column) in _SIDE:
            widths[int(column)] = max(_LEAST_PX, min(int(size), _MOST_PX))
    return widths
