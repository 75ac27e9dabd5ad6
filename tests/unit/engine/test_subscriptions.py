"""Subscriptions in the spec are those in libzmq."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import zmq

from zmqscope.core.types import SocketType
from zmqscope.engine.subscriptions import Subscriptions


@dataclass
class Wire:
    """An XPUB that sees what a subscriber asks for."""

    xpub: zmq.Socket[bytes]
    context: zmq.Context[zmq.Socket[bytes]]
    made: list[zmq.Socket[bytes]]

    def subscriber(self, kind: SocketType) -> zmq.Socket[bytes]:
        socket = self.context.socket(zmq.SocketType(kind.value))
        self.made.append(socket)
        socket.connect("inproc://wire")
        return socket

    def seen(self, count: int) -> list[bytes]:
        """The next commands; nothing more may come."""
        commands = []
        for _ in range(count):
            assert self.xpub.poll(60_000)
            commands.append(self.xpub.recv())
        assert not self.xpub.poll(0)
        return commands


@pytest.fixture
def wire() -> Iterator[Wire]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    xpub = context.socket(zmq.XPUB)
    xpub.bind("inproc://wire")
    yield Wire(xpub, context, [])
    context.destroy(linger=0)


@pytest.mark.parametrize("kind", [SocketType.SUB, SocketType.XSUB])
def test_topics_come_and_go(wire: Wire, kind: SocketType) -> None:
    subscriptions = Subscriptions(kind, (b"a", b""))
    socket = wire.subscriber(kind)
    subscriptions.apply(socket)
    assert sorted(wire.seen(2)) == [b"\x01", b"\x01a"]
    subscriptions.add(socket, b"\xff")
    subscriptions.add(socket, b"\xff")
    assert wire.seen(1) == [b"\x01\xff"]
    subscriptions.remove(socket, b"")
    assert wire.seen(1) == [b"\x00"]
    subscriptions.remove(socket, b"not there")
    assert wire.seen(0) == []
    assert subscriptions.topics == (b"a", b"\xff")


def test_what_an_xsub_sends_itself_is_kept(wire: Wire) -> None:
    subscriptions = Subscriptions(SocketType.XSUB, ())
    socket = wire.subscriber(SocketType.XSUB)
    for message in (b"\x01q", b"\x01q", b"\x01r", b"\x00r"):
        socket.send(message)
        subscriptions.note_sent((message,))
    assert subscriptions.topics == (b"q",)
    assert wire.seen(3)[-1] == b"\x00r"
    # libzmq counts to two, and so must we.
    subscriptions.remove(socket, b"q")
    assert wire.seen(1) == [b"\x00q"]


@pytest.mark.parametrize("frames", [(b"q",), (b"\x01q", b"more"), (b"",), (b"\x00never",)])
def test_other_messages_are_no_subscriptions(frames: tuple[bytes, ...]) -> None:
    subscriptions = Subscriptions(SocketType.XSUB, (b"a",))
    assert not subscriptions.note_sent(frames)
    assert subscriptions.topics == (b"a",)


def test_while_closed_they_are_only_remembered() -> None:
    subscriptions = Subscriptions(SocketType.SUB, ())
    subscriptions.add(None, b"a")
    subscriptions.add(None, b"b")
    subscriptions.remove(None, b"a")
    assert subscriptions.topics == (b"b",)
    assert Subscriptions(SocketType.PULL, ()).topics == ()
