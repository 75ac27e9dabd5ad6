"""What the doctor sees of real sockets of the app."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor_rig import NOW, S, peer, peers
from tests.integration.locked import Keys
from tests.rig import EngineRig
from zmqscope.core.diagnosis.observation import Observation
from zmqscope.core.peers import ProcessInfo, SocketPeers
from zmqscope.core.types import SocketId, Turn
from zmqscope.engine import commands as cmd
from zmqscope.engine.doctor.chart import Chart, Sights


class Charts:
    """Charts of the sockets of an engine.

    Args:
        rig: The engine.
    """

    def __init__(self, rig: EngineRig) -> None:
        self.rig = rig
        self.now_ns = NOW
        self.owner: ProcessInfo | None = None
        self.known: SocketPeers | None = None
        self._charts: dict[SocketId, Chart] = {}

    def of(self, socket_id: SocketId) -> Chart:
        managed = self.rig.loop._sockets.get(socket_id)
        assert managed is not None
        if socket_id not in self._charts:
            counters = self.rig.store.counters.of(socket_id)
            self._charts[socket_id] = Chart(managed, counters, self.now_ns)
        return self._charts[socket_id]

    def look(self, socket_id: SocketId) -> Observation:
        chart = self.of(socket_id)
        sights = Sights(self.rig.store.topics, lambda _: self.owner, self.now_ns)
        snapshot = self.rig.loop._sockets.snapshot(chart.managed)
        return chart.look(snapshot, self.known, (), sights)


@pytest.fixture
def charts(rig: EngineRig) -> Charts:
    return Charts(rig)


def pair(charts: Charts, binds: str, connects: str) -> tuple[SocketId, SocketId]:
    """Two sockets that are connected."""
    rig = charts.rig
    door = rig.open(f"{binds}:@tcp://127.0.0.1:*")
    client = rig.open(connects.format(rig.address(door)))
    rig.until(lambda: rig.snapshots[client].peer_count and rig.snapshots[door].peer_count)
    return door, client


def test_it_sees_state_peers_and_messages(charts: Charts) -> None:
    door, client = pair(charts, "pull", "push:{}")
    charts.look(door)
    charts.rig.send(client, b"hello")
    charts.rig.until(lambda: charts.rig.messages(door))
    charts.now_ns += S
    seen = charts.look(door)
    assert (seen.received.messages, seen.received.size_bytes) == (1, 5)
    assert seen.received.last_ns == charts.now_ns
    assert seen.peer_count == 1
    (at,) = seen.endpoints
    assert at.attempts.successes == 1
    assert at.where == charts.rig.address(door)


def test_nothing_changes_unless_something_happens(charts: Charts) -> None:
    door, client = pair(charts, "pull", "push:{}")
    chart = charts.of(door)
    assert chart.has_changed(None, ())
    assert not chart.has_changed(None, ())
    charts.rig.send(client, b"hello")
    charts.rig.until(lambda: charts.rig.messages(door))
    assert chart.has_changed(None, ())
    known = peers()
    assert chart.has_changed(known, ())
    assert not chart.has_changed(known, ())


def test_a_new_socket_has_no_past(charts: Charts) -> None:
    door, _ = pair(charts, "pull", "push:{}")
    before = charts.look(door)
    charts.rig.change(cmd.ReopenSocket(door))
    charts.now_ns += S
    after = charts.look(door)
    assert (before.opened_ns, after.opened_ns) == (NOW, NOW + S)


def test_turns_are_known_since_when(charts: Charts) -> None:
    door, client = pair(charts, "rep", "req:{}")
    asks, answers = charts.of(client), charts.of(door)
    charts.rig.send(client, b"well?")
    asks.outgoing.taken((b"well?",), 1, NOW + S)
    charts.rig.until(lambda: charts.rig.messages(door))
    answers.on_drained(1, True, NOW + 2 * S)
    charts.now_ns += 3 * S
    waiting, holding = charts.look(client), charts.look(door)
    assert (waiting.turn, waiting.turn_since_ns) == (Turn.AWAITS_REPLY, NOW + S)
    assert (holding.turn, holding.turn_since_ns) == (Turn.HOLDS_REQUEST, NOW + 2 * S)


def test_a_queue_that_does_not_empty(charts: Charts) -> None:
    door, _ = pair(charts, "pull", "push:{}")
    chart = charts.of(door)
    chart.on_drained(4_000, False, NOW)
    chart.on_drained(4_000, False, NOW + S)
    charts.now_ns = NOW + S
    assert charts.look(door).backlog_since_ns == NOW
    charts.now_ns = NOW + 9 * S  # not polled since: it is empty
    assert charts.look(door).backlog_since_ns == 0
    chart.on_drained(4_000, False, NOW + 10 * S)
    chart.on_drained(10, True, NOW + 10 * S)
    charts.now_ns = NOW + 10 * S
    assert charts.look(door).backlog_since_ns == 0


def test_what_the_first_subscriber_missed(charts: Charts) -> None:
    door = charts.rig.open("pub:@tcp://127.0.0.1:*")
    chart = charts.of(door)
    for _ in range(3):
        charts.rig.send(door, b"news")
    chart.on_peers(1, NOW + S)
    charts.rig.send(door, b"news")
    chart.on_peers(0, NOW + 2 * S)
    chart.on_peers(1, NOW + 3 * S)
    seen = charts.look(door)
    assert (seen.missed, seen.joined_ns) == (3, NOW + S)


def test_topics_are_read_for_subscribers_with_prefixes(charts: Charts) -> None:
    door, client = pair(charts, "pub", "sub:{},topic=EUR")
    rig = charts.rig
    assert charts.look(client).received.topics == ()
    rig.until(lambda: rig.send(door, b"EURUSD", b"1").accepted and rig.messages(client))
    charts.now_ns += 5 * S
    assert charts.look(client).received.topics == (b"EURUSD",)
    assert charts.look(door).sent.topics == (b"EURUSD",)


def test_who_has_the_port_is_asked(charts: Charts) -> None:
    door = charts.rig.open("pull:@tcp://127.0.0.1:*")
    second = charts.rig.open(f"pull:@{charts.rig.address(door)}")
    charts.owner = ProcessInfo(12, "redis")
    (at,) = charts.look(second).endpoints
    assert (at.failed_with, at.owner) == (errno.EADDRINUSE, "redis (12)")
    charts.owner = ProcessInfo(1, "python", is_own=True)
    assert charts.look(second).endpoints[0].owner == "This app itself"
    charts.owner = None
    assert charts.look(second).endpoints[0].owner == ""


@pytest.fixture
def ipc_address() -> Iterator[str]:
    """One that is short enough."""
    folder = tempfile.mkdtemp(prefix="zs-")
    yield f"ipc://{folder}/a"
    shutil.rmtree(folder, ignore_errors=True)


def test_an_ipc_path_in_use_is_known_too(charts: Charts, ipc_address: str) -> None:
    address = ipc_address
    charts.rig.open(f"pull:@{address}")
    for kind in ("pull", "gather"):
        second = charts.rig.open(f"{kind}:@{address}")
        assert charts.look(second).endpoints[0].failed_with == errno.EADDRINUSE


def test_processes_that_left_are_kept_if_heartbeats_may_tell(charts: Charts) -> None:
    for options, count in (("", 0), (",heartbeat_ivl=100", 1)):
        door = charts.rig.open(f"pull:@tcp://127.0.0.1:*{options}")
        charts.known = peers(peer(1, pid=os.getpid()))
        charts.look(door)
        charts.known = peers()
        assert len(charts.look(door).departed) == count


def test_a_curve_server_shows_its_public_key(charts: Charts, tmp_path: Path) -> None:
    keys = Keys.make(tmp_path)
    door = charts.rig.open(f"pull:@tcp://127.0.0.1:*{keys.ours('curve', is_server=True)}")
    charts.rig.until(lambda: not charts.rig.address(door).endswith("*"))
    assert charts.look(door).public_key == keys.server.public
