"""Binding names the real address; after unbinding, the address is free at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from zmqscope.core.types import Endpoint, EndpointState, Role, SocketType
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.binding import bind, unbind

Pair = tuple["zmq.Socket[bytes]", "zmq.Socket[bytes]"]


@pytest.fixture
def watched() -> Iterator[Pair]:
    """A PULL and its monitor."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.PULL)
    monitor = socket.get_monitor_socket()
    yield socket, monitor
    socket.disable_monitor()
    monitor.close(0)
    socket.close(0)
    context.term()


def attachment(address: str) -> Attachment:
    return Attachment(SocketType.PULL, Endpoint(Role.BIND, address))


def test_an_ephemeral_port_is_named(watched: Pair) -> None:
    a = attachment("tcp://127.0.0.1:*")
    assert bind(watched[0], a) is None
    assert (a.state, a.attached) == (EndpointState.LISTENING, True)
    assert a.actual.rpartition(":")[2].isdigit()


def test_the_same_port_can_be_bound_again_at_once(watched: Pair) -> None:
    first = attachment("tcp://127.0.0.1:*")
    assert bind(watched[0], first) is None
    for _ in range(20):
        again = attachment(first.actual)
        unbind(*watched, first)
        assert bind(watched[0], again) is None
        first = again


def test_a_taken_port_is_a_sentence(watched: Pair) -> None:
    first = attachment("tcp://127.0.0.1:*")
    assert bind(watched[0], first) is None
    problem = bind(watched[0], attachment(first.actual))
    assert problem is not None
    assert "in use" in problem.text


def test_a_wildcard_ipc_path_is_private_absolute_and_removed(watched: Pair) -> None:
    a = attachment("ipc://*")
    assert bind(watched[0], a) is None
    path = Path(a.actual.removeprefix("ipc://"))
    assert path.is_absolute()
    assert path.is_socket()
    assert path.parent.stat().st_mode & 0o077 == 0
    unbind(*watched, a)
    assert not path.parent.exists()
