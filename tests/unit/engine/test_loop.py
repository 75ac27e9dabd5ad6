"""The loop: commands, drains, fairness, periodic sends, the end. Stepped on this thread."""

from __future__ import annotations

import itertools
import os
import select
from pathlib import Path

import pytest
import zmq

from tests.rig import EngineRig, MakePeer
from zmqscope.core.types import (
    Direction,
    JobId,
    SocketId,
    SocketSpec,
    SocketState,
    SocketType,
    Turn,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.plan import GateReport


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
    assert xpub.poll(60_000)
    assert xpub.recv() == b"\x01hand"
    rig.change(cmd.ReopenSocket(xsub))
    rig.until(lambda: xpub.poll(0) and xpub.recv() == b"\x01hand")
    rig.change(cmd.Unsubscribe(xsub, b"hand"))
    assert rig.snapshots[xsub].spec.subscriptions == ()


# ---- in which order things are seen ----------------------------------------------------------


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
