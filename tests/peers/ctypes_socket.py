"""A socket of a libzmq that is not pyzmq's, by ctypes."""

from __future__ import annotations

import ctypes
import errno
import threading
from ctypes import c_char_p, c_int, c_size_t, c_void_p

from zmq.utils.z85 import encode

from tests.peers.session import ALL_TYPES, Outcome

_DONTWAIT = 1
_SNDMORE = 2
_LINGER = 17
_RECONNECT_IVL = 18
_SNDHWM = 23
_RCVHWM = 24
_LAST_ENDPOINT = 32
_ROUTER_MANDATORY = 33
_EFSM = 156_384_712 + 51  # ZMQ_HAUSNUMERO + 51, zmq.h

Signatures = dict[str, tuple[object, tuple[object, ...]]]
"""Result and arguments of functions, by name."""

_SIGNATURES: Signatures = {
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


def load(file: str, more: Signatures | None = None) -> ctypes.CDLL:
    """A libzmq, with its signatures.

    Args:
        file: As the system's loader takes it.
        more: Functions that not every libzmq has.

    Raises:
        OSError: There is none.
    """
    library = ctypes.CDLL(file)
    for name, (result, arguments) in (_SIGNATURES | (more or {})).items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


class LibzmqSocket:
    """A socket in a context of its own.

    Args:
        library: From ``load``.
        kind: Its type, by name.
    """

    def __init__(self, library: ctypes.CDLL, kind: str) -> None:
        self._zmq = library
        self._context = self._zmq.zmq_ctx_new()
        self._socket = self._zmq.zmq_socket(self._context, ALL_TYPES.index(kind))
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

    def connect(self, address: str) -> bytes:
        """Connect."""
        self._check(self._zmq.zmq_connect(self._socket, address.encode()))
        return b""

    def join(self, group: bytes) -> None:
        """Only a DISH has groups, and only a libzmq with draft types has it.

        Raises:
            SystemExit: Always.
        """
        raise SystemExit("Groups are for DISH; see libzmq_draft.py.")

    def let_in(self, users: dict[str, str], keys: frozenset[str]) -> None:
        """Answer libzmq's questions on a thread of its own, until the context ends."""
        handler = self._zmq.zmq_socket(self._context, ALL_TYPES.index("REP"))
        self._check(self._zmq.zmq_bind(handler, b"inproc://zeromq.zap.01"))

        def answer() -> None:
            while asked := self._receive_from(handler):
                _, request_id, _, _, _, mechanism, *shown = asked
                if mechanism == b"PLAIN":
                    is_known = users.get(shown[0].decode()) == shown[1].decode()
                else:
                    is_known = encode(shown[0]).decode() in keys
                status = b"200" if is_known else b"400"
                # A user’s name would make libzmq’s REQ drop the connection.
                reply = [b"1.0", request_id, status, b"", b"", b""]
                for number, frame in enumerate(reply):
                    more = _SNDMORE if number < len(reply) - 1 else 0
                    self._zmq.zmq_send(handler, frame, len(frame), more)
            self._zmq.zmq_close(handler)

        threading.Thread(target=answer, daemon=True).start()

    def _receive_from(self, handler: object) -> list[bytes]:
        """A whole message, waited for; none when the context ends."""
        frames: list[bytes] = []
        message = (c_void_p * 8)()
        more = 1
        while more:
            self._zmq.zmq_msg_init(message)
            size = self._zmq.zmq_msg_recv(message, handler, 0)
            if size == -1:
                self._zmq.zmq_msg_close(message)
                return []
            frames.append(ctypes.string_at(self._zmq.zmq_msg_data(message), size))
            more = self._zmq.zmq_msg_more(message)
            self._zmq.zmq_msg_close(message)
        return frames

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
            frames.extend(self._envelope())
            frames.append(ctypes.string_at(self._zmq.zmq_msg_data(self._message), size))
            more = self._zmq.zmq_msg_more(self._message)
            self._zmq.zmq_msg_close(self._message)
            if not more:
                return frames

    def _envelope(self) -> list[bytes]:
        """What libzmq keeps beside the message just received, as frames to show before it."""
        return []

    def close(self) -> None:
        """Close, dropping what was not sent."""
        self._zmq.zmq_close(self._socket)
        self._zmq.zmq_ctx_term(self._context)
