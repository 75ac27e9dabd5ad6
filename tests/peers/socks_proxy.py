"""A SOCKS 5 proxy (RFC 1928, RFC 1929): blocking sockets, threads, nothing of the app.

Prints ``{"endpoints": ["HOST:PORT"]}`` when it listens, then a line for each request:
``{"asked": "HOST:PORT", "user": NAME, "from": HOST}``. Serves until its standard input ends.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import sys
import threading

_VERSION, _USER_VERSION = 5, 1
_ANYBODY, _USER, _NOBODY = 0, 2, 0xFF
_GENERAL_FAILURE, _REFUSED, _NO_SUCH_COMMAND = 1, 5, 7
_IPV4, _NAME, _IPV6 = 1, 3, 4
_BUFFER = 65_536
_CONNECT_S = 5.0


class LeftError(Exception):
    """The client left in the middle of a request."""


class SocksProxy:
    """Serves one connection after the other, each on a thread of its own.

    Args:
        options: See ``main``.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._known = dict(pair.split("=", 1) for pair in options.know)
        self._printing = threading.Lock()

    def tell(self, **fact: object) -> None:
        """Print a fact."""
        with self._printing:
            print(json.dumps(fact), flush=True)

    def accept_all(self, listener: socket.socket) -> None:
        """Serve whoever connects."""
        while True:
            client, (host, *_) = listener.accept()
            threading.Thread(target=self._serve, args=(client, host), daemon=True).start()

    def _serve(self, client: socket.socket, host: str) -> None:
        with client, contextlib.suppress(OSError, LeftError):
            if self._options.refuse:
                return
            if self._options.http:
                client.recv(_BUFFER)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                return
            if self._options.silent:
                while client.recv(_BUFFER):
                    pass
                return
            user = self._meet(client)
            if user is not None:
                self._obey(client, user, host)

    # ---- who is there -----------------------------------------------------------------------

    def _meet(self, client: socket.socket) -> str | None:
        """The name of the user, empty if none is asked for; None if they may not go on."""
        version, count = _take(client, 2)
        methods = _take(client, count)
        wanted = _USER if self._options.user else _ANYBODY
        if version != _VERSION or wanted not in methods:
            client.sendall(bytes((_VERSION, _NOBODY)))
            return None
        client.sendall(bytes((_VERSION, wanted)))
        if wanted == _ANYBODY:
            return ""
        _, size = _take(client, 2)
        name = _take(client, size).decode()
        password = _take(client, _take(client, 1)[0])
        is_welcome = name == self._options.user and not password
        client.sendall(bytes((_USER_VERSION, 0 if is_welcome else 1)))
        return name if is_welcome else None

    # ---- where to ---------------------------------------------------------------------------

    def _obey(self, client: socket.socket, user: str, source: str) -> None:
        _, command, _, kind = _take(client, 4)
        if kind == _NAME:
            host = _take(client, _take(client, 1)[0]).decode()
        elif kind == _IPV4:
            host = socket.inet_ntop(socket.AF_INET, _take(client, 4))
        else:
            host = socket.inet_ntop(socket.AF_INET6, _take(client, 16))
        port = int.from_bytes(_take(client, 2))
        asked = f"[{host}]:{port}" if kind == _IPV6 else f"{host}:{port}"
        self.tell(asked=asked, user=user, **{"from": source})
        answer = self._options.answer if command == 1 else _NO_SUCH_COMMAND
        if answer:
            client.sendall(_answer(answer))
            return
        if self._options.early:
            client.sendall(_answer(0))
        try:
            target = socket.create_connection((self._known.get(host, host), port), _CONNECT_S)
        except OSError as error:
            if not self._options.early:
                is_refused = isinstance(error, ConnectionRefusedError)
                client.sendall(_answer(_REFUSED if is_refused else _GENERAL_FAILURE))
            return
        target.settimeout(None)
        with target:
            if not self._options.early:
                client.sendall(_answer(0))
            _join(client, target)


def _take(client: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = client.recv(size - len(found))
        if not piece:
            raise LeftError
        found += piece
    return found


def _answer(code: int) -> bytes:
    """With an address of a name, which hardly any proxy sends, but any may."""
    return bytes((_VERSION, code, 0, _NAME, 5)) + b"proxy" + bytes(2)


def _join(client: socket.socket, target: socket.socket) -> None:
    """Pass bytes both ways until both sides are at their end."""
    back = threading.Thread(target=_pump, args=(target, client), daemon=True)
    back.start()
    _pump(client, target)
    back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_BUFFER):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def main() -> None:
    """Parse the command line, listen, serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", default="127.0.0.1:0", metavar="HOST:PORT")
    parser.add_argument("--know", action="append", default=[], metavar="NAME=HOST")
    parser.add_argument("--user", default="", help="demand this user name, without a password")
    parser.add_argument("--answer", type=int, default=0, help="answer every request with this")
    parser.add_argument("--early", action="store_true", help="say yes before connecting")
    parser.add_argument("--refuse", action="store_true", help="close what it accepts")
    parser.add_argument("--silent", action="store_true", help="accept and say nothing")
    parser.add_argument("--http", action="store_true", help="answer as an HTTP server does")
    options = parser.parse_args()
    host, _, port = options.bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    listener = socket.create_server((host.strip("[]"), int(port)), family=family, backlog=100)
    proxy = SocksProxy(options)
    threading.Thread(target=proxy.accept_all, args=(listener,), daemon=True).start()
    proxy.tell(endpoints=[f"{host}:{listener.getsockname()[1]}"])
    sys.stdin.read()


if __name__ == "__main__":
    main()
