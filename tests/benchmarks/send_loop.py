"""The reference: a bare pyzmq ``send`` loop and nothing else.

Run as ``python -m tests.benchmarks.send_loop ENDPOINT SIZE``; goes on until it is ended.
"""

from __future__ import annotations

import sys

import zmq

_HWM = 100_000


def main() -> None:
    """Send the same message for ever."""
    endpoint, size = sys.argv[1], int(sys.argv[2])
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    push = context.socket(zmq.PUSH)
    push.set(zmq.SNDHWM, _HWM)
    push.connect(endpoint)
    send, message = push.send, bytes(size)
    while True:
        send(message)


if __name__ == "__main__":
    main()
