"""The loop: commands, drains, fairness, periodic sends, the end. Stepped on this thread."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from tests.rig import EngineRig
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointState,
    JobId,
    Role,
    SocketState,
    Turn,
)
from zmqscope.engine import commands as cmd

MakePeer = Callable[[int], "zmq.Socket[bytes]"]


@pytest.fixture
def make_peer() -> Iterator[MakePeer]:
    """Makes sockets in a context that is not the engine's."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    made: list[zmq.Socket[bytes]] = []

    def make(kind: int) -> zmq.Socket[bytes]:
        made.append(context.socket(kind))
        return made[-1]

    yield make
    for peer in made:
        peer.close(0)
    context.term()


def test_pull_binds_an_ephemeral_port_and_receives(rig: EngineRig, make_peer: MakePeer) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*,name=in")
    assert rig.snapshots[pull].state is SocketState.LISTENING
    assert not rig.address(pull).endswith("*")
    peer = make_peer(zmq.PUSH)
    peer.connect(rig.address(pull))
    peer.send_multipart([b"a", b"b"])
    rig.until(lambda: rig.store.end_row == 1)
    assert rig.messages()[0].frames == (b"a", b"b")
    rig.until(lambda: rig.snapshots[pull].state is SocketState.CONNECTED)
    assert rig.snapshots[pull].peer_count == 1


def test_sent_messages_are_captured_as_sent(rig: EngineRig) -> None:
    left = rig.open("pair:@inproc://x")
    right = rig.open("pair:inproc://x")
    report = rig.send(left, b"hello", b"")
    assert report.accepted
    rig.until(lambda: rig.store.end_row == 2)
    sent, received = rig.messages()
    assert (sent.direction, sent.socket_id) == (Direction.SENT, left)
    assert (received.direction, received.socket_id) == (Direction.RECEIVED, right)
    assert sent.frames == received.frames == (b"hello", b"")


def test_inproc_state_follows_the_other_side(rig: EngineRig) -> None:
    left = rig.open("pair:inproc://y")
    assert rig.snapshots[left].state is SocketState.CONNECTING
    right = rig.open("pair:@inproc://y")
    rig.until(lambda: rig.snapshots[left].state is SocketState.CONNECTED)
    assert rig.snapshots[right].peer_count == 1
    rig.change(cmd.CloseSocket(right))
    rig.until(lambda: rig.snapshots[left].peer_count == 0)


def test_send_to_nobody_says_so(rig: EngineRig) -> None:
    push = rig.open("push:@tcp://127.0.0.1:*")
    report = rig.send(push, b"x")
    assert not report.accepted
    assert report.problem is not None
    assert "no peer" in report.problem.text
    pub = rig.open("pub:@tcp://127.0.0.1:*")
    report = rig.send(pub, b"x")
    assert report.accepted
    assert report.problem is not None
    assert rig.store.end_row == 1  # the refused one is no message


def test_router_to_an_unknown_identity_is_refused(rig: EngineRig) -> None:
    router = rig.open("router:@tcp://127.0.0.1:*")
    report = rig.send(router, b"nobody", b"x")
    assert not report.accepted
    assert report.problem is not None
    assert "routing id" in report.problem.text


def test_req_rep_turns(rig: EngineRig) -> None:
    rep = rig.open("rep:@tcp://127.0.0.1:*")
    req = rig.open(f"req:{rig.address(rep)}")
    turn = rig.store.counters.of
    assert (turn(req).turn, turn(rep).turn) == (Turn.MAY_SEND, Turn.AWAITS_REQUEST)
    assert not rig.send(rep, b"early").accepted
    assert rig.send(req, b"ping").accepted
    assert turn(req).turn is Turn.AWAITS_REPLY
    again = rig.send(req, b"ping")
    assert not again.accepted
    rig.until(lambda: turn(rep).turn is Turn.HOLDS_REQUEST)
    assert rig.send(rep, b"pong").accepted
    rig.until(lambda: turn(req).turn is Turn.MAY_SEND)
    assert [m.frames for m in rig.messages(req)] == [(b"ping",), (b"pong",)]


def test_subscriptions_change_while_open(rig: EngineRig, make_peer: MakePeer) -> None:
    xpub = make_peer(zmq.XPUB)
    port = xpub.bind_to_random_port("tcp://127.0.0.1")
    sub = rig.open(f"sub:tcp://127.0.0.1:{port},topic=a")
    for command, expected in (
        (None, b"\x01a"),
        (cmd.Subscribe(sub, b"\xff"), b"\x01\xff"),
        (cmd.Unsubscribe(sub, b"a"), b"\x00a"),
    ):
        if command is not None:
            rig.change(command)
        rig.until(lambda: xpub.poll(0))
        assert xpub.recv() == expected
    assert rig.snapshots[sub].spec.subscriptions == (b"\xff",)


