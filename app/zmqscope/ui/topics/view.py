"""The table view of topics: live figures, the selection stays with its topic. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from zmqscope.models.topics.cells import TopicColumn
from zmqscope.models.topics.table import TopicTableModel
from zmqscope.ui.row_view import RowView
from zmqscope.ui.theme import Theme
from zmqscope.ui.topics.painter import ROW_HEIGHT_PX, TopicPainter, column_spans

_Index = QModelIndex | QPersistentModelIndex


class TopicView(RowView):
    """Shows the model's rows; who refreshes the model repaints the view.

    Args:
        model: What it shows.
        theme: Colours and fonts.
        now_s: Monotonic time in seconds; exchanged in tests.
        parent: Owner.
    """

    topic_changed = Signal(object)
    """Topic id of the current row, or None."""

    def __init__(
        self,
        model: TopicTableModel,
        theme: Theme,
        now_s: Callable[[], float] = perf_counter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ROW_HEIGHT_PX, now_s, parent)
        self._rows = model
        self._theme = theme
        self._painter = TopicPainter(theme)
        self._announced: int | None = None
        self.show_model(model)
        self.setAccessibleName(self.tr("Topics"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setSortIndicator(TopicColumn.RATE, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        theme.changed.connect(self.on_theme_changed)

    # ---- which topic ------------------------------------------------------------------------

    @property
    def topic(self) -> int | None:
        """Topic id of the current row."""
        return self._rows.topic_at(self.currentIndex().row())

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

    # ---- painting ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        first, dirty = self.verticalScrollBar().value(), event.rect()
        shown = self.shown_rows(dirty.top(), dirty.bottom())
        if not shown:
            return
        painter = QPainter(self.viewport())
        current = self.currentIndex().row()
        if current in shown:
            line = current - first
            self._painter.paint_selection(painter, line, dirty, focused=self.hasFocus())
        spans = column_spans(self.horizontalHeader(), dirty)
        self._painter.paint(
            painter, self._rows.cells(shown.start, shown.stop), shown.start - first, spans
        )
        painter.end()

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the new colours."""
        self._painter = TopicPainter(self._theme)
        self.viewport().update()
