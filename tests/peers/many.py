"""A peer with many sockets of all types and transports, opened and closed as it is told.

Prints ``{"ready": true, "endpoints": []}``; then each line of its input is one JSON command, and is
answered with one line:

- ``{"do": "open", "name": N, "type": T, "connect": A or "bind": A, …}``: ``{"endpoint": …}``. With
  ``"stream": S, "per_s": R`` it sends numbered messages (``sequence.py``); ``"prefixes"`` (lists of
  hex frames, default one empty list) says what stands before the number, each with a stream of its
  own; ``"echo": true`` sends back what comes; ``"groups"`` (hex) are joined, ``"topics"`` (hex)
  subscribed to;
- ``{"do": "close", "name": N}``: ``{}``;
- ``{"do": "forgive", "names": […]}``: ``{}``; what is lost soon does not count;
- ``{"do": "report"}``: ``{"sockets": {N: {…}}}``.

On the command line stand ``--certificate`` and ``--key`` to bind wss, ``--ca`` to connect.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.libzmq_draft import DraftSocket
from tests.peers.sequence import Pulse, Streams
from tests.peers.session import TYPES, Outcome, PeerSocket, tell
from tests.peers.twelve import PyzmqSocket
from tests.peers.udp import UdpSocket
from tests.peers.wss import Wanted, WssSocket

_TICK_S = 0.003
_BUSY_S = 5.0
_MOST_A_PASS = 100
_MOST_ECHOES = 10_000
_SUBSCRIBE = 6  # ZMQ_SUBSCRIBE

Fact = dict[str, object]


class Talker:
    """One socket and what goes through it.

    Args:
        socket: It.
        pulses: What it sends.
        echoes: Whether it sends back what comes.
    """

    def __init__(self, socket: PeerSocket, pulses: list[Pulse], echoes: bool) -> None:
        self._socket = socket
        self._pulses = pulses
        self._echoes = echoes
        self._waiting: list[list[bytes]] = []
        self._echoed = 0
        self.streams = Streams()

    def turn(self) -> None:
        """Receive what there is, send what is due."""
        for _ in range(_MOST_A_PASS):
            frames = self._socket.receive()
            if frames is None:
                break
            self.streams.take(frames[-1])
            if self._echoes and len(self._waiting) < _MOST_ECHOES:
                self._waiting.append(frames)
        while self._waiting and self._socket.send(self._waiting[0]) is not Outcome.LATER:
            del self._waiting[0]
            self._echoed += 1
        for pulse in self._pulses:
            message = pulse.message()
            if message is not None:
                is_sent = self._socket.send(message) is Outcome.SENT
                (pulse.passed if is_sent else pulse.held)()

    def report(self) -> Fact:
        """What went and what came."""
        sent = sum(pulse.sent for pulse in self._pulses)
        return {"sent": sent, "echoed": self._echoed, **self.streams.report()}

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _bound(socket: PeerSocket, address: str) -> str:
    """Bind, even if the port is busy for a moment: somebody dials it, or has just left it."""
    deadline_s = time.monotonic() + _BUSY_S
    while True:
        try:
            return socket.bind(address)
        except (OSError, zmq.ZMQError) as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline_s:
                raise
            time.sleep(_TICK_S)


class Peer:
    """All of them.

    Args:
        bound: Certificates of who binds wss.
        connected: Of who connects.
    """

    def __init__(self, bound: Wanted, connected: Wanted) -> None:
        self._bound, self._connected = bound, connected
        self._talkers: dict[str, Talker] = {}
        self._input = b""
        self._does: dict[str, Callable[[dict[str, Any]], Fact]] = {
            "open": self._open,
            "close": self._close,
            "forgive": self._forgive,
            "report": self._report,
        }

    def run(self) -> None:
        """Serve until standard input ends."""
        while True:
            if select.select([0], [], [], _TICK_S)[0] and not self._obey():
                return
            for talker in self._talkers.values():
                talker.turn()

    def _obey(self) -> bool:
        chunk = os.read(0, 65_536)
        *lines, self._input = (self._input + chunk).split(b"\n")
        for line in lines:
            command = json.loads(line)
            tell(self._does[command["do"]](command))
        return bool(chunk)

    def _open(self, command: dict[str, Any]) -> Fact:
        kind = command["type"]
        address: str = command.get("bind") or command["connect"]
        socket = self._make(kind, address, self._bound if "bind" in command else self._connected)
        for topic in command.get("topics", []):
            socket.set_option(_SUBSCRIBE, bytes.fromhex(topic))
        for group in command.get("groups", []):
            socket.join(bytes.fromhex(group))
        routing_id = b""
        if "bind" in command:
            endpoint = _bound(socket, address)
        else:
            routing_id, endpoint = socket.connect(address), address
        pulses = []
        if "stream" in command:
            for number, prefix in enumerate(command.get("prefixes", [[]])):
                frames = tuple(bytes.fromhex(frame) for frame in prefix)
                known = (routing_id,) if kind == "PEER" else ()
                pulses.append(Pulse(command["stream"] + number, command["per_s"], known + frames))
        self._talkers[command["name"]] = Talker(socket, pulses, command.get("echo", False))
        return {"endpoint": endpoint}

    def _make(self, kind: str, address: str, wanted: Wanted) -> PeerSocket:
        if address.startswith("udp:"):
            return UdpSocket(kind)
        inner = PyzmqSocket(kind) if kind in TYPES else DraftSocket(kind)
        is_web = address.startswith(("ws:", "wss:"))
        return WssSocket(inner, kind, wanted) if is_web else inner

    def _close(self, command: dict[str, Any]) -> Fact:
        self._talkers.pop(command["name"]).close()
        return {}

    def _forgive(self, command: dict[str, Any]) -> Fact:
        for name in command["names"]:
            with contextlib.suppress(KeyError):
                self._talkers[name].streams.forgive()
        return {}

    def _report(self, _command: dict[str, Any]) -> Fact:
        return {"sockets": {name: each.report() for name, each in self._talkers.items()}}


def main() -> None:
    """Obey until standard input ends."""
    parser = argparse.ArgumentParser()
    for name in ("certificate", "key", "ca"):
        parser.add_argument(f"--{name}", metavar="PEM")
    options = parser.parse_args()
    options.subprotocol = None
    connected = Wanted(options)
    # An authority would make it ask for certificates of whoever connects.
    bound = Wanted(argparse.Namespace(**{**vars(options), "ca": None}))
    tell({"ready": True, "endpoints": []})
    Peer(bound, connected).run()


if __name__ == "__main__":
    main()
