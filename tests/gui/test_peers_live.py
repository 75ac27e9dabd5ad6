"""Peers panel and topology in the whole app, with peers in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.peers.launch import PeerProcess
from zmqscope.bootstrap.app import App
from zmqscope.bootstrap.workbench import Workbench
from zmqscope.cli import parse_arguments
from zmqscope.core.diagnosis.finding import Finding, Fix, FixKind, Rule
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Severity, SocketId
from zmqscope.models.messages.cells import Column
from zmqscope.models.peers.cells import PeerColumn
from zmqscope.models.topology.graph import socket_key
from zmqscope.ui.docks import PanelId
from zmqscope.ui.sockets.details import SocketDetails
from zmqscope.ui.sockets.peers_section import PeersSection
from zmqscope.ui.topology.nodes import CardItem

_TIMEOUT_MS = 60_000
JOBS, PRICES = SocketId(1), SocketId(2)


class Running:
    """The app with a PULL and a PUB, and peers."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, folder: Path) -> None:
        self.qtbot = qtbot
        benches: list[Workbench] = []
        arguments = [
            "--settings", str(folder / "settings.ini"), "--size", "1280x800",
            "pull:@tcp://127.0.0.1:*,name=jobs", "pub:@tcp://127.0.0.1:*,name=prices",
        ]  # fmt: skip
        self.app = App(qapp, parse_arguments(arguments), benches.append)
        qtbot.addWidget(self.app.window)
        self.app.start()
        self.peers: list[PeerProcess] = []
        self.until(lambda: bool(benches) and benches[0].rates is not None)
        self.bench = benches[0]
        self.until(lambda: all("*" not in self.address(one) for one in (JOBS, PRICES)))

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=_TIMEOUT_MS)

    def address(self, socket_id: SocketId) -> str:
        endpoints = self.bench.controller.snapshots[socket_id].endpoints
        return endpoints[0].actual if endpoints else "*"

    def start(self, script: str, *arguments: str) -> PeerProcess:
        self.peers.append(PeerProcess(script, *arguments))
        return self.peers[-1]

    def show(self, panel: PanelId) -> None:
        self.app.window.show_panel(panel)
        QApplication.processEvents()

    def column(self, column: PeerColumn) -> list[str]:
        model = self.bench.peers.model
        return [cells.texts[column] for cells in model.cells(0, model.rowCount())]

    def close(self) -> None:
        for peer in self.peers:
            peer.kill()
        self.app.on_quit_triggered()
        assert self.app.engine_stopped


