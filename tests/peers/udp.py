"""A peer of RADIO, DISH and DGRAM over udp without any libzmq: plain datagrams.

See ``session.py`` for what it can be told. A RADIO's datagram is the length of the group in one
byte, the group, the body; a DGRAM's is the body alone (RFC 48 leaves udp open; this is what libzmq
4.3 sends). As there, a RADIO connects, a DISH and a DGRAM bind; of a DGRAM the first frame is the
other's address, ``IP:PORT``. Addresses: ``udp://HOST:PORT``, ``udp://INTERFACE;GROUP:PORT``; an
interface is an IPv4 address, the port of a bind may be ``*``.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.session import Outcome, run

TYPES = ("RADIO", "DISH", "DGRAM")
_MOST_BYTES = 65_535
_RECEIVE_BUFFER_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Address:
    """Where datagrams go or come from.

    Attributes:
        interface: The IPv4 address of an interface; empty for any.
        host: An IPv4 address, possibly of a multicast group.
        port: 0 for a free one.
    """

    interface: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Take an endpoint apart."""
        place, _, port = text.removeprefix("udp://").rpartition(":")
        interface, _, host = place.rpartition(";")
        host = "0.0.0.0" if host == "*" else host
        return cls(interface, host, 0 if port == "*" else int(port))

    @property
    def is_multicast(self) -> bool:
        """Whether the host is a group (224.0.0.0/4)."""
        return 224 <= int(self.host.partition(".")[0]) <= 239

    def __str__(self) -> str:
        return f"udp://{self.interface}{';' if self.interface else ''}{self.host}:{self.port}"


class UdpSocket:
    """A datagram socket that keeps a type's rules.

    Args:
        kind: RADIO, DISH or DGRAM.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        self._target: tuple[str, int] | None = None
        self._groups: set[bytes] = set()

    def bind(self, address: str) -> str:
        """Bind; the real address."""
        if self._kind == "RADIO":
            raise SystemExit("Over udp a RADIO only connects.")
        wanted = Address.parse(address)
        if wanted.is_multicast:
            # Several on one machine may listen to a group.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((wanted.host, wanted.port))
        if wanted.is_multicast:
            self._choose_interface(wanted.interface)
            membership = socket.inet_aton(wanted.host) + _interface(wanted.interface)
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        port = self._socket.getsockname()[1]
        return str(Address(wanted.interface, wanted.host, port))

    def connect(self, address: str) -> bytes:
        """Take the place where a RADIO's messages go."""
        if self._kind != "RADIO":
            raise SystemExit(f"Over udp a {self._kind} only binds.")
        wanted = Address.parse(address)
        if wanted.is_multicast:
            self._choose_interface(wanted.interface)
        self._target = (wanted.host, wanted.port)
        return b""

    def join(self, group: bytes) -> None:
        """Let a group's messages through."""
        self._groups.add(group)

    def let_in(self, users: dict[str, str], keys: frozenset[str]) -> None:
        """Datagrams have no handshake.

        Raises:
            SystemExit: Always.
        """
        raise SystemExit("Datagrams come from anybody.")

    def set_option(self, number: int, value: int | bytes) -> None:
        """There are none.

        Raises:
            SystemExit: Always.
        """
        raise SystemExit(f"option {number} means nothing over udp")

    def send(self, frames: list[bytes]) -> Outcome:
        """Send a message if it can go now."""
        if len(frames) != 2 or self._kind == "DISH":
            return Outcome.REFUSED
        first, body = frames
        try:
            if self._kind == "DGRAM":
                host, _, port = first.rstrip(b"\0").decode().rpartition(":")
                self._socket.sendto(body, (host, int(port)))
            elif self._target is not None:
                self._socket.sendto(bytes([len(first)]) + first + body, self._target)
        except BlockingIOError:
            return Outcome.LATER
        except (OSError, ValueError):
            return Outcome.REFUSED
        return Outcome.SENT

    def receive(self) -> list[bytes] | None:
        """A message if there is one; what is in no group that was joined is passed over."""
        while self._kind != "RADIO":
            try:
                datagram, (host, port) = self._socket.recvfrom(_MOST_BYTES)
            except BlockingIOError:
                return None
            if self._kind == "DGRAM":
                return [f"{host}:{port}".encode(), datagram]
            group, body = datagram[1 : 1 + datagram[0]], datagram[1 + datagram[0] :]
            if group in self._groups:
                return [group, body]
        return None

    def close(self) -> None:
        """Close."""
        self._socket.close()

    def _choose_interface(self, interface: str) -> None:
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, _interface(interface))
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)


def _interface(address: str) -> bytes:
    return socket.inet_aton(address if address not in ("", "*") else "0.0.0.0")


if __name__ == "__main__":
    run(UdpSocket, TYPES)
