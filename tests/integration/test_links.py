"""Sockets whose peers are spoken to by links: what works, what is said when not, what is left."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.exchange import numbered, received, take_from_peer, until_peers
from tests.integration.linked import (
    exchange,
    free_port,
    notices_of,
    port_of,
    problem_of,
    until_messages,
    until_told,
)
from tests.kernel_rig import load_kernels
from tests.link_rig import PING, PONG, read_websocket, ready, take, websocket, zws
from tests.peers.wss import answer
from tests.rig import EngineRig
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointState,
    Role,
    SocketId,
    SocketState,
    Turn,
)
from zmqscope.engine import commands as cmd

WS = "ws://127.0.0.1:*"
MIB = 1024 * 1024


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what is put on it."""
    with ExitStack() as made:
        yield made


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "shown", "connected"),
    [
        ("ws://127.0.0.1:*", "ws://127.0.0.1:PORT", "ws://127.0.0.1:PORT"),
        ("ws://127.0.0.1:0", "ws://127.0.0.1:PORT", "ws://127.0.0.1:PORT/any/path"),
        ("ws://127.0.0.1:*/", "ws://127.0.0.1:PORT/", "ws://127.0.0.1:PORT"),
        ("ws://127.0.0.1:*/a", "ws://127.0.0.1:PORT/a", "ws://127.0.0.1:PORT/a"),
        ("ws://127.0.0.1:*/a", "ws://127.0.0.1:PORT/a", "ws://127.0.0.1:PORT/a?token=1"),
        ("ws://*:*", "ws://0.0.0.0:PORT", "ws://127.0.0.2:PORT"),
        ("ws://localhost:*", "ws://127.0.0.1:PORT", "ws://localhost:PORT"),
        ("ws://[::1]:*", "ws://[::1]:PORT", "ws://[::1]:PORT"),
        ("ws://[::1]:*/b", "ws://[::1]:PORT/b", "ws://[::1]:PORT/b"),
        ("ws://[::1]:*", "ws://[::1]:PORT", "ws://localhost:PORT"),
    ],
)
def test_addresses_of_websockets(rig: EngineRig, bound: str, shown: str, connected: str) -> None:
    push = rig.open(f"push:@{bound}")
    address = rig.address(push)
    port = address.removeprefix(shown.partition("PORT")[0]).partition("/")[0]
    assert int(port) > 0
    assert address == shown.replace("PORT", port)
    pull = rig.open(f"pull:{connected.replace('PORT', port)}")
    until_peers(rig, pull)
    until_peers(rig, push)
    exchange(rig, push, pull)
    assert not notices_of(rig, push)
    assert not notices_of(rig, pull)


def test_ipv6_and_ipv4_at_one_wildcard(rig: EngineRig) -> None:
    push = rig.open("push:@ws://*:*,ipv6=1")
    port = port_of(rig.address(push))
    assert rig.address(push) == f"ws://[::]:{port}"
    for host in ("127.0.0.1", "[::1]"):
        pull = rig.open(f"pull:ws://{host}:{port}")
        until_peers(rig, pull)
        until_peers(rig, push)
        exchange(rig, push, pull)
        rig.change(cmd.RemoveSocket(pull))
        until_peers(rig, push, 0)


@pytest.mark.parametrize("spec", ["push:@ws://127.0.0.1:{}", "scatter:@tcp://127.0.0.1:{}"])
def test_a_port_that_is_removed_is_free_at_once(rig: EngineRig, spec: str) -> None:
    push = rig.open(spec.format("*"))
    address = rig.address(push)
    taker = "pull" if spec.startswith("push") else "gather"
    pull = rig.open(f"{taker}:{address}")
    until_peers(rig, push)
    exchange(rig, push, pull)
    for _ in range(2):
        bound = rig.snapshots[push].spec.endpoints[0]
        rig.change(cmd.RemoveEndpoint(push, bound))
        socket.create_server(("127.0.0.1", port_of(address))).close()
        rig.change(cmd.AddEndpoint(push, Endpoint(Role.BIND, address)))
        assert rig.snapshots[push].state is SocketState.LISTENING
        until_peers(rig, push)
        until_peers(rig, pull)
        exchange(rig, push, pull)


