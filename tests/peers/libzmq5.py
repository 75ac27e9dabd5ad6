"""A peer that speaks through the system's libzmq.so.5, an independent build, by ctypes.

See ``session.py`` for what it can be told. Exits with a sentence where that library is missing.
"""

from __future__ import annotations

import ctypes
import errno
import sys
from ctypes import c_char_p, c_int, c_size_t, c_void_p
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.peers.session import TYPES, Outcome, run

_DONTWAIT = 1
_SNDMORE = 2
_LINGER = 17
_RECONNECT_IVL = 18
_SNDHWM = 23
_RCVHWM = 24
_LAST_ENDPOINT = 32
_ROUTER_MANDATORY = 33
_EFSM = 156_384_712 + 51  # ZMQ_HAUSNUMERO + 51, zmq.h

_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "zmq_ctx_new": (c_void_p, ()),
    "zmq_ctx_term": (c_int, (c_void_p,)),
    "zmq_socket": (c_void_p, (c_void_p, c_int)),
    "zmq_close": (c_int, (c_void_p,)),
    "zmq_bind": (c_int, (c_void_p, c_char_p)),
    "zmq_connect": (c_int, (c_void_p, c_char_p)),
    "zmq_setsockopt": (c_int, (c_void_p, c_int, c_void_p, c_size_t)),
    "zmq_getsockopt": (c_int, (c_void_p, c_int, c_void_p, c_void_p)),
    "zmq_send": (c_int, (c_void_p, c_char_p, c_size_t, c_int)),
    "zmq_msg_init": (c_int, (c_void_p,)),
    "zmq_msg_recv": (c_int, (c_void_p, c_void_p, c_int)),
    "zmq_msg_data": (c_void_p, (c_void_p,)),
    "zmq_msg_size": (c_size_t, (c_void_p,)),
    "zmq_msg_more": (c_int, (c_void_p,)),
    "zmq_msg_close": (c_int, (c_void_p,)),
    "zmq_errno": (c_int, ()),
    "zmq_strerror": (c_char_p, (c_int,)),
}


def load() -> ctypes.CDLL:
    """The system's library, with its signatures."""
    try:
        library = ctypes.CDLL("libzmq.so.5")
    except OSError as error:
        raise SystemExit(
            f"The system's libzmq.so.5 cannot be loaded ({error}). "
            "Install it: on Debian and Ubuntu, apt-get install libzmq5."
        ) from None
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


class Libzmq5Socket:
    """A socket of the system's library."""

    def __init__(self, kind: str) -> None:
        self._zmq = load()
        self._context = self._zmq.zmq_ctx_new()
        self._socket = self._zmq.zmq_socket(self._context, TYPES.index(kind))
        self.set_option(_LINGER, 0)
        self.set_option(_RECONNECT_IVL, 20)
        self.set_option(_RCVHWM, 0)
        if kind == "ROUTER":
            self.set_option(_ROUTER_MANDATORY, 1)
        if kind in ("PUB", "XPUB"):
            self.set_option(_SNDHWM, 0)
        # zmq_msg_t: 64 bytes, aligned like a pointer.
        self._message = (c_void_p * 8)()

    def _check(self, status: int) -> None:
        if status == -1:
            raise SystemExit(self._zmq.zmq_strerror(self._zmq.zmq_errno()).decode())

    def bind(self, address: str) -> str:
        """Bind; the real address."""
        self._check(self._zmq.zmq_bind(self._socket, address.encode()))
        name = ctypes.create_string_buffer(256)
        size = c_size_t(256)
        self._check(
            self._zmq.zmq_getsockopt(self._socket, _LAST_ENDPOINT, name, ctypes.byref(size))
        )
        return name.value.decode()

    def connect(self, address: str) -> None:
        """Connect."""
        self._check(self._zmq.zmq_connect(self._socket, address.encode()))

    def set_option(self, number: int, value: int | bytes) -> None:
        """Set a libzmq option."""
        if isinstance(value, int):
            cell = c_int(value)
            status = self._zmq.zmq_setsockopt(self._socket, number, ctypes.byref(cell), 4)
        else:
            status = self._zmq.zmq_setsockopt(self._socket, number, value, len(value))
        self._check(status)

    def send(self, frames: list[bytes]) -> Outcome:
        """Send a message if it can go now."""
        for number, frame in enumerate(frames):
            flags = _DONTWAIT | (_SNDMORE if number < len(frames) - 1 else 0)
            if self._zmq.zmq_send(self._socket, frame, len(frame), flags) == -1:
                later = self._zmq.zmq_errno() in (errno.EAGAIN, _EFSM)
                return Outcome.LATER if later else Outcome.REFUSED
        return Outcome.SENT

    def receive(self) -> list[bytes] | None:
        """A message if there is one."""
        frames: list[bytes] = []
        while True:
            self._zmq.zmq_msg_init(self._message)
            # Once the first frame has come the others are there.
            size = self._zmq.zmq_msg_recv(self._message, self._socket, 0 if frames else _DONTWAIT)
            if size == -1:
                self._zmq.zmq_msg_close(self._message)
                return None
            frames.append(ctypes.string_at(self._zmq.zmq_msg_data(self._message), size))
            more = self._zmq.zmq_msg_more(self._message)
            self._zmq.zmq_msg_close(self._message)
            if not more:
                return frames

    def close(self) -> None:
        """Close, dropping what was not sent."""
        self._zmq.zmq_close(self._socket)
        self._zmq.zmq_ctx_term(self._context)


if __name__ == "__main__":
    run(Libzmq5Socket)
