"""What a socket makes of its events, and of peers that are none or come twice."""

from __future__ import annotations

import select
import socket

import zmq

from tests.rig import EngineRig, MakePeer
from zmqscope.core.types import (
    SocketState,
)


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
