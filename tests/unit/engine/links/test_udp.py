"""Datagrams outside, ZMTP to our own socket: forms, groups, addresses, and what cannot be sent."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.link_rig import (
    PATIENCE_S,
    Frame,
    command,
    greeting,
    read_zmtp,
    ready,
    take,
    until,
    zmtp,
)
from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.link import Progress
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.udp import UdpLink
from zmqscope.engine.links.wire import WRITE

TWINS = {SocketType.RADIO: b"PUB", SocketType.DISH: b"SUB", SocketType.DGRAM: b"PAIR"}
PEERS = {SocketType.RADIO: b"SUB", SocketType.DISH: b"PUB", SocketType.DGRAM: b"PAIR"}


def datagrams(host: str = "127.0.0.1") -> socket.socket:
    """A socket for datagrams at a port of its own."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, 0))
    made.settimeout(PATIENCE_S)
    return made


class UdpRig:
    """A link with the test at both ends: as somebody on the network, and as libzmq.

    Args:
        kind: The type of our socket.
        host: Where the link's datagram socket is bound.
        aim: Where a RADIO sends; by default to ``peer``.
    """

    def __init__(
        self, kind: SocketType, host: str = "127.0.0.1", aim: tuple[str, int] | None = None
    ) -> None:
        self._stack = ExitStack()
        self.peer = self._stack.enter_context(datagrams(host))
        self.outer = self._stack.enter_context(datagrams(host))
        self.outer.setblocking(False)
        self.address = self.outer.getsockname()
        is_radio = kind is SocketType.RADIO
        if is_radio:
            self.outer.connect(aim or self.peer.getsockname())
        role = Role.CONNECT if is_radio else Role.BIND
        plan = GatePlan(kind, Endpoint(role, "udp://127.0.0.1:5556"), "udp", "")
        near, self.ours = socket.socketpair()
        self.ours.setblocking(False)
        self._stack.enter_context(self.ours)
        self.link = UdpLink(plan, self.outer, near)
        self._stack.callback(self.link.close)

    def close(self) -> None:
        """Close all ends."""
        self._stack.close()

    def open(self, kind: SocketType) -> bytes:
        """Shake hands as libzmq does; what the link said."""
        self.ours.sendall(greeting() + zmtp(4, ready(TWINS[kind])))
        until(lambda: self.link.is_open, self.link.advance)
        assert self.link.advance() is Progress.WAITS
        return take(self.ours)

    def from_ours(self, *frames: Frame) -> None:
        """libzmq says something."""
        self.ours.sendall(b"".join(zmtp(*frame) for frame in frames))
        assert self.link.advance() is Progress.WAITS

    def from_peer(self, *datagrams: bytes) -> list[Frame]:
        """Somebody sends datagrams, which over loopback are there at once; what libzmq gets."""
        for datagram in datagrams:
            self.peer.sendto(datagram, self.address)
        return self.frames()

    def frames(self) -> list[Frame]:
        """What libzmq gets of the datagrams that wait."""
        while select.select([self.outer], [], [], 0)[0]:
            self.link.advance()
        return read_zmtp(take(self.ours))


MakeRig = Callable[..., UdpRig]


@pytest.fixture
def make_rig() -> Iterator[MakeRig]:
    """Makes rigs that are open and closed with the test."""
    rigs: list[UdpRig] = []

    def make(
        kind: SocketType, host: str = "127.0.0.1", aim: tuple[str, int] | None = None
    ) -> UdpRig:
        rigs.append(UdpRig(kind, host, aim))
        rigs[-1].open(kind)
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


# ---- to our own socket -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TWINS, ids=lambda kind: kind.name)
def test_our_own_socket_meets_a_peer_that_fits(kind: SocketType) -> None:
    rig = UdpRig(kind)
    assert not rig.link.is_open
    said = rig.open(kind)
    assert said[:64] == greeting(minor=0)
    frames = read_zmtp(said[64:])
    assert frames[0] == (4, ready(PEERS[kind]))
    # Who gets what is not known over udp: everything comes, and goes.
    assert frames[1:] == ([(0, b"\x01")] if kind is SocketType.RADIO else [])
    rig.close()


def test_heartbeats_are_answered(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DGRAM)
    rig.from_ours((4, command(b"PING", b"\0\x0acontext")))
    assert read_zmtp(take(rig.ours)) == [(4, command(b"PONG", b"context"))]
    rig.from_ours((4, command(b"PONG", b"")), (4, command(b"PING", b"\0\x0a" + bytes(99))))
    assert read_zmtp(take(rig.ours)) == [(4, command(b"PONG", bytes(16)))]


