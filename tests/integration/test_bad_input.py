"""What goes wrong is a sentence on the socket it concerns, and everything else goes on."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.exchange import (
    numbered,
    numbers,
    probe_from_peer,
    received,
    take_from_peer,
    until_fact,
    until_peers,
)
from tests.rig import EngineRig
from zmqscope.core.types import (
    Endpoint,
    Problem,
    Role,
    Severity,
    SocketId,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.engine import commands as cmd

TCP = "tcp://127.0.0.1:*"
NOBODY = 65_534


@pytest.fixture(autouse=True)
def the_rest_goes_on(rig: EngineRig) -> Iterator[None]:
    """Two sockets besides, which talk with each other before and after."""
    left, right = rig.open("pair:@inproc://bystander"), rig.open("pair:inproc://bystander")
    yield
    assert rig.send(left, b"still here").accepted
    rig.until(lambda: rig.store.counters.of(right).received.messages == 1)
    assert rig.snapshots[left].problem is None
    assert rig.snapshots[right].problem is None
    assert not [n for n in rig.notices if n.socket_id in (left, right) and n.severity]


def failure(rig: EngineRig, socket_id: SocketId) -> Problem:
    """The problem of a socket, once it has one; it must also be told as a notice about it."""
    rig.until(lambda: rig.snapshots[socket_id].problem is not None)
    problem = rig.snapshots[socket_id].problem
    assert problem is not None
    assert rig.snapshots[socket_id].state is SocketState.FAILED
    assert [n for n in rig.notices if n.socket_id == socket_id and n.text == problem.text], (
        rig.notices
    )
    assert problem.text.endswith(".")
    assert problem.hint.endswith(".")
    return problem


# ---- endpoints ------------------------------------------------------------------------------


def test_a_port_in_use(rig: EngineRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        pull = rig.open(f"pull:@{address}")
        assert "already in use" in failure(rig, pull).text
    endpoint = Endpoint(Role.BIND, address)
    rig.change(cmd.RetryEndpoint(pull, endpoint))
    assert rig.snapshots[pull].state is SocketState.LISTENING
    assert rig.snapshots[pull].problem is None


def test_a_port_in_use_by_another_socket_of_the_app(rig: EngineRig) -> None:
    first = rig.open(f"pull:@{TCP}")
    second = rig.open(f"pull:@{rig.address(first)}")
    assert "already in use" in failure(rig, second).text
    assert rig.snapshots[first].state is SocketState.LISTENING


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """This process without its rights, if it has any."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


@pytest.mark.usefixtures("unprivileged")
def test_a_folder_without_permission(rig: EngineRig, ipc_folder: Path) -> None:
    ipc_folder.chmod(0o000)
    pull = rig.open(f"pull:@ipc://{ipc_folder}/s")
    assert "Permission denied" in failure(rig, pull).text
    ipc_folder.chmod(0o700)
    rig.change(cmd.RetryEndpoint(pull, rig.snapshots[pull].spec.endpoints[0]))
    assert rig.snapshots[pull].state is SocketState.LISTENING


@pytest.mark.usefixtures("unprivileged")
def test_a_port_without_permission(rig: EngineRig) -> None:
    first_free = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if first_free.exists() and int(first_free.read_text()) <= 1:
        pytest.skip("every port is free for all on this machine")
    pull = rig.open("pull:@tcp://127.0.0.1:1")
    assert "Permission denied" in failure(rig, pull).text


def test_an_unknown_host(rig: EngineRig) -> None:
    sub = rig.open("sub:tcp://no-such-host.invalid:5556")
    assert "Unknown host no-such-host.invalid" in failure(rig, sub).text


def test_an_unknown_host_does_not_hide_one_that_works(
    rig: EngineRig, start_peer: StartPeer
) -> None:
    peer = start_peer("twelve.py", "PUSH", "--bind", TCP)
    pull = rig.open(f"pull:tcp://no-such-host.invalid:5556,{peer.endpoint}")
    assert "no-such-host.invalid" in failure(rig, pull).text
    take_from_peer(rig, pull, peer)


@pytest.mark.parametrize("port", ["*", "5999"])
def test_an_interface_that_does_not_exist(rig: EngineRig, port: str) -> None:
    pull = rig.open(f"pull:@tcp://nope0:{port}")
    assert "no interface" in failure(rig, pull).text


def test_an_address_of_another_machine(rig: EngineRig) -> None:
    pull = rig.open("pull:@tcp://192.0.2.99:5999")
    assert "not an address of this machine" in failure(rig, pull).text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nonexistent/s", "does not exist"),
        ("/etc/hostname/s", "not a folder"),
        ("/etc/hostname", "not a socket"),
        ("/etc", "is a folder"),
    ],
)
def test_an_ipc_path_that_cannot_be(rig: EngineRig, path: str, said: str) -> None:
    pull = rig.open(f"pull:@ipc://{path}")
    assert said in failure(rig, pull).text


