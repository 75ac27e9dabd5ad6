"""The engine ends at once, whatever is going on, and leaves nothing behind."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.exchange import until_peers
from tests.rig import EngineRig
from zmqscope.core.events import EventKind
from zmqscope.core.security.access import AccessList, AccessMode, AllowedUser
from zmqscope.core.security.passwords import hash_password
from zmqscope.core.types import JobId, RequestId
from zmqscope.engine import commands as cmd

TCP = "tcp://127.0.0.1:*"
# It takes some ms. What waits for somebody takes as long as the floods here, or for ever.
LIMIT_S = 15.0


@pytest.fixture
def ending() -> Iterator[EngineRig]:
    """An engine whose end is what is tested: it must come in time."""
    rig = EngineRig()
    yield rig
    begun = time.monotonic()
    rig.close()
    assert time.monotonic() - begun < LIMIT_S


def test_with_unsent_messages(ending: EngineRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    push = ending.open(f"push:{address}")
    assert all(ending.send(push, bytes(10_000)).accepted for _ in range(500))


def test_with_connects_to_nobody(ending: EngineRig) -> None:
    for kind in ("sub", "req", "dealer", "push", "pair"):
        ending.open(f"{kind}:tcp://127.0.0.1:1,tcp://192.0.2.1:5,ipc:///tmp/zs-nobody,inproc://no")
    ending.open("sub:tcp://no-such-host.invalid:1")


def test_with_a_flood_arriving(ending: EngineRig, start_peer: StartPeer) -> None:
    flood = start_peer("flood.py", "PUSH", f"@{TCP}", "--rate", "0", "--seconds", "20")
    pull = ending.open(f"pull:{flood.endpoint}")
    ending.until(lambda: ending.store.counters.of(pull).received.messages > 10_000)


def test_in_mid_send(ending: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PULL", "--bind", TCP)
    push = ending.open(f"push:{peer.endpoint}")
    until_peers(ending, push)
    peer.pause()
    for number in range(5):
        ending.post(cmd.SendMessage(RequestId(number), push, (bytes(50_000_000),)))
    ending.post(cmd.StartPeriodicSend(JobId(1), push, (b"tick",), 0.001))
    ending.until(lambda: JobId(1) in ending.jobs)


@pytest.mark.skipif(sys.platform != "linux", reason="the attacker uses epoll")
@pytest.mark.parametrize("mode", list(AccessMode))
def test_with_many_at_the_door(ending: EngineRig, start_peer: StartPeer, mode: AccessMode) -> None:
    users = (AllowedUser("ann", hash_password("right")),)
    ending.post(cmd.SetAccess((AccessList(mode=mode, users=users),)))
    door = ending.open(f"pull:@{TCP},lock=plain-server")
    for user in ("ann", "nobody"):
        where = ending.address(door)
        start_peer("wrong_keys.py", "PLAIN", where, "--seconds", "20", "--user", user)
    told = ending.events
    ending.until(lambda: sum(e.count for e in told.values() if e.kind is EventKind.ACCESS) > 20)


def test_without_an_ipc_file_left(start_peer: StartPeer, ipc_folder: Path) -> None:
    with EngineRig() as rig:
        pull = rig.open(f"pull:@ipc://{ipc_folder}/s")
        start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
        until_peers(rig, pull)
    assert list(ipc_folder.iterdir()) == []


@pytest.mark.usefixtures("current_folder")
def test_without_a_wildcard_ipc_file_or_folder_left(ipc_folder: Path) -> None:
    with EngineRig() as rig:
        pull = rig.open("pull:@ipc://*")
        file = Path(rig.address(pull).removeprefix("ipc://"))
        assert file.exists()
    assert not file.exists()
    # libzmq makes a folder for it, in the current one unless TMPDIR, TEMPDIR or TMP is set.
    assert not file.parent.name.startswith("tmp") or not file.parent.exists()
    assert list(ipc_folder.iterdir()) == []
