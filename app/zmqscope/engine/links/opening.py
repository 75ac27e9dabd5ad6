"""How a connection becomes an open link, step by step. The links' thread.

Each function is a generator: it yields what it waits for (a wire and its readiness, or seconds) and
returns what it was asked for. Sources: RFC 37 (greeting), RFC 45 (upgrade), RFC 6455.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Generator

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.wording import quoted
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.greeting import (
    GREETING_BYTES,
    SIGNATURE_BYTES,
    Greeting,
    encode_greeting,
    is_signature,
    parse_greeting,
)
from zmqscope.engine.context import MORE_ROOM, descriptor_reserve, spare_descriptors
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.listening import SocketAddress, scoped
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.upgrade import Answering, Asking, Upgraded
from zmqscope.engine.links.wire import WRITE, PlainWire, TlsWire, Wire

Awaited = tuple[Wire, int] | float
"""A wire and what it has to be ready for, or a pause in seconds."""

_PLATFORM: str = sys.platform
_RETRY_S = 0.005
# Connections that libzmq has not accepted yet, and needs a descriptor for.
_NOT_TAKEN_YET = 16
# A head is read in pieces if it is longer: thousands may stay at this point for a while.
_READ_BYTES = 4 * 1024
_CURVE_MINOR = 1
_BOTH_NEW = "Both sides have to be sockets of ZeroMQ 4 or later."
_WS_OR_WSS = "Check the address, and whether it is one of ws:// or of wss://."
_DRAFT_MINOR = 1


class UnreachableError(OSError):
    """Nobody could be connected to."""


def dial(plan: GatePlan, attempts: list[socket.socket]) -> Generator[Awaited, None, socket.socket]:
    """Connect to the first address that answers.

    Args:
        plan: With the addresses.
        attempts: Sockets that did not connect go here, to be closed once nobody watches them.

    Raises:
        OSError: None does; the reason of the last one.
    """
    failed: OSError = UnreachableError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    for address in plan.addresses:
        if plan.source is not None and (":" in plan.source[0]) != (":" in address):
            continue  # from an IPv4 address nobody is reached by IPv6, nor the other way round
        family, target = _socket_address(plan, address)
        outer = socket.socket(family, socket.SOCK_STREAM)
        attempts.append(outer)
        outer.setblocking(False)
        if plan.source is not None:
            _bind(outer, plan.source)
        number = outer.connect_ex(target)
        if number == errno.EINPROGRESS:
            yield _Dialled(outer), WRITE
            number = outer.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not number and _is_itself(outer):
            number = errno.ECONNREFUSED
        if not number:
            attempts.remove(outer)
            return outer
        failed = UnreachableError(number, os.strerror(number))
    raise failed


def _is_itself(outer: socket.socket) -> bool:
    """Whether TCP has connected a socket to itself.

    It does where nobody listens, if the system happens to choose the very port that is dialled
    (RFC 9293, simultaneous open); and then nobody else could listen there.
    """
    return outer.family != socket.AF_UNIX and outer.getsockname() == outer.getpeername()


def _bind(outer: socket.socket, source: tuple[str, int]) -> None:
    """Choose the local side.

    Raises:
        OSError: It cannot be had.
    """
    outer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    outer.bind(scoped(*source))


def _socket_address(plan: GatePlan, address: str) -> tuple[int, str | SocketAddress]:
    if plan.port == 0:
        return socket.AF_UNIX, address
    port = plan.port if plan.proxy is None else int(plan.proxy.target.port)
    return (socket.AF_INET6 if ":" in address else socket.AF_INET), scoped(address, port)


class _Dialled(PlainWire):
    """A socket whose connect is under way: only waited for."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection


def dial_inner(path: str) -> Generator[Awaited, None, Wire]:
    """Connect to our own socket.

    Raises:
        OSError: It cannot be reached.
        LinkFailedError: There is no room: libzmq needs a descriptor for it too.
    """
    spare = spare_descriptors()
    if spare is not None and spare < descriptor_reserve() + _NOT_TAKEN_YET:
        raise LinkFailedError("was turned away: only a few file descriptors are left", MORE_ROOM)
    inner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    inner.setblocking(False)
    if _PLATFORM == "linux":
        # A name that the system chooses (man 7 unix, Autobind), by which the engine knows whose
        # connection it is that libzmq tells of.
        inner.bind("")
    try:
        # EAGAIN: as many wait already as its backlog allows (man 2 connect).
        while (number := inner.connect_ex(path)) == errno.EAGAIN:
            yield _RETRY_S
        if number:
            raise OSError(number, os.strerror(number))
    except (OSError, GeneratorExit):
        inner.close()
        raise
    return PlainWire(inner)


