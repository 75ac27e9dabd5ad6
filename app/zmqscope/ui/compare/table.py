"""The list of changes, by keyboard and mouse. GUI thread."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from zmqscope.core.decode.compare.changes import ChangeKind
from zmqscope.models.compare.rows import SIGNS, CompareRow
from zmqscope.models.compare.table import CompareColumn, CompareTable, cell_text
from zmqscope.ui.cell_text import CellText
from zmqscope.ui.row_view import RowView
from zmqscope.ui.theme import Theme

ROW_PX = 20
_PAD_PX = 6
_SIGN_PX = 15
_INDENT_PX = 8
_SHARES = (0.3, 0.235, 0.235, 0.23)
_LEAST_PX = 44

KIND_TOKENS = {
    ChangeKind.CHANGED: "waiting",
    ChangeKind.ADDED: "received",
    ChangeKind.REMOVED: "broken",
    ChangeKind.EQUAL: "muted",
    ChangeKind.ORDER: "accent",
    ChangeKind.UNREAD: "accent",
}
"""The colour of each kind of change; a sign says the same."""


class ChangeView(RowView):
    """Lines of a comparison.

    Args:
        model: The lines.
        theme: Colours and fonts.
    """

    menu_asked = Signal(QPoint)
    """What can be done is asked for, at this place on the screen."""

    def __init__(self, model: CompareTable, theme: Theme) -> None:
        super().__init__(ROW_PX, time.perf_counter, None)
        self._table = model
        self._shares = list(_SHARES)
        self._is_fitting = False
        self.setItemDelegate(_ChangeDelegate(theme, self))
        self.show_model(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Differences"))
        header = self.horizontalHeader()
        header.setMinimumSectionSize(_LEAST_PX)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setFont(theme.ui_font(QFont.Weight.DemiBold))
        header.sectionResized.connect(self.on_header_section_resized)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.on_menu_requested)
        theme.changed.connect(self.viewport().update)

    @property
    def current(self) -> CompareRow | None:
        """The line that the keyboard is on."""
        at = self.currentIndex().row()
        return self._table.rows[at] if 0 <= at < len(self._table.rows) else None

    def go_to(self, row: int) -> None:
        """Make a line current and bring it into sight."""
        index = self._table.index(row, 0)
        self.select(index)
        self.scrollTo(index)

    # ---- columns ----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """All columns in sight, each with its share; the last one takes what is left."""
        width, header = self.viewport().width(), self.horizontalHeader()
        if width <= 0 or header.count() != len(self._shares):
            return
        self._is_fitting = True
        left = width
        for column, share in enumerate(self._shares[:-1]):
            size = max(_LEAST_PX, round(width * share))
            header.resizeSection(column, size)
            left -= size
        header.resizeSection(len(self._shares) - 1, max(_LEAST_PX, left))
        self._is_fitting = False

    @Slot(int, int, int)
    def on_header_section_resized(self, column: int, _old: int, new: int) -> None:
        """The user moves the edge of a column: its neighbour gives way."""
        if self._is_fitting or column >= len(self._shares) - 1 or not self.viewport().width():
            return
        share = new / self.viewport().width()
        both = self._shares[column] + self._shares[column + 1]
        least = _LEAST_PX / self.viewport().width()
        self._shares[column] = min(max(least, share), max(least, both - least))
        self._shares[column + 1] = both - self._shares[column]
        self._fit()

    @Slot(QPoint)
    def on_menu_requested(self, place: QPoint) -> None:
        """Tell where the menu is to be."""
        self.menu_asked.emit(self.viewport().mapToGlobal(place))


class _ChangeDelegate(QStyledItemDelegate):
    """Paints a cell: the sign and the name in the colour of what became of it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = CellText(theme, ROW_PX)
        theme.changed.connect(self.on_theme_changed)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the fonts anew."""
        self._text = CellText(self._theme, ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model = index.model()
        if not isinstance(model, CompareTable) or index.row() >= len(model.rows):
            return
        row, column = model.rows[index.row()], CompareColumn(index.column())
        rect: QRect = option.rect
        painter.save()
        self._paint_ground(painter, option, row, rect)
        self._text.begin(painter)
        place = rect.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        if column is CompareColumn.FIELD:
            self._paint_field(painter, row, place)
        else:
            painter.setPen(self._theme.color(_value_token(row, column)))
            text = cell_text(row, column, int(place.width() / self._text.char_px))
            self._text.paint(painter, text, place, is_right=False)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, row: CompareRow, rect: QRect
    ) -> None:
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("selection"))
        elif row.is_frame:
            painter.fillRect(rect, self._theme.color("raised"))

    def _paint_field(self, painter: QPainter, row: CompareRow, place: QRect) -> None:
        token = KIND_TOKENS[row.kind]
        indent = 0 if row.is_frame else _INDENT_PX
        painter.setPen(self._theme.color(token))
        sign = place.adjusted(indent, 0, 0, 0)
        self._text.paint(painter, SIGNS[row.kind], sign, is_right=False)
        if row.is_frame:
            painter.setPen(self._theme.color("text"))
        name = place.adjusted(indent + _SIGN_PX, 0, 0, 0)
        fits = int(name.width() / self._text.char_px)
        text = path_end(cell_text(row, CompareColumn.FIELD), fits)
        self._text.paint(painter, text, name, is_right=False)


def path_end(text: str, fits: int) -> str:
    """A path is told apart by its end, not by what it begins with; other text is left alone.

    Args:
        text: What stands in the column of fields.
        fits: Characters that there is room for.
    """
    is_path = "." in text or text.endswith("]")
    if len(text) <= fits or fits < 4 or not is_path:
        return text
    return "…" + text[-(fits - 1) :]


def _value_token(row: CompareRow, column: CompareColumn) -> str:
    if row.is_frame or row.kind is ChangeKind.EQUAL or column is CompareColumn.DIFFERENCE:
        return "muted"
    if row.kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
        return KIND_TOKENS[row.kind]
    return "text"
