"""The doctor says nothing where nothing is wrong: the demo and every pattern, for a while.

``ZMQSCOPE_QUIET_S`` is that while in seconds: 30 by default, 300 for the whole five minutes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.locked import Keys
from tests.rig import EngineRig
from zmqscope.core.types import Direction, JobId, RequestId, RowId, SocketId
from zmqscope.demo.child import DemoChild
from zmqscope.engine import commands as cmd

_QUIET_S = float(os.environ.get("ZMQSCOPE_QUIET_S", "30"))
_PEERS = [sys.executable, "-m", "zmqscope.demo.peers"]
_PLAN_S = 60.0
_FIRST = 1 << 40

pytestmark = pytest.mark.timeout(_QUIET_S + 600.0)


class Talk:
    """Sockets that send by themselves, and sockets that answer.

    Args:
        rig: The engine.
    """

    def __init__(self, rig: EngineRig) -> None:
        self.rig = rig
        self._jobs = 0
        self._answering: set[SocketId] = set()
        self._row = 0
        self._request = _FIRST

    def open(self, spec: str) -> SocketId:
        """Open a socket."""
        return self.rig.open(spec)

    def connected(self, socket_id: SocketId) -> None:
        """Wait until it has a peer."""
        self.rig.until(lambda: self.rig.snapshots[socket_id].peer_count, 60.0)

    def say(self, socket_id: SocketId, every_s: float, *frames: bytes) -> None:
        """Have it send a message again and again."""
        self._jobs += 1
        self.rig.post(cmd.StartPeriodicSend(JobId(_FIRST + self._jobs), socket_id, frames, every_s))

    def answer(self, socket_id: SocketId) -> None:
        """Have it send back what comes."""
        self._answering.add(socket_id)

    def step(self) -> None:
        """Go on."""
        self.rig.step(20)
        store = self.rig.store
        first, self._row = max(self._row, store.first_row), store.end_row
        for row in range(first, self._row):
            message = store.message(RowId(row))
            is_asked = message is not None and message.direction is Direction.RECEIVED
            if message is not None and is_asked and message.socket_id in self._answering:
                self._request += 1
                request = RequestId(self._request)
                self.rig.post(cmd.SendMessage(request, message.socket_id, message.frames))


@pytest.fixture
def talk() -> Iterator[Talk]:
    """An engine as patient as that of the app."""
    with EngineRig() as rig:
        yield Talk(rig)


def stays_quiet(talk: Talk) -> None:
    """Go on for a while; no finding at any time."""
    end_s = time.monotonic() + _QUIET_S
    while time.monotonic() < end_s:
        talk.step()
        told = [(each.rule.value, each.text, each.why) for each in talk.rig.findings]
        assert told == []


def test_the_demo_is_well(talk: Talk) -> None:
    child = DemoChild(_PEERS)
    try:
        child.start()
        assert child.wait_for_specs(_PLAN_S), child.problem
        plan = child.plan
        assert plan is not None
        by_name = {}
        for spec in plan.specs:
            socket_id = talk.open(spec)
            by_name[talk.rig.snapshots[socket_id].name] = socket_id
        for send in plan.sends:
            talk.say(by_name[send.socket], send.every_s, *send.frames)
        for answer in plan.answers:
            talk.answer(by_name[answer.socket])
        stays_quiet(talk)
    finally:
        child.stop()


def test_every_pattern_with_peers_is_well(talk: Talk, start_peer: StartPeer) -> None:
    # All peers first: until the talk goes on, nobody is answered, and a start may take seconds.
    feed = start_peer("twelve.py", "PUB", "--bind", "tcp://127.0.0.1:*")
    answers = start_peer("twelve.py", "REP", "--bind", "tcp://127.0.0.1:*", "--echo")
    routes = start_peer("twelve.py", "ROUTER", "--bind", "tcp://127.0.0.1:*", "--echo")
    mute = start_peer("twelve.py", "ROUTER", "--bind", "tcp://127.0.0.1:*")
    pulls = start_peer("twelve.py", "PULL", "--bind", "tcp://127.0.0.1:*")
    pair = start_peer("twelve.py", "PAIR", "--bind", "tcp://127.0.0.1:*", "--echo")
    # We bind.
    asking = []
    for kind, theirs in (("rep", "REQ"), ("router", "DEALER"), ("pair", "PAIR")):
        door = talk.open(f"{kind}:@tcp://127.0.0.1:*")
        asking.append(start_peer("twelve.py", theirs, "--connect", talk.rig.address(door)))
        talk.answer(door)
        talk.connected(door)
    for kind, wants in (("pub", ("SUB", "--subscribe=")), ("xpub", ("XSUB",)), ("push", ("PULL",))):
        door = talk.open(f"{kind}:@tcp://127.0.0.1:*")
        start_peer("twelve.py", *wants, "--connect", talk.rig.address(door))
        talk.connected(door)
        talk.say(door, 0.7, b"news")
    # We connect.
    subs = [talk.open(f"sub:{feed.endpoint}"), talk.open(f"xsub:{feed.endpoint},topic=EUR")]
    talk.say(talk.open(f"req:{answers.endpoint}"), 0.3, b"well?")
    talk.say(talk.open(f"dealer:{answers.endpoint}"), 0.4, b"", b"well?")
    talk.say(talk.open(f"dealer:{routes.endpoint}"), 0.2, b"well?")
    talk.open(f"dealer:{routes.endpoint}")
    # One way only: a ROUTER does not have to answer.
    talk.say(talk.open(f"dealer:{mute.endpoint}"), 0.3, b"news")
    talk.say(talk.open(f"push:{pulls.endpoint}"), 0.01, b"job")
    talk.say(talk.open(f"pair:{pair.endpoint}"), 0.5, b"well?")
    # Nobody comes.
    for kind in ("pub", "sub", "rep", "pull", "push", "router", "dealer", "pair", "stream"):
        talk.open(f"{kind}:@tcp://127.0.0.1:*")
    for socket_id in subs:
        talk.connected(socket_id)
    feed.do("send", count=50, prefix=[b"EUR".hex()])
    for peer in asking:
        peer.say(b"well?")
    stays_quiet(talk)


def test_own_sockets_among_themselves_are_well(
    talk: Talk, ipc_folder: Path, start_peer: StartPeer, tmp_path: Path
) -> None:
    keys = Keys.make(tmp_path)
    talk.rig.change(cmd.SetAccess(keys.access))
    schemes = ("tcp://127.0.0.1:*", "ws://127.0.0.1:*", f"ipc://{ipc_folder}/a", "inproc://a")
    for number, scheme in enumerate(schemes):
        address = scheme.replace("/a", f"/a{number}")
        _meet(talk, "rep", "req", f"{address}r" if "*" not in address else address)
        _meet(talk, "router", "dealer", f"{address}d" if "*" not in address else address)
        _publish(talk, f"{address}p" if "*" not in address else address)
    lock, client = keys.ours("curve", is_server=True), keys.ours("curve", is_server=False)
    server = talk.open(f"pull:@tcp://127.0.0.1:*{lock}")
    talk.rig.until(lambda: not talk.rig.address(server).endswith("*"))
    socket_id = talk.open(f"push:{talk.rig.address(server)}{client}")
    talk.connected(socket_id)
    talk.say(socket_id, 0.3, b"job")
    stays_quiet(talk)


def _meet(talk: Talk, binds: str, connects: str, address: str) -> None:
    server = talk.open(f"{binds}:@{address}")
    client = talk.open(f"{connects}:{talk.rig.address(server)}")
    talk.answer(server)
    talk.connected(client)
    talk.say(client, 0.3, b"well?")


def _publish(talk: Talk, address: str) -> None:
    server = talk.open(f"pub:@{address}")
    client = talk.open(f"sub:{talk.rig.address(server)},topic=EUR")
    talk.connected(client)
    talk.connected(server)
    talk.say(server, 0.1, b"EURUSD", b"1.1")
    talk.say(server, 0.1, b"USDJPY", b"150")
