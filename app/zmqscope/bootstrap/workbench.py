"""Second and third stage of the start: the engine, the panels and the plot are made here."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from zmqscope.bootstrap.demo_opening import DemoOpening
from zmqscope.bootstrap.panel_wires import PanelWires, Wired
from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.errors import UserError
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.spec import format_spec, parse_spec
from zmqscope.core.types import Notice, Severity, SocketSpec
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
        self.plot_ready_s: float | None = None
        self.store = CaptureStore(settings.memory_budget_bytes)
        self.secrets = SessionSecrets()
        self.controller = EngineController(self.store, clock, self.secrets)
        self.ticker = DisplayTicker(clock)
        self.formats = Formats()
        self._make_panels()
        self._place_panels()
        self._wires = self._wire_panels()
        self._demo = DemoOpening(
            demo, self.controller, lambda: self.composer.model.socket_id, self._say, self
        )
        self._connect()
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

    def _wire_panels(self) -> PanelWires:
        wired = Wired(
            self.sockets,
            self.messages,
            self.inspector,
            self.compare,
            self.composer,
            self.topics,
            self.events,
            self.peers,
            self.topology,
            self.probes,
            self._help,
        )
        return PanelWires(wired, self._window, self._actions, self)

    def _connect(self) -> None:
        controller, window = self.controller, self._window
        controller.woken.connect(self.ticker.on_controller_woken)
        controller.findings_changed.connect(window.ledger.on_controller_findings_changed)
        controller.socket_changed.connect(self.on_sockets_changed)
        controller.socket_removed.connect(self.on_sockets_changed)
        self._settings.changed.connect(self.on_settings_changed)
        new_socket = self._actions.qaction("socket.new")
        window.welcome.new_socket_requested.connect(new_socket.trigger)
        window.welcome.demo_requested.connect(self.open_demo)
        window.welcome.spec_requested.connect(self.on_welcome_spec_requested)

    def add_plot(self) -> None:
        """Third stage: import the plot's library and put the plot in its place."""
        from zmqscope.ui.rates.panel import RatesPanel

        self.rates = RatesPanel(
            self.store, self.controller, self._theme, self._actions, self._settings
        )
        self.rates.ready.connect(self.on_rates_ready)
        self._wires.connect_plot(self.rates)
        self._window.set_panel(PanelId.RATES, self.rates)
        self.ticker.add(self.rates, self.rates)

    # ---- sockets ----------------------------------------------------------------------------

    def open_spec(self, spec: SocketSpec) -> None:
        """Open a socket and remember it as recent."""
        self.controller.open_socket(spec)
        self._settings.add_recent_spec(format_spec(spec))

    @Slot()
    def open_demo(self) -> None:
        """Open the demo's sockets as soon as its peers are ready."""
        self._demo.start()

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

    @Slot()
    def on_rates_ready(self) -> None:
        """The first traffic is on the plot."""
        if self.plot_ready_s is None:
            self.plot_ready_s = time.time()
