"""What goes on between one WebSocket connection and one ZMTP connection, on a thread of its own.

ZWS 2.0 (RFC 45) carries ZMTP's frames, each with one byte of flags, in binary messages. With the
subprotocol ``ZWS2.0/NULL`` the handshake's commands pass as they are; bare ``ZWS2.0`` has none,
only each side's routing id, so the READY that libzmq expects is made here.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from collections.abc import Iterator

from wsproto import WSConnection
from wsproto.events import BytesMessage, CloseConnection, Message, Ping
from wsproto.utilities import LocalProtocolError, ProtocolError

BARE = "ZWS2.0"
NULL = "ZWS2.0/NULL"
PLAIN = "ZWS2.0/PLAIN"
CURVE = "ZWS2.0/CURVE"

_GREETING_BYTES = 64

_ZMTP_MORE, _ZMTP_LONG, _ZMTP_COMMAND = 1, 2, 4
_ZWS_MORE, _ZWS_COMMAND = 1, 2

_CHUNK = 65_536
_MOST_WAITING = 1 << 20

_FITS = {
    **{"PAIR": "PAIR", "PUB": "SUB", "SUB": "PUB", "XPUB": "SUB", "XSUB": "PUB"},
    **{"REQ": "ROUTER", "REP": "DEALER", "DEALER": "ROUTER", "ROUTER": "DEALER"},
    **{"PULL": "PUSH", "PUSH": "PULL", "CLIENT": "SERVER", "SERVER": "CLIENT"},
    **{"RADIO": "DISH", "DISH": "RADIO", "GATHER": "SCATTER", "SCATTER": "GATHER"},
    **{"CHANNEL": "CHANNEL", "PEER": "PEER"},
}
"""A type that may talk with each type."""


def greeting(subprotocol: str) -> bytes:
    """What libzmq reads first."""
    mechanism = subprotocol.partition("/")[2] or "NULL"
    # Minor version 0: subscriptions are messages there, as they are in ZWS; but not in CURVE.
    version = bytes((3, int(mechanism == "CURVE")))
    head = b"\xff" + bytes(8) + b"\x7f" + version
    return head + mechanism.encode().ljust(20, b"\0") + bytes(32)


class ZmtpFrames:
    """Cuts what libzmq sends into frames; its greeting, which comes first, is left out."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._greeting_left = _GREETING_BYTES

    def take(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """The frames that are whole now: flags and body."""
        cut = min(self._greeting_left, len(chunk))
        self._greeting_left -= cut
        self._data += chunk[cut:]
        while len(self._data) >= 2:
            head = 9 if self._data[0] & _ZMTP_LONG else 2
            size = int.from_bytes(self._data[1:head])
            if len(self._data) < head + size:
                return
            flags, body = self._data[0], bytes(self._data[head : head + size])
            del self._data[: head + size]
            yield flags, body


def zmtp_frame(flags: int, body: bytes) -> bytes:
    """One frame as libzmq reads it."""
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return bytes([flags | _ZMTP_LONG]) + len(body).to_bytes(8) + body


def ready(kind: str, routing_id: bytes) -> bytes:
    """The READY of a socket that sends none."""
    properties = ((b"Socket-Type", kind.encode()), (b"Identity", routing_id))
    return b"\x05READY" + b"".join(
        bytes([len(name)]) + name + len(value).to_bytes(4) + value for name, value in properties
    )


def identity(command: bytes) -> bytes:
    """The routing id in a READY."""
    rest = command[6:]
    while rest:
        name, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
        size = int.from_bytes(rest[:4])
        if name == b"Identity":
            return rest[4 : 4 + size]
        rest = rest[4 + size :]
    return b""


class Tunnel:
    """Both connections, until one of them ends.

    Args:
        outer: The WebSocket's connection, its handshake done.
        websocket: Its protocol; may hold what came right behind the handshake.
        subprotocol: What was agreed on.
        inner: A new connection to the libzmq socket.
        kind: That socket's type.
    """

    def __init__(
        self,
        outer: socket.socket,
        websocket: WSConnection,
        subprotocol: str,
        inner: socket.socket,
        kind: str,
    ) -> None:
        self._outer = outer
        self._websocket = websocket
        self._inner = inner
        self._kind = kind
        self._is_bare = subprotocol == BARE
        self._has_shaken_hands = False
        self._inner_is_ready = False
        self._frames = ZmtpFrames()
        self._message = bytearray()
        self._to_inner = bytearray(greeting(subprotocol))
        # PLAIN and CURVE take turns by themselves.
        self._takes_turns = subprotocol in (PLAIN, CURVE)
        self._held = bytearray()
        self._to_outer = bytearray()
        self._is_over = False

    def run(self) -> None:
        """Carry until one side ends, then close both."""
        with self._outer, self._inner, contextlib.suppress(OSError, ProtocolError):
            for side in (self._outer, self._inner):
                side.setblocking(False)
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._take_events()
            while not self._is_over:
                self._pass()
            self._flush(self._outer, self._to_outer)

    def _pass(self) -> None:
        readers: list[socket.socket] = []
        if len(self._to_inner) < _MOST_WAITING:
            readers.append(self._outer)
        if len(self._to_outer) < _MOST_WAITING:
            readers.append(self._inner)
        waiting = ((self._outer, self._to_outer), (self._inner, self._to_inner))
        writers = [side for side, data in waiting if data]
        # What TLS has decrypted already makes no socket readable.
        has_more = isinstance(self._outer, ssl.SSLSocket) and self._outer.pending() > 0
        readable, _, _ = select.select(readers, writers, [], 0 if has_more else None)
        if self._outer in readers and (has_more or self._outer in readable):
            self._read_outer()
        if self._inner in readable:
            self._read_inner()
        for side, data in waiting:
            self._flush(side, data)

    def _read_outer(self) -> None:
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            chunk = self._outer.recv(_CHUNK)
            self._websocket.receive_data(chunk or None)
            self._is_over = self._is_over or not chunk
            self._take_events()

    def _take_events(self) -> None:
        for event in self._websocket.events():
            match event:
                case BytesMessage():
                    self._message += event.data
                    if event.message_finished:
                        self._outward_in(bytes(self._message))
                        self._message.clear()
                case Ping():
                    self._to_outer += self._websocket.send(event.response())
                case CloseConnection():
                    with contextlib.suppress(LocalProtocolError):
                        self._to_outer += self._websocket.send(event.response())
                    self._is_over = True
                case Message():  # text has no place in ZWS
                    self._end(1003)

    def _outward_in(self, message: bytes) -> None:
        if not message:
            self._end(1002)
        elif self._is_bare and not self._has_shaken_hands:
            self._send_in(_ZMTP_COMMAND, ready(_FITS[self._kind], message[1:]))
        else:
            flags = _ZMTP_MORE if message[0] & _ZWS_MORE else 0
            flags |= _ZMTP_COMMAND if message[0] & _ZWS_COMMAND else 0
            self._send_in(flags, message[1:])

    def _send_in(self, flags: int, body: bytes) -> None:
        # libzmq gives up on a peer that sends more than its READY before libzmq has sent its own;
        # one that speaks bare ZWS does so.
        hold = self._has_shaken_hands and not self._inner_is_ready and not self._takes_turns
        target = self._held if hold else self._to_inner
        target += zmtp_frame(flags, body)
        self._has_shaken_hands = True

    def _read_inner(self) -> None:
        chunk = self._inner.recv(_CHUNK)
        if not chunk:
            self._end(1000)
            return
        for flags, body in self._frames.take(chunk):
            message = bytes([flags & _ZMTP_MORE]) + body
            if flags & _ZMTP_COMMAND:
                is_ready = body.startswith(b"\x05READY")
                message = bytes([_ZWS_COMMAND]) + body
                if is_ready and self._is_bare:
                    message = b"\0" + identity(body)
                if is_ready:
                    self._inner_is_ready = True
                    self._to_inner += self._held
                    self._held.clear()
            self._to_outer += self._websocket.send(BytesMessage(data=message))

    def _end(self, code: int) -> None:
        self._to_outer += self._websocket.send(CloseConnection(code=code))
        self._is_over = True

    def _flush(self, side: socket.socket, data: bytearray) -> None:
        if data:
            with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                del data[: side.send(data)]
