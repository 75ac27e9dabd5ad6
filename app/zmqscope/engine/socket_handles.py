"""A libzmq socket and its monitor: made together, closed together. Loop thread."""

from __future__ import annotations

import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.security.secret import Credentials
from zmqscope.core.types import Problem, SocketId, SocketSpec, SocketType
from zmqscope.engine.context import check_room_for_socket
from zmqscope.engine.lock_options import apply_lock
from zmqscope.engine.monitor import close_monitor, open_monitor
from zmqscope.engine.publishing import opened_as
from zmqscope.engine.socket_options import apply_options


class SocketHandles:
    """Both handles, or none.

    Args:
        context: Where they are made.

    Attributes:
        socket: The libzmq socket; None while closed.
        monitor: Its monitor PAIR; None while closed.
    """

    __slots__ = ("_context", "monitor", "socket")

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        self._context = context
        self.socket: zmq.Socket[bytes] | None = None
        self.monitor: zmq.Socket[bytes] | None = None

    def make(self, spec: SocketSpec) -> Problem | None:
        """Make them; why that failed, with whatever was made to be closed."""
        kind = opened_as(spec)
        try:
            check_room_for_socket()
            self.socket = self._context.socket(zmq.SocketType(kind.value))
            self.monitor = open_monitor(self._context, self.socket)
        except UserError as error:
            return error.problem
        except zmq.ZMQError as error:
            return Problem(f"libzmq cannot make another socket: {error}.", "Close some first.")
        if kind is SocketType.XPUB:
            self.socket.set(zmq.XPUB_VERBOSER, 1)
        return None

    def set_up(
        self, socket_id: SocketId, spec: SocketSpec, credentials: Credentials
    ) -> Problem | None:
        """Set options and lock, before anything is attached; what is wrong with them.

        Args:
            socket_id: Whose they are; part of the ZAP domain.
            spec: The options and the lock.
            credentials: What the lock refers to.
        """
        if self.socket is None:
            return None
        return apply_options(self.socket, spec) or apply_lock(
            self.socket, socket_id, spec.lock, credentials
        )

    def close(self) -> None:
        """Close what is there; nothing that waits to be sent holds it up."""
        if self.socket is None:
            return
        close_monitor(self.socket, self.monitor)
        self.socket.close(0)
        self.socket = self.monitor = None
