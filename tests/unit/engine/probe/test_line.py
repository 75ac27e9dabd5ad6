from __future__ import annotations

import socket
import time

import pytest

from zmqscope.core.errors import EndpointError
from zmqscope.engine.probe.line import Line, Place, UnreachedError, read_place


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("tcp://127.0.0.1:5555", Place("tcp", "127.0.0.1", 5555)),
        (" tcp://*:5555 ", Place("tcp", "127.0.0.1", 5555)),
        ("tcp://0.0.0.0:1", Place("tcp", "127.0.0.1", 1)),
        ("tcp://[::]:7", Place("tcp", "::1", 7)),
        ("tcp://eth0:0;[::1]:7", Place("tcp", "::1", 7)),
        ("ipc:///tmp/a", Place("ipc", "/tmp/a")),
        ("ipc://@name", Place("ipc", "\0name")),
        ("ws://host:80/a?b", Place("ws", "host", 80, "/a?b")),
        ("wss://*:443/", Place("wss", "127.0.0.1", 443, "/")),
    ],
)
def test_where_an_endpoint_is(address: str, place: Place) -> None:
    assert read_place(address) == place


@pytest.mark.parametrize("address", ["inproc://a", "udp://127.0.0.1:1", "tcp://*:*", "x", ""])
def test_what_has_no_place(address: str) -> None:
    with pytest.raises(EndpointError):
        read_place(address)


def test_patience_ends() -> None:
    one, other = socket.socketpair()
    with other, Line(one, time.monotonic() + 0.05) as line:
        assert line.receive(10) == b""
        assert not line.ends
        assert line.left_s == 0.0
        other.send(b"x" * 1000)
        assert len(line.receive(1)) == 1000
        assert len(line.came) == 256
        other.close()
        assert line.receive(1) == b""
        assert line.ends


def test_whoever_hangs_up_in_mid_word() -> None:
    one, other = socket.socketpair()
    with Line(one, time.monotonic() + 60) as line:
        other.close()
        assert line.gather(1, lambda data: len(data) > 3) == b""
        assert line.ends
        assert not line.send(b"x" * 1_000_000)


def test_nobody() -> None:
    with pytest.raises(UnreachedError) as caught:
        Line.to(Place("tcp", "127.0.0.1", 1), time.monotonic() + 60)
    assert "refused" in caught.value.reason
