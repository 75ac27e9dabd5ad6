"""A peer that comes and goes: connects, finishes the handshake, leaves, again and again.

Prints ``{"endpoints": []}``, then ``{"came": N}`` once it has been there so often.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import zmq
from zmq.utils.monitor import recv_monitor_message

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.session import tell

_WAIT_MS = 60_000


def come_and_go(kind: int, endpoint: str) -> bool:
    """Once, until the connection is closed; whether the handshake was done."""
    with zmq.Context() as context, context.socket(kind) as peer:
        peer.linger = 0
        monitor = peer.get_monitor_socket(zmq.Event.HANDSHAKE_SUCCEEDED)
        peer.connect(endpoint)
        is_done = bool(monitor.poll(_WAIT_MS))
        if is_done:
            recv_monitor_message(monitor)
        peer.disable_monitor()
        return is_done


def main() -> None:
    """Come and go as often as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("type", help="such as PUSH")
    parser.add_argument("endpoint")
    parser.add_argument("times", type=int)
    options = parser.parse_args()
    tell({"endpoints": []})
    kind = zmq.SocketType[options.type].value
    came = sum(come_and_go(kind, options.endpoint) for _ in range(options.times))
    tell({"came": came})


if __name__ == "__main__":
    main()