def test_when_our_own_socket_leaves_it_ends(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DGRAM)
    rig.ours.close()
    assert rig.link.advance() is Progress.HAS_ENDED
    assert rig.link.explain() is None


def test_an_own_socket_that_is_none_ends_it() -> None:
    rig = UdpRig(SocketType.DGRAM)
    rig.ours.sendall(b"GET / HTTP/1.1\r\n\r\n")
    progress: list[Progress] = []
    until(
        lambda: progress[-1:] == [Progress.HAS_ENDED], lambda: progress.append(rig.link.advance())
    )
    assert isinstance(rig.link.failure, LinkFailedError)
    assert rig.link.explain() == ("failed: does not speak ZMTP 3.", "")
    rig.close()


# ---- RADIO -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "body", "datagram"),
    [
        (b"news", b"hello", b"\x04newshello"),
        (b"", b"", b"\0"),
        (b"a", b"", b"\x01a"),
        (b"g" * 255, b"x", b"\xff" + b"g" * 255 + b"x"),
        (b"a", bytes(60_000), b"\x01a" + bytes(60_000)),
    ],
)
def test_a_radio_sends_group_and_body(
    make_rig: MakeRig, group: bytes, body: bytes, datagram: bytes
) -> None:
    rig = make_rig(SocketType.RADIO)
    rig.from_ours((1, group), (0, body))
    assert rig.peer.recv(65_535) == datagram
    assert rig.link.problem is None


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([(0, b"a")], "not two frames"),
        ([(1, b"a"), (1, b"b"), (0, b"c")], "not two frames"),
        ([(1, b"g" * 256), (0, b"x")], "group of 256 bytes is too long"),
        ([(1, b"a\0b"), (0, b"x")], "has a zero byte in it"),
        ([(1, b"a"), (0, bytes(65_600))], "65602 bytes does not fit a datagram"),
        ([(1, b"a"), (0, bytes(3_000_000))], "3000002 bytes does not fit a datagram"),
    ],
)
def test_what_a_radio_cannot_send_is_told_and_the_next_goes(
    make_rig: MakeRig, frames: list[Frame], said: str
) -> None:
    rig = make_rig(SocketType.RADIO)
    left = b"".join(zmtp(*frame) for frame in frames)

    def step() -> None:
        nonlocal left
        if left:
            left = left[rig.ours.send(left) :]
        assert rig.link.advance() is Progress.WAITS

    until(lambda: rig.link.problem, step)
    problem = rig.link.problem
    assert problem is not None
    assert said in problem.text
    assert problem.text.endswith(".")
    rig.from_ours((1, b"a"), (0, b"next"))
    assert rig.peer.recv(65_535) == b"\x01anext"


