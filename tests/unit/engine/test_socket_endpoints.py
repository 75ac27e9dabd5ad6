"""Endpoints of one socket: added, taken off, tried again, parted and joined."""

from __future__ import annotations

import contextlib
import errno
import socket

import zmq

from tests.rig import EngineRig, quiet_surroundings
from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.spec import parse_spec
from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Role,
    SocketId,
    SocketState,
)
from zmqscope.engine import commands as cmd
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.sockets import ManagedSocket


def test_inproc_state_follows_the_other_side(rig: EngineRig) -> None:
    left = rig.open("pair:inproc://y")
    assert rig.snapshots[left].state is SocketState.CONNECTING
    right = rig.open("pair:@inproc://y")
    rig.until(lambda: rig.snapshots[left].state is SocketState.CONNECTED)
    assert rig.snapshots[right].peer_count == 1
    rig.change(cmd.CloseSocket(right))
    rig.until(lambda: rig.snapshots[left].peer_count == 0)


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


def test_a_name_that_has_only_ipv6_addresses_is_reached_over_ipv6() -> None:
    links = LinkDesk(LinkBoard(PlainTranscoder()))
    with contextlib.closing(links), zmq.Context() as context:
        around = quiet_surroundings(context, links)
        spec = parse_spec("push:tcp://six.invalid:5556")
        managed = ManagedSocket(around, SocketId(1), spec, SocketCounters())
        managed.open()
        assert managed.socket is not None
        for addresses, wanted in ((frozenset({"::1"}), 1), (frozenset({"::1", "127.0.0.1"}), 0)):
            managed.retry_endpoint(managed.spec.endpoints[0])
            managed.on_name(managed.spec.endpoints[0], "", addresses)
            assert managed.socket.get(zmq.IPV6) == wanted
        managed.close()
