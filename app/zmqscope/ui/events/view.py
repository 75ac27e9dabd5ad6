"""The list of events itself, by keyboard and mouse; nothing moves in it by itself. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from zmqscope.models.events.events import EventList, EventRole
from zmqscope.models.events.words import Event
from zmqscope.ui.claimed_keys import claims
from zmqscope.ui.events.delegate import ROW_PX, EventDelegate
from zmqscope.ui.theme import Theme


class EventView(QTableView):
    """Lines of one height; the reader's place is kept while lines come and go.

    A table of one column: a list lays all of its lines out again whenever one of them changes.

    Args:
        model: The lines.
        theme: Colours and fonts.
    """

    find_wanted = Signal()
    """Something is to be looked for."""
    socket_wanted = Signal()
    """The current line's socket is wanted."""

    def __init__(self, model: EventList, theme: Theme) -> None:
        super().__init__()
        self._events = model
        self.setModel(model)
        self.setItemDelegate(EventDelegate(theme, self))
        self._set_up_headers()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Events"))
        self.setToolTip(self.tr("Select an event to read it in full"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.doubleClicked.connect(self.socket_wanted)

    def _set_up_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_PX)
        rows.setDefaultSectionSize(ROW_PX)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.hide()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    # ---- the reader's place -----------------------------------------------------------------

    def place(self) -> tuple[int, int] | None:
        """Number of the line at the top, and where it stands; None at the end of the list."""
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum():
            return None
        index = self.indexAt(QPoint(4, 0))
        event = index.data(EventRole.EVENT)
        if not isinstance(event, Event):
            return None
        return event.line.number, self.visualRect(index).top()

    def keep(self, place: tuple[int, int] | None) -> None:
        """Bring the reader back: to the end, or to the line that was at the top."""
        if place is None:
            self.scrollToBottom()
            return
        row = self._events.row_of(place[0])
        if row >= 0:
            self.verticalScrollBar().setValue(row * ROW_PX - place[1])

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        bar = self.verticalScrollBar()
        is_at_end = bar.value() >= bar.maximum()
        before = QRect(QPoint(0, 0), event.oldSize())
        had_current = before.intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        if is_at_end:
            self.scrollToBottom()
        if had_current:
            # The details of a line that was just clicked must not hide it.
            self.scrollTo(self.currentIndex())

    def event(self, event: QEvent) -> bool:
        # Here it is for events; elsewhere for messages.
        return claims(event, QKeySequence.StandardKey.Find) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.socket_wanted.emit()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.find_wanted.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by typing: Qt would ask the model for the text of every row."""
