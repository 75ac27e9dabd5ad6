"""What is attacked, and what was done to it: connections to one endpoint of 127.0.0.1."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.peers import conversations as say

_PATIENCE_S = 2.0
_RESET = struct.pack("ii", 1, 0)


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
