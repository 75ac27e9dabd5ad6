"""A closed socket is never polled, not even in the step in which it was closed."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import zmq

from tests.rig import quiet_surroundings
from zmqscope.core.capture.counters import SocketCounters
from zmqscope.core.spec import parse_spec
from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.core.types import SocketId
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.desk import LinkDesk
from zmqscope.engine.poll_set import PollSet
from zmqscope.engine.sockets import ManagedSocket

Context = zmq.Context[zmq.Socket[bytes]]


@pytest.fixture
def context() -> Iterator[Context]:
    made: Context = zmq.Context()
    yield made
    made.destroy(linger=0)


@pytest.fixture
def links() -> Iterator[LinkDesk]:
    desk = LinkDesk(LinkBoard(PlainTranscoder()))
    yield desk
    desk.close()


@pytest.fixture
def polled(context: Context) -> Iterator[PollSet]:
    reports, far_end = socket.socketpair()
    with context.socket(zmq.PAIR) as control, reports, far_end:
        yield PollSet(control, reports)


def opened(context: Context, links: LinkDesk, spec: str) -> ManagedSocket:
    around = quiet_surroundings(context, links)
    managed = ManagedSocket(around, SocketId(1), parse_spec(spec), SocketCounters())
    managed.open()
    return managed


def test_what_was_ready_and_is_closed_since_is_left_out(
    context: Context, links: LinkDesk, polled: PollSet
) -> None:
    managed = opened(context, links, "pull:@tcp://127.0.0.1:*")
    polled.add(managed)
    with context.socket(zmq.PUSH) as push:
        push.connect(managed.attachments[0].actual)
        push.send(b"x")
        ready = polled.wait(1_000)
        while not polled.sockets(ready):
            ready = polled.wait(1_000)
    assert [m for _, m in polled.sockets(ready)] == [managed]
    polled.remove(managed)
    managed.close()
    assert polled.sockets(ready) == []
    assert polled.monitors(ready) == []
    assert polled.wait(0) == []


def test_send_only_sockets_are_polled_for_events_alone(
    context: Context, links: LinkDesk, polled: PollSet
) -> None:
    managed = opened(context, links, "push:@tcp://127.0.0.1:*")
    polled.add(managed)
    ready = polled.wait(1_000)  # the monitor tells that it listens
    assert [m for _, m in polled.monitors(ready)] == [managed]
    assert polled.sockets(ready) == []
    managed.close()
