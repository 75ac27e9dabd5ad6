"""A socket's details: name, endpoints, subscriptions, totals, options, spec; live. GUI thread."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import SocketId, SocketSnapshot, SocketSpec
from zmqscope.models.doctor.edit_target import EditPlace, EditTarget
from zmqscope.models.sockets import socket_words
from zmqscope.models.sockets.subscription_words import subscription_words
from zmqscope.ui.security.lock_section import LockSection
from zmqscope.ui.sockets.detail_sections import EndpointsSection, TopicsSection, TotalsSection
from zmqscope.ui.sockets.led_scroll import LedScroll
from zmqscope.ui.sockets.options.section import OptionsSection
from zmqscope.ui.sockets.peers_section import PeersSection
from zmqscope.ui.sockets.spec_section import SpecSection
from zmqscope.ui.sockets.state_head import StateHead
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore
    from zmqscope.ui.security.desk import SecurityDesk

_TOTALS_EVERY_MS = 500
_ROOM = QSize(40, 120)


class SocketDetails(QDialog):
    """Shows one socket and changes it while it is open; stays open beside the window.

    Args:
        store: Where totals are read.
        controller: Where the socket is followed and changed.
        theme: Colours, fonts and icons.
        snapshot: The socket as it is now.
        desk: Knows key pairs and access lists.
        parent: The window it belongs to.
    """

    lock_change_asked = Signal(object)
    """SocketId: its lock is to be changed."""
    spec_edit_asked = Signal(object)
    """SocketId: its type is to be changed, which takes a new socket."""
    respec_asked = Signal(object, object)
    """SocketSpec to open, and the SocketId that it replaces."""
    peers_wanted = Signal(object)
    """SocketId: its peers are to be shown."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        snapshot: SocketSnapshot,
        desk: SecurityDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._controller = controller
        self._theme = theme
        self._snapshot = snapshot
        self._head = StateHead(theme)
        self._name = QLineEdit()
        self._endpoints = EndpointsSection(theme, controller, snapshot)
        self._topics = TopicsSection(theme, controller, snapshot)
        self._peers = PeersSection(theme, controller, snapshot)
        self._lock = LockSection(theme, desk, snapshot)
        self._totals = TotalsSection(theme, store, snapshot)
        self._options = OptionsSection(theme, snapshot)
        self._spec = SpecSection(theme)
        self._toggle = QPushButton()
        self._scroll = LedScroll()
        self._tail: tuple[QWidget, ...] = ()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_TOTALS_EVERY_MS)
        self._connect()
        self._name.setText(snapshot.name)
        self._show_snapshot()
        self.on_rows_changed()
        self._endpoints.focus_field()

    def _connect(self) -> None:
        self._timer.timeout.connect(self.on_timer_timeout)
        self._toggle.clicked.connect(self.on_toggle_clicked)
        self._peers.wanted.connect(self.on_peers_wanted)
        self._lock.change_asked.connect(self.on_lock_change_asked)
        self._spec.change_asked.connect(self.on_change_clicked)
        self._options.reopen_asked.connect(self.on_options_reopen_asked)
        self._name.editingFinished.connect(self.on_name_editing_finished)
        self._controller.socket_changed.connect(self.on_controller_socket_changed)
        self._controller.socket_removed.connect(self.on_controller_socket_removed)
        for section in (self._endpoints, self._topics, self._options):
            section.rows_changed.connect(self.on_rows_changed)

    @property
    def socket_id(self) -> SocketId:
        """The socket that it shows."""
        return self._snapshot.socket_id

    def lead_to(self, target: EditTarget) -> None:
        """Put the cursor where something is to be changed, in sight."""
        row: QWidget | None = None
        match target.place:
            case EditPlace.OPTION:
                row = self._options.focus_option(target.option)
            case EditPlace.TOPICS if self._topics.parent() is not None:
                self._topics.focus_field()
            case _:
                self._endpoints.focus_field()
        self._scroll.lead_to(row or self.focusWidget())

    # ---- layout -----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 14, 16, 8)
        column.setSpacing(6)
        column.addWidget(self._head)
        self._name.setAccessibleName(self.tr("Name of the socket"))
        self._name.setToolTip(self.tr("Enter renames the socket"))
        self._add_section(column, self.tr("Name"), self._name)
        self._add_section(column, self.tr("Endpoints"), self._endpoints)
        kind = self._snapshot.spec.type
        if kind.can_subscribe or kind.can_join:
            self._add_section(column, subscription_words(kind).section, self._topics)
        else:
            self._topics.setParent(None)
        self._add_section(column, self.tr("Peers"), self._peers)
        self._add_section(column, self.tr("Lock"), self._lock)
        self._add_section(column, self.tr("Totals"), self._totals)
        self._add_section(column, self.tr("Options"), self._options)
        self._add_section(column, self.tr("Spec"), self._spec)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._scroll.setWidget(body)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._options.bar)
        layout.addLayout(self._make_buttons())
        self.setMinimumSize(440, 360)
        # Qt itself would not give it more than two thirds of the screen's height.
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() - _ROOM))

    def _make_buttons(self) -> QHBoxLayout:
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.setToolTip(self.tr("Close this dialog (Esc)"))
        for button in (done, self._toggle):
            # Enter adds the endpoint that was typed; it does not end the dialog.
            button.setAutoDefault(False)
        done.clicked.connect(self.accept)
        self._tail = (*self._spec.tab_stops(), self._toggle, done)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 12)
        buttons.addWidget(self._toggle)
        buttons.addStretch(1)
        buttons.addWidget(done)
        return buttons

    def _add_section(self, column: QVBoxLayout, title: str, *widgets: QWidget) -> None:
        label = QLabel(title)
        label.setProperty("tone", "title")
        label.setFont(self._theme.ui_font(QFont.Weight.DemiBold))
        column.addSpacing(6)
        column.addWidget(label)
        for widget in widgets:
            column.addWidget(widget)

    def sizeHint(self) -> QSize:
        return QSize(560, 660)

    # ---- live -------------------------------------------------------------------------------

    @Slot(object)
    def on_controller_socket_changed(self, snapshot: SocketSnapshot) -> None:
        """Show the socket as it is now."""
        if snapshot.socket_id != self._snapshot.socket_id:
            return
        if snapshot.name != self._snapshot.name and not self._name.hasFocus():
            self._name.setText(snapshot.name)
        self._snapshot = snapshot
        self._endpoints.show_snapshot(snapshot)
        self._topics.show_snapshot(snapshot)
        self._lock.show_snapshot(snapshot)
        self._options.show_snapshot(snapshot)
        self._peers.show_snapshot(snapshot)
        self._show_snapshot()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """There is nothing left to show."""
        if socket_id == self._snapshot.socket_id:
            self.close()

    def _show_snapshot(self) -> None:
        snapshot = self._snapshot
        self.setWindowTitle(socket_words.title(snapshot))
        self._head.show_snapshot(snapshot)
        self._spec.show_spec(snapshot.spec)
        self._toggle.setToolTip(self.tr("The socket stays listed either way"))
        self._toggle.setText(
            self.tr("Close socket") if snapshot.is_open else self.tr("Reopen socket")
        )

    @Slot()
    def on_rows_changed(self) -> None:
        """Lead Tab through the sections as they are now."""
        stops = [
            self._name,
            *self._endpoints.tab_stops(),
            *(self._topics.tab_stops() if self._topics.parent() is not None else ()),
            *self._peers.tab_stops(),
            *self._lock.tab_stops(),
            *self._options.tab_stops(),
            *self._tail,
        ]
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    # ---- commands ---------------------------------------------------------------------------

    @Slot()
    def on_name_editing_finished(self) -> None:
        """Rename it, if there is another name."""
        name = self._name.text().strip()
        if not name:
            self._name.setText(self._snapshot.name)
        elif name != self._snapshot.name:
            self._controller.rename_socket(self.socket_id, name)

    @Slot()
    def on_toggle_clicked(self) -> None:
        """Close or reopen the socket."""
        if self._snapshot.is_open:
            self._controller.close_socket(self.socket_id)
        else:
            self._controller.reopen_socket(self.socket_id)

    @Slot()
    def on_peers_wanted(self) -> None:
        """Ask for its peers to be shown."""
        self.peers_wanted.emit(self.socket_id)

    @Slot()
    def on_change_clicked(self) -> None:
        """Ask for the spec to be edited."""
        self.spec_edit_asked.emit(self.socket_id)

    @Slot()
    def on_lock_change_asked(self) -> None:
        """Ask for the lock to be changed."""
        self.lock_change_asked.emit(self.socket_id)

    @Slot(object)
    def on_options_reopen_asked(self, spec: SocketSpec) -> None:
        """Ask for the socket to be opened anew with other options."""
        self.respec_asked.emit(spec, self.socket_id)

    @Slot()
    def on_timer_timeout(self) -> None:
        """Read the totals again."""
        self._totals.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
