"""A line to somebody who says what the test wants."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zmqscope.engine.probe.line import Line, Place

Say = Callable[[socket.socket], None]
PATIENCE_S = 60.0


@contextmanager
def line_to(say: Say) -> Iterator[Line]:
    """A line to a thread that talks, and hangs up in the end."""
    near, far = socket.socketpair()
    far.settimeout(PATIENCE_S)

    def talk() -> None:
        with far:
            say(far)

    thread = threading.Thread(target=talk)
    thread.start()
    with Line(near, time.monotonic() + PATIENCE_S) as line:
        yield line
    thread.join()


@contextmanager
def port_of(say: Say) -> Iterator[Place]:
    """A port where each connection is talked to, one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                caller, _ = server.accept()
                with caller:
                    caller.settimeout(PATIENCE_S)
                    if is_over.is_set():
                        return
                    say(caller)

        is_over = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        place = Place("tcp", "127.0.0.1", server.getsockname()[1])
        try:
            yield place
        finally:
            is_over.set()
            socket.create_connection((place.host, place.port)).close()
            thread.join()


def receive(far: socket.socket, enough: int) -> bytes:
    """Receive so many bytes, or until the other side hangs up."""
    data = b""
    while len(data) < enough and (more := far.recv(enough - len(data))):
        data += more
    return data
