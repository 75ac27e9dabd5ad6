"""Commands into the poll loop: a queue, and an inproc PAIR that wakes the poller.

The sending end is made, used and closed on the GUI thread, the receiving end on the loop's.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator

import zmq

from zmqscope.engine.commands import Command

_numbers = itertools.count(1)


class ControlQueue:
    """The mailbox between the two ends; owns the inproc name."""

    def __init__(self) -> None:
        self.address = f"inproc://zmqscope-control-{next(_numbers)}"
        self._commands: deque[Command] = deque()

    def put(self, command: Command) -> None:
        """Append a command (any thread)."""
        self._commands.append(command)

    def put_first(self, command: Command) -> None:
        """Put a command before all that wait (any thread)."""
        self._commands.appendleft(command)

    @property
    def is_empty(self) -> bool:
        """Whether no command waits."""
        return not self._commands

    def take_all(self) -> Iterator[Command]:
        """Take commands until the queue is empty (loop thread)."""
        while True:
            try:
                yield self._commands.popleft()
            except IndexError:
                return


class ControlSender:
    """The GUI thread's end.

    Args:
        context: The shared context.
        queue: The mailbox.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], queue: ControlQueue) -> None:
        self._queue = queue
        self._socket = context.socket(zmq.PAIR)
        self._socket.set(zmq.LINGER, 0)
        # inproc lets one side connect before the other binds (libzmq 4.0 and later).
        self._socket.connect(queue.address)

    def post(self, command: Command) -> None:
        """Queue a command and wake the loop; never blocks."""
        self._queue.put(command)
        self._wake()

    def post_first(self, command: Command) -> None:
        """The same, but before all commands that wait."""
        self._queue.put_first(command)
        self._wake()

    def _wake(self) -> None:
        if self._socket.closed:
            return  # the engine has stopped: nobody is left to obey
        try:
            self._socket.send(b"", zmq.NOBLOCK)
        except zmq.Again:
            # A thousand wake-ups are unread: the loop will see this command with them.
            return

    def close(self) -> None:
        """Close this end; what is posted afterwards is not carried out."""
        self._socket.close(0)


class ControlReceiver:
    """The loop's end.

    Args:
        context: The shared context.
        queue: The mailbox.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], queue: ControlQueue) -> None:
        self._queue = queue
        self.socket = context.socket(zmq.PAIR)
        self.socket.set(zmq.LINGER, 0)
        self.socket.bind(queue.address)

    @property
    def is_waiting(self) -> bool:
        """Whether commands were left over by the last ``take``."""
        return not self._queue.is_empty

    def take(self) -> Iterator[Command]:
        """Consume the wake-ups, then the commands they announced."""
        try:
            while True:
                self.socket.recv(zmq.NOBLOCK)
        except zmq.Again:
            pass
        yield from self._queue.take_all()

    def close(self) -> None:
        """Close this end."""
        self.socket.close(0)
