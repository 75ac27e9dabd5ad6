"""Listeners of libzmq stop before the file descriptors are used up, and come back."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rig import EngineRig
from zmqscope.core.types import Endpoint, EndpointState, Role, Severity, SocketId
from zmqscope.engine import commands as cmd
from zmqscope.engine import descriptor_guard

if sys.platform == "win32":
    pytest.skip("no such limit here", allow_module_level=True)

import resource

LeaveOnly = Callable[[int], None]
Strangers = Callable[[EngineRig, SocketId, int], list[socket.socket]]
MANY = 30
FEW = 20
ENOUGH = 400


@pytest.fixture
def leave_only() -> Iterator[LeaveOnly]:
    """Changes the limit so that about so many descriptors are left, until the test ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def change(spare: int) -> None:
        used = len(os.listdir("/dev/fd")) - 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(used + spare, hard), hard))

    yield change
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def strangers() -> Iterator[Strangers]:
    """Connects so many times to a socket's endpoint and says nothing."""
    with contextlib.ExitStack() as stack:

        def connect(rig: EngineRig, socket_id: SocketId, count: int) -> list[socket.socket]:
            scheme, _, place = rig.address(socket_id).partition("://")
            target: str | tuple[str, int] = place
            family = socket.AF_UNIX
            if scheme != "ipc":
                host, _, port = place.rpartition(":")
                target = (host.strip("[]"), int(port))
                family = socket.AF_INET6 if ":" in host else socket.AF_INET
            made = []
            for _ in range(count):
                made.append(stack.enter_context(socket.socket(family, socket.SOCK_STREAM)))
                made[-1].connect(target)
            return made

        yield connect


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptor_guard, "_PAUSE_S", 0.2)


def told(rig: EngineRig, word: str) -> list[str]:
    return [notice.text for notice in rig.notices if word in notice.text]


def state(rig: EngineRig, socket_id: SocketId) -> EndpointState:
    return rig.snapshots[socket_id].endpoints[0].state


def crowd(
    rig: EngineRig, socket_id: SocketId, strangers: Strangers, count: int = MANY
) -> list[socket.socket]:
    """Strangers that libzmq has let in: it has sent each its greeting."""
    made = strangers(rig, socket_id, count)
    for each in made:
        each.settimeout(60)
        assert each.recv(64)
    return made


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(60)
    try:
        while connection.recv(1_000):
            pass
    except ConnectionError:
        pass
    return True


def pause(
    rig: EngineRig, socket_id: SocketId, strangers: Strangers, leave_only: LeaveOnly
) -> list[socket.socket]:
    """Have an endpoint paused; the strangers it had."""
    made = crowd(rig, socket_id, strangers)
    leave_only(FEW)
    rig.until(lambda: state(rig, socket_id) is EndpointState.FAILED)
    return made


def test_nothing_is_told_while_there_are_plenty(rig: EngineRig, leave_only: LeaveOnly) -> None:
    leave_only(ENOUGH)
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    for _ in range(5):
        rig.step()
    assert told(rig, "descriptors") == []
    assert state(rig, pull) is EndpointState.LISTENING


def test_few_are_told_once_with_what_to_do(rig: EngineRig, leave_only: LeaveOnly) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    leave_only(50)
    rig.until(lambda: told(rig, "descriptors"))
    for _ in range(5):
        rig.step()
    (notice,) = [notice for notice in rig.notices if "descriptors" in notice.text]
    assert notice.text == "Fewer than 64 file descriptors are left."
    assert notice.severity is Severity.WARNING
    assert notice.socket_id is None
    assert "Close sockets" in notice.hint
    assert "ulimit -n" in notice.hint
    assert state(rig, pull) is EndpointState.LISTENING


def test_few_are_told_again_after_there_was_room(rig: EngineRig, leave_only: LeaveOnly) -> None:
    leave_only(50)
    rig.until(lambda: told(rig, "descriptors"))
    leave_only(ENOUGH)
    for _ in range(5):
        rig.step(20)
    leave_only(50)
    rig.until(lambda: len(told(rig, "descriptors")) == 2)


def test_the_listener_with_the_most_connections_is_paused(
    rig: EngineRig, leave_only: LeaveOnly, strangers: Strangers
) -> None:
    quiet, crowded = rig.open("pull:@tcp://127.0.0.1:*"), rig.open("pull:@tcp://127.0.0.1:*")
    crowd(rig, quiet, strangers, 3)
    made = pause(rig, crowded, strangers, leave_only)
    assert all(map(is_closed, made))
    assert state(rig, quiet) is EndpointState.LISTENING
    status = rig.snapshots[crowded].endpoints[0]
    assert status.problem is not None
    assert f"its {MANY} connections" in status.problem.text
    assert "again by itself" in status.problem.hint
    assert told(rig, f"{rig.address(crowded)} does not listen for a moment")


