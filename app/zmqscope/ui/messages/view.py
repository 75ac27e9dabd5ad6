"""The table view of messages: follows live, and keeps still under the reader's eye. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from zmqscope.models.messages.find_marks import MarkFinder
from zmqscope.models.messages.row_reader import REFRESH_S
from zmqscope.models.messages.table import MessageTableModel
from zmqscope.ui.messages.painter import ROW_HEIGHT_PX, column_spans
from zmqscope.ui.messages.table_painter import Content, TablePainter
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_SELECT_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)
_SOON_MS = 16
_UPWARDS = (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Home)


class MessageView(QTableView):
    """Shows the model's rows; ``refresh`` brings in what is new.

    Args:
        model: What it shows.
        theme: Colours and fonts.
        parent: Owner.
    """

    following_changed = Signal(bool)
    """Whether the newest row is kept in sight."""
    row_activated = Signal(object)
    """RowId of the current row, or None."""
    rows_lost = Signal()
    """The rows under the reader's eye have gone from memory."""
    pause_requested = Signal()
    """Space was pressed."""

    def __init__(
        self, model: MessageTableModel, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._painter = TablePainter(theme, MarkFinder())
        self._following = True
        self._seen_to = 0
        self._announced: int | None = None
        self._is_refreshing = False
        self.setModel(model)
        self._set_up()
        theme.changed.connect(self.on_theme_changed)
        # Rows that there was no time to read are read and painted a moment later.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.viewport().update)
        self.verticalScrollBar().actionTriggered.connect(self.on_scroll_bar_action_triggered)

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("Messages"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        _set_up_headers(self)

    # ---- news -------------------------------------------------------------------------------

    def refresh(self) -> bool:
        """Bring in what is new and take out what has gone; returns whether there was any."""
        gone = self._rows.gone()
        top, was_empty = self.top_row(), not len(self._rows.rows)
        self._is_refreshing = True
        self._let_go_of_current(gone)
        self._rows.drop(gone)
        above = self._rows.take_older()
        came = self._rows.take_new()
        self._is_refreshing = False
        if not gone and not came and not above:
            return False
        # The scroll bar learns of the new rows now, not at the next turn of the event loop.
        self.executeDelayedItemsLayout()
        if self.state() is QAbstractItemView.State.DragSelectingState:
            # Rows must not run away under the mouse that selects them.
            self.stop_following()
        if self._following or was_empty:
            self.show_end()
        elif gone or above:
            self.verticalScrollBar().setValue(max(0, top - gone) + above)
            if gone > top:
                self.rows_lost.emit()
        return True

    def _let_go_of_current(self, gone: int) -> None:
        """A current row that goes must not hand over to its neighbour, as Qt would have it."""
        if 0 <= self.currentIndex().row() < gone:
            self.selectionModel().setCurrentIndex(
                QModelIndex(), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    # ---- following live ---------------------------------------------------------------------

    @property
    def is_following(self) -> bool:
        """Whether the newest row is kept in sight."""
        return self._following

    @Slot()
    def follow(self) -> None:
        """Keep the newest row in sight from now on."""
        self._set_following(True)
        self.show_end()

    def stop_following(self) -> None:
        """Stay where we are from now on."""
        self._set_following(False)

    def _set_following(self, following: bool) -> None:
        if following == self._following:
            return
        self._seen_to = self._end_id()
        self._following = following
        self.following_changed.emit(following)

    def show_end(self) -> None:
        """Scroll to the newest row."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def unseen(self) -> int:
        """Rows that came since following stopped and were not scrolled to."""
        if self._following:
            return 0
        self._seen_to = max(self._seen_to, self.bottom_row() + 1)
        return max(0, len(self._rows.rows) - self._rows.rows.position(self._seen_to))

    def _end_id(self) -> int:
        last = self._rows.row_id(len(self._rows.rows) - 1)
        return 0 if last is None else last + 1

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._align()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._align()

    def _align(self) -> None:
        """Have Qt count from the top, as we paint.

        At the end of its scroll bar Qt lets the last row stand at the bottom and cuts the first
        one. Clicks would then hit the row above, and what was selected would stay lit.
        """
        header, offset = self.verticalHeader(), self.top_row() * ROW_HEIGHT_PX
        if header.offset() != offset:
            header.setOffset(offset)
            self.viewport().update()

    def top_row(self) -> int:
        """Position of the first row in sight."""
        return self.verticalScrollBar().value()

    def rows_in_sight(self) -> int:
        """How many whole rows there is room for."""
        return max(1, self.viewport().height() // ROW_HEIGHT_PX)

    def bottom_row(self) -> int:
        """Row id of the last row in sight; -1 if there is none."""
        bottom = min(self.top_row() + self.rows_in_sight(), len(self._rows.rows)) - 1
        row = self._rows.row_id(bottom)
        return -1 if row is None else row

    @Slot(int)
    def on_scroll_bar_action_triggered(self, _action: int) -> None:
        """The reader scrolled: by wheel, bar or page."""
        bar = self.verticalScrollBar()
        self._set_following(bar.sliderPosition() >= bar.maximum())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._following:
            self.show_end()

    # ---- keyboard and selection -------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Space:
            self.pause_requested.emit()
        elif key == Qt.Key.Key_End and not shift:
            self.follow()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to(0 if key == Qt.Key.Key_Home else len(self._rows.rows) - 1, event)
        elif key == Qt.Key.Key_Escape:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            if key in _UPWARDS and len(self._rows.rows):
                self.stop_following()
            super().keyPressEvent(event)
            # Whatever the key did, the reader has gone where the newest row is not.
            if self.top_row() < self.verticalScrollBar().maximum():
                self.stop_following()

    def keyboardSearch(self, search: str) -> None:
        """No search by typing: Qt would ask the model for the text of every row."""

    def _go_to(self, position: int, event: QKeyEvent) -> None:
        """Home and Shift+End: to the first or last row, not to the first or last column."""
        index = self._rows.index(position, 0)
        if not index.isValid():
            return
        if event.key() == Qt.Key.Key_Home:
            self.stop_following()
        command = self.selectionCommand(index, event)
        self.selectionModel().setCurrentIndex(index, command)

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,
    ) -> QModelIndex:
        """From nowhere, the keyboard begins at the last row in sight."""
        if not self.currentIndex().isValid() and len(self._rows.rows):
            bottom = min(self.top_row() + self.rows_in_sight(), len(self._rows.rows)) - 1
            return self._rows.index(bottom, 0)
        return super().moveCursor(action, modifiers)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if self._is_refreshing:
            return
        row = self._rows.row_id(current.row()) if current.isValid() else None
        if row != self._announced:
            self._announced = row
            self.row_activated.emit(row)

    @property
    def activated_row(self) -> int | None:
        """Row id that was last told about, shown or not."""
        return self._announced

    def select(self, index: QModelIndex) -> None:
        """Make a row current and select it alone."""
        self.selectionModel().setCurrentIndex(index, _SELECT_ROW)

    def selected_ranges(self) -> list[tuple[int, int]]:
        """Selected positions as first and one past the last, in order."""
        selection = self.selectionModel().selection()
        parts = (selection.at(index) for index in range(selection.count()))
        return sorted((part.top(), part.bottom() + 1) for part in parts)

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        first = self.top_row()
        dirty = event.rect()
        start = first + max(0, dirty.top()) // ROW_HEIGHT_PX
        stop = min(first + dirty.bottom() // ROW_HEIGHT_PX + 1, len(self._rows.rows))
        if start >= stop:
            return
        ids = self._rows.rows.row_ids(start, stop)
        current = self.currentIndex().row() if self.hasFocus() else -1
        content = Content(
            self._rows.cells(start, stop, REFRESH_S),
            start - first,
            self._rows.hits.among(ids[0], ids[-1]),
            [(low - first, high - first) for low, high in self.selected_ranges()],
            current - first if start <= current < stop else None,
            column_spans(self.horizontalHeader(), dirty),
        )
        painter = QPainter(self.viewport())
        self._painter.paint(painter, dirty, content, grounds=not self._rows.rows.are_hits)
        painter.end()
        if self._rows.writer.reader.are_waiting and not self._soon.isActive():
            self._soon.start()

    def set_marks(self, finder: MarkFinder) -> None:
        """Mark something else in the rows that a search has found."""
        self._painter.marks = finder
        self.viewport().update()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the new colours."""
        self._painter = TablePainter(self._theme, self._painter.marks)
        self.viewport().update()


def _set_up_headers(view: QTableView) -> None:
    # At each repaint a header asks whether whole columns are selected, row by row: with ten
    # million rows selected that takes minutes. It gets a selection of its own, always empty.
    view.horizontalHeader().setSelectionModel(QItemSelectionModel(view.model(), view))
    view.horizontalHeader().setSectionsClickable(False)
    # Fitting a column to its content looks at the rows in sight, not at a thousand.
    view.horizontalHeader().setResizeContentsPrecision(0)
    vertical = view.verticalHeader()
    # One fixed height and no header: Qt then keeps nothing for each row.
    vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    vertical.setMinimumSectionSize(ROW_HEIGHT_PX)
    vertical.setDefaultSectionSize(ROW_HEIGHT_PX)
    vertical.hide()
