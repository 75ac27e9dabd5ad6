"""Stands between a client and a server over tcp, and keeps what the client said. Its own thread."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from types import TracebackType

_PATIENCE_S = 60.0
_STEP_S = 0.05


class Relay:
    """Serves one connection.

    Args:
        place: Host and port of the server.

    Attributes:
        said: What the client has said so far.
    """

    def __init__(self, place: tuple[str, int]) -> None:
        self.said = b""
        self._place = place
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay")

    def __enter__(self) -> Relay:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join(_PATIENCE_S)
        self._listener.close()

    @property
    def address(self) -> str:
        """Where clients connect."""
        host, port = self._listener.getsockname()
        return f"tcp://{host}:{port}"

    def _run(self) -> None:
        self._listener.settimeout(_PATIENCE_S)
        with contextlib.suppress(OSError):
            client, _ = self._listener.accept()
            with client, socket.create_connection(self._place, _PATIENCE_S) as server:
                self._pump(client, server)

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while not self._is_over.is_set():
                for key, _ in selector.select(_STEP_S):
                    source: socket.socket = client if key.fd == client.fileno() else server
                    chunk = source.recv(65_536)
                    if not chunk:
                        return
                    if source is client:
                        self.said += chunk
                    key.data.sendall(chunk)
