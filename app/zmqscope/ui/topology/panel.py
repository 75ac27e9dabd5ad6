"""The topology panel: this app's sockets, whoever is at the other end, and what goes between.

GUI thread. Nothing is laid out, and no layout library imported, before it is shown.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import SocketId
from zmqscope.models.topology.air import Air, air_for
from zmqscope.models.topology.builder import GraphBuilder
from zmqscope.models.topology.flow import FlowBook
from zmqscope.models.topology.graph import Graph, NodeKey, socket_key
from zmqscope.models.topology.layout import Place, blocks_of
from zmqscope.models.topology.words import count_words, empty_words
from zmqscope.models.topology.worker import LayoutWorker
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.messages.overlay import EmptyWords
from zmqscope.ui.theme import Theme
from zmqscope.ui.topology.bar import TopologyBar
from zmqscope.ui.topology.commands import TopologyCommands
from zmqscope.ui.topology.exporter import TopologyExporter
from zmqscope.ui.topology.scene import TopologyScene
from zmqscope.ui.topology.view import TopologyView

_LIVE_MS = 250
_IDLE_MS = 500
# Whenever the display wakes up it asks all panels at once; half a frame is its own slack.
_LEAST_NS = 242_000_000
_LAYOUT_EVERY_NS = 500_000_000
# At the start, and when the demo opens, sockets come one by one: until then nobody watches.
_SETTLES_NS = 1_500_000_000
_MOST_REMEMBERED = 1_000


class TopologyPanel(QWidget):
    """Draws who talks with whom.

    Args:
        store: The rates.
        controller: Sockets, peers and findings.
        theme: Colours and fonts.
        actions: Where its actions go.

    Attributes:
        scene: What is drawn.
        view: Where.
        bar: Count and buttons, for the title strip.
        exporter: Writes it to a file.
        commands: What its actions do.
    """

    socket_selected = Signal(object)
    """SocketId to be selected in the list."""
    details_wanted = Signal(object)
    """SocketId whose details are to be shown."""
    peers_wanted = Signal(object)
    """SocketId whose peers are to be listed."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._actions = actions
        self._flows = FlowBook(store)
        self._worker = LayoutWorker(self)
        self._places: dict[NodeKey, Place] = {}
        self._builder = GraphBuilder()
        self._graph = Graph()
        self._asked: Graph | None = None
        self._is_dirty = True
        self._is_live = False
        self._has_other_room = False
        self._air: Air | None = None
        self._now_ns = 0
        self._asked_ns = 0
        self._began_ns = 0
        self.scene = TopologyScene(theme, self)
        self.view = TopologyView(self.scene, theme)
        self.exporter = TopologyExporter(self.scene, theme, controller, self)
        self.commands = TopologyCommands(self.scene, self.view, self.exporter, actions, self)
        self.bar = TopologyBar(theme, actions)
        self._empty = EmptyWords(self.view, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._connect()
        self._update_words()

    def _connect(self) -> None:
        controller, commands = self._controller, self.commands
        for signal in (
            controller.peers_changed,
            controller.socket_changed,
            controller.socket_removed,
            controller.findings_changed,
        ):
            signal.connect(self.on_controller_news)
        self._worker.placed.connect(self.on_worker_placed)
        self.scene.node_moved.connect(self.on_scene_node_moved)
        commands.socket_selected.connect(self.socket_selected)
        commands.details_wanted.connect(self.details_wanted)
        commands.peers_wanted.connect(self.peers_wanted)
        commands.arrange_asked.connect(self.on_arrange)
        self.view.resized.connect(self.on_view_resized)

    def corner_widget(self) -> QWidget:
        """Count and buttons, for the panel's title strip."""
        return self.bar

    def stop(self) -> None:
        """Wait for a layout that is under way."""
        self._worker.stop()

    # ---- news -------------------------------------------------------------------------------

    @Slot()
    def on_controller_news(self) -> None:
        """Something is another way now; drawn at the next refresh."""
        self._is_dirty = True

    def refresh(self, now_ns: int) -> None:
        """Show what is new, four times a second at most; ``now_ns`` on the capture clock."""
        if 0 <= now_ns - self._now_ns < _LEAST_NS:
            return
        self._now_ns = now_ns
        if self._is_dirty:
            self._is_dirty = False
            self._graph = self._builder.build(
                self._controller.snapshots,
                self._controller.peers,
                self._controller.findings.current,
                self.scene.nodes,
            )
            self._flows.keep(self._graph)
            self._update_words()
        is_same = self._graph.shape == self.scene.shape
        if self._graph is not self.scene.graph:
            self.scene.update_graph(self._graph)
        if is_same and not (self._has_other_room and self._may_move(now_ns)):
            self._has_other_room = False
        elif not self._worker.is_busy and now_ns - self._asked_ns >= _LAYOUT_EVERY_NS:
            self._ask(now_ns)
        self._is_live = self.scene.show_flows(self._flows, now_ns)

    def refresh_interval_ms(self) -> int:
        """Four times a second while something moves."""
        return _LIVE_MS if self._is_live or self._asked is not None else _IDLE_MS

    def _ask(self, now_ns: int) -> None:
        """Have places found for the nodes that there are now."""
        self._asked, self._asked_ns = self._graph, now_ns
        blocks = blocks_of(self._graph)
        if not blocks:
            self._asked = None
            self._places.clear()
            self._began_ns = 0
            self.scene.show_graph(self._graph, {})
            return
        self._has_other_room = False
        standing = self._places
        if self._may_move(now_ns):
            standing, self._air = {}, air_for(self._room)
        self._worker.start(blocks, standing, self._room)

    @property
    def _room(self) -> tuple[float, float]:
        size: QSize = self.view.viewport().size()
        return size.width(), size.height()

    def _may_move(self, now_ns: int) -> bool:
        """Whether everything may still be placed anew.

        Nobody has looked at it yet, or looks at it in another frame: a dock, or a window.
        """
        is_pinned = any(place.is_pinned for place in self._places.values())
        is_other = self.is_young(now_ns) or air_for(self._room) != self._air
        return is_other and self.view.is_fitting and not is_pinned

    def is_young(self, now_ns: int) -> bool:
        """Whether the first nodes have only just come."""
        return not self._began_ns or now_ns - self._began_ns < _SETTLES_NS

    @Slot()
    def on_view_resized(self) -> None:
        """There is more room now, or less: a first layout may fill it better."""
        self._has_other_room = True

    @Slot(object)
    def on_worker_placed(self, places: dict[NodeKey, Place]) -> None:
        """Places were found for what was there a moment ago."""
        graph, self._asked = self._asked, None
        if graph is None:
            return
        # What the user has moved meanwhile stays where it is now.
        for key, place in self._places.items():
            if place.is_pinned and key in places:
                places[key] = place
        if not self._began_ns:
            # Not from when it was asked for: the first layout has to import its library.
            self._began_ns = self._now_ns
        self._remember(places)
        self.scene.show_graph(graph, places)
        self.scene.update_graph(self._graph)
        self.scene.show_flows(self._flows, self._now_ns)
        self.view.follow()
        self.commands.update_actions()
        self._update_words()

    def _remember(self, places: dict[NodeKey, Place]) -> None:
        """Whoever comes back finds its place, if it is free; the oldest are forgotten."""
        for key in places:
            self._places.pop(key, None)
        self._places.update(places)
        while len(self._places) > _MOST_REMEMBERED:
            del self._places[next(iter(self._places))]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._asked_ns = self._now_ns = 0
        self.refresh(self._controller.clock.now_ns())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._is_live = False

    def _update_words(self) -> None:
        self.bar.set_count(count_words(self._graph))
        is_drawn = bool(self.scene.nodes)
        self._empty.set_words(*empty_words(len(self._graph.sockets), is_drawn=is_drawn))
        self._actions.qaction("view.topology.export").setEnabled(bool(self._graph.sockets))

    # ---- nodes ------------------------------------------------------------------------------

    @Slot(object)
    def set_socket(self, socket_id: SocketId | None) -> None:
        """Another socket is selected in the list, or none."""
        key = None if socket_id is None else socket_key(socket_id)
        if key != self.scene.chosen:
            self.scene.choose(key)
            if self.scene.current is not None:
                self.view.reveal()

    @Slot(object)
    def on_scene_node_moved(self, key: NodeKey) -> None:
        """The user moves a node: there it stays."""
        item, before = self.scene.nodes[key], self._places.get(key, Place(0, 0))
        self._places[key] = Place(item.x(), item.y(), before.column, is_pinned=True)

    @Slot()
    def on_arrange(self) -> None:
        """Forget all places and begin again."""
        self._places.clear()
        self._began_ns = self._asked_ns = 0
        if not self._worker.is_busy:
            self._ask(self._controller.clock.now_ns())
        self.view.fit()
