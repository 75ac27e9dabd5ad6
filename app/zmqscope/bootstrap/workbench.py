"""Second and third stage of the start: engine, panels, plot, and the wires between them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from zmqscope.bootstrap.demo_answers import DemoAnswers
from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.errors import UserError
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import Notice, RowId, Severity, SocketId, SocketSpec
from zmqscope.demo.child import DemoChild
from zmqscope.engine.probe.lock import LockPreparer
from zmqscope.models.formats import Formats
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.panel import ComparePanel
from zmqscope.ui.composer.panel import ComposerPanel
from zmqscope.ui.doctor.help_desk import HelpDesk
from zmqscope.ui.events.panel import EventsPanel
from zmqscope.ui.inspector.panel import InspectorPanel
from zmqscope.ui.ledger import LedgerFeed
from zmqscope.ui.messages.panel import MessagesPanel
from zmqscope.ui.messages.places import TablePlaces
from zmqscope.ui.peers.panel import PeersPanel
from zmqscope.ui.probe.commands import ProbeCommands
from zmqscope.ui.settings import Settings
from zmqscope.ui.sockets.panel import SocketsPanel
from zmqscope.ui.theme import Theme
from zmqscope.ui.ticker import DisplayTicker
from zmqscope.ui.topics.panel import TopicsPanel
from zmqscope.ui.topology.panel import TopologyPanel
from zmqscope.ui.window import MainWindow, PanelId

if TYPE_CHECKING:
    from zmqscope.ui.rates.panel import RatesPanel

_DEMO_POLL_MS = 10


class Workbench(QObject):
    """Everything that works on captured traffic. GUI thread.

    Args:
        window: The shell that the panels go into.
        theme: Colours and fonts.
        actions: Where panels register what they can do.
        settings: What the user chose.
        clock: The capture clock.
        demo: The demo's peers; started at the first ``open_demo`` if not before.

    Attributes:
        secrets: Secrets that last until the app is closed.
        formats: What tells the meaning of bytes.
        plot_ready_s: When the plot first showed traffic, seconds since the epoch.
    """

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        actions: ActionRegistry,
        settings: Settings,
        clock: CaptureClock,
        demo: DemoChild,
    ) -> None:
        super().__init__()
        self._window = window
        self._theme = theme
        self._actions = actions
        self._settings = settings
        self._demo = demo
        self._demo_is_open = False
        self.plot_ready_s: float | None = None
        self.store = CaptureStore(settings.memory_budget_bytes)
        self.secrets = SessionSecrets()
        self.controller = EngineController(self.store, clock, self.secrets)
        self.ticker = DisplayTicker(clock)
        self.formats = Formats()
        self._demo_timer = QTimer(self)
        self._demo_timer.setInterval(_DEMO_POLL_MS)
        self._demo_timer.timeout.connect(self.on_demo_timer_timeout)
        self._make_panels()
        self._place_panels()
        self._connect_panels()
        self.controller.woken.connect(self.ticker.on_controller_woken)
        for problem in self.formats.plugin_problems:
            hint = "Update or uninstall it; Help → Decoders says what one has to be like."
            self._say(Severity.WARNING, f"{problem.plugin}: {problem.text}", hint)
        self.controller.start()
        self.ticker.start()

    def _make_panels(self) -> None:
        store, controller, theme, actions = self.store, self.controller, self._theme, self._actions
        settings = self._settings
        self.sockets = SocketsPanel(
            store, controller, theme, actions, settings, secrets=self.secrets
        )
        self.messages = MessagesPanel(
            store, controller, theme, actions, settings, formats=self.formats
        )
        self.inspector = InspectorPanel(store, controller, theme, actions, self.formats, settings)
        self.compare = ComparePanel(store, controller, theme, actions, self.formats)
        self.composer = ComposerPanel(store, controller, theme, actions)
        self.topics = TopicsPanel(store, controller, theme, actions, settings)
        self.events = EventsPanel(controller, theme, actions)
        self.probes = ProbeCommands(
            controller, theme, actions, self._window, LockPreparer(self.secrets)
        )
        self.peers = PeersPanel(store, controller, theme, actions, settings)
        self.topology = TopologyPanel(store, controller, theme, actions)
        self.ledger = LedgerFeed(self._window.ledger, store, controller, self.ticker)
        self.rates: RatesPanel | None = None
        self._help = HelpDesk(theme, self._window, actions)

    def _place_panels(self) -> None:
        for panel_id, panel in (
            (PanelId.SOCKETS, self.sockets),
            (PanelId.MESSAGES, self.messages),
            (PanelId.INSPECTOR, self.inspector),
            (PanelId.COMPARE, self.compare),
            (PanelId.COMPOSER, self.composer),
            (PanelId.TOPICS, self.topics),
            (PanelId.EVENTS, self.events),
            (PanelId.PEERS, self.peers),
            (PanelId.TOPOLOGY, self.topology),
        ):
            self._window.set_panel(panel_id, panel)
            self.ticker.add(panel, panel)
        self.ticker.add(self.ledger)

    def _connect_panels(self) -> None:
        self.messages.row_activated.connect(self.inspector.show_row)
        self.messages.edit_requested.connect(self.on_edit_requested)
        self.messages.shown_only_changed.connect(self.sockets.commands.on_show_only_changed)
        self.inspector.edit_requested.connect(self.on_edit_requested)
        self.inspector.help_requested.connect(self._help.show_page)
        self.inspector.front_wanted.connect(self.on_inspector_front_wanted)
        self._connect_compare()
        self.sockets.socket_selected.connect(self.composer.set_socket)
        self.sockets.socket_selected.connect(self.events.set_selected_socket)
        self.events.socket_activated.connect(self.on_events_socket_activated)
        self.events.front_wanted.connect(self.on_events_front_wanted)
        self.sockets.socket_selected.connect(self.probes.on_socket_selected)
        self.sockets.front_wanted.connect(self.on_sockets_front_wanted)
        self._connect_doctor()
        self.composer.front_wanted.connect(self.on_composer_front_wanted)
        self.topics.row_activated.connect(self.on_topics_row_activated)
        self.topics.show_only_requested.connect(self.messages.show_only)
        self.topics.front_wanted.connect(self.on_topics_front_wanted)
        self.sockets.socket_selected.connect(self.peers.set_socket)
        self.sockets.dialogs.peers_wanted.connect(self.on_peers_wanted)
        self.peers.socket_wanted.connect(self.on_socket_wanted)
        self.sockets.socket_selected.connect(self.topology.set_socket)
        self.topology.socket_selected.connect(self.on_socket_wanted)
        self.topology.details_wanted.connect(self.sockets.dialogs.show_details)
        self.topology.peers_wanted.connect(self.on_peers_wanted)
        self.peers.messages_wanted.connect(self.on_messages_wanted)
        self.peers.front_wanted.connect(self.on_peers_front_wanted)
        self.sockets.paused_sockets_changed.connect(self.messages.set_paused_sockets)
        self.sockets.show_only_requested.connect(self.messages.show_only)
        self.controller.socket_changed.connect(self.on_sockets_changed)
        self.controller.socket_removed.connect(self.on_sockets_changed)
        self._settings.changed.connect(self.on_settings_changed)
        new_socket = self._actions.qaction("socket.new")
        self._window.welcome.new_socket_requested.connect(new_socket.trigger)
        self._window.welcome.demo_requested.connect(self.open_demo)
        self._window.welcome.spec_requested.connect(self.on_welcome_spec_requested)

    def _connect_compare(self) -> None:
        self.inspector.message_shown.connect(self.compare.show_message)
        self.messages.commands.compare_requested.connect(self.on_compare_requested)
        self.compare.front_wanted.connect(self.on_compare_front_wanted)
        self.compare.two_wanted.connect(self.on_compare_two_wanted)

    def _connect_doctor(self) -> None:
        doctor, ledger = self.sockets.doctor, self._window.ledger
        doctor.help_requested.connect(self._help.show_page)
        doctor.fixes.compose_requested.connect(self.on_compose_requested)
        doctor.fixes.probe_requested.connect(self.probes.on_probe_requested)
        doctor.fixes.peers_requested.connect(self.on_peers_wanted)
        ledger.findings_asked.connect(doctor.on_findings_asked)
        self.controller.findings_changed.connect(ledger.on_controller_findings_changed)

    def add_plot(self) -> None:
        """Third stage: import the plot's library and put the plot in its place."""
        from zmqscope.ui.rates.panel import RatesPanel

        self.rates = RatesPanel(
            self.store, self.controller, self._theme, self._actions, self._settings
        )
        self.rates.ready.connect(self.on_rates_ready)
        self.sockets.paused_sockets_changed.connect(self.rates.set_paused_sockets)
        self.rates.marks.take(self.events.lines())
        self.rates.marks.event_activated.connect(self.on_marks_event_activated)
        self.events.cleared.connect(self.rates.marks.clear)
        self._window.set_panel(PanelId.RATES, self.rates)
        self.ticker.add(self.rates, self.rates)

    # ---- sockets ----------------------------------------------------------------------------

    def open_spec(self, spec: SocketSpec) -> None:
        """Open a socket and remember it as recent."""
        self.controller.open_socket(spec)
        self._settings.add_recent_spec(format_spec(spec))

    @Slot()
    def open_demo(self) -> None:
        """Start the demo's peers if need be; their sockets open when they are ready."""
        if self._demo_is_open:
            self._say(Severity.INFO, "The demo is open already.", "")
            return
        self._demo.start()
        self._demo_timer.start()

    @Slot()
    def on_demo_timer_timeout(self) -> None:
        """Open the demo's sockets once its peers have said where they are."""
        self._demo.poll_specs()
        plan = self._demo.plan
        if plan is None:
            if self._demo.problem:
                self._demo_timer.stop()
                self._say(Severity.ERROR, self._demo.problem, "Start the app again to retry.")
            return
        self._demo_timer.stop()
        self._demo_is_open = True
        ids = {}
        for text in plan.specs:
            spec = parse_spec(text)
            ids[spec.name] = self.controller.open_socket(spec)
        for send in plan.sends:
            self.controller.start_periodic_send(ids[send.socket], send.frames, send.every_s)
        answers = {ids[answer.socket]: answer for answer in plan.answers}
        DemoAnswers(self.controller, answers, lambda: self.composer.model.socket_id, self)

    @Slot(str)
    def on_welcome_spec_requested(self, text: str) -> None:
        """A recent socket was chosen."""
        try:
            self.open_spec(parse_spec(text))
        except UserError as error:
            self._say(Severity.ERROR, error.problem.text, error.problem.hint)

    def _say(self, severity: Severity, text: str, hint: str) -> None:
        now_ns = self.controller.clock.now_ns()
        self.controller.notice_posted.emit(Notice(now_ns, None, severity, text, hint))

    # ---- news -------------------------------------------------------------------------------

    @Slot(object)
    def on_sockets_changed(self, _what: object) -> None:
        """Show the welcome view while there is nothing else to show."""
        self._window.show_welcome(not self.controller.snapshots and not self.store.end_row)

    @Slot(str)
    def on_settings_changed(self, name: str) -> None:
        """A setting that the engine's side cares about."""
        if name == "memory_budget_bytes":
            self.store.set_budget(self._settings.memory_budget_bytes)

    @Slot(object)
    def on_edit_requested(self, frames: tuple[bytes, ...]) -> None:
        """A captured message is to be edited and sent again."""
        self._window.show_panel(PanelId.COMPOSER)
        self.composer.load_frames(frames)

    @Slot(object)
    def on_compose_requested(self, socket_id: SocketId) -> None:
        """A message is to be written on this socket."""
        self.sockets.select(socket_id)
        self._window.show_panel(PanelId.COMPOSER)
        self.composer.set_socket(socket_id)

    @Slot()
    def on_sockets_front_wanted(self) -> None:
        """The list of sockets has to be seen."""
        self._window.show_panel(PanelId.SOCKETS)

    @Slot(object)
    def on_topics_row_activated(self, row: RowId) -> None:
        """A topic's newest message is wanted: in the table if it is shown there, and whole."""
        self.messages.view.refresh()
        TablePlaces(self.messages.model, self.messages.view).go_to(row)
        self.inspector.show_row(row)

    @Slot()
    def on_topics_front_wanted(self) -> None:
        """The list of topics has to be seen."""
        self._window.show_panel(PanelId.TOPICS)

    @Slot()
    def on_inspector_front_wanted(self) -> None:
        """The message has to be seen."""
        self._window.show_panel(PanelId.INSPECTOR)

    @Slot()
    def on_events_front_wanted(self) -> None:
        """The list of events has to be seen."""
        self._window.show_panel(PanelId.EVENTS)

    @Slot(object)
    def on_marks_event_activated(self, number: int) -> None:
        """An event that is marked on the plot is wanted in full."""
        self._window.show_panel(PanelId.EVENTS)
        self.events.select_event(number)

    @Slot(object)
    def on_events_socket_activated(self, socket_id: SocketId) -> None:
        """An event's socket is wanted."""
        self._window.show_panel(PanelId.SOCKETS)
        self.sockets.select(socket_id)

    @Slot()
    def on_peers_front_wanted(self) -> None:
        """The list of peers has to be seen."""
        self._window.show_panel(PanelId.PEERS)

    @Slot(object)
    def on_peers_wanted(self, socket_id: SocketId) -> None:
        """The peers of one socket are wanted."""
        self.sockets.select(socket_id)
        self._window.show_panel(PanelId.PEERS)
        self.peers.show_socket(socket_id)

    @Slot(object)
    def on_socket_wanted(self, socket_id: SocketId) -> None:
        """A socket is to be selected in the list, and seen there."""
        self._window.show_panel(PanelId.SOCKETS)
        self.sockets.select(socket_id)

    @Slot(object, object)
    def on_messages_wanted(self, socket_id: SocketId, routing_id: bytes) -> None:
        """The messages of one peer are wanted."""
        self.messages.show_only(socket_id)
        self.messages.finder.find_first_frame(routing_id)

    @Slot()
    def on_compare_front_wanted(self) -> None:
        """Two messages side by side have to be seen."""
        self._window.show_panel(PanelId.COMPARE)

    @Slot(object, object)
    def on_compare_requested(self, first: RowId, second: RowId) -> None:
        """Two messages of the table are to be compared."""
        self._window.show_panel(PanelId.COMPARE)
        self.compare.compare_rows(first, second)

    @Slot()
    def on_compare_two_wanted(self) -> None:
        """The messages selected in the table are to be compared."""
        action = self._actions.qaction("messages.compare")
        if action.isEnabled():
            action.trigger()
        else:
            self.compare.say_select_two()

    @Slot()
    def on_composer_front_wanted(self) -> None:
        """The composer has to be seen."""
        self._window.show_panel(PanelId.COMPOSER)

    @Slot()
    def on_rates_ready(self) -> None:
        """The first traffic is on the plot."""
        if self.plot_ready_s is None:
            self.plot_ready_s = time.time()
