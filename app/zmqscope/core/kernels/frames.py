"""Frames of ZMTP 3.x found in a stretch of a stream. Needs numba; any thread.

The plain twin is ``zmtp.scan.PlainFrameScan``.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from zmqscope.core.kernels.foreign import I64, U8, i64
from zmqscope.core.zmtp import scan_layout as at
from zmqscope.core.zmtp.frames import (
    COMMAND,
    LONG,
    LONG_HEADER,
    MORE,
    RESERVED,
    SHORT_HEADER,
)

_COMMAND_WITH_MORE = COMMAND | MORE


@njit(inline="always")
def _octet(data: NDArray[np.uint8], place: int) -> int:
    """A byte as a number with a sign: the sum of one with and one without is a float to numba."""
    return int(np.int64(data[place]))


@njit(i64(U8, I64, I64, I64, U8))
def frames(
    data: NDArray[np.uint8],
    state: NDArray[np.int64],
    offset: NDArray[np.int64],
    length: NDArray[np.int64],
    flags: NDArray[np.uint8],
) -> int:
    """Write where frames are, until data or columns end or a header is wrong.

    Args:
        data: uint8[n]: the next bytes of the stream.
        state: int64[STATE_SIZE], see ``zmtp.scan_layout``.
        offset: int64[m]: place in the stream of each body.
        length: int64[m]: bytes of each body.
        flags: uint8[m]: flags of each frame.

    Returns:
        How many frames were written.
    """
    end, capacity = len(data), len(offset)
    skip, position, failure = state[at.SKIP], state[at.POSITION], state[at.FAILURE]
    place = count = 0
    while failure == at.NOTHING:
        step = min(skip, end - place)
        place += step
        skip -= step
        if skip != 0 or count == capacity or place == end:
            break
        flag = _octet(data, place)
        if flag & RESERVED:
            failure = at.RESERVED_FLAGS
            break
        if flag & _COMMAND_WITH_MORE == _COMMAND_WITH_MORE:
            failure = at.COMMAND_WITH_MORE
            break
        size = LONG_HEADER if flag & LONG else SHORT_HEADER
        if end - place < size:
            break
        body = _octet(data, place + 1)
        if flag & LONG:
            if body > 127:
                failure = at.TOO_LONG
                break
            for k in range(2, LONG_HEADER):
                body = body << 8 | _octet(data, place + k)
        place += size
        offset[count] = position + place
        length[count] = skip = body
        flags[count] = flag
        count += 1
    state[at.SKIP] = skip
    state[at.POSITION] = position + place
    state[at.USED] = place
    state[at.FAILURE] = failure
    return count