def test_an_ipc_path_where_somebody_listens(
    rig: EngineRig, start_peer: StartPeer, ipc_folder: Path
) -> None:
    address = f"ipc://{ipc_folder}/s"
    owner = start_peer("twelve.py", "PUSH", "--bind", address)
    thief = rig.open(f"pull:@{address}")
    assert "already in use" in failure(rig, thief).text
    pull = rig.open(f"pull:{address}")
    take_from_peer(rig, pull, owner)


@pytest.mark.parametrize("role", Role)
def test_stream_with_inproc_is_refused_with_the_reason(rig: EngineRig, role: Role) -> None:
    spec = SocketSpec(SocketType.STREAM, (Endpoint(role, "inproc://x"),))
    stream = SocketId(9_001)
    rig.post(cmd.OpenSocket(stream, spec))
    rig.until(lambda: stream in rig.snapshots)
    assert "STREAM" in failure(rig, stream).text


@pytest.mark.parametrize("address", ["", "nonsense", "tcp://", "tcp://127.0.0.1:99999", "ws://a:1"])
@pytest.mark.parametrize("role", Role)
def test_an_endpoint_that_is_none_is_refused_by_the_engine_too(
    rig: EngineRig, address: str, role: Role
) -> None:
    pull = rig.open(f"pull:@{TCP}")
    rig.change(cmd.AddEndpoint(pull, Endpoint(role, address)))
    failure(rig, pull)
    rig.change(cmd.RemoveEndpoint(pull, Endpoint(role, address)))
    assert rig.snapshots[pull].state is SocketState.LISTENING


# ---- sending --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "frames", "accepted", "said"),
    [
        ("pub:@", (b"x",), True, "nobody is connected"),
        ("xpub:@", (b"x",), True, "nobody is connected"),
        ("push:@", (b"x",), False, "no peer is connected"),
        ("dealer:@", (b"x",), False, "no peer is connected"),
        ("req:@", (b"x",), False, "no peer is connected"),
        ("pair:@", (b"x",), False, "no peer is connected"),
        ("rep:@", (b"x",), False, "holds none"),
        ("router:@", (b"id", b"x"), False, "routing id"),
        ("router:@", (b"id",), False, "routing id"),
        ("stream:@", (b"id", b"x"), False, "routing id"),
        ("sub:@", (b"x",), False, "only receives"),
        ("pull:@", (b"x",), False, "only receives"),
        ("push:@", (), False, "at least one frame"),
    ],
)
def test_sending_to_nobody_says_so_at_once(
    rig: EngineRig, spec: str, frames: tuple[bytes, ...], accepted: bool, said: str
) -> None:
    socket_id = rig.open(f"{spec}{TCP}")
    begun = time.monotonic()
    report = rig.send(socket_id, *frames)
    assert time.monotonic() - begun < 20.0
    assert report.accepted is accepted
    assert report.problem is not None
    assert said in report.problem.sentence()


