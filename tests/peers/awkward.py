"""A ZeroMQ peer that does not do its part: it does not read, or its authenticator is of no use.

``awkward.py TYPE (--bind | --connect) ENDPOINT [--zap ANSWER] [--deaf] [--set NUMBER=VALUE …]``: a
value that begins with ``#`` is a whole number. ANSWER is a ZAP status (RFC 27), or ``silent`` for a
handler that never answers; without it there is no handler. Each line of its input is a command:
``{"do": "hear"}`` makes a deaf peer read, ``{"do": "say", "frames": [hex…]}`` sends a message.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.session import TYPES, tell

_ZAP = "inproc://zeromq.zap.01"


class Awkward:
    """One socket, and perhaps a ZAP handler.

    Args:
        options: The command line.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._answer: str = options.zap
        self._is_deaf: bool = options.deaf
        self._input = b""
        self._zap = context.socket(zmq.ROUTER)
        if self._answer:
            self._zap.bind(_ZAP)
        self._socket = context.socket(TYPES.index(options.type))
        self._socket.set(zmq.LINGER, 0)
        for number, _, value in (pair.partition("=") for pair in options.set):
            given = int(value[1:]) if value.startswith("#") else value.encode()
            self._socket.set(int(number), given)
        if options.type == "SUB":
            self._socket.set(zmq.SUBSCRIBE, b"")
        if options.bind:
            self._socket.bind(options.bind)
        if options.connect:
            self._socket.connect(options.connect)
        bound = [self._socket.get_string(zmq.LAST_ENDPOINT)] if options.bind else []
        tell({"ready": True, "endpoints": bound})

    def run(self) -> None:
        """Until its input ends."""
        poller = zmq.Poller()
        poller.register(sys.stdin.fileno(), zmq.POLLIN)
        poller.register(self._zap, zmq.POLLIN)
        while True:
            if not self._is_deaf:
                poller.register(self._socket, zmq.POLLIN)
            for ready, _ in poller.poll():
                if ready is self._zap:
                    self._authenticate()
                elif ready is self._socket:
                    self._socket.recv_multipart()
                elif not self._obey():
                    return

    def _authenticate(self) -> None:
        asker, _, version, request, *_ = self._zap.recv_multipart()
        if self._answer != "silent":
            status = self._answer.encode()
            reply = [asker, b"", version, request, status, b"for a test", b"", b""]
            self._zap.send_multipart(reply)

    def _obey(self) -> bool:
        chunk = os.read(sys.stdin.fileno(), 65_536)
        *lines, self._input = (self._input + chunk).split(b"\n")
        for line in lines:
            command = json.loads(line)
            if command["do"] == "hear":
                self._is_deaf = False
            else:
                self._socket.send_multipart([bytes.fromhex(f) for f in command["frames"]])
        return bool(chunk)


def main() -> None:
    """Open the socket and be awkward."""
    parser = argparse.ArgumentParser()
    parser.add_argument("type", choices=TYPES)
    parser.add_argument("--bind", default="")
    parser.add_argument("--connect", default="")
    parser.add_argument("--zap", default="")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--set", action="append", default=[])
    Awkward(parser.parse_args()).run()


if __name__ == "__main__":
    main()
