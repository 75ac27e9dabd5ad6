"""Socket-monitor frames into events (zmq_socket_monitor(3)). Loop thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import zmq
from zmq.utils.monitor import parse_monitor_message

_MAX_EVENTS_PER_PASS = 200


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


def read_events(monitor: zmq.Socket[bytes]) -> Iterator[MonitorEvent]:
    """Take what a monitor has, up to 200 events; never waits.

    A monitor that nobody reads blocks libzmq's I/O thread after about 2,000 events, so the loop
    comes back until it is empty.
    """
    for _ in range(_MAX_EVENTS_PER_PASS):
        try:
            frames = monitor.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return
        if len(frames) != 2:
            continue
        message = parse_monitor_message(frames)
        yield MonitorEvent(
            zmq.Event(int(message["event"])),
            # pyzmq hands the value over as an Event flag.
            int(message["value"]),
            message["endpoint"].decode("utf-8", "replace"),
        )
