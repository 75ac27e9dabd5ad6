"""A program that asks before it answers: its REP has a request, but wants a reply to its REQ first.

``both_ways.py ENDPOINT``: its REQ connects there. Prints ``{"ready": true, "endpoints": [...]}``
with the address of its REP, and goes on until its input ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.session import tell


def main() -> None:
    """Ask first, then answer."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    answers, asks = context.socket(zmq.REP), context.socket(zmq.REQ)
    for each in (answers, asks):
        each.set(zmq.LINGER, 0)
    answers.bind("tcp://127.0.0.1:*")
    asks.connect(sys.argv[1])
    tell({"ready": True, "endpoints": [answers.get_string(zmq.LAST_ENDPOINT)]})
    poller = zmq.Poller()
    for ready in (answers, asks, sys.stdin.fileno()):
        poller.register(ready, zmq.POLLIN)
    while True:
        for ready, _ in poller.poll():
            if ready is answers:
                answers.recv()
                asks.send(b"may I?")
            elif ready is asks:
                asks.recv()
                answers.send(b"yes")
            else:
                return


if __name__ == "__main__":
    main()
