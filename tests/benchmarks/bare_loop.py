"""The reference: a bare ``recv_multipart`` loop and nothing else.

Run as ``python -m tests.benchmarks.bare_loop PORT SECONDS``.
"""

from __future__ import annotations

import json
import sys
import time

import zmq


def main() -> int:
    """Receive for a while and print messages a second."""
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    pull = context.socket(zmq.PULL)
    pull.set(zmq.RCVHWM, 100_000)
    pull.bind(f"tcp://127.0.0.1:{port}")
    pull.recv_multipart()
    started, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - started) < seconds:
        for _ in range(1_000):
            pull.recv_multipart()
        count += 1_000
    print(json.dumps({"per_s": count / spent}))
    pull.close(0)
    context.term()
    return 0


if __name__ == "__main__":
    sys.exit(main())
