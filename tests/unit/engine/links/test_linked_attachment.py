"""What becomes of an endpoint behind a proxy, by what its links and libzmq tell of it."""

from __future__ import annotations

import time

import pytest
import zmq

from zmqscope.core.types import Endpoint, EndpointState, Problem, Role, SocketType
from zmqscope.engine.attachment import HANDSHAKE_OVERDUE_S
from zmqscope.engine.links.linked_attachment import LinkedAttachment
from zmqscope.engine.links.proxy import Proxy
from zmqscope.engine.monitor import MonitorEvent

INNER = "ipc:///tmp/inner"
WHERE = "tcp://a.test:5556"
REFUSED = Problem("The SOCKS proxy 127.0.0.1:1080 answered: connection refused.", "Look there.")


@pytest.fixture
def attachment() -> LinkedAttachment:
    """One that libzmq tries to connect."""
    made = LinkedAttachment(SocketType.PUSH, Endpoint(Role.CONNECT, WHERE), Proxy("127.0.0.1:1080"))
    made.inner = INNER
    made.state = EndpointState.CONNECTING
    return made


def event(kind: zmq.Event, value: int = 7) -> MonitorEvent:
    return MonitorEvent(kind, value, INNER)


def lose(attachment: LinkedAttachment) -> None:
    """libzmq sees a connection come and go."""
    attachment.apply(event(zmq.Event.CONNECTED))
    attachment.apply(event(zmq.Event.DISCONNECTED))


def test_of_the_proxys_refusal_libzmq_knows_nothing(attachment: LinkedAttachment) -> None:
    attachment.apply(event(zmq.Event.CONNECTED))
    told = attachment.on_report(REFUSED)
    assert told is not None
    assert (told.text, told.hint) == (REFUSED.text, REFUSED.hint)
    attachment.apply(event(zmq.Event.DISCONNECTED))
    assert (attachment.state, attachment.problem) == (EndpointState.RETRYING, REFUSED)
    assert attachment.on_report(REFUSED) is None, "it was told"


def test_once_a_peer_is_heard_libzmq_knows_best(attachment: LinkedAttachment) -> None:
    attachment.on_report(REFUSED)
    attachment.on_heard()
    assert (attachment.state, attachment.problem) == (EndpointState.CONNECTING, None)
    lose(attachment)
    problem = attachment.problem
    assert problem is not None
    assert problem.text.startswith(f"{WHERE} closed the connection")
    # Heard again, and lost again: it is the same.
    attachment.on_heard()
    assert attachment.problem == problem


def test_while_nothing_comes_it_may_be_the_proxy(attachment: LinkedAttachment) -> None:
    attachment.apply(event(zmq.Event.CONNECTED))
    assert attachment.look_after(time.monotonic()) == []
    (told,) = attachment.look_after(time.monotonic() + HANDSHAKE_OVERDUE_S)
    assert "nothing has come through the SOCKS proxy 127.0.0.1:1080" in told.text
    assert attachment.problem == Problem(told.text, told.hint)


def test_without_a_proxy_it_is_the_peer() -> None:
    attachment = LinkedAttachment(SocketType.CLIENT, Endpoint(Role.CONNECT, WHERE))
    attachment.apply(event(zmq.Event.CONNECTED))
    (told,) = attachment.look_after(time.monotonic() + HANDSHAKE_OVERDUE_S)
    assert told.text.startswith(f"{WHERE} accepted the connection")


def test_a_report_may_come_before_the_loss_of_the_peer_is_seen() -> None:
    attachment = LinkedAttachment(SocketType.CLIENT, Endpoint(Role.CONNECT, WHERE))
    attachment.inner = INNER
    attachment.apply(event(zmq.Event.CONNECTED))
    attachment.apply(event(zmq.Event.HANDSHAKE_SUCCEEDED))
    assert attachment.peers == 1
    told = attachment.on_report(REFUSED)
    assert told is not None
    assert told.text == REFUSED.text
    assert attachment.peers == 1, "it is still there"
    lost = attachment.apply(event(zmq.Event.DISCONNECTED))
    assert lost is not None
    assert lost.text == f"The connection to {WHERE} was lost."
    # What libzmq saw of the next attempt: the links know better that nobody was there.
    attachment.apply(event(zmq.Event.CONNECTED, 8))
    assert attachment.apply(event(zmq.Event.DISCONNECTED, 8)) is None
    assert attachment.state is EndpointState.RETRYING
    assert attachment.on_report(REFUSED) is None, "it was told"
    assert attachment.problem == REFUSED
