"""Thousands of attempts a second with wrong keys: nobody else notices, and nothing grows."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.integration.callers import Doors, curve, plain
from tests.integration.conftest import StartPeer
from tests.integration.locked import PASSWORD, USER, Keys
from tests.rig import EngineRig
from zmqscope.core.security.access import AccessList, AccessMode, AllowedKey, AllowedUser
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.types import SocketId
from zmqscope.engine import commands as cmd

if sys.platform != "linux":
    pytest.skip("the attacker uses epoll", allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

RATE = 20_000
FLOOD_S = 3.0
MOST_GROWTH_BYTES = 100 << 20
# This machine may have other things to do; the benchmark row judges smoothness.
LONGEST_STEP_S = 10.0


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.make(tmp_path)


@pytest.fixture
def doors(rig: EngineRig, start_peer: StartPeer, keys: Keys) -> Doors:
    access = AccessList(
        mode=AccessMode.LISTED,
        users=(AllowedUser(USER, hash_password(PASSWORD)),),
        keys=(AllowedKey(keys.client.public),),
    )
    rig.post(cmd.SetAccess((access,)))
    return Doors(rig, start_peer)


@pytest.mark.parametrize(
    ("mechanism", "user"), [("CURVE", ""), ("PLAIN", "nobody"), ("PLAIN", USER)]
)
def test_a_flood_at_one_door(
    doors: Doors, start_peer: StartPeer, keys: Keys, mechanism: str, user: str
) -> None:
    rig = doors.rig
    lock = keys.ours("curve", True) if mechanism == "CURVE" else ",lock=plain-server"
    door = doors.open(f"dealer:@tcp://127.0.0.1:*{lock}")
    other = doors.open("pull:@tcp://127.0.0.1:*")
    sender = start_peer(
        "flood.py", "PUSH", rig.address(other), "--rate", str(RATE), "--size", "64",
        "--seconds", str(FLOOD_S),
    )  # fmt: skip
    rig.until(lambda: received(rig, other) > 0)
    process = psutil.Process()
    before_bytes = process.memory_info().rss - rig.store.memory_bytes
    attack = start_peer(
        "wrong_keys.py", mechanism, rig.address(door), "--rate", "10000",
        "--seconds", str(FLOOD_S), "--user", user,
    )  # fmt: skip
    longest_s = step_for(rig, FLOOD_S + 0.5)
    after_bytes = process.memory_info().rss - rig.store.memory_bytes
    done, sent = attack.next_fact(60.0), sender.next_fact(60.0)
    rig.until(lambda: received(rig, other) == sent["sent"])
    assert done["begun"] > 50
    assert sent["sent"] > 0.1 * RATE * FLOOD_S
    assert longest_s < LONGEST_STEP_S
    assert after_bytes - before_bytes < MOST_GROWTH_BYTES
    assert len(rig.events) < 200
    assert len(rig.notices) < 200
    assert rig.knocks == {}
    options = curve(keys.server.public, keys.client) if not user else plain(USER, PASSWORD)
    listed = doors.call(door, *options)
    listed.process.say(b"hello")
    doors.until(lambda: b"hello" in doors.came(door))


def received(rig: EngineRig, socket_id: SocketId) -> int:
    return rig.store.counters.of(socket_id).received.messages


def step_for(rig: EngineRig, seconds: float) -> float:
    """Step for a while; how long the longest step took."""
    longest_s, now_s = 0.0, time.monotonic()
    end_s = now_s + seconds
    while now_s < end_s:
        rig.step()
        longest_s = max(longest_s, time.monotonic() - now_s)
        now_s = time.monotonic()
    return longest_s
