"""A thousand peers that connect, flap and leave: nothing is lost, nothing stalls, nothing grows."""

from __future__ import annotations

import gc
import time

import psutil
import pytest

from tests.integration.conftest import StartPeer
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.peers import PeerState
from zmqscope.core.types import SocketId

MANY = 1_000
TOPIC = b"abc"
FLAPS, FLAP_S = 4_000, 8.0
PACE_PER_S = 1_000
# Of this thread alone, and a few ms in calm moments: whoever looks at all peers takes longer.
LONGEST_STEP_S = 1.0
MIB = 1024 * 1024
MOST_GROWTH = 80 * MIB


class Stage:
    """An engine with a socket that has many peers, and traffic of another one.

    Args:
        rig: The engine.
        mine: The socket that has them.
        paced: A socket that is sent to at a pace.
    """

    def __init__(self, rig: EngineRig, mine: SocketId, paced: SocketId) -> None:
        self._rig = rig
        self._mine = mine
        self._paced = rig.store.counters.of(paced).received
        self._steps_s: list[float] = []

    def step(self) -> None:
        """One step, timed by what it takes of this thread."""
        began_s = time.thread_time()
        self._rig.step(5)
        self._steps_s.append(time.thread_time() - began_s)

    def until_told(self, crowd: PeerProcess, timeout_s: float = 120.0) -> dict[str, float]:
        """What the crowd says next, and how many paced messages came each second until then."""
        began_s, before = time.monotonic(), self._paced.messages
        while (fact := crowd.fact()) is None:
            assert time.monotonic() < began_s + timeout_s, "the crowd said nothing"
            self.step()
        took_s = time.monotonic() - began_s
        return {**fact, "pace": (self._paced.messages - before) / took_s}

    def until_ready(self, count: int) -> None:
        """Until so many peers are there, all of them ready, and counted the same everywhere."""
        self._rig.until(lambda: self.states() == [PeerState.READY] * count)
        self._rig.until(lambda: self._rig.snapshots[self._mine].peer_count == count)

    def states(self) -> list[PeerState]:
        """Of all peers."""
        told = self._rig.peers.get(self._mine)
        return [peer.state for peer in told.peers] if told is not None else []

    def wanted(self) -> dict[bytes, int]:
        """How many want each topic."""
        told = self._rig.peers[self._mine].subscriptions
        return {each.topic: each.count for each in told or ()}

    def step_times(self) -> str:
        """How long steps took, in ms, since the last call; none was too long."""
        steps, self._steps_s = sorted(self._steps_s), []
        assert steps[-1] < LONGEST_STEP_S
        p50, p99 = steps[len(steps) // 2], steps[int(len(steps) * 0.99)]
        return f"p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, longest {steps[-1] * 1e3:.1f} ms"


@pytest.mark.parametrize(("kind", "theirs"), [("pub", "SUB"), ("router", "DEALER")])
def test_a_thousand_peers(rig: EngineRig, start_peer: StartPeer, kind: str, theirs: str) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    mine = rig.open(f"{kind}:@tcp://127.0.0.1:*,backlog=1000")
    stage = Stage(rig, mine, pull)
    rate, seconds = str(PACE_PER_S), "300"
    start_peer("flood.py", "PUSH", rig.address(pull), "--rate", rate, "--seconds", seconds)
    topic = ("--topic", TOPIC.hex()) if kind == "pub" else ()
    crowd = start_peer("thousand.py", rig.address(mine), theirs, *topic)

    crowd.do("gather", count=MANY)
    assert stage.until_told(crowd)["peers"] == MANY
    stage.until_ready(MANY)
    told = rig.peers[mine].peers
    rig.until(lambda: all(peer.process for peer in rig.peers[mine].peers))
    assert len({peer.peer_id for peer in told}) == MANY
    assert len({peer.address for peer in told}) == MANY
    print(kind, "gathering:", stage.step_times())

    gc.collect()
    memory = psutil.Process().memory_info().rss
    crowd.do("flap", times=FLAPS, seconds=FLAP_S)
    fact = stage.until_told(crowd)
    print(kind, f"{fact['flaps'] / fact['took_s']:.0f} flaps/s:", stage.step_times())
    # libzmq's thread has never waited for the monitor to be read: others' traffic went on.
    # Not all of it, as the sender may get too little of the processor itself.
    assert fact["pace"] > 0.2 * PACE_PER_S
    stage.until_ready(MANY)
    if kind == "pub":
        rig.until(lambda: stage.wanted() == {TOPIC: MANY})
    gc.collect()
    assert psutil.Process().memory_info().rss - memory < MOST_GROWTH

    crowd.do("leave")
    stage.until_told(crowd)
    stage.until_ready(0)
    if kind == "pub":
        rig.until(lambda: stage.wanted() == {})
