"""The sockets dock: the list, its head, its findings, what to do while it is empty. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import RowId, SocketId
from zmqscope.models.doctor.edit_target import EditTarget
from zmqscope.models.sockets import socket_words
from zmqscope.models.sockets.socket_list import SocketListModel
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.doctor.desk import FindingsDesk
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.security.commands import SecurityCommands
from zmqscope.ui.security.desk import SecurityDesk
from zmqscope.ui.sockets.action_list import CONTEXT_MENU
from zmqscope.ui.sockets.commands import SocketCommands
from zmqscope.ui.sockets.delegate import ROW_HEIGHT, SocketDelegate
from zmqscope.ui.sockets.dialogs import SocketDialogs
from zmqscope.ui.sockets.empty import EmptySockets
from zmqscope.ui.stylesheet import BAR_HEIGHT_PX
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore
    from zmqscope.ui.settings import Settings

_BUSY_MS = 250
_SILENT_MS = 1_000
_STRIP_SHARE = 0.48


class SocketView(QListView):
    """The list itself, by keyboard and mouse."""

    edit_asked = Signal()
    remove_asked = Signal()
    menu_asked = Signal(QPoint)
    """Where, on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Sockets"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(self.edit_asked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.currentIndex().isValid():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_asked.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        elif not self.indexAt(event.pos()).isValid():
            return
        self.menu_asked.emit(place)


