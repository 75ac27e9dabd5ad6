"""A thousand peers that connect, flap and leave: nothing is lost, nothing stalls, nothing grows."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from tests.integration.conftest import StartPeer
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.peers import PeerState
from zmqscope.core.types import SocketId

MANY = 1_000
TOPIC = b"abc"
FLAPS = 3_000
FLAP_S = 6.0
PACE_PER_S = 500
LONGEST_STEP_S = 0.25


class Steps:
    """Steps an engine, and keeps how long they took of its thread."""

    def __init__(self, rig: EngineRig) -> None:
        self._rig = rig
        self.took_s: list[float] = []

    def step(self) -> None:
        began_s = time.thread_time()
        self._rig.step(5)
        self.took_s.append(time.thread_time() - began_s)

    def until_fact(self, peer: PeerProcess, timeout_s: float = 40.0) -> dict[str, float]:
        """What a peer says next."""
        end_s = time.monotonic() + timeout_s
        while (fact := peer.fact()) is None:
            assert time.monotonic() < end_s, "the peers said nothing"
            self.step()
        return fact


@pytest.fixture
def paced(rig: EngineRig, start_peer: StartPeer) -> Iterator[tuple[SocketId, PeerProcess]]:
    """Traffic of another socket, at a pace that it keeps as long as libzmq's thread does."""
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    sender = start_peer("flood.py", "--connect", rig.address(pull), "--rate", str(PACE_PER_S))
    rig.until(lambda: rig.store.counters.of(pull).received.messages > PACE_PER_S // 10)
    yield pull, sender


@pytest.mark.parametrize(("kind", "theirs"), [("pub", "SUB"), ("router", "DEALER")])
def test_a_thousand_peers(
    rig: EngineRig,
    start_peer: StartPeer,
    paced: tuple[SocketId, PeerProcess],
    kind: str,
    theirs: str,
    record_property: pytest.RecordProperty if False else None,
) -> None:
    ...