@pytest.mark.parametrize("where", ["tcp://127.0.0.1:*", "tcp://[::1]:*", "ipc"])
def test_it_listens_again_at_the_same_address(
    rig: EngineRig, leave_only: LeaveOnly, strangers: Strangers, where: str, tmp_path: Path
) -> None:
    pull = rig.open(f"pull:@{f'ipc://{tmp_path}/s' if where == 'ipc' else where}")
    before = rig.address(pull)
    pause(rig, pull, strangers, leave_only)
    leave_only(ENOUGH)
    rig.until(lambda: state(rig, pull) is EndpointState.LISTENING)
    assert rig.address(pull) == before
    assert told(rig, f"{before} listens again")
    assert rig.snapshots[pull].problem is None
    push = rig.open(f"push:{before}")
    rig.until(lambda: rig.snapshots[pull].peer_count == 1)
    assert rig.send(push, b"hello").accepted
    rig.until(lambda: rig.messages(pull))


def test_no_listener_is_paused_for_a_few_connections(
    rig: EngineRig, leave_only: LeaveOnly, strangers: Strangers
) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    crowd(rig, pull, strangers, 3)
    leave_only(FEW)
    rig.until(lambda: told(rig, "descriptors"))
    for _ in range(5):
        rig.step()
    assert state(rig, pull) is EndpointState.LISTENING


def test_links_look_after_themselves(
    rig: EngineRig, leave_only: LeaveOnly, strangers: Strangers
) -> None:
    web = rig.open("pull:@ws://127.0.0.1:*")
    leave_only(FEW)
    (stranger,) = strangers(rig, web, 1)
    rig.until(lambda: told(rig, "was turned away"))
    assert is_closed(stranger)
    assert state(rig, web) is EndpointState.LISTENING


def test_a_link_of_ours_says_that_it_cannot_connect(rig: EngineRig, leave_only: LeaveOnly) -> None:
    web = rig.open("pull:@ws://127.0.0.1:*")
    push = rig.open(f"push:{rig.address(web)}")
    rig.until(lambda: rig.snapshots[push].peer_count == 1)
    rig.change(cmd.CloseSocket(push))
    leave_only(70)
    rig.change(cmd.ReopenSocket(push))
    rig.until(lambda: told(rig, "is not connected to: only a few file descriptors are left"))
    leave_only(ENOUGH)
    rig.until(lambda: rig.snapshots[push].peer_count == 1)


@pytest.mark.parametrize(
    "command",
    [
        cmd.CloseSocket,
        cmd.RemoveSocket,
        lambda pull: cmd.RemoveEndpoint(pull, Endpoint(Role.BIND, "tcp://127.0.0.1:*")),
    ],
    ids=["closed", "removed", "taken off"],
)
def test_what_is_not_wanted_any_more_stays_away(
    rig: EngineRig,
    leave_only: LeaveOnly,
    strangers: Strangers,
    command: Callable[[SocketId], cmd.Command],
) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    pause(rig, pull, strangers, leave_only)
    rig.change(command(pull))
    leave_only(ENOUGH)
    other = pause_and_return(rig, strangers, leave_only)
    assert told(rig, "listens again") == [f"{other} listens again."]


def pause_and_return(rig: EngineRig, strangers: Strangers, leave_only: LeaveOnly) -> str:
    """Have a listener paused and come back: whatever was due before it has had its turn."""
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    pause(rig, pull, strangers, leave_only)
    leave_only(ENOUGH)
    rig.until(lambda: state(rig, pull) is EndpointState.LISTENING)
    return rig.address(pull)


def test_an_address_that_somebody_else_has_by_then_is_told(
    rig: EngineRig, leave_only: LeaveOnly, strangers: Strangers
) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    address = rig.address(pull)
    made = pause(rig, pull, strangers, leave_only)
    assert all(map(is_closed, made))
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", int(address.rpartition(":")[2])))
        squatter.listen()
        leave_only(ENOUGH)
        rig.until(lambda: told(rig, "already in use"))
    assert state(rig, pull) is EndpointState.FAILED
    rig.change(cmd.RetryEndpoint(pull, Endpoint(Role.BIND, "tcp://127.0.0.1:*")))
    assert state(rig, pull) is EndpointState.LISTENING
