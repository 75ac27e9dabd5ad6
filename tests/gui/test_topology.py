"""The topology panel."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import put
from tests.gui.topology_rig import JOBS, LEFT, ORDERS, RIGHT, SECOND_NS, TopologyRig
from tests.peer_rig import figures_of, peer_of, process_of
from zmqscope.core.diagnosis.finding import Finding, Rule
from zmqscope.core.peers import PeerState
from zmqscope.core.types import Direction, EndpointState, Severity, SocketId, SocketType
from zmqscope.models.topology.graph import NodeKey, socket_key
from zmqscope.ui.theme import ThemeMode
from zmqscope.ui.topology.action_list import topology_actions
from zmqscope.ui.topology.nodes import SocketItem


@pytest.fixture
def rig(qtbot: QtBot) -> TopologyRig:
    return TopologyRig(qtbot)


@pytest.fixture
def full(rig: TopologyRig) -> TopologyRig:
    rig.open_sockets()
    rig.tell()
    rig.refresh()
    return rig


def test_without_sockets_it_says_what_to_do(rig: TopologyRig) -> None:
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


def test_shows_everybody_and_joins_who_talks(full: TopologyRig) -> None:
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


def test_what_stands_stays_while_others_come_and_go(full: TopologyRig) -> None:
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


def test_rates_of_nodes_and_lines_never_lie_on_nodes(full: TopologyRig) -> None:
    for rate in full.scene.rates.values():
        assert not any(
            rate.scene_rect.intersects(item.scene_rect) for item in full.scene.nodes.values()
        )


def test_shows_what_moves(full: TopologyRig) -> None:
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


def test_states_findings_and_names_change_without_a_layout(full: TopologyRig) -> None:
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


def test_a_click_selects_the_socket_and_a_double_click_opens_it(full: TopologyRig) -> None:
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


def test_follows_the_list_and_offers_what_can_be_done(full: TopologyRig) -> None:
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


def test_the_keyboard_goes_from_node_to_node(full: TopologyRig) -> None:
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


def test_zooms_fits_and_pans(full: TopologyRig) -> None:
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


def test_a_node_that_was_moved_stays_there(full: TopologyRig) -> None:
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


def test_lines_of_the_node_under_the_mouse_stand_out(full: TopologyRig) -> None:
    node = full.node(socket_key(JOBS))
    full.scene._on_pointed(node, True)
    lit = {ends.socket_id for ends, line in full.scene.lines.items() if line.is_lit}
    assert lit == {JOBS}
    full.scene._on_pointed(node, False)
    assert not any(line.is_lit for line in full.scene.lines.values())


def test_the_menu_of_a_node(full: TopologyRig) -> None:
    full.view.menu_asked.emit(full.view.mapToGlobal(QPoint(5, 5)))
    (menu,) = full.panel.findChildren(QMenu)
    titles = [entry.text() for entry in menu.actions()]
    assert "Export topology…" in titles
    menu.close()


def test_paints_everything_there_can_be_in_both_themes(
    full: TopologyRig, dressed: QApplication
) -> None:
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


def test_nothing_is_laid_out_while_hidden(full: TopologyRig) -> None:
    full.window.hide()
    full.sockets.tell(1)
    assert ("process", 12) in full.scene.nodes
    full.window.show()
    full.qtbot.waitUntil(lambda: ("process", 12) not in full.scene.nodes)


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


def test_sockets_are_drawn_as_such(full: TopologyRig) -> None:
    sockets = [item for item in full.scene.nodes.values() if isinstance(item, SocketItem)]
    assert [item.socket.name for item in sockets] == ["jobs", "orders", "left", "right"]
