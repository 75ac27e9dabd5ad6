"""The wires between panels: what one of them asks of another, and of the window. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from zmqscope.core.types import RowId, SocketId
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.panel import ComparePanel
from zmqscope.ui.composer.panel import ComposerPanel
from zmqscope.ui.doctor.help_desk import HelpDesk
from zmqscope.ui.events.panel import EventsPanel
from zmqscope.ui.inspector.panel import InspectorPanel
from zmqscope.ui.messages.panel import MessagesPanel
from zmqscope.ui.messages.places import TablePlaces
from zmqscope.ui.peers.panel import PeersPanel
from zmqscope.ui.probe.commands import ProbeCommands
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.topics.panel import TopicsPanel
from zmqscope.ui.topology.panel import TopologyPanel
from zmqscope.ui.window import MainWindow, PanelId

if TYPE_CHECKING:
    from zmqscope.ui.rates.panel import RatesPanel


@dataclass(frozen=True, slots=True)
class Wired:
    """Who asks something of others, or is asked.

    Attributes:
        sockets: The list of sockets.
        messages: The table.
        inspector: One message whole.
        compare: Two of them side by side.
        composer: Where messages are written.
        topics: The list of topics.
        events: The event log.
        peers: The list of peers.
        topology: The picture of who is connected with whom.
        probes: Asks who is at an endpoint.
        help: Opens help pages.
    """

    sockets: SocketsPanel
    messages: MessagesPanel
    inspector: InspectorPanel
    compare: ComparePanel
    composer: ComposerPanel
    topics: TopicsPanel
    events: EventsPanel
    peers: PeersPanel
    topology: TopologyPanel
    probes: ProbeCommands
    help: HelpDesk


class PanelWires(QObject):
    """Connects the panels, and does what needs two of them at once.

    Args:
        wired: See ``Wired``.
        window: Brings panels to the front.
        actions: What the user can do.
        parent: Owner.
    """

    def __init__(
        self, wired: Wired, window: MainWindow, actions: ActionRegistry, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._wired = wired
        self._window = window
        self._actions = actions
        self._connect_fronts()
        self._connect_sockets()
        self._connect_messages()
        self._connect_peers()
        self._connect_doctor()

    def _connect_fronts(self) -> None:
        wired = self._wired
        for panel_id, front_wanted in (
            (PanelId.SOCKETS, wired.sockets.front_wanted),
            (PanelId.INSPECTOR, wired.inspector.front_wanted),
            (PanelId.COMPARE, wired.compare.front_wanted),
            (PanelId.COMPOSER, wired.composer.front_wanted),
            (PanelId.TOPICS, wired.topics.front_wanted),
            (PanelId.EVENTS, wired.events.front_wanted),
            (PanelId.PEERS, wired.peers.front_wanted),
        ):
            front_wanted.connect(self._window.dock(panel_id).come_to_front)

    def _connect_sockets(self) -> None:
        wired, sockets = self._wired, self._wired.sockets
        for shows_socket in (
            wired.composer.set_socket,
            wired.events.set_selected_socket,
            wired.probes.on_socket_selected,
            wired.peers.set_socket,
            wired.topology.set_socket,
        ):
            sockets.socket_selected.connect(shows_socket)
        sockets.paused_sockets_changed.connect(wired.messages.set_paused_sockets)
        sockets.show_only_requested.connect(wired.messages.show_only)
        sockets.dialogs.peers_wanted.connect(self.on_peers_wanted)
        wired.messages.shown_only_changed.connect(sockets.commands.on_show_only_changed)
        wired.events.socket_activated.connect(self.on_socket_wanted)

    def _connect_messages(self) -> None:
        wired = self._wired
        wired.messages.row_activated.connect(wired.inspector.show_row)
        wired.messages.edit_requested.connect(self.on_edit_requested)
        wired.messages.commands.compare_requested.connect(self.on_compare_requested)
        wired.inspector.edit_requested.connect(self.on_edit_requested)
        wired.inspector.help_requested.connect(wired.help.show_page)
        wired.inspector.message_shown.connect(wired.compare.show_message)
        wired.compare.two_wanted.connect(self.on_compare_two_wanted)
        wired.topics.row_activated.connect(self.on_topics_row_activated)
        wired.topics.show_only_requested.connect(wired.messages.show_only)

    def _connect_peers(self) -> None:
        wired = self._wired
        wired.peers.socket_wanted.connect(self.on_socket_wanted)
        wired.peers.messages_wanted.connect(self.on_messages_wanted)
        wired.topology.socket_selected.connect(self.on_socket_wanted)
        wired.topology.details_wanted.connect(wired.sockets.dialogs.show_details)
        wired.topology.peers_wanted.connect(self.on_peers_wanted)

    def _connect_doctor(self) -> None:
        wired, doctor = self._wired, self._wired.sockets.doctor
        doctor.help_requested.connect(wired.help.show_page)
        doctor.fixes.compose_requested.connect(self.on_compose_requested)
        doctor.fixes.probe_requested.connect(wired.probes.on_probe_requested)
        doctor.fixes.peers_requested.connect(self.on_peers_wanted)
        self._window.ledger.findings_asked.connect(doctor.on_findings_asked)

    def connect_plot(self, rates: RatesPanel) -> None:
        """The plot is there: it comes later than all others."""
        wired = self._wired
        wired.sockets.paused_sockets_changed.connect(rates.set_paused_sockets)
        rates.marks.take(wired.events.lines())
        rates.marks.event_activated.connect(self.on_marks_event_activated)
        wired.events.cleared.connect(rates.marks.clear)

    # ---- what needs two ---------------------------------------------------------------------

    @Slot(object)
    def on_edit_requested(self, frames: tuple[bytes, ...]) -> None:
        """A captured message is to be edited and sent again."""
        self._window.show_panel(PanelId.COMPOSER)
        self._wired.composer.load_frames(frames)

    @Slot(object)
    def on_compose_requested(self, socket_id: SocketId) -> None:
        """A message is to be written on this socket."""
        self._wired.sockets.select(socket_id)
        self._window.show_panel(PanelId.COMPOSER)
        self._wired.composer.set_socket(socket_id)

    @Slot(object)
    def on_topics_row_activated(self, row: RowId) -> None:
        """A topic's newest message is wanted: in the table if it is shown there, and whole."""
        table = self._wired.messages
        table.view.refresh()
        TablePlaces(table.model, table.view).go_to(row)
        self._wired.inspector.show_row(row)

    @Slot(object)
    def on_marks_event_activated(self, number: int) -> None:
        """An event that is marked on the plot is wanted in full."""
        self._window.show_panel(PanelId.EVENTS)
        self._wired.events.select_event(number)

    @Slot(object)
    def on_peers_wanted(self, socket_id: SocketId) -> None:
        """The peers of one socket are wanted."""
        self._wired.sockets.select(socket_id)
        self._window.show_panel(PanelId.PEERS)
        self._wired.peers.show_socket(socket_id)

    @Slot(object)
    def on_socket_wanted(self, socket_id: SocketId) -> None:
        """A socket is to be selected in the list, and seen there."""
        self._window.show_panel(PanelId.SOCKETS)
        self._wired.sockets.select(socket_id)

    @Slot(object, object)
    def on_messages_wanted(self, socket_id: SocketId, routing_id: bytes) -> None:
        """The messages of one peer are wanted."""
        self._wired.messages.show_only(socket_id)
        self._wired.messages.finder.find_first_frame(routing_id)

    @Slot(object, object)
    def on_compare_requested(self, first: RowId, second: RowId) -> None:
        """Two messages of the table are to be compared."""
        self._window.show_panel(PanelId.COMPARE)
        self._wired.compare.compare_rows(first, second)

    @Slot()
    def on_compare_two_wanted(self) -> None:
        """The messages selected in the table are to be compared."""
        action = self._actions.qaction("messages.compare")
        if action.isEnabled():
            action.trigger()
        else:
            self._wired.compare.say_select_two()
