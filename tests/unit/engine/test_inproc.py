"""Inproc, of which libzmq tells nothing and where it forgives nothing."""

from __future__ import annotations

import os

import pytest

from tests.rig import EngineRig
from zmqscope.core.types import Endpoint, EndpointState, RequestId, Role, SocketId, SocketState
from zmqscope.engine import commands as cmd

X = "inproc://x"
CONNECT_X = Endpoint(Role.CONNECT, X)
BIND_X = Endpoint(Role.BIND, X)


def reaches(rig: EngineRig, sender: SocketId, receiver: SocketId) -> None:
    """A message sent now must arrive.

    Not the very first: libzmq may still give it to a connection that is on its way out.
    """
    counters = rig.store.counters.of(receiver).received
    before = counters.messages

    def arrived() -> bool:
        report = rig.send(sender, b"ping")
        assert (report.accepted, report.problem) == (True, None)
        return counters.messages > before

    rig.until(arrived)
    for socket_id in (sender, receiver):
        assert rig.snapshots[socket_id].state is SocketState.CONNECTED
        assert rig.snapshots[socket_id].problem is None


@pytest.mark.parametrize("kind", ["pair", "dealer"])
@pytest.mark.parametrize("who", ["binder", "connecter"])
@pytest.mark.parametrize("how", ["reopen", "close, then reopen", "retry", "remove, then add"])
def test_either_side_may_go_and_come_back(rig: EngineRig, kind: str, who: str, how: str) -> None:
    connecter, binder = rig.open(f"{kind}:{X}"), rig.open(f"{kind}:@{X}")
    reaches(rig, connecter, binder)
    socket_id, endpoint = (binder, BIND_X) if who == "binder" else (connecter, CONNECT_X)
    if how == "retry":
        rig.post(cmd.RetryEndpoint(socket_id, endpoint))
    elif how == "remove, then add":
        rig.post(cmd.RemoveEndpoint(socket_id, endpoint))
        rig.post(cmd.AddEndpoint(socket_id, endpoint))
    else:
        if "close" in how:
            rig.change(cmd.CloseSocket(socket_id))
        rig.post(cmd.ReopenSocket(socket_id))
    rig.step()
    reaches(rig, connecter, binder)
    reaches(rig, binder, connecter)


def test_nothing_that_was_sent_before_the_other_side_went_is_lost(rig: EngineRig) -> None:
    receiver, sender = rig.open(f"pair:{X}"), rig.open(f"pair:@{X}")
    for number in range(200):
        rig.post(cmd.SendMessage(RequestId(number), sender, (b"%d" % number,)))
    rig.post(cmd.CloseSocket(sender))
    rig.until(lambda: rig.snapshots[sender].state is SocketState.CLOSED)
    assert rig.store.counters.of(receiver).received.messages == 200


def test_whoever_waits_says_what_for(rig: EngineRig) -> None:
    push = rig.open(f"push:{X}")
    snapshot = rig.snapshots[push]
    assert snapshot.state is SocketState.CONNECTING
    assert snapshot.problem is not None
    assert X in snapshot.problem.text
    assert not rig.send(push, b"x").accepted
    pull = rig.open(f"pull:@{X}")
    reaches(rig, push, pull)


def test_one_that_gives_up_waiting_leaves_nothing_behind(rig: EngineRig) -> None:
    descriptors = []
    for _ in range(5):
        push = rig.open(f"push:{X}")
        rig.change(cmd.RemoveSocket(push))
        rig.step()
        descriptors.append(len(os.listdir("/proc/self/fd")))
    assert max(descriptors) - min(descriptors) <= 3  # a closed one may still be on its way out


@pytest.mark.parametrize("kind", ["router", "rep", "pair"])
def test_giving_up_before_the_bind_does_not_abort(rig: EngineRig, kind: str) -> None:
    # libzmq: “Assertion failed: written (src/pipe.cpp:60)”.
    other = rig.open(f"{kind}:{X}")
    rig.change(cmd.RemoveEndpoint(other, CONNECT_X))
    dealer = rig.open(f"dealer:@{X}")
    rig.step()
    assert rig.snapshots[other].state is SocketState.IDLE
    assert rig.snapshots[dealer].peer_count == 0


def test_a_socket_does_not_connect_to_itself(rig: EngineRig) -> None:
    # libzmq would take the bind off when asked to take the connect off, and abort later.
    dealer = rig.open(f"dealer:@{X},{X}")
    bound, connected = rig.snapshots[dealer].endpoints
    assert (bound.state, connected.state) == (EndpointState.LISTENING, EndpointState.FAILED)
    assert connected.problem is not None
    assert "itself" in connected.problem.text
    rig.change(cmd.RemoveEndpoint(dealer, CONNECT_X))
    other = rig.open(f"dealer:{X}")
    reaches(rig, other, dealer)


def test_types_that_do_not_fit_are_refused_with_the_reason(rig: EngineRig) -> None:
    rig.open(f"sub:@{X}")
    push = rig.open(f"push:{X}")
    snapshot = rig.snapshots[push]
    assert snapshot.state is SocketState.FAILED
    assert snapshot.problem is not None
    assert "bound by a SUB" in snapshot.problem.text
    assert "PULL" in snapshot.problem.hint


def test_states_are_told_to_everybody_concerned(rig: EngineRig) -> None:
    binder = rig.open(f"router:@{X}")
    connecters = [rig.open(f"dealer:{X}") for _ in range(3)]
    assert rig.snapshots[binder].peer_count == 3
    rig.change(cmd.RemoveSocket(connecters[0]))
    assert rig.snapshots[binder].peer_count == 2
    rig.change(cmd.RemoveEndpoint(binder, BIND_X))
    states = {rig.snapshots[each].state for each in connecters[1:]}
    assert states == {SocketState.CONNECTING}
