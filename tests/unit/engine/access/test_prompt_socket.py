"""Whole messages without pyzmq, between real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import zmq

from tests.rig import Socket
from zmqscope.engine.access.prompt_socket import PlainSocket, PromptSocket, prompt_socket

PATIENCE_MS = 10_000
Make = Callable[[Socket], PromptSocket | PlainSocket]
BOTH = pytest.mark.parametrize("make", [PromptSocket, PlainSocket])


@pytest.fixture
def pair() -> Iterator[tuple[Socket, Socket]]:
    """A ROUTER, and a DEALER that is connected to it."""
    context: zmq.Context[Socket] = zmq.Context()
    with context.socket(zmq.ROUTER) as router, context.socket(zmq.DEALER) as dealer:
        router.set(zmq.ROUTER_MANDATORY, 1)
        router.bind("inproc://prompt")
        dealer.set(zmq.IDENTITY, b"me")
        dealer.connect("inproc://prompt")
        yield router, dealer
    context.destroy(0)


@BOTH
def test_messages_go_both_ways(pair: tuple[Socket, Socket], make: Make) -> None:
    router, dealer = pair
    ours = make(router)
    with pytest.raises(zmq.Again):
        ours.receive()
    messages = [[b"one"], [b"", b"two", b"\0" * 255, b"x" * 33], [b""]]
    for message in messages:
        dealer.send_multipart(message)
    assert router.poll(PATIENCE_MS)
    assert [ours.receive() for _ in messages] == [[b"me", *message] for message in messages]
    ours.send([b"me", b"", b"a reply", b""])
    assert dealer.poll(PATIENCE_MS)
    assert dealer.recv_multipart() == [b"", b"a reply", b""]


@BOTH
def test_whoever_has_gone_is_told(pair: tuple[Socket, Socket], make: Make) -> None:
    ours = make(pair[0])
    with pytest.raises(zmq.ZMQError) as raised:
        ours.send([b"nobody", b"", b"a reply"])
    assert raised.value.errno == zmq.EHOSTUNREACH


def test_long_frames_are_cut_and_the_next_message_is_whole(pair: tuple[Socket, Socket]) -> None:
    router, dealer = pair
    ours = PromptSocket(router)
    dealer.send_multipart([bytes(100_000), b"behind it"])
    dealer.send(b"next")
    assert router.poll(PATIENCE_MS)
    assert ours.receive() == [b"me", bytes(512), b"behind it"]
    assert ours.receive() == [b"me", b"next"]


def test_here_it_is_the_quicker_one(pair: tuple[Socket, Socket]) -> None:
    assert isinstance(prompt_socket(pair[0]), PromptSocket)
