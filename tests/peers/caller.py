"""Connects to a locked socket, and tells what its monitor sees and what it receives.

``caller.py KIND ENDPOINT [--set NUMBER=VALUE …]``, where a value that begins with ``#`` is a whole
number. Prints ``{"endpoints": []}`` once it connects, then ``{"event": NAME, "value": N}`` and
``{"message": [hex, …]}``. Each line of its input is a JSON command:

- ``{"do": "say", "frames": [hex, …]}`` sends a message, now or when it is connected;
- ``{"do": "leave"}`` disconnects, ``{"do": "connect"}`` connects again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from typing import Any

import zmq
from zmq.utils.monitor import recv_monitor_message


def tell(**facts: object) -> None:
    """Print a fact."""
    print(json.dumps(facts), flush=True)


class Caller:
    """One socket and its monitor."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._endpoint: str = options.endpoint
        self._socket: zmq.Socket[bytes] = zmq.Context.instance().socket(getattr(zmq, options.kind))
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.RECONNECT_IVL, 50)
        for number, _, value in (pair.partition("=") for pair in options.set):
            given = int(value[1:]) if value.startswith("#") else value.encode()
            self._socket.setsockopt(int(number), given)
        self._monitor: zmq.Socket[bytes] = self._socket.get_monitor_socket()
        if options.kind == "SUB":
            self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        self._input = b""
        self._socket.connect(self._endpoint)

    def run(self) -> None:
        """Until its input ends."""
        poller = zmq.Poller()
        for each in (sys.stdin.fileno(), self._socket, self._monitor):
            poller.register(each, zmq.POLLIN)
        tell(endpoints=[])
        while True:
            for ready, _ in poller.poll():
                if ready is self._monitor:
                    event: dict[str, Any] = dict(recv_monitor_message(self._monitor))
                    tell(event=zmq.Event(event["event"]).name, value=int(event["value"]))
                elif ready is self._socket:
                    tell(message=[frame.hex() for frame in self._socket.recv_multipart()])
                elif not self._obey():
                    return

    def _obey(self) -> bool:
        chunk = os.read(sys.stdin.fileno(), 65_536)
        *lines, self._input = (self._input + chunk).split(b"\n")
        for line in lines:
            self._do(json.loads(line))
        return bool(chunk)

    def _do(self, command: dict[str, Any]) -> None:
        match command["do"]:
            case "say":
                frames = [bytes.fromhex(each) for each in command["frames"]]
                # Who was turned away for good has nobody to send to.
                with contextlib.suppress(zmq.Again):
                    self._socket.send_multipart(frames, zmq.NOBLOCK)
            case "leave":
                self._socket.disconnect(self._endpoint)
            case "connect":
                self._socket.connect(self._endpoint)


def main() -> None:
    """Connect and talk."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind")
    parser.add_argument("endpoint")
    parser.add_argument("--set", action="append", default=[])
    Caller(parser.parse_args()).run()


if __name__ == "__main__":
    main()
