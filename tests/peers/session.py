"""What the generic peers have in common: commands on standard input, facts on standard output.

A peer prints ``{"ready": true, "endpoints": […]}`` when it is up. Then each line of its input is
one JSON command:

- ``{"do": "send", "count": N, "size": B, "prefix": [hex…]}`` sends N messages: the prefix frames,
  then B bytes that begin with a sequence number (8 bytes, big-endian) which never restarts;
- ``{"do": "say", "frames": [hex…]}`` sends one message as it is;
- with ``"to_last": true`` both put the routing id of the last message received in front;
- of a SERVER and a PEER the first frame is a routing id (4 bytes, big-endian), of a RADIO and a
  DISH the group: these types know no frames, so one more, the body, is all that can follow;
- ``{"do": "await", "count": N}`` prints ``{"received": n}`` once N messages with a sequence number
  (8 bytes or more in the last frame) have come, with ``"any": true`` N of any kind;
- ``{"do": "flushed"}`` prints ``{"sent": n}`` once nothing waits to be sent.

When its input ends it prints a summary and exits, whatever it is doing.
"""

from __future__ import annotations

import argparse
import json
import os
import select
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

_MOST_A_PASS = 500
_IDLE_S = 0.002
_KEPT_MESSAGES = 200
_KEPT_FRAME_BYTES = 4_096

# In the order of their numbers in zmq.h.
TYPES = (
    *("PAIR", "PUB", "SUB", "REQ", "REP", "DEALER"),
    *("ROUTER", "PULL", "PUSH", "XPUB", "XSUB", "STREAM"),
)
DRAFT_TYPES = ("SERVER", "CLIENT", "RADIO", "DISH", "GATHER", "SCATTER", "DGRAM", "PEER", "CHANNEL")
ALL_TYPES = (*TYPES, *DRAFT_TYPES)


class Outcome(Enum):
    """What became of a send."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"


class PeerSocket(Protocol):
    """What a session needs of a socket; nothing here waits."""

    def bind(self, address: str) -> str:
        """Bind; the real address."""
        ...

    def connect(self, address: str) -> bytes:
        """Connect; the routing id of that peer where it is known at once, else nothing."""
        ...

    def join(self, group: bytes) -> None:
        """Join a group; of a DISH only."""
        ...

    def set_option(self, number: int, value: int | bytes) -> None:
        """Set a libzmq option."""
        ...

    def let_in(self, users: dict[str, str], keys: frozenset[str]) -> None:
        """Answer libzmq's questions about who may come in (RFC 27): these, and nobody else."""
        ...

    def send(self, frames: list[bytes]) -> Outcome:
        """Send a message if it can go now."""
        ...

    def receive(self) -> list[bytes] | None:
        """A message if there is one."""
        ...

    def close(self) -> None:
        """Close, dropping what was not sent."""
        ...


@dataclass(slots=True)
class Seen:
    """What was received."""

    messages: int = 0
    total_bytes: int = 0
    numbered: int = 0
    missing: int = 0
    misordered: int = 0
    last: int = -1
    kept: list[list[str]] = field(default_factory=list)

    def take(self, frames: list[bytes]) -> None:
        """Count a message, check its sequence number, keep the first ones."""
        self.messages += 1
        self.total_bytes += sum(map(len, frames))
        if len(self.kept) < _KEPT_MESSAGES:
            self.kept.append([frame[:_KEPT_FRAME_BYTES].hex() for frame in frames])
        if len(frames[-1]) < 8:
            return
        number = int.from_bytes(frames[-1][:8])
        self.numbered += 1
        if number <= self.last:
            self.misordered += 1
        else:
            self.missing += number - self.last - 1
            self.last = number


