"""The events panel: what happened to sockets, as sentences with the next step. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.events import EventLine
from zmqscope.core.types import Notice, SocketId
from zmqscope.models.events.events import MAX_EVENTS, EventList
from zmqscope.models.events.filter import EventFilter
from zmqscope.models.events.pending import PendingEvents
from zmqscope.models.events.words import event_line, shown_words
from zmqscope.models.sockets.socket_names import SocketNames
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.events.action_list import event_actions
from zmqscope.ui.events.bar import EventBar
from zmqscope.ui.events.corner import EventCorner
from zmqscope.ui.events.details import EventDetails
from zmqscope.ui.events.pages import EventPages
from zmqscope.ui.events.view import EventView
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_BUSY_MS = 16
_IDLE_MS = 1_000
# Taken in at once: a few milliseconds.
_MOST_AT_ONCE = 400
_NEEDS_EVENTS = ("view.events.find", "view.events.copy", "view.events.clear")


class EventsPanel(QWidget):
    """Lists events, and shows the selected one in full.

    Args:
        controller: Where events and notices come from, and the names of sockets.
        theme: Colours, fonts, icons.
        actions: Where find, copy and clear are registered.

    Attributes:
        model: The lines.
        bar: What is to be shown of them.
    """

    socket_activated = Signal(object)
    """SocketId of the line that was double-clicked, or Enter was pressed on."""
    cleared = Signal()
    """All events are to be forgotten."""
    front_wanted = Signal()
    """The panel has to be seen."""

    def __init__(self, controller: EngineController, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._controller = controller
        self._pending = PendingEvents(MAX_EVENTS)
        self._names = SocketNames(lambda: controller.snapshots)
        self.model = EventList(parent=self)
        self.bar = EventBar(theme)
        self._view = EventView(self.model, theme)
        self._details = EventDetails(theme)
        self._corner = EventCorner(theme)
        self._pages = EventPages(self._view)
        self._lay_out()
        self._register(actions)
        self._connect()
        self._show_count()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._pages, 1)
        column.addWidget(self._details)
        self.setFocusProxy(self._view)

    def _register(self, actions: ActionRegistry) -> None:
        callbacks = {
            "view.events.find": self.on_find,
            "view.events.copy": self.on_copy,
            "view.events.clear": self.on_clear,
        }
        for record in event_actions():
            actions.add(record, callbacks[record.id])
        self._qactions = [actions.qaction(action_id) for action_id in _NEEDS_EVENTS]
        self._view.addActions(self._qactions[1:])
        clear = actions.action("view.events.clear")
        self._corner.set_clear(clear, actions.qaction(clear.id))

    def _connect(self) -> None:
        controller, view = self._controller, self._view
        controller.notice_posted.connect(self.on_controller_notice_posted)
        controller.events_changed.connect(self.on_controller_events_changed)
        self.bar.changed.connect(self.on_bar_changed)
        self.bar.field.left.connect(self.on_field_left)
        view.find_wanted.connect(self.on_find)
        view.socket_wanted.connect(self.on_view_socket_wanted)
        view.selectionModel().selectionChanged.connect(self.on_view_selection_changed)

    # ---- what the window asks ---------------------------------------------------------------

    def corner_widget(self) -> EventCorner:
        """Count and clear button, for the title strip."""
        return self._corner

    def refresh(self, now_ns: int) -> None:
        """Take in some more of what has come; ``now_ns`` is not needed."""
        if self._pending:
            self._take_pending()

    def refresh_interval_ms(self) -> int:
        """In a hurry only while there is more than could be taken in at once."""
        return _BUSY_MS if self._pending else _IDLE_MS

    def lines(self) -> list[EventLine]:
        """All that the engine told, shown or not."""
        return [*self.model.lines(), *self._pending.lines()]

    @Slot(object)
    def set_selected_socket(self, socket_id: SocketId | None) -> None:
        """Say which socket is selected elsewhere: the filter offers it."""
        self.bar.set_selected(socket_id, self._names.name(socket_id))

    @Slot(object)
    def select_event(self, number: int) -> None:
        """Select a line, and let it be seen whatever the filter says."""
        self._take_all()
        event = self.model.get(number)
        if event is None:
            return
        if self.model.row_of(number) < 0:
            self.bar.reset()
            self.bar.allow(event.line.kind)
        index = self.model.index(self.model.row_of(number))
        self._view.setCurrentIndex(index)
        self._view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    # ---- what comes -------------------------------------------------------------------------

    @Slot(object)
    def on_controller_events_changed(self, lines: tuple[EventLine, ...]) -> None:
        """Take lines in at once, or the rest bit by bit; while nobody looks, only keep them."""
        self._pending.put(lines)
        if self.isVisible():
            self._take_pending()
        else:
            self._enable()

    @Slot(object)
    def on_controller_notice_posted(self, notice: object) -> None:
        """Add what the window itself has to say; the engine's notices are events, too."""
        if isinstance(notice, Notice) and not notice.line:
            place = self._view.place()
            self.model.say(notice, self._names.name(notice.socket_id))
            self._after_change(place)

    def _take_pending(self) -> None:
        place = self._view.place()
        self.model.take(self._pending.take(_MOST_AT_ONCE), self._names.name)
        self._after_change(place)

    def _take_all(self) -> None:
        while self._pending:
            self._take_pending()

    def _after_change(self, place: tuple[int, int] | None) -> None:
        self._view.keep(place)
        self._show_count()
        self._show_details()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pending:
            self._take_pending()

    # ---- slots ------------------------------------------------------------------------------

    @Slot(object)
    def on_bar_changed(self, wanted: EventFilter) -> None:
        """Show other lines; the current one stays in sight if it is among them."""
        index = self._view.currentIndex()
        number = self.model.event_at(index.row()).line.number if index.isValid() else 0
        self.model.set_filter(wanted)
        row = self.model.row_of(number)
        if row >= 0:
            self._view.setCurrentIndex(self.model.index(row))
        else:
            self._view.scrollToBottom()
        self._show_count()
        self._show_details()

    @Slot()
    def on_view_selection_changed(self) -> None:
        """Show the selected event in full."""
        self._show_details()

    @Slot()
    def on_view_socket_wanted(self) -> None:
        """Ask for the current line's socket, if it is still there."""
        index = self._view.currentIndex()
        if index.isValid():
            socket_id = self.model.event_at(index.row()).line.socket_id
            if socket_id in self._controller.snapshots:
                self.socket_activated.emit(socket_id)

    @Slot()
    def on_field_left(self) -> None:
        """The keyboard goes on to the list."""
        if not self._selected_rows() and self.model.rowCount():
            self._view.setCurrentIndex(self.model.index(self.model.rowCount() - 1))
        self._view.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def on_find(self) -> None:
        """Go to where one types."""
        self.front_wanted.emit()
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    @Slot()
    def on_copy(self) -> None:
        """Copy the selected lines, or all that are shown."""
        self._take_all()
        rows: Iterable[int] = self._selected_rows() or range(self.model.rowCount())
        lines = [event_line(self.model.event_at(row)) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def on_clear(self) -> None:
        """Forget all lines."""
        self._pending.clear()
        self.model.clear()
        self.cleared.emit()
        self._show_count()
        self._show_details()

    def _selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self._view.selectionModel().selectedIndexes())

    def _show_details(self) -> None:
        rows = self._selected_rows()
        if len(rows) == 1:
            self._details.show_event(self.model.event_at(rows[0]))
        else:
            self._details.hide()

    def _show_count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        self._corner.count.setText(
            shown_words(shown, total, self.model.dropped + self._pending.missed)
        )
        self._pages.show_page(shown, total)
        self._enable()

    def _enable(self) -> None:
        has_events = bool(self.model.total or self._pending)
        for action in self._qactions:
            action.setEnabled(has_events)
        self._corner.set_can_clear(has_events)
