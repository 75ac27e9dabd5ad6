"""libzmq below pyzmq: the functions that kernels call, and a message of its own. Any thread."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import zmq
import zmq.backend.cython._zmq as backend

from zmqscope.core.kernels.library import LIBZMQ_FUNCTIONS, KernelsUnavailableError

_MESSAGE_BYTES = 64
"""Size of zmq_msg_t (zmq.h)."""


@cache
def library() -> ctypes.CDLL:
    """The libzmq that pyzmq uses; another copy would not know its sockets.

    Raises:
        KernelsUnavailableError: It cannot be found.
    """
    # Symbols are looked up in what the extension depends on, too; on systems where they are not,
    # the wheel carries the library beside the package.
    package = Path(zmq.__file__).parent
    nearby = sorted((package.parent / "pyzmq.libs").glob("libzmq*"))
    for path in (backend.__file__, *map(str, nearby)):
        try:
            found = ctypes.CDLL(path)
            for name in LIBZMQ_FUNCTIONS:
                _address_of(found, name)
        except (OSError, AttributeError):
            continue
        return found
    raise KernelsUnavailableError("pyzmq's libzmq was not found")


def functions() -> Mapping[str, int]:
    """Names and addresses of what kernels call.

    Raises:
        KernelsUnavailableError: libzmq cannot be found.
    """
    return {name: _address_of(library(), name) for name in LIBZMQ_FUNCTIONS}


class NativeMessage:
    """A zmq_msg_t that kernels receive into (man zmq_msg_init). Used by one thread."""

    def __init__(self) -> None:
        libzmq = library()
        # Of its own, so that the argument types declared here are nobody else's.
        prototype = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
        self._init = prototype(("zmq_msg_init", libzmq))
        self._close = prototype(("zmq_msg_close", libzmq))
        self._more = prototype(("zmq_msg_more", libzmq))
        self._size = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p)(("zmq_msg_size", libzmq))
        self._data = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(("zmq_msg_data", libzmq))
        self._memory = (ctypes.c_uint64 * (_MESSAGE_BYTES // 8))()
        self.address = ctypes.addressof(self._memory)
        self._init(self.address)

    @property
    def has_more(self) -> bool:
        """Whether another frame of the same message follows."""
        return bool(self._more(self.address))

    def view(self) -> memoryview:
        """The frame; valid until ``release`` or the next receive."""
        size = int(self._size(self.address))
        if not size:
            return memoryview(b"")
        return memoryview((ctypes.c_char * size).from_address(self._data(self.address))).cast("B")

    def release(self) -> None:
        """Give the frame's memory back."""
        self._close(self.address)
        self._init(self.address)


def _address_of(library: ctypes.CDLL, name: str) -> int:
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