def test_sending_where_nobody_listens_yet_is_queued_and_says_so(rig: EngineRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    push = rig.open(f"push:{address}")
    report = rig.send(push, b"x")
    assert report.accepted
    assert report.problem is not None
    assert "Queued" in report.problem.text


def test_sending_to_one_that_does_not_read_says_so(rig: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PULL", "--bind", TCP)
    push = rig.open(f"push:{peer.endpoint},sndhwm=10")
    until_peers(rig, push)
    peer.pause()
    reports = []
    for _ in range(20_000):
        reports.append(rig.send(push, bytes(100_000)))
        if not reports[-1].accepted:
            break
    problem = reports[-1].problem
    assert problem is not None
    assert "high-water mark" in problem.text


# ---- messages -------------------------------------------------------------------------------

STRANGE = [
    (b"",),
    (b"", b"", b""),
    (b"\xff\xfe\x00\x80", b"\xc3\x28"),
    (b"\x1b[31mred\x1b[0m\x07\x9b2J", b"\r\n\0"),
    (b"<b>bold</b><img src=x onerror=alert(1)>", b"&lt;"),
    ("\u202egnp.exe\u2066".encode(), "ü€😀".encode()),
    tuple(str(number).encode() for number in range(1_000)),
]


@pytest.mark.parametrize("frames", STRANGE, ids=range(len(STRANGE)))
def test_strange_frames_come_and_go_unchanged(
    rig: EngineRig, start_peer: StartPeer, frames: tuple[bytes, ...]
) -> None:
    pair = rig.open(f"pair:@{TCP}")
    peer = start_peer("twelve.py", "PAIR", "--connect", rig.address(pair), "--echo")
    until_peers(rig, pair)
    assert rig.send(pair, *frames).accepted
    rig.until(lambda: len(rig.messages(pair)) == 2)
    sent, echoed = rig.messages(pair)
    assert sent.frames == echoed.frames == frames
    assert peer.finish()["messages"] == [[frame.hex() for frame in frames]]


@pytest.mark.parametrize("topic", [b"\xff\xfe", b"\x1b[31m", b"<b>", b"a,b%=\n", b"\0"])
def test_strange_topics_are_subscribed_and_left(
    rig: EngineRig, start_peer: StartPeer, topic: bytes
) -> None:
    peer = start_peer("twelve.py", "PUB", "--bind", TCP)
    sub = rig.open(f"sub:{peer.endpoint},topics=none")
    rig.change(cmd.Subscribe(sub, topic))
    probe_from_peer(rig, sub, peer, topic)
    rig.change(cmd.Subscribe(sub, b"z"))
    rig.change(cmd.Unsubscribe(sub, topic))
    probe_from_peer(rig, sub, peer, b"z")
    peer.say(topic, numbered(0))
    peer.say(b"z", numbered(1))
    rig.until(lambda: received(rig, sub))
    assert numbers(received(rig, sub)) == [1]


def test_a_frame_of_200_megabytes_comes_and_goes(rig: EngineRig, start_peer: StartPeer) -> None:
    size = 200_000_000
    pair = rig.open(f"pair:@{TCP}")
    peer = start_peer("twelve.py", "PAIR", "--connect", rig.address(pair))
    until_peers(rig, pair)
    peer.do("send", count=1, size=size)
    rig.until(lambda: rig.store.counters.of(pair).received.bytes == size, 60)
    assert rig.send(pair, bytes(size)).accepted
    peer.do("await", count=1)
    until_fact(rig, peer, "received", lambda: None)
    peer.do("send", count=1)
    rig.until(lambda: rig.store.counters.of(pair).received.messages == 2)
    assert peer.finish()["bytes"] == size


def test_a_message_larger_than_the_budget_is_told_and_the_next_one_comes(
    start_peer: StartPeer,
) -> None:
    with EngineRig(budget_bytes=16 << 20) as rig:
        pull = rig.open(f"pull:@{TCP}")
        peer = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
        peer.do("send", count=1, size=40 << 20)
        peer.do("send", count=1, size=100)
        rig.until(lambda: rig.store.end_row > 0 and len(rig.messages(pull)) == 1)
        assert numbers(received(rig, pull)) == [1]
        errors = [n for n in rig.notices if n.severity is Severity.ERROR]
        assert [n.socket_id for n in errors] == [pull]
        assert "memory budget" in errors[0].text


# ---- strangers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "greeting",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", bytes(range(256)), b""],
    ids=["http", "tls", "garbage", "scan"],
)
def test_a_stranger_on_the_port_disturbs_nobody(
    rig: EngineRig, start_peer: StartPeer, greeting: bytes
) -> None:
    pull = rig.open(f"pull:@{TCP}")
    peer = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
    until_peers(rig, pull)
    port = int(rig.address(pull).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(greeting)
        take_from_peer(rig, pull, peer)
    take_from_peer(rig, pull, peer)
    rig.until(lambda: any(n.severity is Severity.WARNING for n in rig.notices))
    assert rig.snapshots[pull].peer_count == 1
    assert rig.snapshots[pull].state is SocketState.CONNECTED


def test_a_silent_stranger_is_not_taken_for_the_peer(rig: EngineRig, start_peer: StartPeer) -> None:
    pull = rig.open(f"pull:@{TCP}")
    port = int(rig.address(pull).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)):
        peer = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
        take_from_peer(rig, pull, peer)
        until_peers(rig, pull)
    rig.until(lambda: any(n.severity is Severity.WARNING for n in rig.notices))
    take_from_peer(rig, pull, peer)
    assert rig.snapshots[pull].peer_count == 1


def test_a_port_scan_is_told_without_a_flood_of_notices(rig: EngineRig) -> None:
    pull = rig.open(f"pull:@{TCP}")
    port = int(rig.address(pull).rpartition(":")[2])
    for _ in range(100):
        with socket.create_connection(("127.0.0.1", port)):
            rig.step(1)
    rig.until(lambda: any(n.severity is Severity.WARNING for n in rig.notices))
    assert len([n for n in rig.notices if n.socket_id == pull]) <= 20
