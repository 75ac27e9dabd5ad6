"""What ``tests/benchmarks/reference.c`` does, by pyzmq: for machines without a C compiler.

Run as ``python bench_loop.py recv|send key=value…``; the keys and what is printed are those of the
C peer.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable

import zmq

_HWM = 100_000
_BURST = 100
_SEND_WAIT_MS = 100
_TOPIC = b"topic-of-the-reference-peer-0123"


def receive(values: dict[str, str]) -> dict[str, float]:
    """Count whole messages for a while, after a first moment that does not count."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    sockets = []
    for endpoint in values["endpoints"].split(","):
        pull = context.socket(zmq.PULL)
        pull.set(zmq.RCVHWM, _HWM)
        pull.bind(endpoint)
        sockets.append(pull)
    some = _from_one(sockets[0]) if len(sockets) == 1 else _from_many(sockets)
    some()
    cut_s = time.monotonic() + float(values.get("cut_s", "0.5"))
    while time.monotonic() < cut_s:
        some()
    begun_s, count = time.monotonic(), 0
    end_s = begun_s + float(values.get("seconds", "2"))
    while (now_s := time.monotonic()) < end_s:
        count += some()
    context.destroy(linger=0)
    return {"per_s": count / (now_s - begun_s)}


def _from_one(pull: zmq.Socket[bytes]) -> Callable[[], int]:
    def some() -> int:
        for _ in range(_BURST):
            pull.recv_multipart()
        return _BURST

    return some


def _from_many(sockets: list[zmq.Socket[bytes]]) -> Callable[[], int]:
    poller = zmq.Poller()
    for pull in sockets:
        poller.register(pull, zmq.POLLIN)

    def some() -> int:
        count = 0
        for pull, _ in poller.poll():
            with contextlib.suppress(zmq.Again):
                for _ in range(_BURST):
                    pull.recv_multipart(zmq.DONTWAIT)
                    count += 1
        return count

    return some


class Sender:
    """PUSH sockets, served in turn.

    Args:
        sockets: Connected.
        values: The command line.
    """

    def __init__(self, sockets: list[zmq.Socket[bytes]], values: dict[str, str]) -> None:
        self._sockets = sockets
        sizes = [int(size) for size in values.get("sizes", "16").split(",")]
        self._fillers = [bytes(i % 251 for i in range(8, size)) for size in sizes]
        self._short = [size < 8 for size in sizes]
        self._sizes = sizes
        self._topic = _TOPIC[: int(values.get("topic", "0"))]
        self._first = int(values.get("first", "0"))
        self._rate = float(values.get("rate", "0"))
        self._seconds = float(values.get("seconds", "3600"))
        self._count = int(values.get("count", "0"))
        self.sent = 0

    def run(self) -> float:
        """Send until time or count is reached; how long it took, in seconds."""
        begun_s = now_s = time.monotonic()
        turn = 0
        while now_s < begun_s + self._seconds and not 0 < self._count <= self.sent:
            most = _BURST
            if self._rate:
                most = max(0, min(_BURST, int((now_s - begun_s) * self._rate) - self.sent))
                if not most:
                    time.sleep(0.0005)
            if self._count:
                most = min(most, self._count - self.sent)
            self._burst(self._sockets[turn % len(self._sockets)], most)
            turn += 1
            now_s = time.monotonic()
        return now_s - begun_s

    def _burst(self, socket: zmq.Socket[bytes], most: int) -> None:
        flags = zmq.DONTWAIT if len(self._sockets) > 1 else 0
        for _ in range(most):
            which = self.sent % len(self._sizes)
            body = (
                bytes(self._sizes[which])
                if self._short[which]
                else (self._first + self.sent).to_bytes(8) + self._fillers[which]
            )
            try:
                if self._topic:
                    socket.send(self._topic, flags | zmq.SNDMORE)
                socket.send(body, flags)
            except zmq.Again:
                return
            self.sent += 1


def send(values: dict[str, str]) -> dict[str, float]:
    """Send, and wait until the other side has taken everything."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    sockets = []
    for endpoint in values["endpoints"].split(","):
        push = context.socket(zmq.PUSH)
        push.set(zmq.SNDHWM, _HWM)
        push.set(zmq.SNDTIMEO, _SEND_WAIT_MS)
        push.set(zmq.LINGER, -1)
        push.connect(endpoint)
        sockets.append(push)
    sender = Sender(sockets, values)
    took_s = sender.run()
    for socket in sockets:
        socket.close()
    context.term()
    return {"sent": sender.sent, "seconds": took_s}


def main() -> None:
    """Run one mode."""
    mode, *pairs = sys.argv[1:]
    values = dict(pair.split("=", 1) for pair in pairs)
    print(json.dumps(receive(values) if mode == "recv" else send(values)), flush=True)


if __name__ == "__main__":
    main()
