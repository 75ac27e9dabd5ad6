"""Bytes through TCP, unix sockets and TLS, without ever waiting."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.link_rig import finish, until, wire_over_tcp, wire_pair
from tests.peers import certificates
from tests.peers.certificates import Certificates
from zmqscope.engine.links.opening import shake_hands
from zmqscope.engine.links.tls import client_context, server_context
from zmqscope.engine.links.wire import READ, WRITE, PlainWire, TlsWire, Wire

Pair = tuple[Wire, Wire]
DATA = bytes(range(256)) * 40_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(params=["unix", "tcp", "tls"])
def pair(request: pytest.FixtureRequest, made: Certificates) -> Iterator[Pair]:
    """Two wires, each the other end of the other one."""
    with ExitStack() as stack:
        if request.param == "unix":
            near, far = socket.socketpair()
        else:
            near, far = stack.enter_context(wire_over_tcp())
        wires: Pair = (
            (PlainWire(near), PlainWire(far)) if request.param != "tls" else secure(near, far, made)
        )
        yield wires
        for wire in wires:
            wire.close()


def secure(near: socket.socket, far: socket.socket, made: Certificates) -> tuple[TlsWire, TlsWire]:
    """TLS on both ends of a connection, its handshake done."""
    server = server_context(
        {"wss_cert_pem": str(made.chain).encode(), "wss_key_pem": str(made.key).encode()}
    )
    client = client_context({"wss_trust_pem": str(made.ca).encode()})
    ends = TlsWire(near, server, None), TlsWire(far, client, "localhost")
    assert finish(*map(shake_hands, ends)) == [None, None]
    return ends


def carry(source: Wire, sink: Wire, data: bytes) -> bytes:
    """Send all of it from one to the other."""
    room = bytearray(100_000)
    left, found = memoryview(data), bytearray()

    def step() -> None:
        nonlocal left
        if left:
            left = left[source.send(left) :]
        while count := sink.receive_into(memoryview(room)):
            found.extend(room[:count])

    until(lambda: len(found) >= len(data), step)
    return bytes(found)


def test_both_ways(pair: Pair) -> None:
    one, other = pair
    assert carry(one, other, DATA) == DATA
    assert carry(other, one, DATA[::-1]) == DATA[::-1]


def test_nothing_there_is_not_the_end(pair: Pair) -> None:
    one, other = pair
    room = memoryview(bytearray(100))
    assert one.receive_into(room) is None
    assert one.receive_needs == READ
    assert carry(other, one, b"x") == b"x"
    assert one.receive_into(room) is None


def test_a_full_wire_takes_nothing_and_waits_to_write(pair: Pair) -> None:
    one, _ = pair
    view = memoryview(DATA)
    until(lambda: not one.send(view), lambda: None)
    assert one.send_needs == WRITE


def test_after_its_end_the_other_still_gets_and_gives(pair: Pair) -> None:
    one, other = pair
    assert carry(one, other, b"last") == b"last"
    one.end()
    room = memoryview(bytearray(100))
    found: list[int | None] = []
    until(lambda: found[-1:] == [0], lambda: found.append(other.receive_into(room)))
    assert carry(other, one, b"and this") == b"and this"
    one.end()


def test_a_descriptor_to_wait_for(pair: Pair) -> None:
    for wire in pair:
        assert wire.fileno() >= 0
        wire.close()
        assert wire.fileno() == -1


def test_a_connection_that_is_cut_is_an_error_or_the_end(made: Certificates) -> None:
    with wire_over_tcp() as (near, far):
        ends = secure(near, far, made)
        # Without the farewell of TLS, as when a process is killed.
        far.close()
        ends[1].close()
        room = memoryview(bytearray(100))
        assert ends[0].receive_into(room) == 0
        ends[0].close()


def test_what_is_no_tls_is_an_error_of_tls(made: Certificates) -> None:
    for sent in (b"GET / HTTP/1.1\r\n\r\n", bytes(100)):
        with wire_over_tcp() as (near, far):
            client = client_context({"wss_trust_pem": str(made.ca).encode()})
            wire = TlsWire(near, client, "localhost")
            far.sendall(sent)
            (found,) = finish(shake_hands(wire))
            assert isinstance(found, ssl.SSLError)
            wire.close()


def test_unix_sockets_get_room_for_a_buffer_full() -> None:
    with wire_pair() as (wire, _):
        view = memoryview(bytes(200_000))
        assert wire.send(view) == len(view)


def test_tcp_sends_at_once() -> None:
    with wire_over_tcp() as (near, _):
        wire = PlainWire(near)
        assert near.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not near.getblocking()
        wire.close()
