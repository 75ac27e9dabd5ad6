"""A socket's messages without giving Python's lock away at each frame. Thread of the socket.

pyzmq lets go of the lock for every frame that it receives or sends. A ZAP request has ten of them,
a reply eight; while window and engine work, it may be a millisecond each time until it is back.
Nothing here ever waits, so that there is no need to.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import zmq

from zmqscope.core.kernels.library import KernelsUnavailableError
from zmqscope.engine.libzmq import library

_MOST_BYTES = 512
"""Of a frame that are kept: no field of a ZAP request may have more than 255 (RFC 27)."""

_Call = ctypes.PYFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
)
_Option = ctypes.PYFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)
_Errno = ctypes.PYFUNCTYPE(ctypes.c_int)


class PromptSocket:
    """Receives and sends whole messages at once, or not at all.

    Args:
        socket: Where from and where to; stays the caller's.

    Raises:
        KernelsUnavailableError: pyzmq's libzmq cannot be found.
    """

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        libzmq = library()
        self._handle = socket.underlying
        self._recv = _Call(("zmq_recv", libzmq))
        self._send = _Call(("zmq_send", libzmq))
        self._option = _Option(("zmq_getsockopt", libzmq))
        self._errno = _Errno(("zmq_errno", libzmq))
        self._buffer = ctypes.create_string_buffer(_MOST_BYTES)
        self._room = ctypes.addressof(self._buffer)
        self._more = ctypes.c_int()
        self._more_size = ctypes.c_size_t(ctypes.sizeof(self._more))
        self._more_at = ctypes.addressof(self._more), ctypes.addressof(self._more_size)

    def receive(self) -> list[bytes]:
        """The next message; what its frames have beyond 512 bytes is cut off.

        Raises:
            zmq.Again: There is none.
            zmq.ZMQError: Its context ends.
        """
        frames: list[bytes] = []
        while True:
            size = self._recv(self._handle, self._room, _MOST_BYTES, zmq.DONTWAIT)
            if size < 0:
                self._fail()
            frames.append(ctypes.string_at(self._room, min(size, _MOST_BYTES)))
            if self._option(self._handle, zmq.RCVMORE, *self._more_at) < 0:
                self._fail()
            if not self._more.value:
                return frames

    def send(self, frames: Sequence[bytes]) -> None:
        """Send one message.

        Raises:
            zmq.ZMQError: Its peer has gone, or does not read.
        """
        last = len(frames) - 1
        for number, frame in enumerate(frames):
            flags = zmq.DONTWAIT | (zmq.SNDMORE if number < last else 0)
            if self._send(self._handle, frame, len(frame), flags) < 0:
                self._fail()

    def _fail(self) -> None:
        number = self._errno()
        raise zmq.Again(number) if number == zmq.EAGAIN else zmq.ZMQError(number)


class PlainSocket:
    """The same by pyzmq.

    Args:
        socket: Where from and where to; stays the caller's.
    """

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket

    def receive(self) -> list[bytes]:
        """See ``PromptSocket``."""
        return self._socket.recv_multipart(zmq.NOBLOCK)

    def send(self, frames: Sequence[bytes]) -> None:
        """See ``PromptSocket``."""
        self._socket.send_multipart(frames, zmq.NOBLOCK)


def prompt_socket(socket: zmq.Socket[bytes]) -> PromptSocket | PlainSocket:
    """The quicker one, where libzmq can be found."""
    try:
        return PromptSocket(socket)
    except KernelsUnavailableError:
        return PlainSocket(socket)
