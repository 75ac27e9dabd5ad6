"""Monitor frames into events, bounded, without waiting."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import zmq

from zmqscope.engine.monitor import ROOM, close_monitor, open_monitor, read_events


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


# ---- of a real socket ------------------------------------------------------------------------


@pytest.fixture
def monitored() -> Iterator[tuple[zmq.Socket[bytes], zmq.Socket[bytes]]]:
    """A bound socket and its monitor, closed as the app does it."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    pull = context.socket(zmq.PULL)
    monitor = open_monitor(context, pull)
    pull.bind("tcp://127.0.0.1:*")
    yield pull, monitor
    pull.close(0)
    context.term()


def knock(pull: zmq.Socket[bytes], count: int, patience_s: float = 10.0) -> None:
    """Strangers that come and go, a few events each, of which nobody reads any."""
    port = int(pull.get_string(zmq.LAST_ENDPOINT).rpartition(":")[2])
    for _ in range(count):
        with socket.create_connection(("127.0.0.1", port), patience_s) as stranger:
            assert stranger.recv(10)


def test_events_come_from_the_beginning(
    monitored: tuple[zmq.Socket[bytes], zmq.Socket[bytes]],
) -> None:
    pull, monitor = monitored
    assert monitor.poll(60_000)
    (listening,) = read_events(monitor)
    assert listening.kind is zmq.Event.LISTENING
    assert listening.address == pull.get_string(zmq.LAST_ENDPOINT)
    close_monitor(pull, monitor)


def test_a_monitor_that_nobody_reads_neither_stops_libzmq_nor_its_own_end(
    monitored: tuple[zmq.Socket[bytes], zmq.Socket[bytes]],
) -> None:
    pull, monitor = monitored
    # Of pyzmq's monitor 700 are enough: then nobody is let in, and disable_monitor() never returns.
    knock(pull, 1_500)
    pull.bind("tcp://127.0.0.1:*")
    close_monitor(pull, monitor)


@pytest.mark.parametrize("binds", [False, True], ids=["closed", "bound"])
def test_neither_its_end_nor_a_bind_waits_for_a_full_one(
    monitored: tuple[zmq.Socket[bytes], zmq.Socket[bytes]], binds: bool
) -> None:
    pull, monitor = monitored
    # libzmq lets nobody in any more: its thread waits for room.
    with pytest.raises(TimeoutError):
        knock(pull, 20_000, patience_s=0.5)
    if binds:
        assert len(list(read_events(monitor, ROOM))) == ROOM
        pull.bind("tcp://127.0.0.1:*")
    close_monitor(pull, monitor)


def test_room_is_made_by_taking_more_than_a_pass_does(
    monitored: tuple[zmq.Socket[bytes], zmq.Socket[bytes]],
) -> None:
    pull, monitor = monitored
    knock(pull, 150)
    assert len(list(read_events(monitor))) == 200
    assert len(list(read_events(monitor, ROOM))) > 200
    close_monitor(pull, monitor)


def test_a_socket_without_a_monitor(
    monitored: tuple[zmq.Socket[bytes], zmq.Socket[bytes]],
) -> None:
    pull, monitor = monitored
    close_monitor(pull, monitor)
    close_monitor(pull, None)
