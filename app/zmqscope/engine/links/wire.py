"""A connection that never waits: plain, or TLS. The links' thread."""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import ssl
from typing import Protocol

_UNIX_BUFFER = 1024 * 1024

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Wire(Protocol):
    """Bytes to and from somebody.

    Attributes:
        receive_needs: What its descriptor must be ready for before more can come.
        send_needs: The same before more can go: TLS may have to read before it can write.
    """

    receive_needs: int
    send_needs: int

    def fileno(self) -> int:
        """Its descriptor."""
        ...

    def receive_into(self, room: memoryview) -> int | None:
        """Take what has come; how many bytes, 0 at the end, None if there is nothing now.

        Raises:
            OSError: The connection is broken.
        """
        ...

    def send(self, data: memoryview) -> int:
        """Give it bytes; how many it took.

        Raises:
            OSError: The connection is broken.
        """
        ...

    def end(self) -> None:
        """Send nothing more; what was sent still arrives."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class PlainWire:
    """A connected stream socket.

    Args:
        connection: The socket; owned from now on.
    """

    receive_needs = READ
    send_needs = WRITE

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._socket = connection
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            # Or a buffer full goes in several pieces, with a wait between them.
            for buffer in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                connection.setsockopt(socket.SOL_SOCKET, buffer, _UNIX_BUFFER)

    def fileno(self) -> int:
        """See ``Wire``."""
        return self._socket.fileno()

    def receive_into(self, room: memoryview) -> int | None:
        """See ``Wire``."""
        try:
            return self._socket.recv_into(room)
        except (BlockingIOError, InterruptedError):
            return None

    def send(self, data: memoryview) -> int:
        """See ``Wire``."""
        try:
            return self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            return 0

    def end(self) -> None:
        """See ``Wire``."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """See ``Wire``."""
        self._socket.close()


class TlsWire:
    """The same through TLS; ``shake_hands`` comes first.

    Args:
        connection: A connected TCP socket; owned from now on.
        context: Certificates and what is trusted.
        server_name: Whom a client wants to talk with; None for a server.

    Raises:
        OSError: The other side has gone already.
    """

    def __init__(
        self, connection: socket.socket, context: ssl.SSLContext, server_name: str | None
    ) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Of one that has gone already, wrap_socket would leave a socket behind that nobody closes.
        connection.getpeername()
        self.receive_needs = READ
        self.send_needs = WRITE
        self._socket = context.wrap_socket(
            connection,
            server_side=server_name is None,
            server_hostname=server_name,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=True,
        )

    def fileno(self) -> int:
        """See ``Wire``."""
        return self._socket.fileno()

    def shake_hands(self) -> int:
        """Go on with the handshake; what it waits for, 0 once it is done.

        Raises:
            OSError: It failed; ``ssl.SSLError`` says why.
        """
        try:
            self._socket.do_handshake()
        except ssl.SSLWantReadError:
            return READ
        except ssl.SSLWantWriteError:
            return WRITE
        return 0

    def receive_into(self, room: memoryview) -> int | None:
        """See ``Wire``."""
        try:
            count = self._socket.recv_into(room)
        except ssl.SSLWantReadError:
            self.receive_needs = READ
            return None
        except ssl.SSLWantWriteError:
            self.receive_needs = WRITE
            return None
        except ssl.SSLZeroReturnError:
            return 0
        return count

    def send(self, data: memoryview) -> int:
        """See ``Wire``."""
        try:
            return self._socket.send(data)
        except ssl.SSLWantWriteError:
            self.send_needs = WRITE
        except ssl.SSLWantReadError:
            self.send_needs = READ
        except ssl.SSLEOFError:
            # The peer has left; that it did so without TLS's goodbye is no fault of TLS.
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from None
        return 0

    def end(self) -> None:
        """See ``Wire``."""
        # The farewell of TLS goes at once; that the peer's is still to come is an OSError, that TLS
        # has ended already a ValueError.
        with contextlib.suppress(OSError, ValueError):
            self._socket.unwrap()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_WR)

    def close(self) -> None:
        """See ``Wire``."""
        self._socket.close()
