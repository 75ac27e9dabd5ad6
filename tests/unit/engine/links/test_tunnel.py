"""A tunnel changes nothing, ends with either side, and says so when nothing ever came."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from tests.link_rig import make_scratch, take, until, wire_pair
from zmqscope.engine.links.socks import ProxyFailedError
from zmqscope.engine.links.tunnel import Tunnel
from zmqscope.engine.links.wire import READ, WRITE

SMALL_BUFFER = 4_096
ALL = random.Random(7).randbytes(3_000_000)


class TunnelRig:
    """A tunnel of which the test has both ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        outer, self.peer = self._stack.enter_context(wire_pair(SMALL_BUFFER))
        inner, self.ours = self._stack.enter_context(wire_pair(SMALL_BUFFER))
        self.tunnel = Tunnel(outer, inner, make_scratch())

    def close(self) -> None:
        """Close all ends."""
        self._stack.close()

    def events(self) -> list[int]:
        """What the outer and the inner wire are waited for."""
        return [events for _, events in self.tunnel.interests()]

    def passes(self, data: bytes, source: socket.socket, sink: socket.socket) -> bytes:
        """Send as much as that from one end; what came at the other."""
        left, came = memoryview(data), b""

        def step() -> None:
            nonlocal left, came
            if left:
                with suppress(BlockingIOError):
                    left = left[source.send(left) :]
            self.tunnel.move()
            came += take(sink)

        until(lambda: len(came) >= len(data), step)
        return came


@pytest.fixture
def rig() -> Iterator[TunnelRig]:
    """A tunnel."""
    made = TunnelRig()
    yield made
    made.close()


def test_all_that_comes_goes_on_as_it_is(rig: TunnelRig) -> None:
    assert rig.passes(ALL, rig.peer, rig.ours) == ALL
    assert rig.passes(ALL, rig.ours, rig.peer) == ALL


def test_frames_mean_nothing_to_it(rig: TunnelRig) -> None:
    for byte in b"\x00\x04\xff\x05":
        data = bytes((byte,)) * 3_000
        assert rig.passes(data, rig.peer, rig.ours) == data
        assert rig.passes(data, rig.ours, rig.peer) == data


def test_it_is_done_once_the_peer_has_said_something(rig: TunnelRig) -> None:
    assert rig.passes(b"greeting", rig.ours, rig.peer) == b"greeting"
    assert not rig.tunnel.is_done
    assert rig.passes(b"g", rig.peer, rig.ours) == b"g"
    assert rig.tunnel.is_done


def test_it_waits_for_room_before_it_reads_on(rig: TunnelRig) -> None:
    assert rig.events() == [READ, READ]

    def give() -> None:
        with suppress(BlockingIOError):
            rig.peer.send(bytes(100_000))
        rig.tunnel.move()

    until(lambda: rig.events()[1] & WRITE, give)
    assert rig.events() == [0, READ | WRITE]


def test_what_the_peer_said_last_still_arrives(rig: TunnelRig) -> None:
    rig.peer.send(b"goodbye")
    rig.peer.shutdown(socket.SHUT_WR)
    until(lambda: rig.tunnel.has_ended, rig.tunnel.move)
    assert take(rig.ours) == b"goodbye"


def test_what_our_socket_said_last_still_arrives(rig: TunnelRig) -> None:
    rig.ours.send(b"goodbye")
    rig.ours.shutdown(socket.SHUT_WR)
    until(lambda: rig.tunnel.has_ended, rig.tunnel.move)
    assert take(rig.peer) == b"goodbye"
    assert not rig.tunnel.has_peer_left_early
    rig.tunnel.say_goodbye()
    assert rig.peer.recv(1) == b""


def test_a_proxy_that_says_yes_and_closes(rig: TunnelRig) -> None:
    rig.peer.shutdown(socket.SHUT_WR)
    with pytest.raises(ProxyFailedError, match="closed it before anything came"):
        until(lambda: False, rig.tunnel.move)


def test_a_proxy_that_says_yes_and_resets(rig: TunnelRig) -> None:
    rig.ours.send(b"greeting")
    rig.tunnel.move()
    rig.peer.close()  # with our greeting unread, that is a reset
    with pytest.raises(ProxyFailedError, match="closed it before anything came"):
        until(lambda: False, rig.tunnel.move)


def test_a_reset_later_on_is_the_connections(rig: TunnelRig) -> None:
    assert rig.passes(b"g", rig.peer, rig.ours) == b"g"
    rig.ours.send(b"unread")
    rig.tunnel.move()
    rig.peer.close()
    with pytest.raises(ConnectionResetError):
        until(lambda: False, rig.tunnel.move)
