"""The topology panel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import put
from tests.peer_rig import PeerList, figures_of, peer_of, process_of
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.peers import PeerState
from zmqscope.core.types import Direction, EndpointState, Severity, SocketId, SocketType
from zmqscope.models.topology_graph import NodeKey, socket_key
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.topology.action_list import topology_actions
from zmqscope.ui.topology.node import NodeItem
from zmqscope.ui.topology.nodes import SocketItem
from zmqscope.ui.topology.panel import TopologyPanel

JOBS, ORDERS, LEFT, RIGHT = (SocketId(n) for n in (1, 2, 3, 4))
SECOND_NS = 1_000_000_000
_SVG = "{http://www.w3.org/2000/svg}"


class Rig:
    """The panel with its corner above it, over a list of sockets without an engine."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.store, self.sockets = CaptureStore(), PeerList()
        self.actions, self.theme = ActionRegistry(), Theme(ThemeMode.DARK)
        self.panel = TopologyPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions
        )
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.panel.corner_widget())
        column.addWidget(self.panel, 1)
        qtbot.addWidget(self.window)
        self.window.resize(900, 500)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.scene, self.view = self.panel.scene, self.panel.view
        self.now_ns = self.sockets.clock.now_ns()
        self.told: list[tuple[str, object]] = []
        for name in ("socket_selected", "details_wanted", "peers_wanted"):
            signal = getattr(self.panel, name)
            signal.connect(lambda what, name=name: self.told.append((name, what)))

    def open_sockets(self) -> None:
        self.sockets.listen(1, SocketType.PULL, "jobs")
        self.sockets.listen(2, SocketType.ROUTER, "orders")
        self.sockets.listen(3, SocketType.PAIR, "left", "inproc://a")
        self.sockets.listen(4, SocketType.PAIR, "right", "inproc://a", EndpointState.CONNECTED)

    def tell(self) -> None:
        self.sockets.tell(1, *(peer_of(n, process=process_of(n)) for n in (11, 12)))
        self.sockets.tell(
            2,
            peer_of(21, 2, address="10.0.4.2:1", types=(SocketType.DEALER,), identity=b"w1"),
            peer_of(22, 2, process=process_of(11), figures=figures_of(1)),
        )
        self.sockets.tell(3, peer_of(31, 3, own_socket=RIGHT))
        self.sockets.tell(4, peer_of(41, 4, own_socket=LEFT))

    def refresh(self, seconds: float = 3.0) -> None:
        """Let time pass, and wait until all that is there is drawn."""
        self.now_ns += round(seconds * SECOND_NS)
        self.panel.refresh(self.now_ns)
        self.qtbot.waitUntil(lambda: not self.panel._worker.is_busy, timeout=10_000)

    def places(self) -> dict[NodeKey, QPointF]:
        return {key: item.pos() for key, item in self.scene.nodes.items()}

    def node(self, key: NodeKey) -> NodeItem:
        return self.scene.nodes[key]

    def point(self, key: NodeKey) -> QPoint:
        return self.view.mapFromScene(self.node(key).scene_rect.center())

    def click(self, key: NodeKey) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=self.point(key))

    def drag(self, start: QPoint, end: QPoint) -> None:
        viewport, button = self.view.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(viewport, button, pos=start)
        for step in range(1, 5):
            place = start + (end - start) * step / 4
            event = _move(place, viewport.mapToGlobal(place))
            QApplication.sendEvent(viewport, event)
        QTest.mouseRelease(viewport, button, pos=end)

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"view.topology.{name}").trigger()

    def is_enabled(self, name: str) -> bool:
        return self.actions.qaction(f"view.topology.{name}").isEnabled()

    def words(self) -> str:
        labels = self.window.findChildren(QLabel)
        return " | ".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


@pytest.fixture
def full(rig: Rig) -> Rig:
    rig.open_sockets()
    rig.tell()
    rig.refresh()
    return rig


