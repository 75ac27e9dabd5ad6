"""Whatever is not a good ZeroMQ peer: servers and clients that speak something else, or nothing.

``broken.py WHAT [ENDPOINT]``, where WHAT is one of the functions below: those with ``@server`` bind
to a free port of 127.0.0.1, or to the one that ENDPOINT names; those with ``@client`` connect to
ENDPOINT. Prints ``{"ready": true, "endpoints": [...]}`` and goes on until its input ends.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers import conversations as say
from tests.peers.session import tell

Conversation = Callable[[socket.socket], None]
SERVERS: dict[str, Conversation] = {}
CLIENTS: dict[str, Conversation] = {}
_SOON_S = 5.0


def server(conversation: Conversation) -> Conversation:
    """What it says to whoever connects."""
    SERVERS[conversation.__name__.replace("_", "-")] = conversation
    return conversation


def client(conversation: Conversation) -> Conversation:
    """What it says once it is connected."""
    CLIENTS[conversation.__name__.replace("_", "-")] = conversation
    return conversation


# ---- servers --------------------------------------------------------------------------------


@server
def silent(connection: socket.socket) -> None:
    """Takes everything and says nothing."""
    while connection.recv(4_096):
        pass


@server
def closing(connection: socket.socket) -> None:
    """Closes at once."""


@server
def http_patient(connection: socket.socket) -> None:
    """Waits for the end of a request, as most HTTP servers do."""
    came = b""
    while b"\r\n\r\n" not in came and (chunk := connection.recv(4_096)):
        came += chunk
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


@server
def http_strict(connection: socket.socket) -> None:
    """Answers 400 to what is no request, and closes."""
    connection.recv(4_096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4_096):
        pass


@server
def ssh(connection: socket.socket) -> None:
    """Says who it is, and waits."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    while connection.recv(4_096):
        pass


@server
def garbage_server(connection: socket.socket) -> None:
    """Greets as ZeroMQ does, then sends a command that is none."""
    connection.sendall(say.GREETING + say.zmtp(say.ZMTP_COMMAND, b"\x07GARBAGE?"))
    while connection.recv(4_096):
        pass


@server
def flapping(connection: socket.socket) -> None:
    """A PULL that shakes hands and leaves."""
    connection.sendall(say.GREETING + say.zmtp(say.ZMTP_COMMAND, say.ready("PULL")))
    came = b""
    while b"READY" not in came and (chunk := connection.recv(4_096)):
        came += chunk


# ---- clients --------------------------------------------------------------------------------


@client
def port_scan(connection: socket.socket) -> None:
    """Leaves without a word."""


@client
def http_get(connection: socket.socket) -> None:
    """Asks for a page, and waits for it."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _stay(connection)


@client
def tls_hello(connection: socket.socket) -> None:
    """Begins with TLS."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError):
        context.wrap_socket(connection, server_hostname="localhost")


@client
def mute(connection: socket.socket) -> None:
    """Connects, says nothing and stays."""
    _stay(connection)


@client
def garbage_client(connection: socket.socket) -> None:
    """Greets as ZeroMQ does, then sends a command that is none."""
    connection.sendall(say.GREETING + say.zmtp(say.ZMTP_COMMAND, b"\x07GARBAGE?"))
    _stay(connection)


@client
def old_push(connection: socket.socket) -> None:
    """A PUSH of ZMTP 1.0 (RFC 13): an empty identity, then a message now and then."""
    connection.sendall(b"\x01\x00")
    while True:
        connection.sendall(b"\x06\x00hello")
        time.sleep(0.1)


def _stay(connection: socket.socket) -> None:
    while connection.recv(4_096):
        pass


# ---- running --------------------------------------------------------------------------------


def _listener(endpoint: str) -> socket.socket:
    host, _, port = endpoint.rpartition(":")
    address = (host.removeprefix("tcp://") or "127.0.0.1", int(port or 0))
    end_s = time.monotonic() + _SOON_S
    while True:
        try:
            return socket.create_server(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > end_s:
                raise


def _serve(listener: socket.socket, conversation: Conversation) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_talk, args=(connection, conversation), daemon=True).start()


def _talk(connection: socket.socket, conversation: Conversation) -> None:
    with connection, contextlib.suppress(OSError):
        conversation(connection)


def main() -> None:
    """Do as asked until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=(*SERVERS, *CLIENTS))
    parser.add_argument("endpoint", nargs="?", default="")
    options = parser.parse_args()
    if options.what in SERVERS:
        listener = _listener(options.endpoint)
        host, port = listener.getsockname()
        work: tuple[Callable[..., None], tuple[object, ...]]
        work = (_serve, (listener, SERVERS[options.what]))
        endpoints = [f"tcp://{host}:{port}"]
    else:
        host, _, port = options.endpoint.removeprefix("tcp://").rpartition(":")
        connection = socket.create_connection((host, int(port)), _SOON_S)
        connection.settimeout(None)
        work = (_talk, (connection, CLIENTS[options.what]))
        endpoints = []
    threading.Thread(target=work[0], args=work[1], daemon=True).start()
    tell({"ready": True, "endpoints": endpoints})
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