def test_a_port_that_is_taken(rig: EngineRig) -> None:
    first = rig.open(f"push:@{WS}")
    second = rig.open(f"push:@{rig.address(first)}")
    assert "already in use" in problem_of(rig, second, "in use").text
    rig.change(cmd.RemoveSocket(first))
    rig.change(cmd.RetryEndpoint(second, rig.snapshots[second].spec.endpoints[0]))
    assert rig.snapshots[second].state is SocketState.LISTENING


def test_a_connect_that_is_removed_and_added_again(rig: EngineRig) -> None:
    push = rig.open(f"push:@{WS}")
    pull = rig.open(f"pull:{rig.address(push)}")
    endpoint = rig.snapshots[pull].spec.endpoints[0]
    for _ in range(3):
        until_peers(rig, push)
        exchange(rig, push, pull)
        rig.change(cmd.RemoveEndpoint(pull, endpoint))
        until_peers(rig, push, 0)
        rig.change(cmd.AddEndpoint(pull, endpoint))


# ---- messages ----------------------------------------------------------------------------------


def test_turns_of_req_and_rep(rig: EngineRig) -> None:
    rep = rig.open(f"rep:@{WS}")
    req = rig.open(f"req:{rig.address(rep)}")
    until_peers(rig, req)
    asks, answers = rig.store.counters.of(req), rig.store.counters.of(rep)
    assert not rig.send(rep, b"early").accepted
    for number in range(20):
        assert rig.send(req, b"ask", numbered(number)).accepted
        assert not rig.send(req, b"again").accepted
        rig.until(lambda: answers.turn is Turn.HOLDS_REQUEST)
        assert rig.send(rep, b"answer", numbered(number)).accepted
        rig.until(lambda: asks.turn is Turn.MAY_SEND)
    assert [m.frames for m in received(rig, req)] == [
        (b"answer", numbered(number)) for number in range(20)
    ]


