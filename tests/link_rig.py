"""Frames as other people would write and read them, and wires between the test and a link."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.engine.links.flow import Scratch
from zmqscope.engine.links.opening import Awaited
from zmqscope.engine.links.wire import PlainWire

T = TypeVar("T")

PATIENCE_S = 60.0
KEY = bytes.fromhex("37fa213d")
"""The masking key of RFC 6455's example."""

BINARY, TEXT, CONTINUATION, CLOSE, PING, PONG = 0x82, 0x81, 0x80, 0x88, 0x89, 0x8A
"""First bytes of WebSocket frames that end their message (RFC 6455, section 5.2)."""
FIRST_FRAGMENT, FRAGMENT = 0x02, 0x00
"""The same of frames that do not."""

Frame = tuple[int, bytes]
"""Flags and body."""


# ---- frames ------------------------------------------------------------------------------------


def zmtp(flags: int, body: bytes) -> bytes:
    """A ZMTP 3 frame; flags are 1 for more, 4 for a command (RFC 37)."""
    if len(body) < 256:
        return bytes((flags, len(body))) + body
    return bytes((flags | 2,)) + len(body).to_bytes(8) + body


def websocket(payload: bytes, key: bytes = b"", first: int = BINARY) -> bytes:
    """A WebSocket frame, masked if there is a key."""
    mask, size = 0x80 if key else 0, len(payload)
    if size < 126:
        head = bytes((first, mask | size))
    elif size < 65_536:
        head = bytes((first, mask | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, mask | 127)) + size.to_bytes(8)
    return head + key + mixed(payload, key)


def zws(flags: int, body: bytes, key: bytes = b"") -> bytes:
    """A ZWS 2.0 message; flags are 1 for more, 2 for a command (RFC 45)."""
    return websocket(bytes((flags,)) + body, key)


def mixed(payload: bytes, key: bytes) -> bytes:
    """A payload with a masking key applied, or taken off."""
    if not key:
        return payload
    stretched = (key * (len(payload) // 4 + 1))[: len(payload)]
    number = int.from_bytes(payload) ^ int.from_bytes(stretched)
    return number.to_bytes(len(payload))


def read_zmtp(data: bytes) -> list[Frame]:
    """All frames of a stream, which has to end with one. Bit 2 (long) is left out of the flags."""
    found, at = [], 0
    while at < len(data):
        flags = data[at]
        head = 9 if flags & 2 else 2
        size = int.from_bytes(data[at + 1 : at + head])
        at += head + size
        assert at <= len(data), "a frame is cut"
        found.append((flags & ~2, data[at - size : at]))
    return found


def read_websocket(data: bytes, is_masked: bool) -> list[Frame]:
    """First bytes and payloads of all frames of a stream, which has to end with one."""
    found, at = [], 0
    while at < len(data):
        first, second = data[at], data[at + 1]
        assert bool(second & 0x80) is is_masked
        extended = {126: 2, 127: 8}.get(second & 0x7F, 0)
        head = at + 2 + extended
        size = int.from_bytes(data[at + 2 : head]) if extended else second & 0x7F
        key = data[head : head + 4] if is_masked else b""
        at = head + len(key) + size
        assert at <= len(data), "a frame is cut"
        found.append((first, mixed(data[at - size : at], key)))
    return found


def read_zws(data: bytes, is_masked: bool) -> list[Frame]:
    """ZWS flags and bodies of a stream of whole binary messages."""
    found = read_websocket(data, is_masked)
    assert {first for first, _ in found} <= {BINARY}
    return [(payload[0], payload[1:]) for _, payload in found]


def command(name: bytes, data: bytes = b"") -> bytes:
    """The body of a command."""
    return bytes((len(name),)) + name + data


def ready(kind: bytes, *more: tuple[bytes, bytes], name: bytes = b"READY") -> bytes:
    """The body of a READY, or of another command with metadata."""
    pairs = ((b"Socket-Type", kind), *more)
    data = b"".join(
        bytes((len(key),)) + key + len(value).to_bytes(4) + value for key, value in pairs
    )
    return command(name, data)


def greeting(mechanism: bytes = b"NULL", major: int = 3, minor: int = 1) -> bytes:
    """A greeting of ZMTP 3."""
    head = b"\xff" + bytes(8) + b"\x7f" + bytes((major, minor))
    return head + mechanism.ljust(20, b"\0") + bytes(32)


# ---- wires -------------------------------------------------------------------------------------


def make_scratch() -> Scratch:
    """Buffers with the plain transcoder."""
    return Scratch(PlainTranscoder())


@contextlib.contextmanager
def wire_pair(buffer_bytes: int = 0) -> Iterator[tuple[PlainWire, socket.socket]]:
    """A wire and the socket at its other end, which does not wait; with buffers of a size."""
    near, far = socket.socketpair()
    far.setblocking(False)
    wire = PlainWire(near)
    for end in (near, far) if buffer_bytes else ():
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    try:
        yield wire, far
    finally:
        wire.close()
        far.close()


def take(end: socket.socket) -> bytes:
    """Everything that can be read now."""
    found = b""
    with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
        while piece := end.recv(1 << 20):
            found += piece
    return found


def finish(*steps: Generator[Awaited, None, T]) -> list[T | Exception]:
    """Run generators of ``links.opening`` side by side until all are done.

    Returns:
        What each returned, or the exception that ended it.
    """
    results: dict[int, T | Exception] = {}
    waiting = dict(enumerate(steps))
    awaited: dict[int, Awaited] = {}
    while waiting:
        for number in list(waiting):
            try:
                awaited[number] = next(waiting[number])
            except StopIteration as stop:
                results[number] = stop.value
            except OSError as error:
                results[number] = error
            except Exception as error:
                if type(error).__module__.startswith("zmqscope."):
                    results[number] = error
                else:
                    raise
            if number in results:
                del waiting[number]
                awaited.pop(number, None)
        _wait([each for each in awaited.values() if isinstance(each, tuple)])
    return [results[number] for number in range(len(steps))]


def _wait(awaited: list[Awaited]) -> None:
    wires = [each for each in awaited if isinstance(each, tuple)]
    if not wires:
        return
    with selectors.DefaultSelector() as selector:
        for wire, needs in wires:
            selector.register(wire.fileno(), needs)
        assert selector.select(PATIENCE_S), "nothing happened"


def until(condition: Callable[[], object], step: Callable[[], object]) -> None:
    """Step until a condition holds, a bounded number of times."""
    for _ in range(100_000):
        if condition():
            return
        step()
    raise AssertionError("the condition never held")


@contextlib.contextmanager
def wire_over_tcp() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        far = socket.create_connection(listener.getsockname(), PATIENCE_S)
        near, _ = listener.accept()
    with near, far:
        yield near, far