def test_without_sockets_it_says_what_to_do(rig: Rig) -> None:
    rig.refresh()
    assert "Nothing to draw yet. | Open a socket with Ctrl+N" in rig.words()
    assert not rig.is_enabled("export")
    rig.open_sockets()
    rig.refresh()
    assert "Nothing to draw" not in rig.words()
    assert len(rig.scene.nodes) == 4
    assert rig.is_enabled("export")
    for number in (1, 2, 3, 4):
        rig.sockets.remove(SocketId(number))
    rig.refresh()
    assert rig.scene.nodes == {}


def test_shows_everybody_and_joins_who_talks(full: Rig) -> None:
    assert full.scene.nodes.keys() == {
        *(socket_key(SocketId(n)) for n in (1, 2, 3, 4)),
        ("process", 11), ("process", 12), ("host", "10.0.4.2"),
    }  # fmt: skip
    joined = {(ends.socket_id, ends.other) for ends in full.scene.lines}
    assert joined == {
        (JOBS, ("process", 11)), (JOBS, ("process", 12)), (ORDERS, ("process", 11)),
        (ORDERS, ("host", "10.0.4.2")), (LEFT, socket_key(RIGHT)),
    }  # fmt: skip
    assert "4 sockets · 4 peers" in full.words()
    # The one at the other end would only say the same once more.
    assert full.scene.rates.keys() == {JOBS, ORDERS, LEFT}


def test_what_stands_stays_while_others_come_and_go(full: Rig) -> None:
    before = full.places()
    full.sockets.tell(1, *(peer_of(n, process=process_of(n)) for n in (11, 13, 14, 15)))
    full.refresh()
    after = full.places()
    assert ("process", 15) in after
    assert ("process", 12) not in after
    assert all(after[key] == place for key, place in before.items() if key in after)
    full.tell()
    full.refresh()
    assert full.places()["process", 12] == before["process", 12]


def test_rates_of_nodes_and_lines_never_lie_on_nodes(full: Rig) -> None:
    for rate in full.scene.rates.values():
        assert not any(
            rate.scene_rect.intersects(item.scene_rect) for item in full.scene.nodes.values()
        )