def test_endpoints_come_and_go_while_open(rig: EngineRig) -> None:
    pull = rig.open("pull:")
    assert rig.snapshots[pull].state is SocketState.IDLE
    endpoint = Endpoint(Role.BIND, "tcp://127.0.0.1:*")
    rig.change(cmd.AddEndpoint(pull, endpoint))
    port = int(rig.address(pull).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 5):
        pass
    rig.change(cmd.RemoveEndpoint(pull, endpoint))
    assert rig.snapshots[pull].spec.endpoints == ()

    def refused() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED

    rig.until(refused)


def test_port_in_use_can_be_retried(rig: EngineRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        rep = rig.open(f"rep:@tcp://127.0.0.1:{port}")
        status = rig.snapshots[rep].endpoints[0]
        assert (status.state, rig.snapshots[rep].state) == (
            EndpointState.FAILED,
            SocketState.FAILED,
        )
        assert status.problem is not None
        assert "in use" in status.problem.text
    rig.change(cmd.RetryEndpoint(rep, status.endpoint))
    assert rig.snapshots[rep].state is SocketState.LISTENING
    assert rig.snapshots[rep].problem is None


def test_close_and_reopen(rig: EngineRig) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    rig.change(cmd.CloseSocket(pull))
    assert rig.snapshots[pull].state is SocketState.CLOSED
    report = rig.send(pull, b"x")
    assert not report.accepted
    rig.change(cmd.ReopenSocket(pull))
    assert rig.snapshots[pull].state is SocketState.LISTENING
    rig.change(cmd.RemoveSocket(pull))
    assert rig.removed == [pull]


def test_unknown_host_is_a_sentence_and_the_loop_goes_on(rig: EngineRig) -> None:
    sub = rig.open("sub:tcp://no-such-host.invalid:5556")
    rig.until(lambda: rig.snapshots[sub].state is SocketState.FAILED)
    problem = rig.snapshots[sub].problem
    assert problem is not None
    assert "Unknown host no-such-host.invalid" in problem.text


def test_an_option_that_libzmq_refuses_fails_the_socket_with_a_sentence(rig: EngineRig) -> None:
    # Not through the parser, which would refuse it first.
    from zmqscope.core.types import SocketId, SocketSpec, SocketType

    spec = SocketSpec(SocketType.PUSH, options=(("sndhwm", -5),), name="bad")
    rig.change(cmd.OpenSocket(SocketId(900), spec))
    snapshot = rig.snapshots[SocketId(900)]
    assert snapshot.state is SocketState.FAILED
    assert snapshot.problem is not None
    assert "sndhwm=-5" in snapshot.problem.text


def test_a_flooded_socket_does_not_starve_another(rig: EngineRig, make_peer: MakePeer) -> None:
    flooded = rig.open("pull:@tcp://127.0.0.1:*")
    quiet = rig.open("pull:@tcp://127.0.0.1:*")
    stop = threading.Event()
    address = rig.address(flooded)

    def flood() -> None:
        push = make_peer(zmq.PUSH)
        push.connect(address)
        while not stop.is_set():
            if push.poll(10, zmq.POLLOUT):
                push.send(b"x" * 64)
        push.close(0)

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        rig.until(lambda: rig.store.counters.of(flooded).received.messages > 1_000)
        peer = make_peer(zmq.PUSH)
        peer.connect(rig.address(quiet))
        peer.send(b"now")
        rig.until(lambda: rig.store.counters.of(quiet).received.messages == 1)
        rig.change(cmd.CloseSocket(flooded))
        assert rig.snapshots[flooded].state is SocketState.CLOSED
    finally:
        stop.set()
        thread.join()


def test_periodic_send_runs_and_stops_with_its_socket(rig: EngineRig) -> None:
    pull = rig.open("pull:@inproc://tick")
    push = rig.open("push:inproc://tick")
    rig.post(cmd.StartPeriodicSend(JobId(1), push, (b"tick",), 0.005))
    rig.until(lambda: rig.store.counters.of(pull).received.messages >= 5)
    rig.change(cmd.CloseSocket(push))
    rig.until(lambda: not rig.jobs[JobId(1)].running)
    assert rig.jobs[JobId(1)].problem is not None


def test_closing_with_unsent_messages_and_dead_peers_does_not_hang(rig: EngineRig) -> None:
    push = rig.open("push:tcp://127.0.0.1:9")
    for _ in range(50):
        rig.send(push, b"x" * 10_000)
    rig.open("sub:tcp://no-such-host.invalid:1")
    # The fixture closes the rig: term() would hang on a lingering message or a held monitor.


def test_ipc_file_goes_with_the_socket(rig: EngineRig, tmp_path: Path) -> None:
    path = tmp_path / "s"
    pull = rig.open(f"pull:@ipc://{path}")
    assert path.exists()
    rig.change(cmd.RemoveSocket(pull))
    rig.until(lambda: not path.exists())


def test_idle_step_waits(rig: EngineRig) -> None:
    rig.open("sub:tcp://127.0.0.1:9")
    before = os.times()
    for _ in range(5):
        rig.step(50)
    after = os.times()
    assert after.user + after.system - before.user - before.system < 0.2
