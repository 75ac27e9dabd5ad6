"""The topology where not all of it fits: what is in view, and the map."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import put
from tests.gui.topology_rig import SECOND_NS, TopologyRig
from tests.peer_rig import peer_of, process_of
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.topology.graph import socket_key
from zmqscope.ui.theme import ThemeMode
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


@pytest.fixture
def crowded(rig: TopologyRig) -> TopologyRig:
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


def seen_in(rig: TopologyRig) -> QRectF:
    return rig.view.mapToScene(rig.view.viewport().rect()).boundingRect()


def test_letters_stay_large_enough_and_the_chosen_node_is_in_view(crowded: TopologyRig) -> None:
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


def test_without_a_choice_the_busiest_is_in_view_and_nothing_runs_about(
    crowded: TopologyRig,
) -> None:
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


def test_the_map_leads_to_where_it_is_clicked(crowded: TopologyRig) -> None:
    small, before = crowded.view.beyond.map, seen_in(crowded)
    corner = small.rect().bottomRight() - QPoint(6, 6)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=corner)
    after = seen_in(crowded)
    assert after.center().x() > before.center().x() or after.center().y() > before.center().y()
    assert not crowded.view.is_fitting
    for mode in ThemeMode:
        crowded.theme.set_mode(mode)
        assert not crowded.window.grab().isNull()


def test_what_fits_has_neither_edges_nor_map(full: TopologyRig) -> None:
    assert not any(full.view.beyond.edges.sides)
    assert not full.view.beyond.map.isVisible()


def test_in_another_frame_it_is_laid_out_anew(full: TopologyRig) -> None:
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


def test_a_way_that_lines_of_a_socket_share_is_painted_once(crowded: TopologyRig) -> None:
    bundle = crowded.scene._bundles[SocketId(1)]
    ways = sum(len(line.curves) for line in bundle.lines)
    parts = {(line.start, line.curves[0]) for line in bundle.lines}
    assert len(parts) < len(bundle.lines)
    (pair,) = bundle._grouped()
    assert pair[1].elementCount() < sum(line.path.elementCount() for line in bundle.lines)
    assert ways > 0
    crowded.scene._on_pointed(crowded.node(bundle.lines[0].ends.other), True)
    assert [look.rank for look, _ in bundle._grouped()] == [0, 2]


def test_looks_four_times_a_second_at_most(full: TopologyRig) -> None:
    full.sockets.tell(1)
    full.refresh(0.1)
    assert full.panel._is_dirty
    full.refresh(0.2)
    assert not full.panel._is_dirty
