"""Very many connections of one process, none of which waits for another."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import struct
import time

_AT_A_TIME = 64
# A connection that found the queue full would be tried again by the system after a second.
_TRIES_S = 0.2
_RESET = struct.pack("ii", 1, 0)
_LATER = (errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL)


class Crowd:
    """Connections to one place.

    Args:
        family: Of the place.
        place: Where.
        stays: Whether connections are kept; else each is closed as soon as it is there.

    Attributes:
        connected: Connections that came about.
        refused: Those that did not.
        most: Open at the same time, at most.
    """

    def __init__(self, family: int, place: tuple[str, int] | str, stays: bool = True) -> None:
        self._family = family
        self._place = place
        self._stays = stays
        self._under_way: dict[int, tuple[socket.socket, float]] = {}
        self._poll = select.epoll()
        self._open: list[socket.socket] = []
        self._says = b""
        self.connected = 0
        self.refused = 0
        self.most = 0

    def gather(self, count: int, end_s: float, says: bytes = b"") -> None:
        """Connect so many times, or until the time is over.

        Args:
            count: How many.
            end_s: Until when at most; monotonic.
            says: What every second one says when it is there.
        """
        self._says = says
        while time.monotonic() < end_s:
            done = self.connected + self.refused
            room = min(_AT_A_TIME, count - done) - len(self._under_way)
            while room > 0 and self._begin():
                room -= 1
            if done == count:
                break
            if not self._under_way:
                time.sleep(0.01)
            self._finish()
        for connection, _ in self._under_way.values():
            connection.close()
        self._under_way.clear()

    def _begin(self) -> bool:
        try:
            connection = socket.socket(self._family, socket.SOCK_STREAM)
        except OSError:
            return False
        connection.setblocking(False)
        number = connection.connect_ex(self._place)
        if number in _LATER:
            connection.close()
            return False
        self._under_way[connection.fileno()] = (connection, time.monotonic())
        self._poll.register(connection, select.EPOLLOUT)
        return True

    def _finish(self) -> None:
        for descriptor, _ in self._poll.poll(0.05):
            connection, _ = self._under_way.pop(descriptor)
            self._poll.unregister(descriptor)
            if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self.refused += 1
                connection.close()
                continue
            self.connected += 1
            self._settle(connection)
        self._give_up()

    def _settle(self, connection: socket.socket) -> None:
        if not self._stays:
            if self.connected % 2:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            connection.close()
            return
        if self._says and self.connected % 2:
            with contextlib.suppress(OSError):
                connection.send(self._says)
        self._open.append(connection)
        self.most = max(self.most, len(self._open))

    def _give_up(self) -> None:
        long_ago_s = time.monotonic() - _TRIES_S
        late = [key for key, (_, since_s) in self._under_way.items() if since_s < long_ago_s]
        for descriptor in late:
            connection, _ = self._under_way.pop(descriptor)
            self._poll.unregister(descriptor)
            connection.close()

    def send(self, data: bytes) -> int:
        """Send the same on all that are open; how many bytes went."""
        sent = 0
        for connection in self._open:
            with contextlib.suppress(OSError):
                sent += connection.send(data)
        return sent

    def open_count(self) -> int:
        """How many the other side has not closed yet."""
        return sum(map(_is_open, self._open))

    def disperse(self) -> None:
        """Close them all."""
        for connection in self._open:
            connection.close()
        self._open.clear()
        self._poll.close()


def _is_open(connection: socket.socket) -> bool:
    try:
        # What it has to say is read, so that its end can be seen.
        while True:
            if not connection.recv(65_536):
                return False
    except BlockingIOError:
        return True
    except OSError:
        return False
