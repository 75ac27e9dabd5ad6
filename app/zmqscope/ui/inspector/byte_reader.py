"""The data inspector: the bytes under the cursor as numbers, times, characters. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from zmqscope.core.decode.field_path import FieldPath
from zmqscope.models.format import one_line
from zmqscope.models.hex.byte_table import LIKELY_ROLE, ByteColumn, ByteTableModel
from zmqscope.ui.key_menu import KeyMenu
from zmqscope.ui.stylesheet import faint_color
from zmqscope.ui.theme import Theme

_ROW_PX = 17
_HEADER_PX = 19
_FONT_PX = 11.0
_SMALL_FONT_PX = 10.0
_MARGIN_PX = 12
_PAD_PX = 3
_SHOWN_ROWS = 9
_Index = QModelIndex | QPersistentModelIndex


class ByteDelegate(QStyledItemDelegate):
    """Draws a cell: names muted, values that were hardly meant fainter.

    Args:
        theme: Colours.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = theme.data_font(size_px=_FONT_PX)
        self._metrics = QFontMetrics(self._font)
        # Numbers of twenty digits and dates fit a narrow column in this one.
        self._small_font = theme.data_font(size_px=_SMALL_FONT_PX)
        self._small_metrics = QFontMetrics(self._small_font)

    @property
    def name_px(self) -> int:
        """Room for the longest name."""
        return self._metrics.horizontalAdvance("filetime") + _MARGIN_PX + 2 * _PAD_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_name = index.column() == ByteColumn.NAME
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if is_selected and not is_name:
            painter.fillRect(rect, self._theme.color("selection"))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(self._theme.color("accent"))
                painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.setPen(self._color(index, is_selected=is_selected))
        left = _MARGIN_PX if is_name else _PAD_PX
        room = rect.adjusted(left, 0, -_PAD_PX, 0)
        text = str(index.data() or "")
        fits = self._metrics.horizontalAdvance(text) <= room.width()
        painter.setFont(self._font if fits else self._small_font)
        # An exponent, the end of a number, is worth more than its middle.
        middle = Qt.TextElideMode.ElideMiddle
        shown = text if fits else self._small_metrics.elidedText(text, middle, room.width())
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, align, shown)

    def _color(self, index: _Index, *, is_selected: bool) -> QColor:
        if index.column() == ByteColumn.NAME:
            return self._theme.color("muted")
        if index.data(LIKELY_ROLE):
            return self._theme.color("text")
        # Faint on the selection would be next to nothing.
        faint = QColor(faint_color(self._theme.palette))
        return self._theme.color("muted") if is_selected else faint


class ByteReader(QTableView):
    """A row for each way to read, a column for each byte order.

    Args:
        theme: Colours and font.
    """

    reading_changed = Signal(int, int)
    """The bytes of the value that the user is at: first, and one past the last; equal for none."""
    select_wanted = Signal(int, int)
    """These bytes are to be selected."""
    copy_wanted = Signal(str)
    """A text for the clipboard."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._values = ByteTableModel()
        self.setModel(self._values)
        delegate = ByteDelegate(theme, self)
        self.setItemDelegate(delegate)
        self.setAccessibleName(self.tr("Data inspector"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._dress_headers(theme, delegate.name_px)
        for row in range(self._values.rowCount()):
            if not self._values.is_split(row):
                self.setSpan(row, ByteColumn.LITTLE, 1, 2)
        self.selectionModel().currentChanged.connect(self.on_current_changed)
        self.doubleClicked.connect(self.on_double_clicked)
        theme.changed.connect(self.viewport().update)

    def _dress_headers(self, theme: Theme, name_px: int) -> None:
        vertical, header = self.verticalHeader(), self.horizontalHeader()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(_ROW_PX)
        vertical.setDefaultSectionSize(_ROW_PX)
        vertical.hide()
        header.setFont(theme.ui_font(size_px=11.0))
        header.setStyleSheet(
            f"QHeaderView::section {{ min-height: {_HEADER_PX - 1}px; padding: 0 {_PAD_PX}px; }}"
        )
        header.setFixedHeight(_HEADER_PX)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(ByteColumn.NAME, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(ByteColumn.NAME, name_px)
        for column in (ByteColumn.LITTLE, ByteColumn.BIG):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    @property
    def values(self) -> ByteTableModel:
        """What it shows."""
        return self._values

    def set_path(self, path: FieldPath) -> None:
        """Whose bytes these are."""
        self._values.set_path(path)

    def read(self, data: bytes, offset: int) -> None:
        """Read the bytes from an offset on."""
        self._values.set_place(data, offset)
        self.tell_reading()

    def form_of(self, size: int) -> str:
        """The number form that the user is at, if it takes so many bytes; else empty."""
        value = self._values.value(self.currentIndex())
        return value.form if value.size == size else ""

    # ---- news -------------------------------------------------------------------------------

    @Slot(QModelIndex, QModelIndex)
    def on_current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        """The user is at another value."""
        self.tell_reading()

    @Slot(QModelIndex)
    def on_double_clicked(self, index: QModelIndex) -> None:
        """A value was double-clicked."""
        self._select_bytes(index)

    def tell_reading(self) -> None:
        """Tell which bytes the value takes that the user is at."""
        start = self._values.offset
        size = self._values.value(self.currentIndex()).size if not self.isHidden() else 0
        self.reading_changed.emit(start, start + size)

    def _select_bytes(self, index: QModelIndex) -> None:
        size = self._values.value(index).size
        if size:
            self.select_wanted.emit(self._values.offset, self._values.offset + size)

    @Slot()
    def on_copy_value(self) -> None:
        """Copy the value that the user is at."""
        value = self._values.value(self.currentIndex())
        if value.size:
            self.copy_wanted.emit(value.full or value.text)

    @Slot()
    def on_copy_path(self) -> None:
        """Copy its field path."""
        path = self._values.path(self.currentIndex())
        if path:
            self.copy_wanted.emit(path)

    @Slot()
    def on_select(self) -> None:
        """Select its bytes."""
        self._select_bytes(self.currentIndex())

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.on_copy_value()
        elif event.key() == Qt.Key.Key_C and event.modifiers() == ctrl | shift:
            self.on_copy_path()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.on_select()
        elif event.key() == Qt.Key.Key_Escape and self.currentIndex().isValid():
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif event.text().isalnum() and not event.modifiers():
            # Letters and digits are the panel's; the table would search for them.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == ByteColumn.NAME:
            self.setCurrentIndex(index.siblingAtColumn(ByteColumn.LITTLE))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        value = self._values.value(index)
        menu = KeyMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = (
            (self.tr("Copy {0}").format(_short(value.text)), "Ctrl+C", self.on_copy_value),
            (
                self.tr("Copy {0}").format(_short(self._values.path(index))),
                "Ctrl+Shift+C",
                self.on_copy_path,
            ),
            (self.tr("Select its bytes"), "Return", self.on_select),
        )
        for words, keys, callback in entries:
            entry = menu.addAction(words.replace("&", "&&"), callback)
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            entry.setText(f"{entry.text()}\t{shown}")
            entry.setEnabled(value.size > 0)
        menu.popup(event.globalPos())

    def sizeHint(self) -> QSize:
        return QSize(320, _HEADER_PX + _SHOWN_ROWS * _ROW_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEADER_PX + 2 * _ROW_PX)


def _short(text: str) -> str:
    return one_line(text if len(text) <= 40 else f"{text[:39]}…")
