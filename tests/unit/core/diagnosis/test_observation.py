"""Which own socket a connect leads to."""

from __future__ import annotations

import pytest

from tests.doctor_rig import ADDRESS, BIND, scene, seen, view
from zmqscope.core.diagnosis.observation import local_names
from zmqscope.core.types import Endpoint, Role, SocketId


@pytest.mark.parametrize(
    ("bound", "connects", "is_there"),
    [
        ("tcp://127.0.0.1:1", "tcp://127.0.0.1:1", True),
        ("tcp://0.0.0.0:1", "tcp://localhost:1", True),
        ("tcp://[::]:1", "tcp://[::1]:1", True),
        ("tcp://127.0.0.1:1", "tcp://localhost:1", True),
        ("tcp://0.0.0.0:1", "tcp://10.0.0.1:1", False),
        ("tcp://127.0.0.1:1", "tcp://127.0.0.1:2", False),
        ("ipc:///tmp/a", "ipc:///tmp/a", True),
        ("inproc://a", "inproc://a", True),
    ],
)
def test_a_connect_is_led_to_who_is_bound(bound: str, connects: str, is_there: bool) -> None:
    server = seen("pull:", view(Endpoint(Role.BIND, bound)), socket_id=7)
    found = scene(server).binder(Endpoint(Role.CONNECT, connects))
    assert (found is server) is is_there


def test_a_bind_leads_nowhere() -> None:
    assert scene(seen("pull:", view(BIND))).binder(BIND) is None


def test_names() -> None:
    server = seen("pull:name=door", view(BIND), socket_id=7)
    assert scene(server).name(SocketId(7)) == "“door”"
    assert scene().name(SocketId(7)) == "another socket of this app"
    assert local_names(ADDRESS)[0] == ADDRESS


def test_options() -> None:
    socket = seen(f"push:{ADDRESS},sndhwm=7")
    assert socket.option("sndhwm", 1_000) == 7
    assert socket.option("rcvhwm", 1_000) == 1_000
