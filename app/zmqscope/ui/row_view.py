"""A table that paints its rows itself: what mouse and keyboard do there. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

_SELECT_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)


class RowView(QTableView):
    """Whole rows are selected; subclasses paint them.

    Args:
        row_height_px: Of each row.
        now_s: Monotonic time in seconds; exchanged in tests.
        parent: Owner.
    """

    row_activated = Signal()
    """The current row was double-clicked, or Enter was pressed."""
    copy_wanted = Signal()
    """The keys for copying were pressed."""
    find_wanted = Signal()
    """The keyboard leaves the first row upwards."""

    def __init__(
        self, row_height_px: int, now_s: Callable[[], float], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._row_height_px = row_height_px
        self._now_s = now_s
        self._pressed_s = float("-inf")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self.on_double_clicked)

    def show_model(self, model: QAbstractItemModel) -> None:
        """Begin to show it."""
        self.setModel(model)
        header, vertical = self.horizontalHeader(), self.verticalHeader()
        # A header asks at each repaint whether whole columns are selected: it gets a selection of
        # its own, always empty.
        header.setSelectionModel(QItemSelectionModel(model, self))
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(0)
        # One fixed height and no header: Qt then keeps nothing for each row.
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(self._row_height_px)
        vertical.setDefaultSectionSize(self._row_height_px)
        vertical.hide()

    def select(self, index: QModelIndex) -> None:
        """Make a row current and select it alone."""
        self.selectionModel().setCurrentIndex(index, _SELECT_ROW)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, model = event.key(), self.model()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.row_activated.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            # To the first or last row, not to the first or last column.
            self.select(model.index(0 if key == Qt.Key.Key_Home else model.rowCount() - 1, 0))
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.find_wanted.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by typing: Qt would ask the model for the text of every row."""

    def shown_rows(self, top_px: int, bottom_px: int) -> range:
        """The rows between two heights of the viewport, in pixels."""
        first = self.verticalScrollBar().value()
        start = first + max(0, top_px) // self._row_height_px
        stop = min(first + bottom_px // self._row_height_px + 1, self.model().rowCount())
        return range(start, stop)