def test_shows_what_moves(full: Rig) -> None:
    full.refresh()
    assert full.panel.refresh_interval_ms() == 500
    full.now_ns = full.sockets.clock.now_ns()
    put(full.store, 1, *[(b"x",)] * 50, time_ns=full.now_ns - SECOND_NS // 2)
    put(full.store, 4, (b"y",), direction=Direction.SENT, time_ns=full.now_ns - SECOND_NS // 2)
    full.refresh(0)
    assert full.scene.rates[JOBS]._texts == ("", "↓ 50/s")
    assert full.panel.refresh_interval_ms() == 250
    assert "50/s" in full.node(socket_key(JOBS)).spoken()
    # By totals of one peer, where messages can be told apart.
    for turn in range(4):
        peer = peer_of(22, 2, process=process_of(11), figures=figures_of(1 + turn * 5))
        full.sockets.tell(2, peer)
        full.refresh(0.25)
    flows = full.node(("process", 11))._flows  # type: ignore[attr-defined]
    assert round(flows[ORDERS].received) == 15


def test_states_findings_and_names_change_without_a_layout(full: Rig) -> None:
    before = full.places()
    early = peer_of(11, process=process_of(11), state=PeerState.HANDSHAKE)
    full.sockets.tell(1, early, peer_of(12, process=process_of(12)))
    full.sockets.rename(JOBS, "work")
    full.sockets.find(Finding(JOBS, Rule.NOBODY_CONNECTED, Severity.ERROR, "Nobody.", "Why."))
    full.refresh()
    assert full.places() == before
    node = full.node(socket_key(JOBS))
    assert "work" in node.spoken()
    assert "Nobody." in node.tip()


def test_a_click_selects_the_socket_and_a_double_click_opens_it(full: Rig) -> None:
    full.click(socket_key(ORDERS))
    assert full.told == [("socket_selected", ORDERS)]
    assert full.scene.current is full.node(socket_key(ORDERS))
    assert "orders" in full.view.accessibleDescription()
    place = full.point(socket_key(ORDERS))
    QTest.mouseDClick(full.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert full.told[-1] == ("details_wanted", ORDERS)
    full.told.clear()
    full.click(("process", 12))
    assert full.told == []
    assert not full.is_enabled("details")
    place = full.point(("process", 12))
    QTest.mouseDClick(full.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert full.told == [("peers_wanted", JOBS)]


def test_follows_the_list_and_offers_what_can_be_done(full: Rig) -> None:
    assert not full.is_enabled("peers")
    full.panel.set_socket(LEFT)
    assert full.scene.current is full.node(socket_key(LEFT))
    full.trigger("details")
    full.trigger("peers")
    assert full.told == [("details_wanted", LEFT), ("peers_wanted", LEFT)]
    full.panel.set_socket(None)
    assert full.scene.current is None
    full.panel.set_socket(LEFT)
    full.sockets.remove(LEFT)
    full.refresh()
    assert full.scene.current is None


def test_the_keyboard_goes_from_node_to_node(full: Rig) -> None:
    view, scene = full.view, full.scene
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Escape, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
    assert scene.current is not None
    scene.choose(socket_key(JOBS))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert full.told == [("socket_selected", JOBS)]
    QTest.keyClick(view, Qt.Key.Key_Right)
    right = scene.current
    assert right is not None
    assert right.x() > full.node(socket_key(JOBS)).x()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert len(full.told) == 1
    scene.choose(socket_key(JOBS))
    seen = []
    for _ in range(10):
        QTest.keyClick(view, Qt.Key.Key_Down)
        current = scene.current
        assert current is not None
        seen.append(current.key)
    assert len(set(seen)) >= 3


def test_zooms_fits_and_pans(full: Rig) -> None:
    view = full.view
    assert view.is_fitting
    first = view.zoom
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > first
    assert not view.is_fitting
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom == pytest.approx(first)
    full.trigger("zoom_out")
    full.trigger("zoom_in")
    for turn in (120, -240):
        event = QWheelEvent(
            QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, turn),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
            False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)
    assert view.zoom < first
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == pytest.approx(first)
    assert view.is_fitting
    for _ in range(40):
        full.trigger("zoom_in")
    assert view.zoom <= 3.01
    before = view.mapToScene(QPoint(0, 0))
    full.drag(QPoint(3, 3), QPoint(60, 40))
    assert view.mapToScene(QPoint(0, 0)) != before
    full.trigger("fit")
    assert view.zoom == pytest.approx(first)


def test_a_node_that_was_moved_stays_there(full: Rig) -> None:
    key: NodeKey = ("process", 12)
    start = full.point(key)
    before = full.node(key).pos()
    full.drag(start, start + QPoint(70, 60))
    moved = full.node(key).pos()
    assert moved != before
    assert full.told == []
    full.sockets.tell(1, *(peer_of(n, process=process_of(n)) for n in (11, 12, 99)))
    full.refresh()
    assert full.places()[key] == moved
    full.trigger("arrange")
    full.qtbot.waitUntil(lambda: full.node(key).pos() != moved)


def test_lines_of_the_node_under_the_mouse_stand_out(full: Rig) -> None:
    node = full.node(socket_key(JOBS))
    full.scene._on_pointed(node, True)
    lit = {ends.socket_id for ends, line in full.scene.lines.items() if line.is_lit}
    assert lit == {JOBS}
    full.scene._on_pointed(node, False)
    assert not any(line.is_lit for line in full.scene.lines.values())


def test_the_menu_of_a_node(full: Rig) -> None:
    full.view.menu_asked.emit(full.view.mapToGlobal(QPoint(5, 5)))
    (menu,) = full.panel.findChildren(QMenu)
    titles = [entry.text() for entry in menu.actions()]
    assert "Export topology…" in titles
    menu.close()


@pytest.mark.parametrize("mode", list(ThemeMode))
def test_exports_text_as_text_in_both_themes(full: Rig, tmp_path: Path, mode: ThemeMode) -> None:
    full.theme.set_mode(mode)
    path = tmp_path / "topology.svg"
    assert full.panel.exporter.save(path, full.panel.exporter.picture())
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{_SVG}svg"
    texts = {
        text for node in root.iter(f"{_SVG}text") if (text := "".join(node.itertext()).strip())
    }
    assert {"jobs", "orders", "PULL", "This app", "This machine", "Other hosts"} <= texts
    assert "10.0.4.2" in texts
    colors = {node.get("fill") for node in root.iter()} | {
        node.get("stroke") for node in root.iter()
    }
    ground = full.theme.color("panel").name()
    assert ground in {QColor(color).name() for color in colors if color and color.startswith("#")}
    assert "saved as" in full.sockets.notices[-1].text


def test_asks_where_to_export(full: Rig, tmp_path: Path) -> None:
    full.trigger("export")
    (dialog,) = full.panel.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "picture"))
    dialog.close()
    assert (tmp_path / "picture.svg").read_bytes().startswith(b"<?xml")


def test_a_file_that_cannot_be_written_is_told(full: Rig, tmp_path: Path) -> None:
    assert not full.panel.exporter.save(tmp_path / "nowhere" / "x.svg", b"<svg/>")
    (box,) = full.panel.findChildren(QMessageBox)
    assert "could not be written" in box.text()
    box.close()
    assert full.sockets.notices[-1].severity is Severity.ERROR


def test_paints_everything_there_can_be_in_both_themes(full: Rig, dressed: QApplication) -> None:
    full.sockets.listen(5, SocketType.PUB, "x" * 90, "tcp://10.1.1.1:1", EndpointState.FAILED)
    full.sockets.tell(
        1, *(peer_of(n) for n in range(100, 140)), peer_of(1, state=PeerState.SURPLUS),
        peer_of(2, process=process_of(9, is_stopped=True)), more=5,
    )  # fmt: skip
    full.sockets.find(Finding(JOBS, Rule.REQ_WAITS, Severity.WARNING, "Waits.", "Why."))
    full.refresh()
    for mode in ThemeMode:
        full.theme.set_mode(mode)
        full.theme.apply(dressed)
        full.scene.choose(socket_key(JOBS))
        full.node(("more", JOBS)).is_hovered = True
        assert not full.window.grab().isNull()
    place = full.point(("more", JOBS))
    QTest.mouseDClick(full.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert full.told[-1] == ("peers_wanted", JOBS)


def test_nothing_is_laid_out_while_hidden(full: Rig) -> None:
    full.window.hide()
    full.sockets.tell(1)
    assert ("process", 12) in full.scene.nodes
    full.window.show()
    full.qtbot.waitUntil(lambda: ("process", 12) not in full.scene.nodes, timeout=10_000)


def test_a_hidden_panel_imports_no_layout_library() -> None:
    words = (
        "import sys; import zmqscope.bootstrap.workbench; "
        "assert 'networkx' not in sys.modules and 'pyqtgraph' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", words], check=True, timeout=60)


def test_every_action_is_complete() -> None:
    for action in topology_actions():
        assert action.shortcut
        assert action.help
        assert action.menu == "View"


def test_sockets_are_drawn_as_such(full: Rig) -> None:
    sockets = [item for item in full.scene.nodes.values() if isinstance(item, SocketItem)]
    assert [item.socket.name for item in sockets] == ["jobs", "orders", "left", "right"]


def _move(place: QPoint, on_screen: QPoint) -> QMouseEvent:
    return QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(place), QPointF(on_screen),
        Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip


# ---- where not all of it fits ---------------------------------------------------------------


@pytest.fixture
def crowded(rig: Rig) -> Rig:
    """Forty processes in a dock at the window's bottom."""
    rig.window.resize(690, 260)
    for number in range(1, 5):
        rig.sockets.listen(number, SocketType.ROUTER, f"s{number}")
        peers = (
            peer_of(number * 100 + n, number, process=process_of(number * 100 + n))
            for n in range(10)
        )
        rig.sockets.tell(number, *peers)
    rig.refresh()
    rig.qtbot.waitUntil(lambda: len(rig.scene.nodes) > 40)
    return rig


def seen_in(rig: Rig) -> QRectF:
    return rig.view.mapToScene(rig.view.viewport().rect()).boundingRect()


def test_letters_stay_large_enough_and_the_chosen_node_is_in_view(crowded: Rig) -> None:
    view = crowded.view
    assert view.is_fitting
    assert view.zoom * 11 >= 9.5
    assert any(view.beyond.edges.sides)
    assert view.beyond.map.isVisible()
    for number in (4, 1, 3, 2):
        crowded.panel.set_socket(SocketId(number))
        here = seen_in(crowded)
        assert here.contains(crowded.node(socket_key(SocketId(number))).scene_rect)
        mates = [
            crowded.node(ends.other).scene_rect
            for ends in crowded.scene.lines
            if ends.socket_id == number
        ]
        assert any(here.intersects(rect) for rect in mates)
    assert view.is_fitting


def test_without_a_choice_the_busiest_is_in_view_and_nothing_runs_about(crowded: Rig) -> None:
    crowded.now_ns = crowded.sockets.clock.now_ns()
    put(crowded.store, 4, *[(b"x",)] * 50, time_ns=crowded.now_ns - SECOND_NS // 2)
    crowded.refresh(0)
    crowded.trigger("arrange")
    crowded.refresh()
    place = seen_in(crowded)
    crowded.sockets.tell(1, *(peer_of(n, process=process_of(n)) for n in (100, 101, 900)))
    crowded.refresh()
    assert seen_in(crowded) == place
    # A click on what is seen moves nothing, whatever else it leads to.
    key = next(
        key
        for key, item in crowded.scene.nodes.items()
        if isinstance(item, SocketItem) and place.contains(item.scene_rect)
    )
    crowded.click(key)
    crowded.panel.set_socket(SocketId(int(str(key[1]))))
    assert seen_in(crowded) == place


def test_the_map_leads_to_where_it_is_clicked(crowded: Rig) -> None:
    small, before = crowded.view.beyond.map, seen_in(crowded)
    corner = small.rect().bottomRight() - QPoint(6, 6)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=corner)
    after = seen_in(crowded)
    assert after.center().x() > before.center().x() or after.center().y() > before.center().y()
    assert not crowded.view.is_fitting
    for mode in ThemeMode:
        crowded.theme.set_mode(mode)
        assert not crowded.window.grab().isNull()


def test_what_fits_has_neither_edges_nor_map(full: Rig) -> None:
    assert not any(full.view.beyond.edges.sides)
    assert not full.view.beyond.map.isVisible()


def test_in_another_frame_it_is_laid_out_anew(full: Rig) -> None:
    before = full.places()
    full.window.resize(690, 260)
    QApplication.processEvents()
    full.refresh()
    full.qtbot.waitUntil(lambda: full.places() != before)
    flat = full.places()
    full.window.resize(680, 250)
    QApplication.processEvents()
    full.refresh()
    assert full.places() == flat


def test_a_way_that_lines_of_a_socket_share_is_painted_once(crowded: Rig) -> None:
    bundle = crowded.scene._bundles[SocketId(1)]
    ways = sum(len(line.curves) for line in bundle.lines)
    parts = {(line.start, line.curves[0]) for line in bundle.lines}
    assert len(parts) < len(bundle.lines)
    (pair,) = bundle._grouped()
    assert pair[1].elementCount() < sum(line.path.elementCount() for line in bundle.lines)
    assert ways > 0
    crowded.scene._on_pointed(crowded.node(bundle.lines[0].ends.other), True)
    assert [look.rank for look, _ in bundle._grouped()] == [0, 2]


def test_looks_four_times_a_second_at_most(full: Rig) -> None:
    full.sockets.tell(1)
    full.refresh(0.1)
    assert full.panel._is_dirty
    full.refresh(0.2)
    assert not full.panel._is_dirty
