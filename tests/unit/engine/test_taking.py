"""Every socket gets its turn, and what was taken is noted."""

from __future__ import annotations

import threading

import zmq

from tests.rig import EngineRig, MakePeer
from zmqscope.core.types import (
    SocketState,
    Turn,
)
from zmqscope.engine import commands as cmd


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


def test_all_of_many_flooded_sockets_get_their_turn(rig: EngineRig, make_peer: MakePeer) -> None:
    pulls = [rig.open("pull:@tcp://127.0.0.1:*") for _ in range(60)]
    for pull in pulls:
        push = make_peer(zmq.PUSH)
        push.connect(rig.address(pull))
        for _ in range(200):
            push.send(bytes(64))
    counters = rig.store.counters.of
    rig.until(lambda: all(counters(pull).received.messages == 200 for pull in pulls))
