"""Paints the cells of the field tree in the colours of what they hold. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from zmqscope.core.decode.node import NodeKind
from zmqscope.models.inspector.node_tree import NodeColumn, NodeTreeModel
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

ROW_PX = 19
"""Height of a row."""

PADDING_PX = 4
"""Room before and behind the words of a cell."""

_MUTED = "muted"
_VALUE_TOKENS = {
    NodeKind.STRING: "sent",
    NodeKind.NUMBER: "received",
    NodeKind.BOOL: "accent",
    NodeKind.NULL: "accent",
    NodeKind.TIME: "waiting",
    NodeKind.BYTES: "link",
    NodeKind.OTHER: "link",
    NodeKind.ERROR: "broken",
}


class FieldDelegate(QStyledItemDelegate):
    """One font, one line, a colour for each kind of value.

    Args:
        theme: Colours and font.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = theme.data_font(size_px=11.5)
        metrics = QFontMetrics(self._font)
        self._baseline = (ROW_PX + metrics.ascent() - metrics.descent()) // 2
        self._metrics = metrics

    @property
    def metrics(self) -> QFontMetrics:
        """Of the font that it writes in."""
        return self._metrics

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(80, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect, column = option.rect, index.column()
        model = index.model()
        node = model.node(index) if isinstance(model, NodeTreeModel) else None
        if node is None:
            return
        if node.kind is NodeKind.ERROR:
            # A sentence takes the whole row; its first cell paints it.
            if column != NodeColumn.NAME:
                return
            rect.setRight(painter.window().right())
            index = index.sibling(index.row(), NodeColumn.VALUE)
            column = NodeColumn.VALUE
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("selection"))
        painter.setFont(self._font)
        painter.setPen(self._color(node.kind, column))
        text = str(index.data() or "")
        room = max(0, rect.width() - 2 * PADDING_PX)
        # No character is narrower than a third of a digit: measuring more would be in vain.
        shown = self._metrics.elidedText(text[:room], Qt.TextElideMode.ElideRight, room)
        x = rect.left() + PADDING_PX
        if column == NodeColumn.SIZE:
            x = rect.right() - 2 * PADDING_PX - self._metrics.horizontalAdvance(shown)
        painter.drawText(x, rect.top() + self._baseline, shown)

    def _color(self, kind: NodeKind, column: int) -> QColor:
        if column == NodeColumn.NAME:
            return self._theme.color("text")
        if column == NodeColumn.VALUE:
            return self._theme.color(_VALUE_TOKENS.get(kind, _MUTED))
        return self._theme.color(_MUTED)
