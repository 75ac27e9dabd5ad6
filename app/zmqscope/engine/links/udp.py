"""RADIO, DISH and DGRAM over udp: datagrams outside, ZMTP to our own socket. The links' thread.

A datagram of RADIO is one byte with the length of the group, the group, and the body; one of DGRAM
is the body alone (zmq_udp(7), RFC 48).
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Generator

from zmqscope.core.groups import group_problem
from zmqscope.core.link_address import datagram_address
from zmqscope.core.transcode.groups import GroupTable
from zmqscope.core.types import Problem, Role, SocketType
from zmqscope.core.wording import quoted
from zmqscope.core.zmtp import commands as zmtp
from zmqscope.core.zmtp.frames import COMMAND, MORE, encode_frame, read_header
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.link import Progress
from zmqscope.engine.links.listening import SocketAddress, scoped
from zmqscope.engine.links.opening import Awaited, greet_inner
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.wire import READ, WRITE, PlainWire, Wire

_PEERS = {SocketType.RADIO: b"SUB", SocketType.DISH: b"PUB", SocketType.DGRAM: b"PAIR"}
_MOST_BYTES = 65_535
_READ_BYTES = 256 * 1024
_A_TURN = 256
_MOST_WAITING = 1 << 20
_SUBSCRIBE_ALL = b"\x01"


class UdpLink:
    """Between a datagram socket and one of our own.

    Args:
        plan: Of the endpoint.
        outer: The datagram socket, bound, or connected by a RADIO; it stays its owner's.
        connection: Our socket's connection to the link.

    Attributes:
        failure: Why it ended, if it did not just end.
        deadline_s: When it has to be past its handshake; monotonic.
        was_reached: Always: nobody answers over udp.
        problem: What was wrong with the last message that could not be sent; who tells it takes it.
    """

    was_reached = True
    is_leaving = False

    def __init__(self, plan: GatePlan, outer: socket.socket, connection: socket.socket) -> None:
        self._plan = plan
        self._outer = outer
        self._waits_for_outer = _Datagrams(outer)
        self._inner = PlainWire(connection)
        self._steps = self._open()
        self._awaited: Awaited = 0.0
        self._is_open = False
        self._came = bytearray()
        self._unsent = bytearray()
        self._parts: list[bytes] = []
        self._groups = GroupTable()
        self._room = bytearray(_READ_BYTES)
        self.dropped = 0
        self.problem: Problem | None = None
        self.failure: Exception | None = None
        self.deadline_s = time.monotonic() + plan.handshake_s

    @property
    def is_open(self) -> bool:
        """Whether our socket has shaken hands."""
        return self._is_open

    @property
    def pause_s(self) -> float | None:
        """See ``Link.pause_s``."""
        return None

    def _open(self) -> Generator[Awaited, None, None]:
        yield from greet_inner(self._inner, b"NULL")
        ready = zmtp.encode_ready((("Socket-Type", _PEERS[self._plan.kind]),))
        self._give(COMMAND, ready)
        if self._plan.kind is SocketType.RADIO:
            self._give(0, _SUBSCRIBE_ALL)

    # ---- going on ---------------------------------------------------------------------------

    def advance(self) -> Progress:
        """See ``Link.advance``."""
        try:
            return self._advance()
        except (OSError, LinkFailedError) as error:
            self.failure = error
            return Progress.HAS_ENDED

    def _advance(self) -> Progress:
        if not self._is_open:
            try:
                self._awaited = next(self._steps)
            except StopIteration:
                self._is_open = True
                return Progress.HAS_MORE
            return Progress.WAITS
        self._flush()
        if self._take_from_inner():
            return Progress.HAS_ENDED
        has_more = self._plan.endpoint.role is Role.BIND and self._take_datagrams()
        self._flush()
        return Progress.HAS_MORE if has_more else Progress.WAITS

    def waits_for(self) -> list[tuple[Wire, int]]:
        """See ``Link.waits_for``."""
        if not self._is_open:
            return [self._awaited] if isinstance(self._awaited, tuple) else []
        waits: list[tuple[Wire, int]] = [(self._inner, READ | (WRITE if self._unsent else 0))]
        if self._plan.endpoint.role is Role.BIND and len(self._unsent) <= _MOST_WAITING:
            waits.append((self._waits_for_outer, READ))
        return waits

    # ---- out --------------------------------------------------------------------------------

    def _take_from_inner(self) -> bool:
        """Take frames of our socket; whether it has left."""
        count = self._inner.receive_into(memoryview(self._room))
        if count == 0:
            return True
        self._came += self._room[: count or 0]
        start = 0
        while (header := read_header(self._came, start)) is not None:
            end = start + header.size + header.length
            if end > len(self._came):
                break
            body = bytes(self._came[start + header.size : end])
            start = end
            if not header.flags & COMMAND:
                self._parts.append(body)
                if not header.flags & MORE:
                    parts, self._parts = self._parts, []
                    self._on_message(parts)
            elif body.startswith(b"\x04PING"):
                self._give(COMMAND, zmtp.encode_pong(body[7 : 7 + zmtp.MAX_CONTEXT_BYTES]))
        del self._came[:start]
        return False

    def _on_message(self, parts: list[bytes]) -> None:
        kind = self._plan.kind
        if kind is SocketType.DISH:
            self._on_subscription(parts[0])
        elif len(parts) != 2:
            self.problem = Problem("A message that is not two frames was not sent over udp.")
        elif kind is SocketType.RADIO:
            self._send_to_group(*parts)
        else:
            self._send_to(*parts)

    def _send_to_group(self, group: bytes, body: bytes) -> None:
        problem = group_problem(group)
        if problem is not None:
            self.problem = problem
            return
        self._send(bytes((len(group),)) + group + body, None)

    def _on_subscription(self, message: bytes) -> None:
        if message[:1] == b"\x01":
            self._groups.join(message[1:])
        else:
            self._groups.leave(message[1:])

    def _send_to(self, address: bytes, body: bytes) -> None:
        target = datagram_address(address)
        if target is None:
            shown = quoted(address.decode("ascii", "backslashreplace"))
            self.problem = Problem(
                f"{shown} is no address to send a datagram to.",
                "The first frame has to be like 127.0.0.1:5556.",
            )
            return
        if (":" in target[0]) is not (self._outer.family == socket.AF_INET6):
            theirs, ours = ("IPv6", "IPv4") if ":" in target[0] else ("IPv4", "IPv6")
            self.problem = Problem(
                f"{quoted(address.decode())} is an {theirs} address, which nobody reaches from "
                f"{self._plan.where}.",
                f"That is bound for {ours}: bind another socket for {theirs}.",
            )
            return
        self._send(body, target)

    def _send(self, datagram: bytes, target: tuple[str, int] | None) -> None:
        try:
            try:
                self._send_once(datagram, target)
            except ConnectionRefusedError:
                # That an earlier datagram found nobody, which over udp is no failure; but this one
                # did not go (udp(7)).
                self._send_once(datagram, target)
        except BlockingIOError:
            self.dropped += 1
            self.problem = Problem("The system’s buffer was full: a datagram was dropped.")
        except ConnectionRefusedError:
            return
        except OSError as error:
            where = self._plan.where
            if error.errno == errno.EMSGSIZE:
                self.problem = Problem(
                    f"A message of {len(datagram)} bytes does not fit a datagram.",
                    "Send at most 65,000 bytes over udp, or use tcp.",
                )
            else:
                reason = (error.strerror or str(error)).lower()
                self.problem = Problem(f"A datagram could not be sent from {where}: {reason}.")

    def _send_once(self, datagram: bytes, target: tuple[str, int] | None) -> None:
        if target is None:
            self._outer.send(datagram)
        else:
            self._outer.sendto(datagram, scoped(*target))

    # ---- in ---------------------------------------------------------------------------------

    def _take_datagrams(self) -> bool:
        """Take what has come, up to a bound; whether there may be more."""
        for _ in range(_A_TURN):
            if len(self._unsent) > _MOST_WAITING:
                return False
            try:
                datagram, sender = self._outer.recvfrom(_MOST_BYTES)
            except (BlockingIOError, ConnectionRefusedError):
                return False
            self._on_datagram(datagram, sender)
        return True

    def _on_datagram(self, datagram: bytes, sender: SocketAddress) -> None:
        if self._plan.kind is SocketType.DGRAM:
            self._give(MORE, _shown(sender).encode())
            self._give(0, datagram)
            return
        size = datagram[0] if datagram else 0
        group = datagram[1 : 1 + size]
        if len(datagram) > size and group in self._groups:
            self._give(MORE, group)
            self._give(0, datagram[1 + size :])

    def _give(self, flags: int, body: bytes) -> None:
        self._unsent += encode_frame(flags, body)

    def _flush(self) -> None:
        while self._unsent:
            with memoryview(self._unsent) as data:
                taken = self._inner.send(data)
            if not taken:
                return
            del self._unsent[:taken]

    # ---- the end ----------------------------------------------------------------------------

    def explain(self) -> tuple[str, str] | None:
        """See ``Link.explain``."""
        return None if self.failure is None else (f"failed: {self.failure}.", "")

    def close(self) -> None:
        """Close our socket's connection."""
        self._steps.close()
        self._inner.close()


def _shown(sender: SocketAddress) -> str:
    """Where a datagram came from, as it can be sent there."""
    host, port = sender[:2]
    if len(sender) == 2:
        return f"{host}:{port}"
    # A link-local address means something only together with an interface.
    zone = f"%{socket.if_indextoname(sender[3])}" if sender[3] else ""
    return f"[{host}{zone}]:{port}"


class _Datagrams(PlainWire):
    """The datagram socket, only waited for."""

    def __init__(self, outer: socket.socket) -> None:
        self._socket = outer
