"""The loop: commands, drains, fairness, periodic sends, the end. Stepped on this thread."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from tests.rig import EngineRig, quiet_book, quiet_watch
from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.spec import parse_spec
from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointState,
    JobId,
    Role,
    SocketId,
    SocketSpec,
    SocketState,
    SocketType,
    Turn,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.links.plan import GateReport
from zmqscope.engine.secret_keeper import Ticket
from zmqscope.engine.sockets import ManagedSocket
from zmqscope.engine.surroundings import Surroundings

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


# ---- peers that are none, or that come twice ------------------------------------------------


def test_a_second_peer_of_a_pair_is_said_and_not_counted(
    rig: EngineRig, make_peer: MakePeer
) -> None:
    pair = rig.open("pair:@tcp://127.0.0.1:*")
    first, second = make_peer(zmq.PAIR), make_peer(zmq.PAIR)
    first.connect(rig.address(pair))
    rig.until(lambda: rig.snapshots[pair].peer_count == 1)
    second.connect(rig.address(pair))
    rig.until(lambda: rig.snapshots[pair].problem is not None)
    problem = rig.snapshots[pair].problem
    assert problem is not None
    assert "second peer" in problem.text
    assert rig.snapshots[pair].peer_count == 1
    second.close(0)
    rig.until(lambda: rig.snapshots[pair].problem is None)
    assert rig.snapshots[pair].state is SocketState.CONNECTED


def test_an_old_zeromq_is_a_peer_once_it_sends(rig: EngineRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pull = rig.open(f"pull:tcp://127.0.0.1:{server.getsockname()[1]}")
        rig.until(lambda: select.select([server], [], [], 0)[0])
        old, _ = server.accept()
    with old:
        # ZMTP 2.0 (RFC 15): signature, revision, PUSH; no identity; “hello” in one frame.
        old.sendall(b"\xff\0\0\0\0\0\0\0\x01\x7f\x01\x08\0\0" + b"\0\x05hello")
        rig.until(lambda: rig.store.end_row == 1)
        rig.until(lambda: rig.snapshots[pull].state is SocketState.CONNECTED)
        assert rig.messages()[0].frames == (b"hello",)
    rig.until(lambda: rig.snapshots[pull].state is SocketState.RETRYING)
    problem = rig.snapshots[pull].problem
    assert problem is not None
    assert "was lost" in problem.text


def test_a_server_that_does_not_speak_zeromq_is_said(rig: EngineRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sub = rig.open(f"sub:tcp://127.0.0.1:{server.getsockname()[1]}")
        rig.until(lambda: rig.snapshots[sub].problem is not None)
        problem = rig.snapshots[sub].problem
        assert problem is not None
        assert "does not finish the ZeroMQ handshake" in problem.text


def test_peers_of_a_stream_that_we_closed_are_gone(rig: EngineRig) -> None:
    stream = rig.open("stream:@tcp://127.0.0.1:*")
    port = int(rig.address(stream).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as peer:
        rig.until(lambda: rig.store.end_row == 1)
        routing_id = rig.messages()[0].frames[0]
        assert rig.send(stream, routing_id, b"bye").accepted
        assert rig.send(stream, routing_id, b"").accepted
        rig.until(lambda: rig.snapshots[stream].peer_count == 0)
        assert peer.recv(100) == b"bye"


def test_a_reply_to_a_peer_that_left_is_said_to_be_dropped(
    rig: EngineRig, make_peer: MakePeer
) -> None:
    rep = rig.open("rep:@tcp://127.0.0.1:*")
    req = make_peer(zmq.REQ)
    req.connect(rig.address(rep))
    req.send(b"?")
    rig.until(lambda: rig.store.counters.of(rep).turn is Turn.HOLDS_REQUEST)
    req.close(0)
    rig.until(lambda: rig.snapshots[rep].peer_count == 0)
    report = rig.send(rep, b"!")
    assert report.problem is not None
    assert "has left" in report.problem.text


def test_a_subscription_sent_by_hand_lasts(rig: EngineRig, make_peer: MakePeer) -> None:
    xpub = make_peer(zmq.XPUB)
    xpub.set(zmq.XPUB_VERBOSE, 1)  # or the second time is no news to it
    port = xpub.bind_to_random_port("tcp://127.0.0.1")
    xsub = rig.open(f"xsub:tcp://127.0.0.1:{port}")
    rig.until(lambda: rig.snapshots[xsub].peer_count == 1)
    assert rig.send(xsub, b"\x01hand").accepted
    rig.until(lambda: rig.snapshots[xsub].spec.subscriptions == (b"hand",))
    assert xpub.poll(1_000)
    assert xpub.recv() == b"\x01hand"
    rig.change(cmd.ReopenSocket(xsub))
    rig.until(lambda: xpub.poll(0) and xpub.recv() == b"\x01hand")
    rig.change(cmd.Unsubscribe(xsub, b"hand"))
    assert rig.snapshots[xsub].spec.subscriptions == ()


# ---- much at once ---------------------------------------------------------------------------


def test_many_commands_do_not_hold_up_the_rest(rig: EngineRig) -> None:
    for number in range(400):
        spec = parse_spec("pull:@tcp://127.0.0.1:*")
        rig.post(cmd.OpenSocket(SocketId(1_000 + number), spec))
    rig.step()
    assert 0 < len(rig.snapshots) < 400
    rig.until(lambda: len(rig.snapshots) == 400)
    assert all(s.state is SocketState.LISTENING for s in rig.snapshots.values())


def test_shutting_down_comes_first(rig: EngineRig) -> None:
    for number in range(100):
        rig.post(cmd.OpenSocket(SocketId(1_000 + number), parse_spec("pull:")))
    rig.post_first(cmd.Shutdown())
    rig.step()
    assert rig.loop.stopping
    assert rig.snapshots == {}


def test_all_of_many_flooded_sockets_get_their_turn(rig: EngineRig, make_peer: MakePeer) -> None:
    pulls = [rig.open("pull:@tcp://127.0.0.1:*") for _ in range(60)]
    for pull in pulls:
        push = make_peer(zmq.PUSH)
        push.connect(rig.address(pull))
        for _ in range(200):
            push.send(bytes(64))
    counters = rig.store.counters.of
    rig.until(lambda: all(counters(pull).received.messages == 200 for pull in pulls))


def test_a_periodic_send_on_a_socket_that_is_gone_ends_at_once(rig: EngineRig) -> None:
    rig.change(cmd.StartPeriodicSend(JobId(1), SocketId(77), (b"x",), 0.001))
    assert not rig.jobs[JobId(1)].running
    assert rig.jobs[JobId(1)].problem is not None


def test_a_name_that_has_only_ipv6_addresses_is_reached_over_ipv6() -> None:
    links = LinkDesk(LinkBoard(PlainTranscoder()))
    with contextlib.closing(links), zmq.Context() as context:
        around = Surroundings(
            context,
            lambda *_: True,
            lambda *_: None,
            links,
            quiet_book(),
            lambda *_: Ticket(1),
            quiet_watch(),
        )
        spec = parse_spec("push:tcp://six.invalid:5556")
        managed = ManagedSocket(around, SocketId(1), spec, SocketCounters())
        managed.open()
        assert managed.socket is not None
        for addresses, wanted in ((frozenset({"::1"}), 1), (frozenset({"::1", "127.0.0.1"}), 0)):
            managed.retry_endpoint(managed.spec.endpoints[0])
            managed.on_name(managed.spec.endpoints[0], "", addresses)
            assert managed.socket.get(zmq.IPV6) == wanted
        managed.close()


@pytest.mark.parametrize("attempt", range(5))
def test_the_reason_of_a_link_is_known_before_its_end_is_seen(
    monkeypatch: pytest.MonkeyPatch, rig: EngineRig, attempt: int
) -> None:
    """Else that nobody is there, which links know, would look like a peer that broke off."""
    read, calls = LinkBoard.reports, itertools.count()

    def read_too_early(board: LinkBoard) -> list[GateReport]:
        reports = read(board)
        # The first call is still in the step that opens the socket: nothing can be seen yet.
        if next(calls) == 1:
            select.select([board.reports_ready], [], [], 1)
        return reports

    monkeypatch.setattr(LinkBoard, "reports", read_too_early)
    radio = rig.open("radio:inproc://nobody")
    rig.until(lambda: rig.snapshots[radio].state is SocketState.RETRYING)
    rig.step(300)
    told = {notice.text for notice in rig.notices}
    assert told == {"No DISH of this app is bound to inproc://nobody."}
