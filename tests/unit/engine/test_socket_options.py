"""Options reach libzmq; what it refuses is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import zmq

from zmqscope.core.types import SocketSpec, SocketType
from zmqscope.engine.socket_options import DEFAULT_RCVHWM, apply_options

Make = Callable[[SocketType], "zmq.Socket[bytes]"]


@pytest.fixture
def make() -> Iterator[Make]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    made: list[zmq.Socket[bytes]] = []

    def make_one(kind: SocketType) -> zmq.Socket[bytes]:
        made.append(context.socket(zmq.SocketType(kind.value)))
        return made[-1]

    yield make_one
    context.destroy(linger=0)


def test_ours_and_those_of_the_spec(make: Make) -> None:
    socket = make(SocketType.DEALER)
    spec = SocketSpec(SocketType.DEALER, options=(("sndhwm", 7), ("identity", b"me")))
    assert apply_options(socket, spec) is None
    assert socket.get(zmq.RCVHWM) == DEFAULT_RCVHWM
    assert (socket.get(zmq.SNDHWM), socket.get(zmq.ROUTING_ID)) == (7, b"me")
    assert socket.get(zmq.LINGER) == 0


def test_the_spec_has_the_last_word(make: Make) -> None:
    socket = make(SocketType.PULL)
    assert apply_options(socket, SocketSpec(SocketType.PULL, options=(("rcvhwm", 5),))) is None
    assert socket.get(zmq.RCVHWM) == 5


@pytest.mark.parametrize(
    ("name", "value"), [("sndhwm", -5), ("no_such_option", 1), ("sndhwm", b"x"), ("sndhwm", 2**70)]
)
def test_what_libzmq_refuses_is_named(make: Make, name: str, value: int | bytes) -> None:
    spec = SocketSpec(SocketType.PUSH, options=((name, value),))
    problem = apply_options(make(SocketType.PUSH), spec)
    assert problem is not None
    assert f"{name}=" in problem.text
    assert problem.hint
