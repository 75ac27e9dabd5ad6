"""The table view of the peers panel: rows come and go, nothing under the eye jumps. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import perf_counter

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from zmqscope.models.peers_rows import KeyedTableModel
from zmqscope.ui.peers.painter import ROW_HEIGHT_PX, CellPainter, column_spans
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_SELECT_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)


class CellView(QTableView):
    """Shows the model's rows; who refreshes the model repaints the view.

    Args:
        model: What it shows.
        theme: Colours and fonts.
        name: What a screen reader calls it.
        now_s: Monotonic time in seconds; exchanged in tests.
        parent: Owner.
    """

    current_changed = Signal()
    """Another row is current, or none."""
    row_activated = Signal()
    """The current row was double-clicked, or Enter was pressed."""
    copy_wanted = Signal()
    """The keys for copying were pressed."""
    find_wanted = Signal()
    """The keyboard leaves the first row upwards, or the keys for finding were pressed."""

    def __init__(
        self,
        model: KeyedTableModel,
        theme: Theme,
        name: str,
        now_s: Callable[[], float] = perf_counter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._now_s = now_s
        self._painter = CellPainter(theme, model.columns)
        self._pressed_s = float("-inf")
        self._announced: Hashable | None = None
        # Before Qt's own slot, which would select a neighbour of a row that goes.
        model.rowsAboutToBeRemoved.connect(self.on_model_rows_going)
        self.setModel(model)
        self.setAccessibleName(name)
        self._set_up()
        _set_up_headers(self)
        theme.changed.connect(self.on_theme_changed)
        self.doubleClicked.connect(self.on_double_clicked)

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    @property
    def char_px(self) -> float:
        """Width of a character of the table."""
        return self._painter.char_px

    # ---- which row --------------------------------------------------------------------------

    @property
    def current(self) -> Hashable | None:
        """The key of the current row."""
        return self._rows.key_at(self.currentIndex().row())

    def selected_rows(self) -> list[int]:
        """The selected rows, from the top down."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def select(self, index: QModelIndex) -> None:
        """Make a row current and select it alone."""
        self.selectionModel().setCurrentIndex(index, _SELECT_ROW)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.announce()

    def announce(self) -> None:
        """Tell of the current row if it is another one now."""
        if self.current != self._announced:
            self._announced = self.current
            self.current_changed.emit()

    @Slot(QModelIndex, int, int)
    def on_model_rows_going(self, _parent: QModelIndex, first: int, last: int) -> None:
        """The current row goes: then none is current, rather than one that nobody chose."""
        if first <= self.currentIndex().row() <= last:
            self.setCurrentIndex(QModelIndex())

    def update_rows(self, update: Callable[[], bool]) -> bool:
        """Have the model change its rows; what stands at the top stays there.

        Args:
            update: Changes the model, and says whether anything may have changed.

        Returns:
            What ``update`` said.
        """
        bar = self.verticalScrollBar()
        first = bar.value()
        key = self._rows.key_at(first) if first else None
        changed = update()
        if changed:
            index = self._rows.index_of(key)
            if index.isValid() and index.row() != bar.value():
                # The bar's range follows only when the view lays itself out.
                self.updateGeometries()
                bar.setValue(index.row())
            self.announce()
            self.viewport().update()
        return changed

    # ---- mouse and keyboard -----------------------------------------------------------------

    @property
    def is_held(self) -> bool:
        """Whether a click or double click is under way: rows must not run away from under it."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton and self.underMouse():
            return True
        since_ms = (self._now_s() - self._pressed_s) * 1000
        return since_ms < QGuiApplication.styleHints().mouseDoubleClickInterval()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_s = self._now_s()
        super().mousePressEvent(event)

    @Slot(QModelIndex)
    def on_double_clicked(self, _index: QModelIndex) -> None:
        """A row was double-clicked."""
        self.row_activated.emit()

    def event(self, event: QEvent) -> bool:
        is_find = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Find)
        if is_find and event.type() == QEvent.Type.ShortcutOverride:
            # While the keyboard is here, the key means this table and not the messages.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.row_activated.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # To the first or last row, not to the first or last column.
            row = 0 if key == Qt.Key.Key_Home else self._rows.rowCount() - 1
            self.select(self._rows.index(row, 0))
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.find_wanted.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by typing: Qt would ask the model for the text of every row."""

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        first, dirty = self.verticalScrollBar().value(), event.rect()
        start = first + max(0, dirty.top()) // ROW_HEIGHT_PX
        stop = min(first + dirty.bottom() // ROW_HEIGHT_PX + 1, self._rows.rowCount())
        if start >= stop:
            return
        painter = QPainter(self.viewport())
        chosen, current = self.selectionModel(), self.currentIndex().row()
        for row in range(start, stop):
            if chosen.isRowSelected(row, QModelIndex()):
                self._painter.paint_selection(painter, row - first, dirty)
            if row == current and self.hasFocus():
                self._painter.paint_focus(painter, row - first)
        spans = column_spans(self.horizontalHeader(), dirty)
        self._painter.paint(painter, self._rows.cells(start, stop), start - first, spans)
        painter.end()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the new colours."""
        self._painter = CellPainter(self._theme, self._rows.columns)
        self.viewport().update()


def _set_up_headers(view: QTableView) -> None:
    header, vertical = view.horizontalHeader(), view.verticalHeader()
    # A header asks at each repaint whether whole columns are selected: it gets a selection of its
    # own, always empty.
    header.setSelectionModel(QItemSelectionModel(view.model(), view))
    header.setHighlightSections(False)
    header.setResizeContentsPrecision(0)
    # One fixed height and no header: Qt then keeps nothing for each row.
    vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    vertical.setMinimumSectionSize(ROW_HEIGHT_PX)
    vertical.setDefaultSectionSize(ROW_HEIGHT_PX)
    vertical.hide()