class Session:
    """One socket and the commands about it.

    Args:
        socket: The socket.
        echo: Whether to send back what comes, as it is.
        tell: Takes a fact.
        last_id: The routing id of the peer that ``to_last`` means at first.
    """

    def __init__(
        self,
        socket: PeerSocket,
        echo: bool,
        tell: Callable[[dict[str, object]], None],
        last_id: bytes = b"",
    ) -> None:
        self._socket = socket
        self._echo = echo
        self._tell = tell
        self._input = b""
        self._out: deque[list[bytes]] = deque()
        self._awaited: deque[tuple[int, bool]] = deque()
        self._flushes = 0
        self._next = 0
        self._sent = 0
        self._refused = 0
        self._last_id = last_id
        self._seen = Seen()

    def run(self) -> None:
        """Serve until standard input ends."""
        busy = True
        while True:
            if select.select([0], [], [], 0 if busy else _IDLE_S)[0] and not self._read_input():
                break
            busy = self._receive()
            busy = self._send() or busy
            self._report()
        self._tell(self._summary())

    def _read_input(self) -> bool:
        chunk = os.read(0, 65_536)
        *lines, self._input = (self._input + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                self._obey(json.loads(line))
        return bool(chunk)

    def _obey(self, command: dict[str, object]) -> None:
        match command:
            case {"do": "send", "count": int(count), **rest}:
                prefix = [*self._to(rest), *_frames(rest.get("prefix", []))]
                size = rest.get("size", 64)
                filler = bytes(max(0, (size if isinstance(size, int) else 64) - 8))
                for number in range(self._next, self._next + count):
                    self._out.append([*prefix, number.to_bytes(8) + filler])
                self._next += count
            case {"do": "say", "frames": frames, **rest}:
                self._out.append([*self._to(rest), *_frames(frames)])
            case {"do": "await", "count": int(count), **rest}:
                self._awaited.append((count, bool(rest.get("any"))))
            case {"do": "flushed"}:
                self._flushes += 1
            case _:
                raise SystemExit(f"unknown command: {command}")

    def _to(self, options: dict[str, object]) -> list[bytes]:
        return [self._last_id] if options.get("to_last") else []

    def _receive(self) -> bool:
        for number in range(_MOST_A_PASS):
            frames = self._socket.receive()
            if frames is None:
                return number > 0
            self._seen.take(frames)
            self._last_id = frames[0]
            if self._echo:
                self._out.append(frames)
        return True

    def _send(self) -> bool:
        for number in range(_MOST_A_PASS):
            if not self._out:
                return number > 0
            outcome = self._socket.send(self._out[0])
            if outcome is Outcome.LATER:
                return number > 0
            self._out.popleft()
            self._sent += outcome is Outcome.SENT
            self._refused += outcome is Outcome.REFUSED
        return True

    def _report(self) -> None:
        while self._awaited:
            count, any_kind = self._awaited[0]
            received = self._seen.messages if any_kind else self._seen.numbered
            if received < count:
                break
            self._awaited.popleft()
            self._tell({"received": received})
        while self._flushes and not self._out:
            self._flushes -= 1
            self._tell({"sent": self._sent})

    def _summary(self) -> dict[str, object]:
        return {
            "sent": self._sent,
            "refused": self._refused,
            "unsent": len(self._out),
            "received": self._seen.messages,
            "bytes": self._seen.total_bytes,
            "numbered": self._seen.numbered,
            "missing": self._seen.missing,
            "misordered": self._seen.misordered,
            "messages": self._seen.kept,
        }


def _frames(value: object) -> list[bytes]:
    return [bytes.fromhex(str(frame)) for frame in value] if isinstance(value, list) else []


def tell(fact: dict[str, object]) -> None:
    """Print a fact as one line of JSON."""
    print(json.dumps(fact), flush=True)


def arguments(types: tuple[str, ...]) -> argparse.ArgumentParser:
    """The command line that all peers have in common.

    Args:
        types: Types that the peer can make.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("type", choices=types)
    parser.add_argument("--bind", action="append", default=[], metavar="ENDPOINT")
    parser.add_argument("--connect", action="append", default=[], metavar="ENDPOINT")
    parser.add_argument("--subscribe", action="append", default=[], metavar="HEX")
    parser.add_argument("--group", action="append", default=[], metavar="HEX", help="DISH joins it")
    parser.add_argument("--identity", default="")
    parser.add_argument("--ipv6", action="store_true")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NUMBER=VALUE",
        help="a libzmq option by number; a value that begins with “#” is a whole number",
    )
    parser.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--client-key", action="append", default=[], metavar="Z85")
    parser.add_argument("--echo", action="store_true", help="send back what comes")
    return parser


def serve(socket: PeerSocket, options: argparse.Namespace) -> None:
    """Set up the socket as the command line says, and obey until standard input ends."""
    if options.identity:
        socket.set_option(5, options.identity.encode())  # ZMQ_ROUTING_ID
    if options.ipv6:
        socket.set_option(42, 1)  # ZMQ_IPV6
    if options.user or options.client_key:
        users = dict(user.split(":", 1) for user in options.user)
        socket.let_in(users, frozenset(options.client_key))
    for number, _, value in (pair.partition("=") for pair in options.set):
        is_number = value.startswith("#")
        socket.set_option(int(number), int(value[1:]) if is_number else value.encode())
    for topic in options.subscribe:
        socket.set_option(6, bytes.fromhex(topic))  # ZMQ_SUBSCRIBE
    for group in options.group:
        socket.join(bytes.fromhex(group))
    bound = [socket.bind(address) for address in options.bind]
    known = [socket.connect(address) for address in options.connect]
    tell({"ready": True, "endpoints": bound})
    Session(socket, options.echo, tell, known[-1] if known else b"").run()
    socket.close()


def run(make_socket: Callable[[str], PeerSocket], types: tuple[str, ...] = TYPES) -> None:
    """A peer's main: parse the command line, open the socket, serve.

    Args:
        make_socket: Makes a socket of a type, given by name.
        types: Types that it can make.
    """
    options = arguments(types).parse_args()
    serve(make_socket(options.type), options)
