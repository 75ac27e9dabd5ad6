"""A libzmq socket and its monitor, made and closed together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from tests.rig import Socket
from zmqscope.core.security.secret import Credentials
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId, SocketSpec, SocketType
from zmqscope.engine.socket_handles import SocketHandles

ID = SocketId(1)


@pytest.fixture
def handles() -> Iterator[SocketHandles]:
    context: zmq.Context[Socket] = zmq.Context()
    made = SocketHandles(context)
    yield made
    made.close()
    context.term()


def test_both_or_none(handles: SocketHandles) -> None:
    assert handles.make(parse_spec("pull:")) is None
    assert handles.socket is not None
    assert handles.monitor is not None
    handles.close()
    assert [handles.socket, handles.monitor] == [None, None]
    handles.close()


def test_what_publishes_learns_of_every_subscription(handles: SocketHandles) -> None:
    assert handles.make(parse_spec("pub:")) is None
    assert handles.socket is not None
    assert handles.socket.type == zmq.XPUB


def test_options_are_set_or_the_first_that_is_refused_is_named(handles: SocketHandles) -> None:
    assert handles.make(parse_spec("pull:")) is None
    assert handles.set_up(ID, parse_spec("pull:rcvhwm=7"), Credentials()) is None
    assert handles.socket is not None
    assert handles.socket.get(zmq.RCVHWM) == 7
    problem = handles.set_up(
        ID, SocketSpec(SocketType.PULL, options=(("rcvhwm", -5),)), Credentials()
    )
    assert problem is not None
    assert "rcvhwm=-5" in problem.text


def test_where_no_socket_can_be_made(handles: SocketHandles) -> None:
    context: zmq.Context[Socket] = zmq.Context()
    context.term()
    problem = SocketHandles(context).make(parse_spec("pull:"))
    assert problem is not None
    assert "libzmq cannot make another socket" in problem.text
