"""A thousand peers of one socket, that connect, flap and leave: bare connections that speak ZMTP.

Prints ``{"ready": true, "endpoints": []}``; then each line of its input is one JSON command, and is
answered with one line:

- ``{"do": "gather", "count": N}``: connects until there are N, each shaken hands with;
  ``{"peers": n, "took_s": s}``;
- ``{"do": "flap", "times": N, "seconds": S}``: one after the other, connections leave without a
  word and come again, for so often or so long; ``{"flaps": n, "took_s": s}``;
- ``{"do": "say"}``: each sends a message with its number; ``{"peers": n}``;
- ``{"do": "leave"}``: all leave; ``{"peers": 0}``.
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.link_rig import greeting, ready, zmtp
from tests.peers.session import tell

_AT_A_TIME = 50
_PATIENCE_S = 60.0


class Thousand:
    """The connections.

    Args:
        place: Where.
        kind: Which socket type they say they are.
        topic: What they subscribe to; empty if to nothing.
    """

    def __init__(self, place: tuple[str, int], kind: bytes, topic: bytes) -> None:
        self._place = place
        self._kind = kind
        self._subscription = zmtp(0, b"\x01" + topic) if topic else b""
        self._open: dict[int, socket.socket] = {}
        self._next = 0

    def gather(self, count: int) -> None:
        """Connect until there are so many."""
        while len(self._open) < count:
            self._come(min(_AT_A_TIME, count - len(self._open)))

    def _come(self, count: int) -> None:
        """So many more, shaken hands with at the same time."""
        new = [socket.create_connection(self._place, _PATIENCE_S) for _ in range(count)]
        for connection in new:
            connection.sendall(greeting(minor=0))
        self._await(new, b"NULL")
        for connection in new:
            connection.sendall(zmtp(4, ready(self._kind, (b"Identity", b""))))
        self._await(new, b"Socket-Type")
        for connection in new:
            if self._subscription:
                connection.sendall(self._subscription)
            self._open[self._next] = connection
            self._next += 1

    def _await(self, connections: list[socket.socket], word: bytes) -> None:
        """Until each has said a word."""
        end_s = time.monotonic() + _PATIENCE_S
        heard = dict.fromkeys(connections, b"")
        while heard and time.monotonic() < end_s:
            for connection in select.select(list(heard), [], [], 1.0)[0]:
                heard[connection] += connection.recv(4096, socket.MSG_PEEK)
                if word in heard[connection]:
                    del heard[connection]
        if heard:
            raise SystemExit(f"{len(heard)} peers were not answered")

    def flap(self, times: int, seconds: float) -> int:
        """Leave and come again, the oldest first."""
        done, end_s = 0, time.monotonic() + seconds
        while done < times and time.monotonic() < end_s:
            some = min(_AT_A_TIME, times - done, len(self._open))
            for number in list(self._open)[:some]:
                self._open.pop(number).close()
            self._come(some)
            done += some
        return done

    def say(self) -> int:
        """Each sends one message."""
        for number, connection in self._open.items():
            connection.sendall(zmtp(0, number.to_bytes(8)))
        return len(self._open)

    def leave(self) -> None:
        """All leave."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def obey(self, command: dict[str, object]) -> dict[str, object]:
        """Carry out a command; the answer."""
        began_s = time.monotonic()
        flaps = 0
        match command:
            case {"do": "gather", "count": int(count)}:
                self.gather(count)
            case {"do": "flap", "times": int(times), "seconds": int(seconds) | float(seconds)}:
                flaps = self.flap(times, seconds)
            case {"do": "say"}:
                self.say()
            case {"do": "leave"}:
                self.leave()
            case _:
                raise SystemExit(f"unknown command: {command}")
        took_s = time.monotonic() - began_s
        return {"peers": len(self._open), "flaps": flaps, "took_s": took_s}


def main() -> None:
    """Obey until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address", help="tcp://127.0.0.1:PORT")
    parser.add_argument("type")
    parser.add_argument("--topic", default="", metavar="HEX")
    options = parser.parse_args()
    host, _, port = options.address.removeprefix("tcp://").rpartition(":")
    thousand = Thousand((host, int(port)), options.type.encode(), bytes.fromhex(options.topic))
    tell({"ready": True, "endpoints": []})
    for line in sys.stdin:
        if line.strip():
            tell(thousand.obey(json.loads(line)))
    thousand.leave()


if __name__ == "__main__":
    main()
