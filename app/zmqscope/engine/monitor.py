"""A socket's monitor, and its frames into events (zmq_socket_monitor(3)). Loop thread.

Whoever has an event for a monitor that is full waits, and holds a lock that closing, binding and
``disable_monitor`` need: with libzmq's own 2,000 events the strangers of one moment are enough for
the loop to wait for libzmq, and libzmq for the loop, for ever. So there is room for many, and some
of it is made before any of these.
"""

from __future__ import annotations

import contextlib
import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import zmq

_MAX_EVENTS_PER_PASS = 200
_MOST_WAITING = 20_000
ROOM = 11_000
"""How many events have to be taken so that there is room: a pipe that was full stays so until half
of it, and of libzmq's own 1,000, is read (pipe.cpp, compute_lwm)."""

# Out of descriptors libzmq says so some hundred thousand times a second: ``DescriptorGuard`` tells.
_EVENTS = zmq.Event.ALL & ~zmq.Event.ACCEPT_FAILED
# zmq_socket_monitor(3): event and value, in the machine's byte order, without padding. Read here
# and not by pyzmq, whose enumerations take longer than all the rest.
_NUMBERS = struct.Struct("=Hi")
_KINDS = {int(kind): kind for kind in zmq.Event}
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class MonitorEvent:
    """One event of one socket.

    Attributes:
        kind: Which ``ZMQ_EVENT_…``.
        value: File descriptor, errno, interval in ms or protocol code, as ``kind`` says.
        address: libzmq's name for the endpoint; for accepted connections the local address.
    """

    kind: zmq.Event
    value: int
    address: str


def open_monitor(
    context: zmq.Context[zmq.Socket[bytes]], socket: zmq.Socket[bytes]
) -> zmq.Socket[bytes]:
    """Begin to monitor a socket; where its events come from.

    Args:
        context: The socket's.
        socket: What is to be monitored.

    Raises:
        zmq.ZMQError: There is no room for another socket.
    """
    address = f"inproc://zmqscope-monitor-{next(_numbers)}"
    socket.monitor(address, _EVENTS)
    monitor = context.socket(zmq.PAIR)
    monitor.set(zmq.RCVHWM, _MOST_WAITING)
    monitor.connect(address)
    return monitor


def close_monitor(socket: zmq.Socket[bytes], monitor: zmq.Socket[bytes] | None) -> None:
    """End it, before its socket is closed: else term() waits for the monitor's PAIR."""
    if monitor is None:
        socket.disable_monitor()
        return
    with contextlib.suppress(zmq.Again):
        for _ in range(ROOM):
            monitor.recv_multipart(zmq.NOBLOCK)
    socket.disable_monitor()
    monitor.close(0)


def read_events(
    monitor: zmq.Socket[bytes], most: int = _MAX_EVENTS_PER_PASS
) -> Iterator[MonitorEvent]:
    """Take what a monitor has, up to a number of events; never waits.

    A monitor that nobody reads blocks libzmq's I/O thread once it is full, so the loop comes back
    until it is empty.
    """
    for _ in range(most):
        try:
            frames = monitor.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return
        if len(frames) != 2 or len(frames[0]) != _NUMBERS.size:
            continue
        number, value = _NUMBERS.unpack(frames[0])
        kind = _KINDS.get(number) or zmq.Event(number)
        yield MonitorEvent(kind, value, frames[1].decode("utf-8", "replace"))
