"""Attacks an endpoint of 127.0.0.1 in a named way; seeded, bounded in time and number.

``hostile.py ATTACK ENDPOINT --type T --count N --seconds S --seed K``: as a peer of type T, at most
N times, for at most S seconds. Prints ``{"ready": true, "endpoints": []}`` when it begins, and when
it is over what it did. The attacks are the functions below with ``@attack``.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers import conversations as say
from tests.peers.crowd import Crowd
from tests.peers.session import tell

_PATIENCE_S = 2.0
_RESET = struct.pack("ii", 1, 0)
_MOST_RANDOM = 16_384
_MOST_DATAGRAM = 65_507

CLAIMS = (1 << 31, (1 << 31) - 1, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
"""How long frames say that they are."""


@dataclass(slots=True)
class Tally:
    """What was done.

    Attributes:
        connections: That came about.
        refused: That did not, or ended before anything was said.
        sent_bytes: Given to the system.
        held: Connections that were open at the same time, at most.
        kept: Connections that were still open at the end.
    """

    connections: int = 0
    refused: int = 0
    sent_bytes: int = 0
    held: int = 0
    kept: int = 0


class Target:
    """Where to knock.

    Args:
        endpoint: A bound address: tcp, ipc, ws, wss or udp.
        kind: The socket type that we say we are.
        dice: Where chance comes from.
        tally: Counts.
    """

    def __init__(self, endpoint: str, kind: str, dice: random.Random, tally: Tally) -> None:
        url = urlsplit(endpoint)
        self.scheme = url.scheme
        self.place: tuple[str, int] | str
        if self.scheme == "ipc":
            self.place = endpoint.removeprefix("ipc://")
            self.family = socket.AF_UNIX
        else:
            self.place = (url.hostname or "127.0.0.1", url.port or 0)
            self.family = socket.AF_INET
        self._path = url.path or "/"
        self._host = url.netloc
        self.kind = kind
        self.dice = dice
        self.tally = tally
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    @property
    def is_websocket(self) -> bool:
        """Whether it speaks HTTP first."""
        return self.scheme in ("ws", "wss")

    @contextlib.contextmanager
    def connection(self, has_tls: bool | None = None) -> Iterator[socket.socket]:
        """Connect, and close in the one way or the other.

        Args:
            has_tls: Whether to shake hands by TLS; None where the endpoint does.

        Raises:
            OSError: The other side does not want it, or not any more.
        """
        connected = socket.socket(self.family, socket.SOCK_STREAM)
        try:
            connected.settimeout(_PATIENCE_S)
            connected.connect(self.place)
            self.tally.connections += 1
            if self.scheme == "wss" if has_tls is None else has_tls:
                connected = self._tls.wrap_socket(connected)
            yield connected
        except OSError:
            self.tally.refused += 1
            raise
        finally:
            self.close(connected)

    def close(self, connected: socket.socket) -> None:
        """With FIN or with RST, as it comes."""
        if self.dice.random() < 0.5:
            with contextlib.suppress(OSError):
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connected.close()

    def send(self, connected: socket.socket, data: bytes) -> None:
        """Send, and count."""
        connected.sendall(data)
        self.tally.sent_bytes += len(data)

    def opening(self) -> bytes:
        """What comes before frames."""
        return say.upgrade(self._host, self._path) if self.is_websocket else say.GREETING

    def ready(self) -> bytes:
        """The frame that ends the handshake."""
        return self.frame(True, say.ready(self.kind))

    def frame(self, is_command: bool, body: bytes, claimed: int | None = None) -> bytes:
        """A frame as it goes here."""
        if self.is_websocket:
            return say.zws(say.ZWS_COMMAND if is_command else 0, body, claimed)
        return say.zmtp(say.ZMTP_COMMAND if is_command else 0, body, claimed)

    def conversation(self) -> bytes:
        """Everything up to and with two messages."""
        return (
            self.opening() + self.ready() + self.frame(False, b"one") + self.frame(False, b"2" * 60)
        )

    def open(self, connected: socket.socket) -> None:
        """Go through the opening, so that frames are what is read next.

        Raises:
            OSError: The other side does not want it.
        """
        self.send(connected, self.opening())
        came = b""
        while not self._is_answered(came):
            chunk = connected.recv(4096)
            if not chunk:
                raise ConnectionError("closed during the opening")
            came += chunk

    def _is_answered(self, came: bytes) -> bool:
        return b"\r\n\r\n" in came if self.is_websocket else len(came) >= len(say.GREETING)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of it.

    Attributes:
        count: How often at most.
        end_s: Until when at most; monotonic.
    """

    count: int
    end_s: float

    def turns(self) -> Iterator[int]:
        """0, 1, 2 and so on, until it is enough."""
        for number in range(self.count):
            if time.monotonic() > self.end_s:
                return
            yield number


