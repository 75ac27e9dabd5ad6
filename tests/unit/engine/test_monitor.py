"""Monitor frames into events, bounded, without waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from zmqscope.engine.monitor import read_events


@pytest.fixture
def pair() -> Iterator[tuple[zmq.Socket[bytes], zmq.Socket[bytes]]]:
    """What stands for libzmq's end of a monitor, and ours."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    left, right = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    left.bind("inproc://monitor")
    right.connect("inproc://monitor")
    yield left, right
    left.close(0)
    right.close(0)
    context.term()


def frames(kind: zmq.Event, value: int, address: bytes) -> list[bytes]:
    """As zmq_socket_monitor(3) lays them out: u16 event, u32 value, host byte order."""
    return [int(kind).to_bytes(2, "little") + value.to_bytes(4, "little"), address]


def test_nothing_there(pair: tuple[zmq.Socket[bytes], zmq.Socket[bytes]]) -> None:
    assert list(read_events(pair[1])) == []


def test_kind_value_and_address(pair: tuple[zmq.Socket[bytes], zmq.Socket[bytes]]) -> None:
    left, right = pair
    left.send_multipart(frames(zmq.Event.ACCEPTED, 21, b"tcp://127.0.0.1:5556"))
    left.send_multipart(frames(zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x11000002, b"\xff"))
    first, second = read_events(right)
    assert (first.kind, first.value, first.address) == (
        zmq.Event.ACCEPTED,
        21,
        "tcp://127.0.0.1:5556",
    )
    assert second.value == 0x11000002
    assert type(second.value) is int


def test_malformed_frames_are_passed_over(
    pair: tuple[zmq.Socket[bytes], zmq.Socket[bytes]],
) -> None:
    pair[0].send(b"alone")
    assert list(read_events(pair[1])) == []


def test_a_pass_is_bounded_and_the_rest_stays(
    pair: tuple[zmq.Socket[bytes], zmq.Socket[bytes]],
) -> None:
    left, right = pair
    for number in range(450):
        left.send_multipart(frames(zmq.Event.CLOSED, number, b"x"))
    passes = [len(list(read_events(right))) for _ in range(4)]
    assert passes == [200, 200, 50, 0]
