"""What tests of the ZMTP codec need: bytes of whole connections, and a tap between real peers."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from types import TracebackType

from zmqscope.core.zmtp.commands import encode_command, encode_ready
from zmqscope.core.zmtp.conversation import Conversation, Said, Side
from zmqscope.core.zmtp.decoder import DEFAULT_MAX_BODY, ZmtpDecoder
from zmqscope.core.zmtp.events import Event
from zmqscope.core.zmtp.frames import COMMAND, encode_frame
from zmqscope.core.zmtp.greeting import Greeting, encode_greeting

TIMEOUT_S = 60


def greeting(mechanism: bytes = b"NULL", minor: int = 1, *, as_server: bool = False) -> bytes:
    """A greeting of ZMTP 3."""
    return encode_greeting(Greeting(3, minor, mechanism, as_server))


def command(name: bytes, data: bytes = b"") -> bytes:
    """A whole command frame."""
    return encode_frame(COMMAND, encode_command(name, data))


def ready(socket_type: bytes, identity: bytes | None = None) -> bytes:
    """A whole READY in clear."""
    pairs = [("Socket-Type", socket_type)]
    if identity is not None:
        pairs.append(("Identity", identity))
    return encode_frame(COMMAND, encode_ready(pairs))


def box(payload_bytes: int, nonce: int = 3) -> bytes:
    """A frame as CURVE sends it, with nothing inside."""
    body = b"\x07MESSAGE" + nonce.to_bytes(8, "big") + bytes(payload_bytes + 17)
    return encode_frame(0, body)


def pieces(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """The same bytes cut at these places."""
    places = [0, *sorted(cut for cut in cuts if 0 <= cut <= len(data)), len(data)]
    for start, stop in pairwise(places):
        yield data[start:stop]


def decode(
    data: bytes,
    cuts: Iterable[int] = (),
    max_body: int = DEFAULT_MAX_BODY,
    peer_major: int | None = None,
) -> list[Event]:
    """All events of one direction."""
    decoder = ZmtpDecoder(max_body)
    if peer_major is not None:
        decoder.set_peer_major(peer_major)
    found: list[Event] = []
    for piece in pieces(data, cuts):
        decoder.receive_data(piece)
        found += decoder.events()
    return found


def converse(turns: Sequence[tuple[Side, bytes]]) -> tuple[Conversation, list[Said]]:
    """A conversation in which these bytes were sent in turn, and its events."""
    conversation = Conversation()
    said: list[Said] = []
    for side, data in turns:
        conversation.receive_data(side, data)
        said += conversation.events()
    return conversation, said


class Tap:
    """Stands between two real peers and hears what they say. Everything on the test's thread.

    Args:
        target: Port on which one of them listens; the other one connects to ``port``.
    """

    def __init__(self, target: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._target = target
        self._legs: dict[socket.socket, tuple[Side, socket.socket]] = {}
        self.heard: list[tuple[Side, bytes]] = []
        self.conversation = Conversation()
        self.said: list[Said] = []

    def __enter__(self) -> Tap:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for leg in [self._listener, *self._legs]:
            leg.close()

    def events(self, side: Side) -> list[Event]:
        """What one of them said."""
        return [said.event for said in self.said if said.side is side]

    def run_until(self, condition: Callable[[], bool]) -> None:
        """Pass bytes on until the condition holds.

        Raises:
            AssertionError: It never did.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while not condition():
            assert time.monotonic() < deadline, self.said
            for leg in select.select([self._listener, *self._legs], [], [], 0.01)[0]:
                if leg is self._listener:
                    self._accept()
                else:
                    self._pass_on(leg)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(("127.0.0.1", self._target))
        self._legs[client] = (Side.CONNECTING, server)
        self._legs[server] = (Side.BINDING, client)

    def _pass_on(self, leg: socket.socket) -> None:
        side, other = self._legs[leg]
        data = leg.recv(65_536)
        if not data:
            del self._legs[leg]
            leg.close()
            return
        self.heard.append((side, data))
        self.conversation.receive_data(side, data)
        self.said += self.conversation.events()
        other.sendall(data)