@pytest.mark.parametrize("endpoint", [WS, "tcp://127.0.0.1:*"])
def test_large_messages_both_ways(rig: EngineRig, endpoint: str) -> None:
    kind = "pair" if endpoint == WS else "channel"
    body = bytes(range(256)) * (64 * MIB // 256)
    one = rig.open(f"{kind}:@{endpoint}")
    other = rig.open(f"{kind}:{rig.address(one)}")
    until_peers(rig, one)
    for giver, taker in ((one, other), (other, one)):
        assert rig.send(giver, body).accepted
        until_messages(rig, taker, 1, 60)
        (message,) = [m for m in rig.messages(taker) if m.direction is Direction.RECEIVED]
        assert message.frames == (body,)
    exchange(rig, one, other)


@pytest.mark.parametrize("kinds", ["pair-pair-ws", "channel-channel-tcp", "radio-dish-ws"])
def test_kernels_move_what_the_plain_way_moves(kinds: str) -> None:
    one, other, scheme = kinds.split("-")
    lead = (b"group",) if one == "radio" else ()
    sizes = [0, 1, 124, 125, 126, 254, 255, 256, 65_534, 65_535, 65_536, 1_000_000]
    with EngineRig(kernels=load_kernels()) as rig:
        giver = rig.open(f"{one}:@{scheme}://127.0.0.1:*")
        taker = rig.open(f"{other}:{rig.address(giver)}{',group=group' if lead else ''}")
        until_peers(rig, taker)
        until_peers(rig, giver)
        if lead:
            # A group is joined only once its JOIN has come.
            until_heard(rig, giver, taker, b"group")
        bodies = [bytes(range(256)) * (size // 256) + bytes(size % 256) for size in sizes]
        for body in bodies:
            assert rig.send(giver, *lead, body).accepted
        rig.until(lambda: [m for m in rig.messages(taker) if m.frames[-1] == bodies[-1]])
        came = [m.frames for m in rig.messages(taker) if m.direction is Direction.RECEIVED]
        assert came[-len(bodies) :] == [(*lead, body) for body in bodies]


# ---- peers that go and come --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "kind", "ours", "address"),
    [
        ("wss.py", "PUSH", "pull", "ws://127.0.0.1:*/"),
        ("wss.py", "SCATTER", "gather", "ws://127.0.0.1:*/"),
        ("libzmq_draft.py", "SCATTER", "gather", "tcp://127.0.0.1:*"),
    ],
)
def test_a_peer_that_dies_is_noticed_and_found_again(
    rig: EngineRig, start_peer: StartPeer, script: str, kind: str, ours: str, address: str
) -> None:
    peer = start_peer(script, kind, "--bind", address)
    pull = rig.open(f"{ours}:{peer.endpoint}")
    until_peers(rig, pull)
    take_from_peer(rig, pull, peer)
    peer.kill()
    rig.until(lambda: rig.snapshots[pull].state is SocketState.RETRYING)
    assert rig.snapshots[pull].peer_count == 0
    assert problem_of(rig, pull, "Nobody answers").text.startswith("Nobody answers at ")
    again = start_peer(script, kind, "--bind", peer.endpoint)
    rig.until(lambda: rig.snapshots[pull].state is SocketState.CONNECTED)
    assert rig.snapshots[pull].problem is None
    take_from_peer(rig, pull, again)


@pytest.mark.parametrize(
    ("script", "kind", "ours", "address"),
    [
        ("wss.py", "PUSH", "pull", WS),
        ("libzmq_draft.py", "SCATTER", "gather", "tcp://127.0.0.1:*"),
    ],
)
def test_peers_of_a_bind_are_counted(
    rig: EngineRig, start_peer: StartPeer, script: str, kind: str, ours: str, address: str
) -> None:
    pull = rig.open(f"{ours}:@{address}")
    peers = [start_peer(script, kind, "--connect", rig.address(pull)) for _ in range(2)]
    until_peers(rig, pull, 2)
    peers[0].kill()
    until_peers(rig, pull, 1)
    take_from_peer(rig, pull, peers[1])
    assert rig.snapshots[pull].state is SocketState.CONNECTED
    assert not notices_of(rig, pull)


def test_heartbeats_keep_a_websocket_until_the_peer_is_silent(
    rig: EngineRig, stack: ExitStack
) -> None:
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    address = f"ws://127.0.0.1:{listener.getsockname()[1]}"
    pull = rig.open(f"pull:{address},heartbeat_ivl=50,heartbeat_timeout=2500")
    peer = stack.enter_context(listener.accept()[0])
    peer.settimeout(60)
    answer(peer, "/", ["ZWS2.0/NULL"])
    peer.sendall(zws(2, ready(b"PUSH")))
    until_peers(rig, pull)
    peer.setblocking(False)
    pings: list[bytes] = []

    def answer_pings(until: int) -> bool:
        for first, payload in read_websocket(take(peer), is_masked=True):
            if first == PING:
                pings.append(payload)
                peer.sendall(websocket(payload, first=PONG))
        return len(pings) >= until

    rig.until(lambda: answer_pings(12))
    assert rig.snapshots[pull].peer_count == 1
    # From here on the peer is silent; it is still there, and takes what comes.
    rig.until(lambda: rig.snapshots[pull].peer_count == 0)
    until_told(rig, pull, "was lost")


# ---- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spec",
    ["sub:ws://127.0.0.1:{}", "sub:wss://127.0.0.1:{}", "client:tcp://127.0.0.1:{}"],
)
def test_nobody_answers(rig: EngineRig, spec: str) -> None:
    port = free_port()
    sub = rig.open(spec.format(port))
    problem = problem_of(rig, sub, "Nobody answers")
    assert f":{port}" in problem.text
    assert "it is tried again and again" in problem.text
    assert rig.snapshots[sub].state is SocketState.RETRYING


@pytest.mark.parametrize(
    ("bound", "connected", "address"),
    [("REP", "SUB", WS), ("SERVER", "DISH", WS), ("SERVER", "DISH", "tcp://127.0.0.1:*")],
)
def test_types_that_do_not_fit(rig: EngineRig, bound: str, connected: str, address: str) -> None:
    server = rig.open(f"{bound.lower()}:@{address}")
    client = rig.open(f"{connected.lower()}:{rig.address(server)}")
    problem = problem_of(rig, client, f"is a {bound}, and this is a {connected}")
    fitting = {"SUB": "PUB or XPUB", "DISH": "RADIO"}[connected]
    assert problem.hint == f"A {connected} talks with {fitting}."
    until_told(rig, server, f"is a {connected}, and this is a {bound}")
    assert rig.snapshots[server].state is SocketState.LISTENING


def test_a_path_that_is_not_served(rig: EngineRig) -> None:
    push = rig.open(f"push:@{WS}/feed")
    pull = rig.open(f"pull:{rig.address(push).replace('/feed', '/food')}")
    assert "HTTP status 404" in problem_of(rig, pull, "404").text
    until_told(rig, push, "asked for the path “/food”, which is not served here")
    right = rig.open(f"pull:{rig.address(push)}")
    until_peers(rig, right)
    until_peers(rig, push)
    exchange(rig, push, right)


def test_subprotocols_that_do_not_fit(rig: EngineRig) -> None:
    push = rig.open(f"push:@{WS},zws_subprotocol=ZWS2.0")
    pull = rig.open(f"pull:{rig.address(push)},zws_subprotocol=ZWS2.0/NULL")
    assert "HTTP status 400" in problem_of(rig, pull, "400").text
    until_told(rig, push, "offered the WebSocket subprotocols ZWS2.0/NULL, and ZWS2.0 is wanted")
    bare = rig.open(f"pull:{rig.address(push)}")
    until_peers(rig, bare)
    until_peers(rig, push)
    exchange(rig, push, bare)


STRANGERS = {
    "http": (b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "HTTP status 301"),
    "login": (b"HTTP/1.1 401 Unauthorized\r\n\r\n", "HTTP status 401"),
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak WebSocket"),
    "zmtp": (b"\xff" + bytes(8) + b"\x7f\x03", "does not speak WebSocket"),
    "gone": (b"", "closed the connection during the WebSocket handshake"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_server_of_something_else(rig: EngineRig, stack: ExitStack, name: str) -> None:
    sent, said = STRANGERS[name]
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    listener.setblocking(False)
    served = 0

    def has_served(wanted: int) -> bool:
        nonlocal served
        with contextlib.suppress(BlockingIOError):
            connection = stack.enter_context(listener.accept()[0])
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            served += 1
        return served >= wanted

    pull = rig.open(f"pull:ws://127.0.0.1:{listener.getsockname()[1]}")
    rig.until(lambda: has_served(1))
    problem_of(rig, pull, said)
    # It is tried again and again, and told once.
    rig.until(lambda: has_served(5))
    problem_of(rig, pull, said)


def test_strangers_at_a_bind_disturb_nobody(rig: EngineRig, stack: ExitStack) -> None:
    push = rig.open(f"push:@{WS}")
    port = port_of(rig.address(push))
    pull = rig.open(f"pull:{rig.address(push)}")
    until_peers(rig, push)
    for sent, said in (
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "does not speak WebSocket"),
        (b"\x16\x03\x01\x02\x00\x01\x00", "speaks TLS"),
        (bytes(range(1, 256)), "does not speak WebSocket"),
    ):
        with socket.create_connection(("127.0.0.1", port)) as stranger:
            stranger.sendall(sent)
            until_told(rig, push, said)
        exchange(rig, push, pull)
    silent = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    exchange(rig, push, pull)
    silent.close()
    until_told(rig, push, "closed the connection during the WebSocket handshake")
    assert rig.snapshots[push].peer_count == 1


def test_a_peer_that_never_finishes_its_handshake(rig: EngineRig, stack: ExitStack) -> None:
    push = rig.open(f"push:@{WS},handshake_ivl=300")
    port = port_of(rig.address(push))
    slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    slow.sendall(b"GET / HTTP/1.1\r\n")
    until_told(rig, push, "did not finish the handshake in time")
    slow.settimeout(60)
    assert slow.recv(1) == b""


def test_a_peer_that_breaks_the_protocol_is_parted_from(rig: EngineRig, stack: ExitStack) -> None:
    pull = rig.open(f"pull:@{WS}")
    port = port_of(rig.address(pull))
    peer = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    peer.settimeout(60)
    peer.sendall(
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: ZWS2.0/NULL\r\n\r\n"
    )
    key = b"abcd"
    peer.sendall(zws(2, ready(b"PUSH"), key) + zws(0, numbered(1), key))
    rig.until(lambda: len(received(rig, pull)) == 1)
    peer.sendall(websocket(b"text", key, 0x81))
    until_told(rig, pull, "sent a text message, against RFC 45")
    while peer.recv(4096):
        pass
    until_peers(rig, pull, 0)


# ---- what is left ------------------------------------------------------------------------------


def until_heard(rig: EngineRig, radio: SocketId, dish: SocketId, group: bytes) -> None:
    """Send to a group until it arrives."""

    def is_heard() -> bool:
        rig.send(radio, group, numbered(1))
        return bool(received(rig, dish))

    rig.until(is_heard)


def test_closing_everything_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, ipc_folder: Path, stack: ExitStack
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(ipc_folder))
    threads, descriptors = set(threading.enumerate()), len(os.listdir("/proc/self/fd"))
    with EngineRig() as rig:
        push = rig.open(f"push:@{WS},@ws://127.0.0.1:*/b,ws://127.0.0.1:{free_port()}")
        for index in (0, 1):
            rig.open(f"pull:{rig.address(push, index)}")
        until_peers(rig, push, 2)
        server = rig.open(f"server:@tcp://127.0.0.1:*,@ipc://{ipc_folder}/s,@inproc://s")
        for index in range(3):
            rig.open(f"client:{rig.address(server, index)}")
        until_peers(rig, server, 3)
        dish = rig.open("dish:@udp://127.0.0.1:*,group=a")
        radio = rig.open(f"radio:{rig.address(dish)}")
        until_heard(rig, radio, dish, b"a")
        # Some who are in the middle of their handshakes.
        for place in (rig.address(push), rig.address(server)):
            stranger = socket.create_connection(("127.0.0.1", port_of(place)))
            stack.enter_context(stranger).sendall(b"G" if place.startswith("ws") else b"\xff")
        assert [each.name for each in ipc_folder.iterdir() if each.name.startswith("zmqscope-")]
        states = {each.state for each in rig.snapshots[server].endpoints}
        assert states == {EndpointState.LISTENING}
    stack.close()
    assert set(threading.enumerate()) <= threads
    assert list(ipc_folder.iterdir()) == []
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_sockets_that_are_removed_leave_no_descriptors(rig: EngineRig) -> None:
    keeps_the_thread = rig.open(f"push:@{WS}")
    before = 0
    for number in range(6):
        push = rig.open(f"push:@{WS},@ws://[::1]:*")
        pulls = [rig.open(f"pull:{rig.address(push, index)}") for index in (0, 1)]
        until_peers(rig, push, 2)
        for each in (*pulls, push):
            rig.change(cmd.RemoveSocket(each))
        rig.until(lambda: set(rig.snapshots) == {keeps_the_thread})
        now = len(os.listdir("/proc/self/fd"))
        before = before if number else now
    rig.until(lambda: len(os.listdir("/proc/self/fd")) <= before)