# That the other side closes the connection is what it should do.
_ended_by_refusal = contextlib.suppress(OSError)

Attack = Callable[[Target, Bounds], None]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    """Give an attack its name."""
    ATTACKS[function.__name__.replace("_", "-")] = function
    return function


@attack
def random_bytes(target: Target, bounds: Bounds) -> None:
    """Garbage from the first byte on; of a TLS port every second time behind its handshake."""
    for number in bounds.turns():
        with (
            _ended_by_refusal,
            target.connection(has_tls=target.scheme == "wss" and number % 2 == 1) as connected,
        ):
            for _ in range(target.dice.randint(1, 4)):
                target.send(connected, target.dice.randbytes(target.dice.randint(1, _MOST_RANDOM)))


@attack
def random_after_opening(target: Target, bounds: Bounds) -> None:
    """A valid greeting or upgrade, then garbage: as it comes, or in frames that are valid."""
    for number in bounds.turns():
        with _ended_by_refusal, target.connection() as connected:
            target.open(connected)
            if number % 3 == 0:
                target.send(connected, target.ready())
            size = target.dice.randint(1, _MOST_RANDOM)
            garbage = target.dice.randbytes(size)
            if number % 2:
                target.send(connected, garbage)
            else:
                target.send(connected, target.frame(target.dice.random() < 0.5, garbage))


