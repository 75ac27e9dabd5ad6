"""The table view of the peers panel: rows come and go, nothing under the eye jumps. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import perf_counter

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from zmqscope.models.peers.rows import KeyedTableModel
from zmqscope.ui.claimed_keys import claims
from zmqscope.ui.peers.painter import ROW_HEIGHT_PX, CellPainter, column_spans
from zmqscope.ui.row_view import RowView
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex


class CellView(RowView):
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

    def __init__(
        self,
        model: KeyedTableModel,
        theme: Theme,
        name: str,
        now_s: Callable[[], float] = perf_counter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ROW_HEIGHT_PX, now_s, parent)
        self._rows = model
        self._theme = theme
        self._painter = CellPainter(theme, model.columns)
        self._announced: Hashable | None = None
        # Before Qt's own slot, which would select a neighbour of a row that goes.
        model.rowsAboutToBeRemoved.connect(self.on_model_rows_going)
        self.show_model(model)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        theme.changed.connect(self.on_theme_changed)

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

    # ---- keyboard ---------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # While the keyboard is here, the key means this table and not the messages.
        return claims(event, QKeySequence.StandardKey.Find) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_wanted.emit()
        else:
            super().keyPressEvent(event)

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        first, dirty = self.verticalScrollBar().value(), event.rect()
        shown = self.shown_rows(dirty.top(), dirty.bottom())
        if not shown:
            return
        painter = QPainter(self.viewport())
        chosen, current = self.selectionModel(), self.currentIndex().row()
        for row in shown:
            if chosen.isRowSelected(row, QModelIndex()):
                self._painter.paint_selection(painter, row - first, dirty)
            if row == current and self.hasFocus():
                self._painter.paint_focus(painter, row - first)
        spans = column_spans(self.horizontalHeader(), dirty)
        self._painter.paint(
            painter, self._rows.cells(shown.start, shown.stop), shown.start - first, spans
        )
        painter.end()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the new colours."""
        self._painter = CellPainter(self._theme, self._rows.columns)
        self.viewport().update()
