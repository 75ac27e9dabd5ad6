"""The table view of topics: live figures, the selection stays with its topic. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from zmqscope.models.topic_cells import TopicColumn
from zmqscope.models.topic_table import TopicTableModel
from zmqscope.ui.theme import Theme
from zmqscope.ui.topics.painter import ROW_HEIGHT_PX, TopicPainter, column_spans

_Index = QModelIndex | QPersistentModelIndex
_SELECT_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)


class TopicView(QTableView):
    """Shows the model's rows; who refreshes the model repaints the view.

    Args:
        model: What it shows.
        theme: Colours and fonts.
        now_s: Monotonic time in seconds; exchanged in tests.
        parent: Owner.
    """

    topic_changed = Signal(object)
    """Topic id of the current row, or None."""
    newest_wanted = Signal()
    """The current row was double-clicked, or Enter was pressed."""
    copy_wanted = Signal()
    """The keys for copying were pressed."""
    find_wanted = Signal()
    """The keyboard leaves the first row upwards."""

    def __init__(
        self,
        model: TopicTableModel,
        theme: Theme,
        now_s: Callable[[], float] = perf_counter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._now_s = now_s
        self._painter = TopicPainter(theme)
        self._announced: int | None = None
        self._pressed_s = float("-inf")
        self.setModel(model)
        self._set_up()
        _set_up_headers(self)
        theme.changed.connect(self.on_theme_changed)
        self.doubleClicked.connect(self.on_double_clicked)

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("Topics"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    # ---- which topic ------------------------------------------------------------------------

    @property
    def topic(self) -> int | None:
        """Topic id of the current row."""
        return self._rows.topic_at(self.currentIndex().row())

    def select(self, index: QModelIndex) -> None:
        """Make a row current and select it."""
        self.selectionModel().setCurrentIndex(index, _SELECT_ROW)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.announce()

    def announce(self) -> None:
        """Tell of the current topic if it is another one now."""
        if self.topic != self._announced:
            self._announced = self.topic
            self.topic_changed.emit(self._announced)

    def reset(self) -> None:
        super().reset()
        self.announce()

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
        self.newest_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.newest_wanted.emit()
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
        current = self.currentIndex().row()
        if start <= current < stop:
            line = current - first
            self._painter.paint_selection(painter, line, dirty, focused=self.hasFocus())
        spans = column_spans(self.horizontalHeader(), dirty)
        self._painter.paint(painter, self._rows.cells(start, stop), start - first, spans)
        painter.end()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the new colours."""
        self._painter = TopicPainter(self._theme)
        self.viewport().update()


def _set_up_headers(view: QTableView) -> None:
    header, vertical = view.horizontalHeader(), view.verticalHeader()
    # A header asks at each repaint whether whole columns are selected: it gets a selection of its
    # own, always empty.
    header.setSelectionModel(QItemSelectionModel(view.model(), view))
    header.setHighlightSections(False)
    header.setResizeContentsPrecision(0)
    header.setSortIndicator(TopicColumn.RATE, Qt.SortOrder.DescendingOrder)
    view.setSortingEnabled(True)
    # One fixed height and no header: Qt then keeps nothing for each row.
    vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    vertical.setMinimumSectionSize(ROW_HEIGHT_PX)
    vertical.setDefaultSectionSize(ROW_HEIGHT_PX)
    vertical.hide()
