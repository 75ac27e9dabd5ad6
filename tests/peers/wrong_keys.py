"""Tries to get in with wrong keys or passwords, as often as it can. Linux only.

``wrong_keys.py MECHANISM ENDPOINT [--rate R] [--seconds S] [--user NAME]``: each attempt connects,
says its greeting and a HELLO at once (a box that no key opens, or a password never tried before),
waits for the answer or the end, and goes. Prints ``{"ready": true, "endpoints": []}``, with
``--hold`` waits for a line, and then one JSON summary.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import socket
import struct
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers import conversations as say

_RESET = struct.pack("ii", 1, 0)
_AT_A_TIME = 128
_GREETING_BYTES = 64
_GIVES_UP_S = 2.0


class Attempts:
    """Attempts at one endpoint.

    Args:
        place: Host and port.
        mechanism: CURVE or PLAIN.
        user: The name that is tried.
    """

    def __init__(self, place: tuple[str, int], mechanism: str, user: str) -> None:
        self._place = place
        self._mechanism = mechanism
        self._user = user.encode()
        self._poll = select.epoll()
        self._under_way: dict[int, tuple[socket.socket, float, int]] = {}
        self.begun = 0
        self.answered = 0
        self.failed = 0

    def run(self, rate_per_s: float, seconds: float) -> dict[str, object]:
        """Try until the time is over."""
        begun_s = time.monotonic()
        looked_s = begun_s
        while (now_s := time.monotonic()) < begun_s + seconds:
            due = (now_s - begun_s) * rate_per_s - self.begun if rate_per_s else _AT_A_TIME
            for _ in range(min(int(due), _AT_A_TIME - len(self._under_way))):
                self._begin(now_s)
            self._go_on(0.001)
            if now_s > looked_s + 1.0:
                looked_s = now_s
                self._give_up(now_s)
        took_s = time.monotonic() - begun_s
        return {
            "begun": self.begun,
            "answered": self.answered,
            "failed": self.failed,
            "seconds": round(took_s, 3),
            "per_s": round(self.begun / took_s, 1),
            "cpu_s": round(time.process_time(), 2),
        }

    def _begin(self, now_s: float) -> None:
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        # With FIN, the ports of this machine would be used up after some seconds.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connection.connect_ex(self._place)
        self.begun += 1
        self._under_way[connection.fileno()] = (connection, now_s, 0)
        self._poll.register(connection, select.EPOLLOUT)

    def _go_on(self, timeout_s: float) -> None:
        for descriptor, _ in self._poll.poll(timeout_s):
            connection, since_s, came = self._under_way[descriptor]
            try:
                if not came:
                    connection.send(self._greeting() + self._hello())
                    self._poll.modify(descriptor, select.EPOLLIN)
                    self._under_way[descriptor] = (connection, since_s, 1)
                    continue
                chunk = connection.recv(4096)
            except BlockingIOError:
                continue
            except OSError:
                self.failed += 1
                self._end(descriptor)
                continue
            self._under_way[descriptor] = (connection, since_s, came + len(chunk))
            if not chunk or came + len(chunk) > _GREETING_BYTES + 1:
                self.answered += 1
                self._end(descriptor)

    def _greeting(self) -> bytes:
        head = b"\xff" + bytes(8) + b"\x7f\x03\x01"
        return head + self._mechanism.encode().ljust(20, b"\0") + bytes(32)

    def _hello(self) -> bytes:
        if self._mechanism == "CURVE":
            # RFC 26: version 1.0, padding, short-term key, nonce, box.
            data = b"\1\0" + bytes(72) + os.urandom(32) + os.urandom(8) + os.urandom(80)
        else:
            password = os.urandom(8).hex().encode()
            data = bytes([len(self._user)]) + self._user + bytes([len(password)]) + password
        return say.zmtp(say.ZMTP_COMMAND, say.command(b"HELLO", data))

    def _end(self, descriptor: int) -> None:
        connection, _, _ = self._under_way.pop(descriptor)
        self._poll.unregister(descriptor)
        connection.close()

    def _give_up(self, now_s: float) -> None:
        for descriptor, (_, since_s, _) in list(self._under_way.items()):
            if since_s < now_s - _GIVES_UP_S:
                self.failed += 1
                self._end(descriptor)


def main() -> None:
    """Try, and say how often."""
    parser = argparse.ArgumentParser()
    parser.add_argument("mechanism", choices=("CURVE", "PLAIN"))
    parser.add_argument("endpoint")
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--user", default="nobody")
    parser.add_argument("--hold", action="store_true")
    options = parser.parse_args()
    url = urlsplit(options.endpoint)
    print(json.dumps({"ready": True, "endpoints": []}), flush=True)
    if options.hold:
        os.read(0, 4096)
    attempts = Attempts((url.hostname or "", url.port or 0), options.mechanism, options.user)
    print(json.dumps(attempts.run(options.rate, options.seconds)), flush=True)
    # Whoever started us says when it is over.
    while os.read(0, 4096):
        pass


if __name__ == "__main__":
    main()
