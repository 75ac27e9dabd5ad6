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
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers import conversations as say
from tests.peers.bad_frames import bad_zmtp, bad_zws
from tests.peers.crowd import Crowd
from tests.peers.session import tell
from tests.peers.target import Tally, Target

_MOST_RANDOM = 16_384
_MOST_DATAGRAM = 65_507

CLAIMS = (1 << 31, (1 << 31) - 1, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
"""How long frames say that they are."""


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
    frames = (bad_zws if target.is_websocket else bad_zmtp)(target.kind)
    for number in bounds.turns():
        with _ended_by_refusal, target.connection() as connected:
            target.open(connected)
            if number // len(frames) % 2 == 0:
                target.send(connected, target.ready())
            target.send(connected, frames[number % len(frames)])
            target.send(connected, target.frame(False, b"behind it"))


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
