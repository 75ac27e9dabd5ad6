"""What one can do with the rows of the table: the slots behind the message actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import RowId
from zmqscope.models.messages.cells import TimeMode
from zmqscope.models.messages.table import MessageTableModel
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.action_list import (
    CONTEXT_MENU,
    NEEDS_CURRENT,
    NEEDS_SELECTION,
    ONLY_IN_TABLE,
    TIME_ACTIONS,
    message_actions,
)
from zmqscope.ui.messages.columns import ColumnLayout
from zmqscope.ui.messages.copying import CopyForm, RowCopier
from zmqscope.ui.messages.view import MessageView
from zmqscope.ui.settings import Settings

_TIME_KEY = "messages/time"


class MessageCommands(QObject):
    """Registers the message actions and carries them out.

    Args:
        store: Where the messages are.
        model: The table's model.
        view: The table.
        columns: Its columns.
        actions: Where the actions go.
        settings: Where the kind of time is kept.
    """

    said = Signal(str, bool)
    """A sentence for the reader, and whether it is a warning."""
    edit_requested = Signal(object)
    """tuple[bytes, ...]: frames to be edited and sent again."""
    compare_requested = Signal(object, object)
    """RowIds of two messages to be compared."""
    only_requested = Signal(object)
    """SocketId to show alone, or None for all."""
    pause_toggled = Signal(bool)
    """Whether the view is to be paused."""
    time_changed = Signal(object)
    """TimeMode."""
    changed = Signal()
    """Rows were cleared, or the view follows again."""

    def __init__(
        self,
        store: CaptureStore,
        model: MessageTableModel,
        view: MessageView,
        columns: ColumnLayout,
        actions: ActionRegistry,
        settings: Settings,
    ) -> None:
        super().__init__(view)
        self._store = store
        self._model = model
        self._view = view
        self._columns = columns
        self._actions = actions
        self._settings = settings
        self._current: RowId | None = None
        self._copier = RowCopier(store, model, self)
        self._copier.finished.connect(self.on_copier_finished)
        self._times = QActionGroup(self)
        self._register()
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self.on_view_menu_requested)
        view.selectionModel().selectionChanged.connect(self.on_view_selection_changed)
        view.row_activated.connect(self.on_view_row_activated)
        view.pause_requested.connect(actions.qaction("messages.pause").trigger)
        self.on_view_selection_changed()
        self.on_view_row_activated(None)

    def _register(self) -> None:
        callbacks: dict[str, Callable[..., object]] = {
            "messages.focus": self.on_focus,
            "messages.pause": self.on_pause,
            "messages.follow": self.on_follow,
            "messages.clear": self.on_clear,
            "messages.show_only": self.on_show_only,
            "messages.show_all": self.on_show_all,
            "messages.resend": self.on_resend,
            "messages.compare": self.on_compare,
            "messages.copy": self.on_copy,
            "messages.copy_payload": self.on_copy_payload,
            "messages.copy_json": self.on_copy_json,
            "messages.columns": self.on_columns,
            "messages.time_absolute": self.on_time,
            "messages.time_relative": self.on_time,
            "messages.time_gap": self.on_time,
        }
        for action in message_actions():
            qaction = self._actions.add(action, callbacks[action.id])
            if action.id in TIME_ACTIONS.values():
                self._times.addAction(qaction)
            if action.id in ONLY_IN_TABLE:
                qaction.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self._view.addAction(qaction)

    @Slot()
    def on_focus(self) -> None:
        """The keyboard goes to the table."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- news of the table ------------------------------------------------------------------

    @Slot(object)
    def on_view_row_activated(self, row: RowId | None) -> None:
        """Another row is current, or none."""
        self._current = row
        for action_id in NEEDS_CURRENT:
            self._actions.qaction(action_id).setEnabled(row is not None)

    @Slot()
    def on_view_selection_changed(self) -> None:
        """Rows can be copied now, or none."""
        selected = self._view.selectionModel().hasSelection()
        for action_id in NEEDS_SELECTION:
            self._actions.qaction(action_id).setEnabled(selected)
        self._actions.qaction("messages.compare").setEnabled(self._selected_ends() is not None)

    def _selected_ends(self) -> tuple[int, int] | None:
        """First and last of the selected positions; None if there are not two."""
        ranges = self._view.selected_ranges()
        if not ranges or ranges[-1][1] - ranges[0][0] < 2:
            return None
        return ranges[0][0], ranges[-1][1] - 1

    @Slot(QPoint)
    def on_view_menu_requested(self, place: QPoint) -> None:
        """Show what can be done with the rows."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._actions, CONTEXT_MENU)
        menu.popup(self._view.viewport().mapToGlobal(place))

    # ---- reading ----------------------------------------------------------------------------

    @Slot(bool)
    def on_pause(self, paused: bool) -> None:
        """Keep the table as it is, or let new rows in again."""
        self.pause_toggled.emit(paused)

    @Slot()
    def on_follow(self) -> None:
        """Go to the newest row and stay there; a paused view goes on."""
        pause = self._actions.qaction("messages.pause")
        if pause.isChecked():
            pause.trigger()
        self._view.follow()
        self.changed.emit()

    @Slot()
    def on_clear(self) -> None:
        """Forget all rows."""
        self._store.clear()
        self._model.restart_time()
        self._view.follow()
        self.changed.emit()

    @Slot()
    def on_show_only(self) -> None:
        """Show the current row's socket alone."""
        view = None if self._current is None else self._store.row_views([self._current])[0]
        if view is None:
            self.said.emit(self.tr("The selected message is no longer in memory."), True)
        else:
            self.only_requested.emit(view.socket_id)

    @Slot()
    def on_show_all(self) -> None:
        """Show every socket again."""
        self.only_requested.emit(None)

    @Slot()
    def on_resend(self) -> None:
        """Hand the current row's frames to the composer."""
        message = None if self._current is None else self._store.message(self._current)
        if message is None:
            words = self.tr("The selected message is no longer in memory; the inspector has it.")
            self.said.emit(words, True)
        else:
            self.edit_requested.emit(message.frames)

    @Slot()
    def on_compare(self) -> None:
        """Have the first and the last selected message compared."""
        ends = self._selected_ends()
        if ends is not None:
            rows = self._model.rows
            first, last = (rows.row_ids(at, at + 1) for at in ends)
            if first and last:
                self.compare_requested.emit(RowId(first[0]), RowId(last[0]))

    # ---- copying ----------------------------------------------------------------------------

    @Slot()
    def on_copy(self) -> None:
        """Copy the selected rows as the table shows them."""
        self._copier.copy(CopyForm.ROW, self._view.selected_ranges(), self._columns.shown())

    @Slot()
    def on_copy_payload(self) -> None:
        """Copy the selected rows' whole payloads."""
        self._copier.copy(CopyForm.PAYLOAD, self._view.selected_ranges(), [])

    @Slot()
    def on_copy_json(self) -> None:
        """Copy the selected rows with all frames as JSON."""
        self._copier.copy(CopyForm.JSON, self._view.selected_ranges(), [])

    @Slot(str)
    def on_copier_finished(self, sentence: str) -> None:
        """Rows are on the clipboard."""
        self.said.emit(sentence, False)

    # ---- columns and time -------------------------------------------------------------------

    @Slot()
    def on_columns(self) -> None:
        """Offer the choice of columns below the header."""
        self._columns.pop_up_below()

    def restore_time(self) -> None:
        """Count time as it was left."""
        try:
            mode = TimeMode(self._settings.get_text(_TIME_KEY, TimeMode.ABSOLUTE.value))
        except ValueError:
            mode = TimeMode.ABSOLUTE
        self._actions.qaction(TIME_ACTIONS[mode]).setChecked(True)
        self._set_time(mode)

    @Slot()
    def on_time(self) -> None:
        """Another kind of time was chosen."""
        checked = self._times.checkedAction()
        mode = next(mode for mode, name in TIME_ACTIONS.items() if name == checked.objectName())
        self._settings.set_text(_TIME_KEY, mode.value)
        self._set_time(mode)

    def _set_time(self, mode: TimeMode) -> None:
        self._model.set_time_mode(mode)
        self._view.viewport().update()
        self.time_changed.emit(mode)