@pytest.fixture
def running(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[Running]:
    made = Running(qtbot, dressed, tmp_path)
    yield made
    made.close()


def test_a_peer_in_another_process_is_listed_and_drawn(running: Running) -> None:
    running.show(PanelId.PEERS)
    peer = running.start("twelve.py", "PUSH", "--connect", running.address(JOBS))
    pid = peer._process.pid
    running.until(lambda: f" · {pid}" in "".join(running.column(PeerColumn.PROCESS)))
    assert running.column(PeerColumn.TYPE) == ["PUSH"]
    assert running.column(PeerColumn.SOCKET) == ["jobs"]
    tip = running.bench.peers.model.tip(0, PeerColumn.PROCESS)
    assert "twelve.py" in tip
    running.show(PanelId.TOPOLOGY)
    nodes = running.bench.topology.scene.nodes
    running.until(lambda: ("process", pid) in nodes)
    assert socket_key(PRICES) in nodes
    peer.say(b"one")
    flows = running.bench.topology.scene.rates
    running.until(lambda: flows[JOBS]._texts[1] not in ("", "↓ 0/s"))
    # Before that nobody has looked at the picture long enough to mind.
    clock = running.bench.controller.clock
    running.until(lambda: not running.bench.topology.is_young(clock.now_ns()))
    place = nodes["process", pid].pos()
    other = running.start("twelve.py", "PUSH", "--connect", running.address(JOBS))
    running.until(lambda: ("process", other._process.pid) in nodes)
    assert nodes["process", pid].pos() == place
    peer.kill()
    running.until(lambda: ("process", pid) not in nodes)


def test_subscriptions_and_what_nobody_wants(running: Running) -> None:
    running.show(PanelId.PEERS)
    running.bench._actions.qaction("view.peers.subscriptions").trigger()
    running.start(
        "twelve.py", "SUB", "--connect", running.address(PRICES), "--subscribe", b"EUR".hex()
    )
    wants = running.bench.peers.want_model
    running.until(lambda: wants.rowCount() == 1)
    running.bench.controller.send(PRICES, (b"CHF", b"1"))
    running.until(lambda: wants.figures() == (1, 1, 1))
    running.bench.controller.send(PRICES, (b"EURUSD", b"1"))
    running.until(lambda: wants.figures() == (1, 0, 1))


def test_the_messages_of_one_peer_alone(running: Running) -> None:
    bench = running.bench
    orders = bench.controller.open_socket(parse_spec("router:@tcp://127.0.0.1:*,name=orders"))
    running.until(lambda: "*" not in running.address(orders))
    for name in ("w1", "w2"):
        arguments = ("--connect", running.address(orders), "--identity", name)
        running.start("twelve.py", "DEALER", *arguments).say(b"hello", name.encode())
    running.show(PanelId.PEERS)
    running.until(lambda: sorted(running.column(PeerColumn.IDENTITY)) == ["w1", "w2"])
    row = running.column(PeerColumn.IDENTITY).index("w2")
    bench.peers.peers.select(bench.peers.model.index(row, 0))
    running.until(bench._actions.qaction("view.peers.messages").isEnabled)
    bench._actions.qaction("view.peers.messages").trigger()
    messages = bench.messages.model
    running.until(lambda: messages.rowCount() == 1)
    assert "w2" in str(messages.index(0, Column.TOPIC).data())


def test_the_details_say_who_is_there_and_lead_to_the_panel(running: Running) -> None:
    running.bench.sockets.dialogs.show_details(JOBS)
    (details,) = running.app.window.findChildren(SocketDetails)
    (section,) = details.findChildren(PeersSection)
    assert "No peer is connected yet." in section._note.text()
    peer = running.start("twelve.py", "PUSH", "--connect", running.address(JOBS))
    pid = str(peer._process.pid)
    running.until(lambda: pid in section._lines[0].accessibleName())
    running.bench.sockets.select(PRICES)
    section._all.click()
    running.until(running.bench.peers.isVisible)
    assert running.bench.sockets.selected == JOBS
    assert running.bench.peers.model.rowCount() == 1
    details.close()


def test_a_finding_leads_to_the_peers_of_its_socket_alone(running: Running) -> None:
    bench = running.bench
    running.start("twelve.py", "PUSH", "--connect", running.address(JOBS))
    running.start("twelve.py", "SUB", "--connect", running.address(PRICES))
    running.show(PanelId.PEERS)
    running.until(lambda: bench.peers.model.rowCount() == 2)
    running.show(PanelId.RATES)
    fix = Fix(FixKind.SHOW_PEERS)
    found = Finding(PRICES, Rule.FLAPPING, Severity.WARNING, "It flaps.", "Because.", (fix,))
    bench.controller.findings_changed.emit((found,))
    QTest.mouseClick(bench.sockets.strip.cards[0].links[0], Qt.MouseButton.LeftButton)
    running.until(bench.peers.isVisible)
    assert bench.sockets.selected == PRICES
    assert bench.peers.model.rowCount() == 1
    assert running.column(PeerColumn.SOCKET) == ["prices"]


def test_a_thousand_that_flap_hold_nothing_up(running: Running) -> None:
    bench = running.bench
    running.show(PanelId.TOPOLOGY)
    thousand = running.start("thousand.py", running.address(JOBS), "PUSH")
    thousand.do("gather", count=1_000)
    running.until(lambda: bench.peers.model.known == 1_000)
    thousand.do("flap", times=100_000, seconds=20)
    costs: dict[str, list[float]] = {"peers": [], "topology": []}
    for panel, name in ((bench.peers, "peers"), (bench.topology, "topology")):
        running.show(PanelId.PEERS if panel is bench.peers else PanelId.TOPOLOGY)
        for _ in range(10):
            began_s = thread_time()
            panel.refresh(bench.controller.clock.now_ns())
            costs[name].append(thread_time() - began_s)
            with running.qtbot.waitSignal(bench.controller.peers_changed, timeout=_TIMEOUT_MS):
                pass
    # What each look costs on the window's thread; others of this machine do not count.
    assert max(sorted(costs["peers"])[:-1]) < 0.025, costs
    assert max(sorted(costs["topology"])[:-1]) < 0.025, costs
    assert len(bench.topology.scene.nodes) < 40
    assert any(isinstance(node, CardItem) for node in bench.topology.scene.nodes.values())


def test_the_layout_library_waits_until_the_topology_is_seen(tmp_path: Path) -> None:
    script = (
        "import json, sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from zmqscope.bootstrap.app import run_app\n"
        "from zmqscope.cli import parse_arguments\n"
        "run_app(parse_arguments(sys.argv[1:]))\n"
        "print(json.dumps('networkx' in sys.modules))\n"
    )
    arguments = ["--settings", str(tmp_path / "s.ini"), "--exit-after", "3", "--size", "1280x800"]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, "pull:@tcp://127.0.0.1:*"],
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) is False
