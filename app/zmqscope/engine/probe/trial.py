"""Tries a lock: libzmq shakes hands through a relay that sees how far it comes. Blocking.

libzmq's monitor cannot tell a wrong server key from socket types that do not fit; the commands that
go by can (RFC 24, RFC 26). Messages never go by: it ends with the handshake.
"""

from __future__ import annotations

import contextlib
import select
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Self

import zmq

from zmqscope.core.probe import Fate, ProbePlan
from zmqscope.core.types import SocketType
from zmqscope.core.wording import printable
from zmqscope.core.zmtp.commands import READY, WELCOME
from zmqscope.core.zmtp.conversation import Conversation, Side
from zmqscope.core.zmtp.events import CommandReceived
from zmqscope.engine.probe.heard import Trial

_READ_BYTES = 16 * 1024
_PLATFORM: str = sys.platform
# Until this much has passed without a word after HELLO, the peer may still be thinking.
_STEP_S = 0.1

PrepareSocket = Callable[[zmq.Socket[bytes]], None]
"""Sets mechanism, names and keys on a new socket."""


def try_lock(
    plan: ProbePlan, outer: socket.socket, deadline_s: float, prepare: PrepareSocket
) -> Trial:
    """Shake hands as a socket with the plan's lock would.

    Args:
        plan: With the type that one would use.
        outer: Connected to the peer; stays the caller's.
        deadline_s: When patience ends, monotonic.
        prepare: Sets the lock on the socket.
    """
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    try:
        with _Doorway() as doorway:
            kind = SocketType.DEALER if plan.kind is None else plan.kind.twin
            inner_end = context.socket(zmq.SocketType(kind.value))
            # Whatever is wrong with the lock: term() waits for ever for a socket that is open.
            try:
                inner_end.set(zmq.LINGER, 0)
                prepare(inner_end)
                inner_end.connect(doorway.address)
                with doorway.accept(deadline_s) as inner:
                    return _watch(inner, outer, deadline_s)
            except OSError:
                return Trial(Fate.NO_ANSWER)
            finally:
                inner_end.close(0)
    finally:
        context.term()


class _Doorway:
    """Where libzmq connects to the relay: a path of our own, or a port where there is no ipc."""

    def __init__(self) -> None:
        self._folder = ""
        if _PLATFORM == "win32":
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
            return
        self._folder = tempfile.mkdtemp(prefix="zmqscope-probe-")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(f"{self._folder}/relay")
        self._listener.listen(1)
        self.address = f"ipc://{self._folder}/relay"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def accept(self, deadline_s: float) -> socket.socket:
        """The connection of libzmq.

        Raises:
            OSError: It did not come.
        """
        self._listener.settimeout(max(0.01, deadline_s - time.monotonic()))
        return self._listener.accept()[0]


def _watch(inner: socket.socket, outer: socket.socket, deadline_s: float) -> Trial:
    """Pass bytes both ways until the handshake has come to something."""
    talk = _Talk()
    pairs = {inner: (outer, Side.CONNECTING), outer: (inner, Side.BINDING)}
    for each in pairs:
        each.setblocking(True)
        each.settimeout(max(0.01, deadline_s - time.monotonic()))
    while (left_s := deadline_s - time.monotonic()) > 0:
        ready, _, _ = select.select(list(pairs), [], [], min(left_s, _STEP_S))
        for source in ready:
            sink, side = pairs[source]
            data = b""
            with contextlib.suppress(OSError):
                data = source.recv(_READ_BYTES)
            if data:
                talk.take(side, data)
                with contextlib.suppress(OSError):
                    sink.sendall(data)
            if talk.fate is not None:
                return talk.fate
            if not data:
                return talk.at_end()
    return Trial(Fate.NO_ANSWER)


class _Talk:
    """What the two have said."""

    def __init__(self) -> None:
        self._conversation = Conversation(max_body=0)
        self._is_unlocked = False
        self.fate: Trial | None = None

    def take(self, side: Side, data: bytes) -> None:
        """Bytes went by."""
        self._conversation.receive_data(side, data)
        for said in self._conversation.events():
            if said.side is not Side.BINDING or not isinstance(said.event, CommandReceived):
                continue
            if said.event.name == WELCOME:
                self._is_unlocked = True
            elif said.event.name == READY:
                self.fate = Trial(Fate.LET_IN)
        if self._conversation.refusal is not None and self.fate is None:
            status = printable(self._conversation.refusal.decode("ascii", "backslashreplace"))[:40]
            self.fate = Trial(Fate.REFUSED, status)

    def at_end(self) -> Trial:
        """One of the two has closed before it came to anything."""
        mechanism = self._conversation.mechanism
        if self._is_unlocked:
            return Trial(Fate.CLOSED_AFTER_LOCK)
        return Trial(Fate.WRONG_SERVER_KEY if mechanism == b"CURVE" else Fate.NO_ANSWER)
