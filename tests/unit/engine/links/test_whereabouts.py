"""Where a link's peer is, asked of real connections."""

from __future__ import annotations

import os
import socket

import pytest

from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.whereabouts import Whereabouts, whereabouts
from zmqscope.engine.links.wire import PlainWire

PLAN = GatePlan(SocketType.DISH, Endpoint(Role.BIND, "tcp://127.0.0.1:*"), "tcp", "/tmp/x")


def test_a_peer_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
        with client, accepted:
            found = whereabouts(PLAN, PlainWire(accepted))
            mine, its = accepted.getsockname(), client.getsockname()
    assert found == Whereabouts(f"{its[0]}:{its[1]}", mine, its)


def test_a_peer_over_ipc_is_a_process() -> None:
    near, far = socket.socketpair()
    with near, far:
        found = whereabouts(PLAN, PlainWire(near))
    if found.pid is None:
        pytest.skip("this system does not tell whose a unix socket is")
    assert found == Whereabouts(f"pid {os.getpid()}", pid=os.getpid())


def test_a_connection_that_is_closed() -> None:
    near, far = socket.socketpair()
    wire = PlainWire(near)
    near.close()
    far.close()
    assert whereabouts(PLAN, wire) == Whereabouts("")