def shake_hands(wire: TlsWire) -> Generator[Awaited, None, None]:
    """TLS."""
    while needs := wire.shake_hands():
        yield wire, needs


def upgrade(wire: Wire, side: Asking | Answering) -> Generator[Awaited, None, Upgraded]:
    """HTTP, until both sides speak WebSocket.

    Raises:
        LinkFailedError: They will not.
    """
    room = bytearray(_READ_BYTES)
    try:
        while True:
            yield from send_all(wire, side.answer)
            count = wire.receive_into(memoryview(room))
            if count is None:
                yield wire, wire.receive_needs
                continue
            if count == 0:
                raise ConnectionResetError
            upgraded = side.take(bytes(room[:count]))
            if upgraded is not None:
                yield from send_all(wire, side.answer)
                return upgraded
    except ConnectionError:
        text = "closed the connection during the WebSocket handshake"
        raise LinkFailedError(text, _WS_OR_WSS, Rule.CLOSES_AT_ONCE) from None
    except LinkFailedError:
        # A refusal in HTTP's own words, if there is still somebody who reads them.
        with contextlib.suppress(OSError):
            yield from send_all(wire, side.answer)
        raise


def send_all(wire: Wire, data: bytearray) -> Generator[Awaited, None, None]:
    """Send bytes, and empty what held them."""
    while data:
        with memoryview(data) as view:
            taken = wire.send(view)
        if taken:
            del data[:taken]
        else:
            yield wire, wire.send_needs


def greet_inner(wire: Wire, mechanism: bytes) -> Generator[Awaited, None, Greeting]:
    """Exchange greetings with our own socket, as a peer of ZMTP 3.0.

    So subscriptions stay messages, as they are over WebSocket; under CURVE nobody can tell.
    """
    minor = _CURVE_MINOR if mechanism == b"CURVE" else 0
    return (yield from _greet(wire, Greeting(3, minor, mechanism)))


def greet_outer(wire: Wire, mechanism: bytes) -> Generator[Awaited, None, Greeting]:
    """Exchange greetings with a peer.

    Raises:
        LinkFailedError: It speaks something else, or another mechanism.
    """
    greeting = yield from _greet(wire, Greeting(3, _DRAFT_MINOR, mechanism))
    if greeting.mechanism != mechanism:
        theirs = greeting.mechanism.decode("ascii", "backslashreplace")
        shown = theirs if theirs.isalnum() else quoted(theirs)
        ours = mechanism.decode("ascii")
        raise LinkFailedError(
            f"uses the security mechanism {shown}, and {ours} is set here",
            "Set the same one on both sides.",
            Rule.MECHANISMS_DIFFER,
        )
    return greeting


def _greet(wire: Wire, ours: Greeting) -> Generator[Awaited, None, Greeting]:
    try:
        came = yield from _exchange_greetings(wire, ours)
        return parse_greeting(came)
    except ConnectionError:
        text = "closed the connection before its ZMTP greeting was complete"
        raise LinkFailedError(text, _BOTH_NEW, Rule.CLOSES_AT_ONCE) from None
    except ZmtpError as error:
        raise LinkFailedError(f"broke ZMTP: {error}") from None


def _exchange_greetings(wire: Wire, ours: Greeting) -> Generator[Awaited, None, bytes]:
    yield from send_all(wire, bytearray(encode_greeting(ours)))
    came = bytearray(GREETING_BYTES)
    size = 0
    while size < GREETING_BYTES:
        count = wire.receive_into(memoryview(came)[size:])
        if count is None:
            yield wire, wire.receive_needs
            continue
        if count == 0:
            raise ConnectionResetError
        size += count
        _check_signature(bytes(came[:size]))
    return bytes(came)


def _check_signature(head: bytes) -> None:
    """Do not wait for the rest of what is no greeting."""
    if head[0] != 0xFF or (len(head) >= SIGNATURE_BYTES and not is_signature(head)):
        raise LinkFailedError("does not speak ZMTP 3", _BOTH_NEW, Rule.NOT_ZMTP)
    if len(head) > SIGNATURE_BYTES and head[SIGNATURE_BYTES] < 3:
        text = "speaks a ZMTP older than 3, which knows no draft sockets"
        raise LinkFailedError(text, _BOTH_NEW, Rule.OLD_ZMTP)


def bridge_side(plan: GatePlan, outer: socket.socket, is_client: bool) -> Wire:
    """The wire of a connected peer."""
    if plan.tls is None:
        return PlainWire(outer)
    return TlsWire(outer, plan.tls, plan.server_name if is_client else None)
