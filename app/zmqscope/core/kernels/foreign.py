"""C functions as kernels call them, and the types that signatures are written with. Needs numba.

Addresses come from ``library.prepare``. Pointers are written as int64 throughout: numba turns the
sum of an int64 and a uint64 into a float.
"""

from __future__ import annotations

import sys

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from zmqscope.core.kernels.library import PREFIX

i32, i64 = types.int32, types.int64
U8 = types.Array(types.uint8, 1, "C")
U32 = types.Array(types.uint32, 1, "C")
I32 = types.Array(types.int32, 1, "C")
I64 = types.Array(types.int64, 1, "C")
U64 = types.Array(types.uint64, 1, "C")


def _foreign(name: str, signature: types.Signature) -> types.ExternalFunction:
    return types.ExternalFunction(PREFIX + name, signature)


memcpy = _foreign("memcpy", i64(i64, i64, i64))
memcmp = _foreign("memcmp", i32(i64, i64, i64))
memmem = _foreign("memmem", i64(i64, i64, i64, i64))
usleep = _foreign("usleep", i32(i32))
clock_gettime = _foreign("clock_gettime", i32(i32, i64))

# man zmq_msg_recv, zmq_msg_data, zmq_msg_more, zmq_msg_size, zmq_send, zmq_poll, zmq_errno
zmq_msg_recv = _foreign("zmq_msg_recv", i32(i64, i64, i32))
zmq_msg_data = _foreign("zmq_msg_data", i64(i64))
zmq_msg_more = _foreign("zmq_msg_more", i32(i64))
zmq_msg_size = _foreign("zmq_msg_size", i64(i64))
zmq_send = _foreign("zmq_send", i32(i64, i64, i64, i32))
zmq_poll = _foreign("zmq_poll", i32(i64, i32, i64))
zmq_errno = _foreign("zmq_errno", i32())

# The clock of ``time.monotonic_ns``: CLOCK_UPTIME_RAW on macOS, CLOCK_MONOTONIC elsewhere.
_CLOCK = 8 if sys.platform == "darwin" else 1


@njit(inline="always")
def monotonic_ns(timespec: NDArray[np.int64]) -> int:
    """The time of ``time.monotonic_ns``.

    Args:
        timespec: int64[2 or more], overwritten.
    """
    clock_gettime(np.int32(_CLOCK), timespec.ctypes.data)
    return int(timespec[0] * 1_000_000_000 + timespec[1])
