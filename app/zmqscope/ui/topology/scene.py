"""The topology as a scene: nodes, lines and rates, changed by difference. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtWidgets import QGraphicsScene

from zmqscope.core.types import SocketId
from zmqscope.models.topology.flow import IDLE, Flow, FlowBook
from zmqscope.models.topology.graph import Card, Graph, Lane, NodeKey, socket_key
from zmqscope.models.topology.layout import Place
from zmqscope.models.topology.words import row_words
from zmqscope.ui.theme import Theme
from zmqscope.ui.topology.bundle import BundleItem
from zmqscope.ui.topology.frame import FrameItem
from zmqscope.ui.topology.leading import lead_lines
from zmqscope.ui.topology.lines import Ends, LineItem, RateItem
from zmqscope.ui.topology.look import Look
from zmqscope.ui.topology.node import NodeItem
from zmqscope.ui.topology.nodes import CardItem, SocketItem

_MARGIN = 8.0


class TopologyScene(QGraphicsScene):
    """Shows a graph at the places that it is given.

    Args:
        theme: Colours and fonts.
        parent: Owner.

    Attributes:
        graph: What there is.
        shape: Of the graph whose nodes are shown; that of ``graph`` may be newer.
    """

    current_changed = Signal()
    """Another node is chosen, or none."""
    node_moved = Signal(object)
    """NodeKey of a node that the user moves."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.graph = Graph()
        self.shape = self.graph.shape
        self._theme = theme
        self._look = Look(theme)
        self._nodes: dict[NodeKey, NodeItem] = {}
        self._lines: dict[Ends, LineItem] = {}
        self._bundles: dict[SocketId, BundleItem] = {}
        self._rates: dict[SocketId, RateItem] = {}
        self._frames = {lane: FrameItem(lane, self._look) for lane in Lane}
        self._current: NodeKey | None = None
        for frame in self._frames.values():
            frame.hide()
            self.addItem(frame)
        theme.changed.connect(self.on_theme_changed)

    # ---- what is shown ----------------------------------------------------------------------

    def show_graph(self, graph: Graph, places: Mapping[NodeKey, Place]) -> None:
        """Show other nodes; those that stay do not move."""
        self.graph, self.shape = graph, graph.shape
        self._show_nodes(places)
        self._show_lines()
        lead_lines(self._nodes, self._lines, self._rates)
        self._surround()
        if self._current is not None and self._current not in self._nodes:
            self.choose(None)

    def update_graph(self, graph: Graph) -> None:
        """Nodes in another state; those that came or went wait for their places."""
        self.graph = graph
        for socket in graph.sockets:
            item = self._nodes.get(socket_key(socket.socket_id))
            if isinstance(item, SocketItem):
                item.set_socket(socket, graph)
        for card in graph.cards:
            item = self._nodes.get(card.key)
            if isinstance(item, CardItem):
                item.set_card(card, graph)

    def _show_nodes(self, places: Mapping[NodeKey, Place]) -> None:
        wanted = {socket_key(one.socket_id) for one in self.graph.sockets}
        wanted |= {card.key for card in self.graph.cards}
        for key in [key for key in self._nodes if key not in wanted or key not in places]:
            self.removeItem(self._nodes.pop(key))
        for socket in self.graph.sockets:
            key = socket_key(socket.socket_id)
            if key not in self._nodes and key in places:
                self._add(SocketItem(
                    socket, self.graph, self._look, self._on_moved, self._on_pointed
                ))  # fmt: skip
        for card in self.graph.cards:
            if card.key not in self._nodes and card.key in places:
                self._add(CardItem(
                    card, self.graph, self._look, self._on_moved, self._on_pointed
                ))  # fmt: skip
        for key, item in self._nodes.items():
            item.setPos(places[key].x, places[key].y)
            item.set_current(key == self._current)
        self.update_graph(self.graph)

    def _add(self, item: NodeItem) -> None:
        self._nodes[item.key] = item
        self.addItem(item)

    def _show_lines(self) -> None:
        kinds = {one.socket_id: one.spec.type for one in self.graph.sockets}
        wanted = [Ends(row.socket_id, card.key) for card in self.graph.cards for row in card.rows]
        wanted += [Ends(one, socket_key(other)) for one, other in self.graph.own]
        there = {
            ends: kinds[ends.socket_id]
            for ends in wanted
            if socket_key(ends.socket_id) in self._nodes and ends.other in self._nodes
        }
        for ends in [ends for ends in self._lines if ends not in there]:
            self._bundles[ends.socket_id].remove(self._lines.pop(ends))
        for ends, kind in there.items():
            if ends not in self._lines:
                line = self._lines[ends] = LineItem(ends, kind, self._look)
                self._bundle(ends.socket_id).add(line)
        for socket_id in [one for one, bundle in self._bundles.items() if not bundle.lines]:
            self.removeItem(self._bundles.pop(socket_id))
        # Of two own sockets that talk with each other one says how much: the other is its mirror.
        joined = {ends.socket_id for ends in there}
        for socket_id in [one for one in self._rates if one not in joined]:
            self.removeItem(self._rates.pop(socket_id))
        for socket_id in joined:
            if socket_id not in self._rates and socket_id in kinds:
                rate = self._rates[socket_id] = RateItem(kinds[socket_id], self._look)
                self.addItem(rate)

    def _bundle(self, socket_id: SocketId) -> BundleItem:
        bundle = self._bundles.get(socket_id)
        if bundle is None:
            bundle = self._bundles[socket_id] = BundleItem(socket_id)
            self.addItem(bundle)
        return bundle

    # ---- where things are -------------------------------------------------------------------

    def _surround(self) -> None:
        lanes: dict[Lane, list[QRectF]] = {lane: [] for lane in Lane}
        for item in self._nodes.values():
            lane = item.card.lane if isinstance(item, CardItem) else Lane.THIS_APP
            lanes[lane].append(item.scene_rect)
        for lane, rects in lanes.items():
            self._frames[lane].surround(rects)

    def content_rect(self) -> QRectF:
        """All that is to be seen, with a margin."""
        whole = QRectF()
        for frame in self._frames.values():
            if frame.isVisible():
                whole = whole.united(frame.boundingRect())
        for bundle in self._bundles.values():
            whole = whole.united(bundle.boundingRect())
        return whole.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    # ---- what goes over them ----------------------------------------------------------------

    def show_flows(self, book: FlowBook, now_ns: int) -> bool:
        """Read all rates again; returns whether anything moves."""
        flows = {
            socket.socket_id: book.socket(socket.socket_id, now_ns) for socket in self.graph.sockets
        }
        for socket_id, rate in self._rates.items():
            rate.set_flow(flows.get(socket_id, IDLE))
        for socket in self.graph.sockets:
            item = self._nodes.get(socket_key(socket.socket_id))
            if isinstance(item, SocketItem):
                item.flow = flows[socket.socket_id]
        for card in self.graph.cards:
            self._show_card_flows(card, flows, book, now_ns)
        for one, other in self.graph.own:
            line = self._lines.get(Ends(one, socket_key(other)))
            if line is not None:
                line.set_state("link", flows[one])
        return any(not flow.is_idle for flow in flows.values())

    def _show_card_flows(
        self, card: Card, flows: Mapping[SocketId, Flow], book: FlowBook, now_ns: int
    ) -> None:
        item = self._nodes.get(card.key)
        for row in card.rows:
            flow = book.row((card.key, row.socket_id), row, now_ns)
            if isinstance(item, CardItem):
                item.set_flow(row.socket_id, flow)
            line = self._lines.get(Ends(row.socket_id, card.key))
            if line is not None:
                token = row_words(card, row).token if row.is_absent else row.state
                # Where messages cannot be told apart, the line moves with its socket.
                over = flows.get(row.socket_id, IDLE) if flow is None else flow
                line.set_state(token, over)

    # ---- which node -------------------------------------------------------------------------

    @property
    def nodes(self) -> Mapping[NodeKey, NodeItem]:
        """All nodes that are shown."""
        return self._nodes

    @property
    def lines(self) -> Mapping[Ends, LineItem]:
        """All lines that are shown."""
        return self._lines

    @property
    def rates(self) -> Mapping[SocketId, RateItem]:
        """The rates beside sockets."""
        return self._rates

    @property
    def current(self) -> NodeItem | None:
        """The chosen node."""
        return None if self._current is None else self._nodes.get(self._current)

    @property
    def chosen(self) -> NodeKey | None:
        """The key of the chosen node, which may have no place yet."""
        return self._current

    def choose(self, key: NodeKey | None) -> None:
        """Choose a node, or none."""
        if key == self._current:
            return
        self._current = key
        for one, item in self._nodes.items():
            item.set_current(one == key)
        self.current_changed.emit()

    def _on_moved(self, item: NodeItem) -> None:
        lead_lines(self._nodes, self._lines, self._rates, item.key)
        self._surround()
        self.node_moved.emit(item.key)

    def _on_pointed(self, item: NodeItem, is_on: bool) -> None:
        for ends, line in self._lines.items():
            if item.key in (socket_key(ends.socket_id), ends.other):
                line.set_lit(is_on)

    @Slot()
    def on_theme_changed(self) -> None:
        """Take the new colours."""
        self._look = Look(self._theme)
        for node in self._nodes.values():
            node.look = self._look
        for line in self._lines.values():
            line.set_look(self._look)
        for rate in self._rates.values():
            rate.look = self._look
        for frame in self._frames.values():
            frame.look = self._look
        self.update()
