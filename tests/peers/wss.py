"""A peer over wss and ws that shares no code with the app: wsproto, the ssl module, libzmq.

See ``session.py`` for what it can be told. The socket is an ordinary one of libzmq; each WebSocket
connection is tunnelled to a ZMTP connection of it (``zws_tunnel.py``). To bind wss it needs
``--certificate`` and ``--key``, to connect ``--ca``; ``--ca`` when binding demands a certificate of
whoever connects. ``--subprotocol`` says what to offer or accept instead of both forms.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, RejectConnection, Request
from wsproto.utilities import ProtocolError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.libzmq_draft import DraftSocket
from tests.peers.session import ALL_TYPES, TYPES, Outcome, PeerSocket, arguments, serve
from tests.peers.twelve import PyzmqSocket
from tests.peers.zws_tunnel import BARE, CURVE, NULL, PLAIN, Tunnel

_HANDSHAKE_S = 5.0
_BUFFER = 65_536


class HandshakeError(Exception):
    """The other side's handshake is not what it has to be."""


class Wanted:
    """What the command line asks of every connection.

    Args:
        options: The command line.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.subprotocols: list[str] = options.subprotocol or [NULL, BARE]
        self._certificate = options.certificate, options.key
        self._ca = options.ca

    def server_tls(self) -> ssl.SSLContext:
        """To bind wss."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._certificate)
        if self._ca:
            context.load_verify_locations(self._ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def client_tls(self) -> ssl.SSLContext:
        """To connect to wss."""
        context = ssl.create_default_context(cafile=self._ca)
        if self._certificate[0]:
            context.load_cert_chain(*self._certificate)
        return context


def answer(connection: socket.socket, path: str, accepted: list[str]) -> tuple[WSConnection, str]:
    """The server's side of the WebSocket handshake.

    Args:
        connection: Just accepted.
        path: The one that is served.
        accepted: Subprotocols.

    Returns:
        The protocol and the subprotocol that was chosen: the first one offered that is accepted.

    Raises:
        HandshakeError: The other side wants something else.
        OSError: The connection ended.
        ProtocolError: What came is no handshake.
    """
    websocket = WSConnection(ConnectionType.SERVER)
    while True:
        websocket.receive_data(connection.recv(_BUFFER) or None)
        for event in websocket.events():
            if not isinstance(event, Request):
                raise HandshakeError(f"{event} before a request")
            chosen = [name for name in event.subprotocols if name in accepted]
            if event.target != path or not chosen:
                status = 404 if event.target != path else 400
                connection.sendall(websocket.send(RejectConnection(status_code=status)))
                raise HandshakeError(f"{event.target} with {event.subprotocols}")
            connection.sendall(websocket.send(AcceptConnection(subprotocol=chosen[0])))
            return websocket, chosen[0]


def ask(
    connection: socket.socket, url: SplitResult, offered: list[str]
) -> tuple[WSConnection, str]:
    """The client's side of the WebSocket handshake.

    Args:
        connection: Just made.
        url: Where to.
        offered: Subprotocols.

    Returns:
        The protocol and the subprotocol that the server chose.

    Raises:
        HandshakeError: The server refused, or chose what was not offered.
        OSError: The connection ended.
        ProtocolError: What came is no handshake.
    """
    websocket = WSConnection(ConnectionType.CLIENT)
    request = Request(host=url.netloc, target=url.path or "/", subprotocols=offered)
    connection.sendall(websocket.send(request))
    while True:
        websocket.receive_data(connection.recv(_BUFFER) or None)
        for event in websocket.events():
            if isinstance(event, AcceptConnection) and event.subprotocol in offered:
                return websocket, event.subprotocol
            raise HandshakeError(f"the server said {event}")


class WssSocket:
    """A libzmq socket whose peers are on the other side of WebSockets.

    Args:
        inner: The socket.
        kind: Its type.
        wanted: What each connection has to be like.
    """

    def __init__(self, inner: PeerSocket, kind: str, wanted: Wanted) -> None:
        self._inner = inner
        self._kind = kind
        self._wanted = wanted

    def bind(self, address: str) -> str:
        """Listen; the real address."""
        url = urlsplit(address.replace(":*", ":0", 1))
        tls = self._wanted.server_tls() if url.scheme == "wss" else None
        host = url.hostname or ""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, url.port or 0), family=family, backlog=100)
        inner_at = _place(self._inner.bind("tcp://127.0.0.1:*"))
        path = url.path or "/"
        self._accept_all(listener, lambda outer: self._serve(outer, inner_at, path, tls))
        place = f"[{host}]" if family == socket.AF_INET6 else host
        return f"{url.scheme}://{place}:{listener.getsockname()[1]}{path}"

    def connect(self, address: str) -> bytes:
        """Connect: for each connection of the libzmq socket one to the outside."""
        url = urlsplit(address)
        tls = self._wanted.client_tls() if url.scheme == "wss" else None
        listener = socket.create_server(("127.0.0.1", 0))
        self._accept_all(listener, lambda inner: self._dial(inner, url, tls))
        return self._inner.connect(f"tcp://127.0.0.1:{listener.getsockname()[1]}")

    def join(self, group: bytes) -> None:
        """Join a group."""
        self._inner.join(group)

    def let_in(self, users: dict[str, str], keys: frozenset[str]) -> None:
        """See ``PeerSocket``."""
        self._inner.let_in(users, keys)

    def set_option(self, number: int, value: int | bytes) -> None:
        """Set a libzmq option."""
        self._inner.set_option(number, value)

    def send(self, frames: list[bytes]) -> Outcome:
        """Send a message if it can go now."""
        return self._inner.send(frames)

    def receive(self) -> list[bytes] | None:
        """A message if there is one."""
        return self._inner.receive()

    def close(self) -> None:
        """Close; the connections end with the process."""
        self._inner.close()

    def _accept_all(self, listener: socket.socket, handle: Callable[[socket.socket], None]) -> None:
        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()

    def _serve(
        self,
        outer: socket.socket,
        inner_at: tuple[str, int],
        path: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        with outer, _telling_failures():
            outer.settimeout(_HANDSHAKE_S)
            if tls is not None:
                outer = tls.wrap_socket(outer, server_side=True)
            websocket, subprotocol = answer(outer, path, self._wanted.subprotocols)
            inner = socket.create_connection(inner_at, _HANDSHAKE_S)
            Tunnel(outer, websocket, subprotocol, inner, self._kind).run()

    def _dial(self, inner: socket.socket, url: SplitResult, tls: ssl.SSLContext | None) -> None:
        place = url.hostname or "", url.port or (443 if url.scheme == "wss" else 80)
        # When this comes to nothing, the inner connection ends, and libzmq tries again.
        with inner, _telling_failures(), socket.create_connection(place, _HANDSHAKE_S) as tcp:
            outer = tcp if tls is None else tls.wrap_socket(tcp, server_hostname=url.hostname)
            websocket, subprotocol = ask(outer, url, self._wanted.subprotocols)
            Tunnel(outer, websocket, subprotocol, inner, self._kind).run()


def _place(endpoint: str) -> tuple[str, int]:
    host, _, port = endpoint.removeprefix("tcp://").rpartition(":")
    return host, int(port)


@contextlib.contextmanager
def _telling_failures() -> Iterator[None]:
    """Say on standard error why a connection came to nothing; that nobody is there is no news."""
    try:
        yield
    except ConnectionError:
        pass
    except (OSError, ProtocolError, HandshakeError) as error:
        print(f"wss.py: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


def main() -> None:
    """Parse the command line, open the socket, serve."""
    kinds = tuple(kind for kind in ALL_TYPES if kind not in ("STREAM", "DGRAM"))
    parser = arguments(kinds)
    parser.add_argument("--certificate", metavar="PEM", help="our own chain, the leaf first")
    parser.add_argument("--key", metavar="PEM", help="the leaf's private key")
    parser.add_argument("--ca", metavar="PEM", help="whom to trust")
    parser.add_argument("--subprotocol", action="append", choices=(NULL, BARE, PLAIN, CURVE))
    options = parser.parse_args()
    kind: str = options.type
    inner = PyzmqSocket(kind) if kind in TYPES else DraftSocket(kind)
    serve(WssSocket(inner, kind, Wanted(options)), options)


if __name__ == "__main__":
    main()
