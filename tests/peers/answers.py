"""Ports that are not what one expects at them, and locked ZeroMQ ones: what a probe has to tell.

Prints ``{"ready": true, "endpoints": [], "at": {name: address}}`` and stays until its input ends.
``--certificate`` and ``--key`` (PEM files) are for the TLS port. No code of the app is in here.
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

Handle = Callable[[socket.socket], None]
_LONG_S = 30.0


def serve(handle: Handle) -> str:
    """A port of which each connection is handled on a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def says(data: bytes) -> Handle:
    """Says something unasked, then nothing."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(_LONG_S)

    return handle


def trickles(data: bytes) -> Handle:
    """Says it a byte at a time."""

    def handle(connection: socket.socket) -> None:
        for each in data:
            connection.sendall(bytes((each,)))
            time.sleep(0.005)
        time.sleep(_LONG_S)

    return handle


def floods(connection: socket.socket) -> None:
    """Sends zeros for as long as anybody takes them."""
    try:
        while True:
            connection.sendall(bytes(1 << 16))
    except OSError:
        connection.close()


def closes(connection: socket.socket) -> None:
    """Closes at once."""
    connection.close()


class Web(http.server.BaseHTTPRequestHandler):
    """An ordinary web server."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


def web(certificate: str = "", key: str = "") -> str:
    """An HTTP server, perhaps behind TLS."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"tcp://127.0.0.1:{server.server_port}"


Context = zmq.Context[zmq.Socket[bytes]]


def locked(context: Context, strict: Context, at: dict[str, str]) -> list[object]:
    """PLAIN and CURVE, as servers and, though bound, as clients; in the strict one no key fits."""
    door, strict_door = ThreadAuthenticator(context), ThreadAuthenticator(strict)
    for each in (door, strict_door):
        each.start()
    door.configure_plain("*", {"mia": "right"})
    door.configure_curve(domain="*", location=zmq.auth.CURVE_ALLOW_ANY)
    folder = tempfile.mkdtemp()
    strict_door.configure_curve(domain="*", location=folder)
    os.rmdir(folder)
    public, secret = zmq.curve_keypair()
    made: list[object] = [door, strict_door]

    def bind(name: str, kind: int, where: Context, **options: object) -> None:
        made_socket = where.socket(kind)
        for option, value in options.items():
            setattr(made_socket, option, value)
        port = made_socket.bind_to_random_port("tcp://127.0.0.1")
        at[name] = f"tcp://127.0.0.1:{port}"
        made.append(made_socket)

    keys: dict[str, object] = {"curve_publickey": public, "curve_secretkey": secret}
    bind("plain", zmq.PULL, context, plain_server=True)
    bind("curve", zmq.PULL, context, curve_server=True, **keys)
    bind("curve-listed", zmq.PULL, strict, curve_server=True, **keys)
    bind("plain-client", zmq.PULL, context, plain_username=b"mia", plain_password=b"hushhush")
    bind("curve-client", zmq.PULL, context, curve_serverkey=public, **keys)
    at["server-key"] = public.decode()
    return made


def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate", default="")
    parser.add_argument("--key", default="")
    options = parser.parse_args()
    context: Context = zmq.Context()
    strict: Context = zmq.Context()
    at = {
        "silent": serve(lambda connection: time.sleep(_LONG_S)),
        "closes": serve(closes),
        "ssh": serve(says(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
        "mail": serve(says(b"220 mail.example ESMTP\r\n")),
        "http": web(),
        "zmtp-1": serve(says(b"\x04\x00bob")),
        "zmtp-2": serve(says(b"\xff" + bytes(7) + b"\x01\x7f\x01\x08\x00\x03bob")),
        "slow": serve(trickles(b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48))),
        "zeros": serve(floods),
        "random": serve(says(b"\xff\x00\x00garbage that is no greeting" * 8)),
        "huge": serve(
            says(b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48) + b"\x06" + b"\xff" * 8)
        ),
    }
    if options.certificate:
        at["tls"] = web(options.certificate, options.key)
    made = locked(context, strict, at)
    print(json.dumps({"ready": True, "endpoints": [], "at": at}), flush=True)
    sys.stdin.read()
    for each in made:
        if isinstance(each, ThreadAuthenticator):
            each.stop()
        elif isinstance(each, zmq.Socket):
            each.close(0)
    context.term()
    strict.term()


if __name__ == "__main__":
    main()