def test_that_nobody_listened_does_not_cost_the_next_datagram(make_rig: MakeRig) -> None:
    with datagrams() as late:
        aim = late.getsockname()
    rig = make_rig(SocketType.RADIO, aim=aim)
    rig.from_ours((1, b"a"), (0, b"nobody"))
    # The answer that nobody is there has come once the socket has an error to tell.
    poller = select.poll()
    poller.register(rig.outer, 0)
    assert poller.poll(PATIENCE_S * 1_000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(aim)
        again.settimeout(PATIENCE_S)
        rig.from_ours((1, b"a"), (0, b"somebody"))
        assert again.recv(100) == b"\x01asomebody"
    assert rig.link.problem is None


def test_a_radio_never_reads_what_is_sent_to_it(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.RADIO)
    rig.peer.sendto(b"\x01ax", rig.address)
    assert [wire.fileno() for wire, _ in rig.link.waits_for()] != [rig.outer.fileno()]
    assert len(rig.link.waits_for()) == 1
    rig.link.advance()
    assert take(rig.ours) == b""


# ---- DISH --------------------------------------------------------------------------------------


def test_a_dish_gets_what_it_has_joined_and_nothing_else(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DISH)
    assert rig.from_peer(b"\x01aearly") == []
    rig.from_ours((0, b"\x01a"), (0, b"\x01"), (0, b"\x01" + b"g" * 255))
    sent = (b"\x01ax", b"\x02abx", b"\x01bx", b"\0x", b"\xff" + b"g" * 255, b"\x01a")
    assert rig.from_peer(*sent) == [
        (1, b"a"), (0, b"x"), (1, b""), (0, b"x"), (1, b"g" * 255), (0, b""), (1, b"a"), (0, b""),
    ]  # fmt: skip
    rig.from_ours((0, b"\x00a"), (0, b"\x00never"))
    assert rig.from_peer(b"\x01ax", b"\0y") == [(1, b""), (0, b"y")]


@pytest.mark.parametrize("datagram", [b"", b"\x01", b"\x05abc", b"\xff", b"\x02a"])
def test_datagrams_that_are_none_are_dropped(make_rig: MakeRig, datagram: bytes) -> None:
    rig = make_rig(SocketType.DISH)
    rig.from_ours((0, b"\x01"), (0, b"\x01a"), (0, b"\x01abc"))
    assert rig.from_peer(datagram, b"\x01ax") == [(1, b"a"), (0, b"x")]


def test_long_datagrams(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DISH)
    rig.from_ours((0, b"\x01a"))
    body = bytes(range(256)) * 255
    assert rig.from_peer(b"\x01a" + body) == [(1, b"a"), (0, body)]


def test_while_our_own_socket_takes_nothing_datagrams_do_not_pile_up(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DISH)
    rig.from_ours((0, b"\x01a"))
    datagram = b"\x01a" + bytes(60_000)
    for _ in range(200):
        rig.peer.sendto(datagram, rig.address)
        rig.link.advance()
    assert rig.link.waits_for()[0][1] & WRITE
    found = b""
    while piece := take(rig.ours):
        found += piece
        rig.link.advance()
    frames = read_zmtp(found)
    # What did not fit the buffers was dropped, as udp does; the rest is whole.
    assert 10 < len(frames) // 2 < 150
    assert set(frames) == {(1, b"a"), (0, bytes(60_000))}


# ---- DGRAM -------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_addresses_there_and_back(make_rig: MakeRig, host: str) -> None:
    rig = make_rig(SocketType.DGRAM, host)
    port = rig.peer.getsockname()[1]
    shown = (f"[{host}]:{port}" if ":" in host else f"{host}:{port}").encode()
    sent = (b"hello", b"", bytes(60_000))
    assert rig.from_peer(*sent) == [
        (1, shown), (0, b"hello"), (1, shown), (0, b""), (1, shown), (0, bytes(60_000)),
    ]  # fmt: skip
    # The zero byte is libzmq's own.
    rig.from_ours((1, shown), (0, b"one"), (1, shown + b"\0"), (0, b""))
    assert (rig.peer.recv(100), rig.peer.recv(100)) == (b"one", b"")
    assert rig.link.problem is None


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([(1, b"localhost:5556"), (0, b"x")], "“localhost:5556” is no address"),
        ([(1, b""), (0, b"x")], "“” is no address"),
        ([(1, b"127.0.0.1"), (0, b"x")], "“127.0.0.1” is no address"),
        ([(1, b"127.0.0.1:99999"), (0, b"x")], "is no address"),
        ([(1, b"127.0.0.1:-1"), (0, b"x")], "is no address"),
        ([(1, b"\x1b[31m\xff:1"), (0, b"x")], "“\\x1b[31m\\xff:1” is no address"),
        ([(1, b"a" * 5_000), (0, b"x")], "is no address"),
        ([(1, b"127.0.0.1:0"), (0, b"x")], "could not be sent"),
        ([(1, b"[::1]:5556"), (0, b"x")], "“[::1]:5556” is an IPv6 address, which nobody"),
        ([(0, b"127.0.0.1:5556")], "not two frames"),
        ([(1, b"127.0.0.1:5556"), (1, b"x"), (0, b"y")], "not two frames"),
        ([(1, b"127.0.0.1:5556"), (0, bytes(65_600))], "does not fit a datagram"),
    ],
)
def test_what_a_dgram_cannot_send_is_told(
    make_rig: MakeRig, frames: list[Frame], said: str
) -> None:
    rig = make_rig(SocketType.DGRAM)
    rig.from_ours(*frames)
    problem = rig.link.problem
    assert problem is not None
    assert said in problem.text
    assert problem.text.isprintable()
    assert len(problem.text) < 200
    host, port = rig.peer.getsockname()
    rig.from_ours((1, f"{host}:{port}".encode()), (0, b"next"))
    assert rig.peer.recv(100) == b"next"


def test_a_message_in_pieces(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DGRAM)
    host, port = rig.peer.getsockname()
    data = zmtp(1, f"{host}:{port}".encode()) + zmtp(0, b"hello")
    for place in range(len(data)):
        rig.ours.sendall(data[place : place + 1])
        assert rig.link.advance() is Progress.WAITS
    assert rig.peer.recv(100) == b"hello"
