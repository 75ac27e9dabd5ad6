"""Commands cross from one thread's end to the other's, in order, and wake the poller."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from zmqscope.core.types import SocketId
from zmqscope.engine.commands import CloseSocket, Shutdown
from zmqscope.engine.control import ControlQueue, ControlReceiver, ControlSender

Ends = tuple[ControlSender, ControlReceiver]


@pytest.fixture
def ends() -> Iterator[Ends]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    queue = ControlQueue()
    sender, receiver = ControlSender(context, queue), ControlReceiver(context, queue)
    yield sender, receiver
    sender.close()
    receiver.close()
    context.term()


def test_commands_arrive_in_order_after_one_wake_up(ends: Ends) -> None:
    sender, receiver = ends
    posted = [CloseSocket(SocketId(n)) for n in range(5)]
    for command in posted:
        sender.post(command)
    assert receiver.socket.poll(60_000)
    assert list(receiver.take()) == posted
    assert not receiver.socket.poll(0)


def test_more_commands_than_wake_ups_fit_are_not_lost(ends: Ends) -> None:
    sender, receiver = ends
    posted = [CloseSocket(SocketId(n)) for n in range(5_000)]
    for command in posted:
        sender.post(command)
    assert receiver.socket.poll(60_000)
    assert list(receiver.take()) == posted


def test_shutting_down_does_not_wait_for_what_was_asked_before(ends: Ends) -> None:
    sender, receiver = ends
    sender.post(CloseSocket(SocketId(1)))
    sender.post_first(Shutdown())
    assert receiver.socket.poll(60_000)
    assert list(receiver.take()) == [Shutdown(), CloseSocket(SocketId(1))]


def test_commands_left_over_are_still_there(ends: Ends) -> None:
    sender, receiver = ends
    for number in range(3):
        sender.post(CloseSocket(SocketId(number)))
    assert next(iter(receiver.take())) == CloseSocket(SocketId(0))
    assert receiver.is_waiting
    assert len(list(receiver.take())) == 2
    assert not receiver.is_waiting


def test_what_is_asked_after_the_end_is_ignored(ends: Ends) -> None:
    sender, receiver = ends
    sender.close()
    sender.post(CloseSocket(SocketId(1)))
    assert not receiver.socket.poll(0)
