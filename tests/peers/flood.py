"""Sends numbered messages at a steady rate, or as fast as it can, and says what it really sent.

Each message is two frames: a topic of 8 bytes and a payload that begins with its sequence number
(8 bytes, big-endian, from 0). Prints ``{"ready": true, "endpoints": […]}``, with ``--hold`` waits
for a line on standard input, sends, prints a JSON summary and stays until its input ends, so that
nothing is lost on the way out. When its input ends early it stops at once.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import time

import zmq

_TICK_S = 0.001
_LONGEST_BURST_S = 0.002
_UNPACED_BURST = 500


class Flood:
    """One sender.

    Args:
        socket: A PUSH or PUB.
        rate_per_s: Messages a second; 0 for as many as possible.
        topics: How many different topics take turns.
        size: Bytes of the second frame.
    """

    def __init__(
        self, socket: zmq.Socket[bytes], rate_per_s: float, topics: int, size: int
    ) -> None:
        self._socket = socket
        self._rate_per_s = rate_per_s
        self._topics = [f"topic{number:03d}".encode() for number in range(topics)]
        self._filler = bytes(i % 251 for i in range(max(8, size) - 8))
        self._sent = 0
        self._blocked = 0
        self._latest_s = 0.0
        self._is_ended = False

    def run(self, seconds: float, count: int) -> dict[str, object]:
        """Send until the time or the count is reached, or standard input ends."""
        begun_s = time.monotonic()
        end_s = begun_s + seconds
        most = count or (round(self._rate_per_s * seconds) if self._rate_per_s else 1 << 62)
        while self._sent < most and not self._is_ended:
            now_s = time.monotonic()
            # A paced run sends all of its messages, if it can at all: a second more at most.
            if now_s >= end_s + (1.0 if self._rate_per_s else 0.0):
                break
            self._burst(min(self._due(now_s - begun_s), most - self._sent))
            self._is_ended = _input_ended()
            if self._rate_per_s:
                time.sleep(max(0.0, _TICK_S - (time.monotonic() - now_s)))
        took_s = time.monotonic() - begun_s
        return {
            "sent": self._sent,
            "seconds": round(took_s, 3),
            "rate_per_s": round(self._sent / took_s, 1) if took_s else 0.0,
            "blocked": self._blocked,
            "latest_ms": round(self._latest_s * 1_000, 2),
            "cpu_s": round(time.process_time(), 2),
        }

    def _due(self, elapsed_s: float) -> int:
        if not self._rate_per_s:
            return _UNPACED_BURST
        behind = elapsed_s * self._rate_per_s - self._sent
        self._latest_s = max(self._latest_s, behind / self._rate_per_s)
        return max(0, min(int(behind), int(self._rate_per_s * _LONGEST_BURST_S) or 1))

    def _burst(self, count: int) -> None:
        send, topics, filler = self._socket.send, self._topics, self._filler
        more, last = zmq.DONTWAIT | zmq.SNDMORE, zmq.DONTWAIT
        many = len(topics)
        for number in range(self._sent, self._sent + count):
            try:
                send(topics[number % many], more)
                send(number.to_bytes(8) + filler, last)
            except zmq.Again:  # at the second frame when the peer has just left: neither is sent
                self._blocked += 1
                # Waits in slices, so that the end of our input is seen.
                self._socket.poll(20, zmq.POLLOUT)
                return
            self._sent += 1


def _input_ended() -> bool:
    return bool(select.select([0], [], [], 0)[0]) and not os.read(0, 4_096)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("type", choices=("PUSH", "PUB"))
    parser.add_argument("endpoint", help="where to connect, or with @ in front to bind")
    parser.add_argument("--rate", type=float, default=100_000, help="messages/s; 0: flat out")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--count", type=int, default=0, help="stop after so many; 0: by time")
    parser.add_argument("--topics", type=int, default=1)
    parser.add_argument("--size", type=int, default=256, help="bytes of the second frame")
    parser.add_argument("--sndhwm", type=int, default=1_000_000)
    parser.add_argument("--hold", action="store_true", help="wait for a line before sending")
    return parser.parse_args()


def main() -> None:
    """Run one flood."""
    options = _arguments()
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = context.socket(zmq.PUSH if options.type == "PUSH" else zmq.PUB)
    socket.set(zmq.LINGER, 0)
    socket.set(zmq.SNDHWM, options.sndhwm)
    endpoints = []
    if options.endpoint.startswith("@"):
        socket.bind(options.endpoint[1:])
        endpoints.append(socket.get_string(zmq.LAST_ENDPOINT))
    else:
        socket.connect(options.endpoint)
    print(json.dumps({"ready": True, "endpoints": endpoints}), flush=True)
    if not options.hold or os.read(0, 4_096):
        flood = Flood(socket, options.rate, options.topics, options.size)
        print(json.dumps(flood.run(options.seconds, options.count)), flush=True)
        while os.read(0, 4_096):
            pass
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