@attack
def truncated(target: Target, bounds: Bounds) -> None:
    """A valid conversation, cut after each of its bytes."""
    whole = target.conversation()
    step = max(1, -(-len(whole) // bounds.count))
    for number in bounds.turns():
        if (cut := number * step) <= len(whole):
            with _ended_by_refusal, target.connection() as connected:
                target.send(connected, whole[:cut])


@attack
def mutated(target: Target, bounds: Bounds) -> None:
    """A valid conversation with some bytes changed, left out or doubled."""
    dice = target.dice
    for _ in bounds.turns():
        data = bytearray(target.conversation())
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(data))
            match dice.randrange(3):
                case 0:
                    data[at] = dice.randrange(256)
                case 1:
                    del data[at : at + dice.randint(1, 9)]
                case _:
                    data[at:at] = data[at : at + dice.randint(1, 9)]
        with _ended_by_refusal, target.connection() as connected:
            target.send(connected, bytes(data))


@attack
def huge_claims(target: Target, bounds: Bounds) -> None:
    """Frames that say that they are enormous, of which little comes; all open at the same time."""
    with contextlib.ExitStack() as stack:
        for number in bounds.turns():
            claim = CLAIMS[number % len(CLAIMS)]
            with _ended_by_refusal:
                connected = stack.enter_context(target.connection())
                target.open(connected)
                if number % 4:
                    target.send(connected, target.ready())
                target.send(connected, _claiming(target, claim, number) + b"x" * 1_000)
        _wait(bounds, 1.0)


def _claiming(target: Target, claim: int, number: int) -> bytes:
    kinds = [target.frame(False, b"little", claim), target.frame(True, b"\x04PING", claim)]
    if target.is_websocket:
        kinds.append(say.websocket(say.BINARY, b"\0part", claim))
        kinds.append(say.websocket(say.FINAL | say.PING, b"ping", claim))
    return kinds[number // len(CLAIMS) % len(kinds)]


@attack
def bad_frames(target: Target, bounds: Bounds) -> None:
    """Frames against the rules, behind a handshake that keeps them."""
    frames = _bad_zws(target) if target.is_websocket else _bad_zmtp(target)
    for number in bounds.turns():
        with _ended_by_refusal, target.connection() as connected:
            target.open(connected)
            if number // len(frames) % 2 == 0:
                target.send(connected, target.ready())
            target.send(connected, frames[number % len(frames)])
            target.send(connected, target.frame(False, b"behind it"))


def _bad_zmtp(target: Target) -> list[bytes]:
    def command(name: bytes, data: bytes = b"") -> bytes:
        return say.zmtp(say.ZMTP_COMMAND, say.command(name, data))

    groups = b"".join(command(b"JOIN", b"g%d" % number) for number in range(2_000))
    return [
        *(bytes([flags, 3]) + b"abc" for flags in (0x08, 0x10, 0x80, 0xFF)),
        say.zmtp(say.ZMTP_COMMAND, b""),
        say.zmtp(say.ZMTP_COMMAND, b"\xffshort"),
        say.zmtp(say.ZMTP_COMMAND | say.ZMTP_MORE, say.ready(target.kind)),
        command(b"READY", b"\x0bSocket-Type\xff\xff\xff\xffx"),
        command(b"READY", b"\x0bSocket-Type\x00\x00\x00\x03FOO"),
        command(b"READY", b"\x00" * 300),
        command(b"ERROR", b"\x03bad"),
        command(b"ERROR", b"\xffbad"),
        command(b"PING", b"\0\0"),
        command(b"PING", b"\0"),
        command(b"PING", b"\0\0" + b"c" * 200),
        command(b"PONG", b"c" * 60_000),
        command(b"HELLO", b"\x04user\xff"),
        command(b"INITIATE", b"\x0bSocket-Type\x00\x00\x00\x04PUSH"),
        command(b"UNKNOWN", b"?" * 70_000),
        command(b"SUBSCRIBE", b"s" * 300) + command(b"CANCEL", b"never"),
        command(b"JOIN", b"g" * 300) + command(b"LEAVE", b"never"),
        groups,
        say.zmtp(say.ZMTP_MORE, b"") * 2_000,
        target.ready() * 3,
    ]


def _bad_zws(target: Target) -> list[bytes]:
    final, ready = say.FINAL, target.ready()
    return [
        b"\x82\x04\0abc",  # not masked
        say.websocket(final | say.TEXT, b"\0text"),
        say.websocket(final | say.TEXT, b"\xff\xfe"),
        say.websocket(final | say.BINARY, b""),
        say.websocket(final | say.CONTINUATION, b"\0first"),
        say.websocket(final | 0x3, b"\0reserved"),
        say.websocket(final | 0x70 | say.BINARY, b"\0bits"),
        say.websocket(say.PING, b"a fragment"),
        say.websocket(final | say.PING, b"p" * 126),
        say.websocket(final | say.PONG, b"p" * 125),
        say.websocket(final | say.CLOSE, b"\x03"),
        say.websocket(final | say.CLOSE, b"\xff\xff\xff"),
        say.websocket(final | say.CLOSE, b"\x03\xe8" + b"bye"),
        say.websocket(say.BINARY, b"\0frag") + say.websocket(final | say.BINARY, b"\0ment"),
        say.websocket(say.BINARY, b"") + say.websocket(final | say.CONTINUATION, b""),
        say.websocket(say.BINARY, b"\0a") + say.websocket(say.CONTINUATION, b"b" * 500) * 200,
        b"\x82\xff" + b"\x80" + bytes(7) + b"\0\0\0\0",  # a length with the highest bit
        *(say.websocket(final | say.BINARY, bytes([flags, 97])) for flags in (4, 8, 0x80, 0xFF)),
        say.zws(say.ZWS_COMMAND, b""),
        say.zws(say.ZWS_COMMAND, b"\xffshort"),
        say.zws(say.ZWS_COMMAND | say.ZWS_MORE, say.ready(target.kind)),
        say.zws(say.ZWS_COMMAND, say.command(b"READY", b"\x0bSocket-Type\xff\xff\xff\xff")),
        say.zws(say.ZWS_COMMAND, say.command(b"PING", b"\0\0" + b"c" * 200)),
        say.zws(say.ZWS_COMMAND, b"\x07UNKNOWN" + b"?" * 70_000),
        say.zws(say.ZWS_MORE, b"") * 2_000,
        ready * 3,
    ]


@attack
def unread_answers(target: Target, bounds: Bounds) -> None:
    """Asks for answers all the time and reads none: whoever keeps them for us grows."""
    ping = say.websocket(say.FINAL | say.PING, b"p" * 125)
    if not target.is_websocket:
        ping = say.zmtp(say.ZMTP_COMMAND, say.command(b"PING", b"\0\0" + b"c" * 16))
    with _ended_by_refusal, target.connection() as connected:
        target.open(connected)
        target.send(connected, target.ready())
        connected.settimeout(0.2)
        for _ in bounds.turns():
            with contextlib.suppress(TimeoutError):
                target.tally.sent_bytes += connected.send(ping * 500)
        target.tally.kept = 1


@attack
def slow_loris(target: Target, bounds: Bounds) -> None:
    """Many connections, on each of which a conversation goes on by a byte a second."""
    crowd = Crowd(target.family, target.place)
    crowd.gather(bounds.count, bounds.end_s)
    for byte in target.conversation():
        if time.monotonic() > bounds.end_s:
            break
        target.tally.sent_bytes += crowd.send(bytes([byte]))
        _wait(bounds, 1.0)
    _count(target.tally, crowd)
    crowd.disperse()


@attack
def storm(target: Target, bounds: Bounds) -> None:
    """Connect and close, as often as possible."""
    crowd = Crowd(target.family, target.place, stays=False)
    crowd.gather(bounds.count, bounds.end_s)
    _count(target.tally, crowd)
    crowd.disperse()


@attack
def crowd(target: Target, bounds: Bounds) -> None:
    """As many connections at once as there can be; half of them say how they begin."""
    many = Crowd(target.family, target.place)
    many.gather(bounds.count, bounds.end_s, target.opening())
    _count(target.tally, many)
    many.disperse()


def _count(tally: Tally, crowd: Crowd) -> None:
    tally.connections += crowd.connected
    tally.refused += crowd.refused
    tally.held = crowd.most
    tally.kept = crowd.open_count()


@attack
def tls_garbage(target: Target, bounds: Bounds) -> None:
    """TLS records that are none, hellos that are cut or changed, garbage below TLS."""
    dice, hello = target.dice, _client_hello()
    for number in bounds.turns():
        has_tls = target.scheme == "wss" and number % 4 == 3
        with _ended_by_refusal, target.connection(has_tls=has_tls) as connected:
            if has_tls:
                # Below TLS: its own state does not know of it.
                socket.socket.sendall(connected, dice.randbytes(200))
                continue
            data = bytearray(hello)
            match number % 4:
                case 0:
                    data = bytearray(b"\x16\x03\x01" + dice.randbytes(dice.randint(2, 2_000)))
                case 1:
                    del data[dice.randrange(len(data)) :]
                case _:
                    for _ in range(5):
                        data[dice.randrange(5, len(data))] = dice.randrange(256)
            target.send(connected, bytes(data))


def _client_hello() -> bytes:
    context = ssl.create_default_context()
    out = ssl.MemoryBIO()
    wrapped = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        wrapped.do_handshake()
    return out.read()


@attack
def datagrams(target: Target, bounds: Bounds) -> None:
    """Datagrams of any length: garbage, empty ones, groups that are longer than they can be."""
    dice = target.dice
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in bounds.turns():
            match number % 5:
                case 0:
                    data = b""
                case 1:
                    data = bytes([dice.randrange(256)]) + dice.randbytes(dice.randrange(300))
                case 2:
                    data = b"\x01g" + dice.randbytes(dice.randrange(1_000))
                case 3:
                    data = dice.randbytes(_MOST_DATAGRAM if number % 50 == 3 else 1_400)
                case _:
                    data = b"\xff" + b"g" * dice.randrange(256)
            with contextlib.suppress(OSError):
                sender.sendto(data, target.place)
                target.tally.sent_bytes += len(data)


def _wait(bounds: Bounds, seconds: float) -> None:
    time.sleep(max(0.0, min(seconds, bounds.end_s - time.monotonic())))


def raise_limit() -> None:
    """As many descriptors as this process may have."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    """Attack once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("attack", choices=ATTACKS)
    parser.add_argument("endpoint")
    parser.add_argument("--type", default="PUSH")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    raise_limit()
    tally = Tally()
    target = Target(options.endpoint, options.type, random.Random(options.seed), tally)
    tell({"ready": True, "endpoints": []})
    ATTACKS[options.attack](target, Bounds(options.count, time.monotonic() + options.seconds))
    tell(asdict(tally))


if __name__ == "__main__":
    main()
