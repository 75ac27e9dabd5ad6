"""The one ``zmq.Poller`` of the loop, and whose each of its sockets is. Loop thread."""

from __future__ import annotations

import socket

import zmq

from zmqscope.engine.sockets import ManagedSocket

Handle = zmq.Socket[bytes]


class PollSet:
    """Polls commands, sockets and monitors; a closed socket is never polled.

    Args:
        control: The socket that wakes the loop for commands.
        reports: Wakes it for what links have to tell.
    """

    def __init__(self, control: Handle, reports: socket.socket) -> None:
        self._control = control
        self._poller = zmq.Poller()
        self._poller.register(control, zmq.POLLIN)
        self._poller.register(reports, zmq.POLLIN)
        self._reports = reports
        self._sockets: dict[Handle, ManagedSocket] = {}
        self._monitors: dict[Handle, ManagedSocket] = {}
        self._publishers: dict[Handle, ManagedSocket] = {}

    def add(self, managed: ManagedSocket) -> None:
        """Begin to poll a socket that was opened, and its monitor."""
        if managed.monitor is not None:
            self._monitors[managed.monitor] = managed
            self._poller.register(managed.monitor, zmq.POLLIN)
        if managed.socket is not None and managed.spec.type.can_receive:
            self._sockets[managed.socket] = managed
            self._poller.register(managed.socket, zmq.POLLIN)

        elif managed.socket is not None and managed.hears_subscriptions:
            self._publishers[managed.socket] = managed
            self._poller.register(managed.socket, zmq.POLLIN)

    def remove(self, managed: ManagedSocket) -> None:
        """Stop polling a socket that is about to be closed."""
        socket, monitor = managed.socket, managed.monitor
        tables = (self._sockets, self._publishers, self._monitors)
        for handle, table in zip((socket, socket, monitor), tables, strict=True):
            if handle is not None and table.pop(handle, None) is not None:
                self._poller.unregister(handle)

    def wait(self, timeout_ms: int) -> list[Handle]:
        """Everything that has something to read, after at most so long."""
        ready = self._poller.poll(timeout_ms)
        return [handle for handle, _ in ready if isinstance(handle, zmq.Socket)]

    def monitors(self, ready: list[Handle]) -> list[tuple[Handle, ManagedSocket]]:
        """The monitors among them; not those closed since."""
        return [(h, self._monitors[h]) for h in ready if h in self._monitors]

    def sockets(self, ready: list[Handle]) -> list[tuple[Handle, ManagedSocket]]:
        """The sockets among them; not those closed since."""
        return [(h, self._sockets[h]) for h in ready if h in self._sockets]

    def publishers(self, ready: list[Handle]) -> list[tuple[Handle, ManagedSocket]]:
        """Those that receive nothing but subscriptions among them; not those closed since."""
        return [(h, self._publishers[h]) for h in ready if h in self._publishers]

    def close(self) -> None:
        """Let go of the control socket too."""
        self._poller.unregister(self._control)
        self._poller.unregister(self._reports)