class SocketsPanel(QWidget):
    """Lists the sockets, opens and changes them.

    Args:
        store: Rates and totals.
        controller: The sockets.
        theme: Colours, fonts and icons.
        actions: Where the socket actions are registered.
        settings: Recent specs.
        parent: Owner.
        secrets: Those that last until the app ends, as the engine reads them.
    """

    socket_selected = Signal(object)
    """SocketId, or None."""
    paused_sockets_changed = Signal(object)
    """dict[SocketId, RowId]: sockets whose display is paused, and the first row not shown."""
    show_only_requested = Signal(object)
    """SocketId, or None for all."""
    front_wanted = Signal()
    """Somebody wants to walk through the list: the panel has to be seen."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        settings: Settings,
        parent: QWidget | None = None,
        secrets: SessionSecrets | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._interval_ms = _BUSY_MS
        self.commands = SocketCommands(store, controller, actions, self)
        self.security = SecurityDesk(controller, settings, secrets or SessionSecrets(), self)
        self.locks = SecurityCommands(self.security, controller, theme, actions, self)
        self.dialogs = SocketDialogs(store, controller, theme, settings, self, self.security)
        self.model = SocketListModel(store, controller, self)
        self.view = SocketView()
        self.view.setItemDelegate(SocketDelegate(theme, self.view))
        self.view.setModel(self.model)
        self.doctor = FindingsDesk(controller, theme, actions, self.model, self)
        self.strip = self.doctor.strip
        self._count = QLabel()
        self._add = IconButton(theme, "plus", self.tr("New socket (Ctrl+N)"))
        self._empty = EmptySockets(theme)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect(theme)
        self.on_rows_changed()

    def _lay_out(self) -> None:
        bar = QWidget()
        bar.setProperty("role", "bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._count.setProperty("tone", "muted")
        head = QHBoxLayout(bar)
        head.setContentsMargins(12, 0, 6, 0)
        head.addWidget(self._count, 1)
        head.addWidget(self._add)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.strip)
        self.setFocusProxy(self.view)
        QWidget.setTabOrder(self.view, self._add)
        self.setMinimumWidth(200)

    def _connect(self, theme: Theme) -> None:
        commands, dialogs, fixes = self.commands, self.dialogs, self.doctor.fixes
        commands.new_asked.connect(dialogs.ask_new)
        commands.list_asked.connect(self.on_list_asked)
        commands.edit_asked.connect(dialogs.show_details)
        commands.remove_asked.connect(dialogs.ask_remove)
        commands.rename_asked.connect(self.on_rename_asked)
        commands.paused_sockets_changed.connect(self.on_paused_sockets_changed)
        commands.show_only_requested.connect(self.show_only_requested)
        dialogs.socket_opened.connect(self.select)
        self.view.edit_asked.connect(commands.on_edit)
        self.view.remove_asked.connect(commands.on_remove)
        self.view.menu_asked.connect(self.on_view_menu_asked)
        self.view.selectionModel().currentChanged.connect(self.on_current_changed)
        self.model.rowsInserted.connect(self.on_rows_changed)
        self.model.rowsRemoved.connect(self.on_rows_changed)
        self.strip.socket_chosen.connect(self.select)
        self.doctor.front_wanted.connect(self.front_wanted)
        fixes.select_asked.connect(self.select)
        fixes.edit_asked.connect(self.on_fixes_edit_asked)
        fixes.spec_asked.connect(self.on_fixes_spec_asked)
        fixes.always_requested.connect(self.security.on_always_requested)
        self.socket_selected.connect(self.locks.select)
        self.locks.lock_asked.connect(dialogs.ask_lock)
        self._add.clicked.connect(commands.on_new)
        self._empty.new_asked.connect(commands.on_new)
        self._empty.example_asked.connect(dialogs.ask_like)
        theme.changed.connect(self.view.viewport().update)

    # ---- for the window ---------------------------------------------------------------------

    @property
    def paused(self) -> dict[SocketId, RowId]:
        """Sockets whose display is paused, each with the first row that is not shown."""
        return self.commands.paused

    @property
    def selected(self) -> SocketId | None:
        """The socket that is selected."""
        index = self.view.currentIndex()
        return self.model.item(index.row()).snapshot.socket_id if index.isValid() else None

    @Slot(object)
    def select(self, socket_id: SocketId) -> None:
        """Select a socket."""
        row = self.model.row_of(socket_id)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    def refresh(self, now_ns: int) -> None:
        """Bring rates and sparklines up to date; ``now_ns`` on the capture clock."""
        busy = self.model.refresh(now_ns)
        self._interval_ms = _BUSY_MS if busy else _SILENT_MS
        self.strip.settle()

    def refresh_interval_ms(self) -> int:
        """A few times a second while there is traffic, else once a second."""
        return self._interval_ms

    # ---- the list ---------------------------------------------------------------------------

    @Slot()
    def on_rows_changed(self) -> None:
        """Count anew; the first socket is selected by itself."""
        self._show_count()
        self._limit_strip()
        if self.model.rowCount() and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0))

    def _limit_strip(self) -> None:
        """Its share of the height, or all that the list leaves free."""
        room = self.height() - BAR_HEIGHT_PX - self.model.rowCount() * ROW_HEIGHT
        self.strip.set_max_height(max(int(self.height() * _STRIP_SHARE), room))

    def _show_count(self) -> None:
        count = self.model.rowCount()
        self._count.setText(socket_words.count_words(count))
        self._pages.setCurrentWidget(self.view if count else self._empty)

    @Slot(QModelIndex)
    def on_current_changed(self, current: QModelIndex) -> None:
        """Another socket is selected, or none."""
        socket_id = None
        if current.isValid():
            socket_id = self.model.item(current.row()).snapshot.socket_id
        self.commands.select(socket_id)
        self.strip.show_first(socket_id)
        self.socket_selected.emit(socket_id)

    @Slot()
    def on_list_asked(self) -> None:
        """Come to the front, with the cursor in the list or on what opens a first socket."""
        self.front_wanted.emit()
        target: QWidget = self.view if self.model.rowCount() else self._add
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def on_rename_asked(self, socket_id: SocketId) -> None:
        """Edit the name in the list."""
        self.view.setFocus()
        self.view.edit(self.model.index(self.model.row_of(socket_id)))

    @Slot(object)
    def on_paused_sockets_changed(self, paused: dict[SocketId, RowId]) -> None:
        """Mark the rows, and tell."""
        self.model.set_paused(paused)
        self.paused_sockets_changed.emit(paused)

    @Slot(QPoint)
    def on_view_menu_asked(self, place: QPoint) -> None:
        """Show what can be done with the row."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, self._actions, CONTEXT_MENU)
        menu.popup(place)

    # ---- the doctor -------------------------------------------------------------------------

    @Slot(object, object)
    def on_fixes_edit_asked(self, socket_id: SocketId, target: EditTarget) -> None:
        """Show what can be changed while the socket is open, with the cursor where it matters."""
        self.select(socket_id)
        self.dialogs.show_details(socket_id, target)

    @Slot(object)
    def on_fixes_spec_asked(self, socket_id: SocketId) -> None:
        """Ask for another spec."""
        self.select(socket_id)
        self.dialogs.ask_changed(socket_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._limit_strip()
