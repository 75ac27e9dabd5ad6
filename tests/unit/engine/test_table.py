"""Endpoints go while messages come; see ``test_inproc.py`` for what inproc adds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from tests.rig import EngineRig
from zmqscope.core.types import Endpoint, Role, SocketId, SocketSpec, SocketState, SocketType
from zmqscope.engine import commands as cmd


@pytest.fixture
def pub() -> Iterator[zmq.Socket[bytes]]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    yield context.socket(zmq.PUB)
    context.destroy(linger=0)


@pytest.mark.parametrize("command", [cmd.RemoveEndpoint, cmd.RetryEndpoint])
def test_a_connect_goes_while_a_message_is_half_read(
    rig: EngineRig,
    pub: zmq.Socket[bytes],
    command: type[cmd.RemoveEndpoint] | type[cmd.RetryEndpoint],
) -> None:
    # libzmq: “Assertion failed: !_more (src/fq.cpp:80)”, once a poll has fetched a first frame.
    address = f"tcp://127.0.0.1:{pub.bind_to_random_port('tcp://127.0.0.1')}"
    sub = rig.open(f"sub:{address}")
    rig.until(lambda: rig.snapshots[sub].peer_count == 1)

    def arrived() -> bool:
        pub.send_multipart([b"topic", b"payload"])
        return rig.store.end_row > 0

    rig.until(arrived)
    for _ in range(20):
        for _ in range(50):
            pub.send_multipart([b"topic", b"payload"])
        rig.post(command(sub, Endpoint(Role.CONNECT, address)))
        rig.step()
        rig.post(cmd.AddEndpoint(sub, Endpoint(Role.CONNECT, address)))
        rig.until(lambda: rig.snapshots[sub].peer_count == 1)
    assert {message.frames for message in rig.messages()} == {(b"topic", b"payload")}


def test_a_fixed_port_is_bound_again_at_once(rig: EngineRig) -> None:
    pull = rig.open("pull:@tcp://127.0.0.1:*")
    address = rig.address(pull)
    rig.change(cmd.RemoveSocket(pull))
    again = rig.open(f"pull:@{address}")
    endpoint = Endpoint(Role.BIND, address)
    for command in (cmd.ReopenSocket(again), cmd.RetryEndpoint(again, endpoint)):
        rig.change(command)
        assert rig.snapshots[again].state is SocketState.LISTENING
        assert rig.snapshots[again].problem is None


def test_a_socket_that_cannot_be_made_has_no_open_endpoints(rig: EngineRig) -> None:
    bad = SocketId(900)
    spec = SocketSpec(
        SocketType.PUSH, (Endpoint(Role.BIND, "tcp://127.0.0.1:*"),), options=(("sndhwm", -5),)
    )
    rig.change(cmd.OpenSocket(bad, spec))
    assert rig.snapshots[bad].state is SocketState.FAILED
    assert rig.snapshots[bad].endpoints[0].state.value == "closed"
    rig.change(cmd.CloseSocket(bad))
    assert rig.snapshots[bad].problem is None


def test_rates_of_a_removed_socket_take_no_memory(rig: EngineRig) -> None:
    pull, push = rig.open("pull:@inproc://r"), rig.open("push:inproc://r")
    assert rig.send(push, b"x").accepted
    rig.until(lambda: len(rig.store.rates.keys()) == 2)
    rig.change(cmd.RemoveSocket(pull))
    rig.change(cmd.RemoveSocket(push))
    assert rig.store.rates.keys() == []
