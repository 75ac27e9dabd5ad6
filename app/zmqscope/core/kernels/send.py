"""Messages by the million into libzmq and a segment without the GIL. Needs numba; engine thread.

The plain twin is ``engine.bursts.PlainBursts``.
"""

from __future__ import annotations

import errno

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from zmqscope.core.kernels import layout as at
from zmqscope.core.kernels import send_order as to
from zmqscope.core.kernels.borrowed import borrowed
from zmqscope.core.kernels.foreign import (
    I64,
    U8,
    i64,
    memcpy,
    monotonic_ns,
    zmq_errno,
    zmq_poll,
    zmq_send,
)
from zmqscope.core.kernels.rows import (
    SEGMENT,
    TOPIC_TABLE,
    Columns,
    commit_row,
    index_new_topics,
)

_DONTWAIT, _DONTWAIT_SNDMORE = np.int32(1), np.int32(3)
_EAGAIN = errno.EAGAIN
_SENT = 1
# Looking at the clock costs a fifth of a short send: these many short messages in a row, which take
# less than a microsecond together, have the same time.
_A_STAMP, _SHORT = 4, 1_024
_WAIT_MS = 1


@njit(inline="always")
def _write_counter(arena: NDArray[np.int64], first: int, order: NDArray[np.int64]) -> None:
    """Write the number of the next message; ``first`` is its first byte in the arena."""
    value = np.uint64(order[to.COUNTER_NEXT])
    width = order[to.COUNTER_WIDTH]
    if order[to.COUNTER_FORMAT] == to.LITTLE_ENDIAN:
        for k in range(width):
            arena[first + k] = np.uint8(value & np.uint64(0xFF))
            value >>= np.uint64(8)
    elif order[to.COUNTER_FORMAT] == to.BIG_ENDIAN:
        for k in range(width):
            arena[first + width - 1 - k] = np.uint8(value & np.uint64(0xFF))
            value >>= np.uint64(8)
    else:
        for k in range(width):
            rest = value // np.uint64(10)
            arena[first + width - 1 - k] = np.uint8(np.uint64(48) + value - rest * np.uint64(10))
            value = rest


@njit(inline="always")
def _advance_counter(order: NDArray[np.int64]) -> None:
    """The next message has the next number; behind the last one comes 0."""
    value = np.uint64(order[to.COUNTER_NEXT]) + np.uint64(1)
    if value == np.uint64(order[to.COUNTER_LIMIT]):
        value = np.uint64(0)
    order[to.COUNTER_NEXT] = np.int64(value)


@njit(inline="always")
def _give(handle: int, where: int, lengths: NDArray[np.int64], skips_the_rest: int) -> int:
    """Give a message to libzmq, whole; 0, or why it was not taken (man zmq_send)."""
    last = len(lengths) - 1
    failed = 0
    for frame in range(last + 1):
        flags = _DONTWAIT if frame == last else _DONTWAIT_SNDMORE
        if zmq_send(handle, where, lengths[frame], flags) < 0:
            if failed == 0:
                failed = int(zmq_errno())
            # The peer left in mid-message. libzmq drops what follows up to the last frame
            # (lb.cpp), so that must come, or the next message would be dropped in its place.
            if frame == 0 or skips_the_rest == 0:
                break
        where += lengths[frame]
    return failed


@njit(inline="always")
def _wait_for_room(order: NDArray[np.int64], state: NDArray[np.int64]) -> None:
    """Until the socket can send or a moment has passed.

    A send that does not wait looks for news of its peers only once in about 3 million cycles
    (socket_base.cpp, process_commands); zmq_poll looks at once.
    """
    began = monotonic_ns(state[at.TIMESPEC :])
    zmq_poll(order.ctypes.data + 8 * to.POLL_ITEM, np.int32(1), _WAIT_MS)
    state[at.NOW_NS] = monotonic_ns(state[at.TIMESPEC :])
    order[to.WAITS] += 1
    order[to.WAITED_NS] += state[at.NOW_NS] - began


@njit(inline="always")
def _has_room(segment: Columns, state: NDArray[np.int64], frames: int, size: int) -> bool:
    """Whether the segment can hold another message: what is sent must be captured."""
    return bool(
        state[at.ROWS] < len(segment[1])
        and state[at.FRAMES] + frames <= len(segment[6])
        and state[at.BYTES] + size <= len(segment[0])
    )


@njit(i64(types.Array(types.int64, 2, "C"), SEGMENT, TOPIC_TABLE, I64, I64, U8, I64))
def send(
    sources: NDArray[np.int64],
    segment: Columns,
    topics: Columns,
    state: NDArray[np.int64],
    order: NDArray[np.int64],
    message: NDArray[np.uint8],
    lengths: NDArray[np.int64],
) -> int:
    """Send a message again and again until a bound is reached or libzmq takes no more.

    It is sent from where it is captured, so that there is room for whatever was sent.

    Args:
        sources: int64[1, SOURCE_COLUMNS], see ``layout``; ``ERRNO`` says why it ended early.
        segment: Columns of the open segment, see ``rows.SEGMENT``.
        topics: ``TopicTable.columns()``.
        state: int64[STATE_SIZE], see ``layout``; of the pass, only ``END_NS`` is used.
        order: int64[ORDER_SIZE], see ``send_order``.
        message: uint8[n], all frames without gaps.
        lengths: int64[m], bytes of each frame.

    Returns:
        ``layout.FINISHED``, or what the caller has to do before it calls again to go on.
    """
    index_new_topics(topics)
    segment, topics = borrowed(segment), borrowed(topics)
    state, order = borrowed(state), borrowed(order)
    message, lengths = borrowed(message), borrowed(lengths)
    source = borrowed(sources[0])
    arena, frame_length = segment[0], segment[6]
    size, frames = len(message), len(lengths)
    sent_before_wait = stamped = 0
    while order[to.SENT] < order[to.WANTED]:
        start, frame = state[at.BYTES], state[at.FRAMES]
        if not _has_room(segment, state, frames, size):
            return at.NEEDS_ROOM
        if stamped == 0:
            state[at.NOW_NS] = monotonic_ns(state[at.TIMESPEC :])
            stamped = _A_STAMP if size <= _SHORT else 1
        stamped -= 1
        state[at.STAMP_NS] = state[at.NOW_NS]
        if state[at.STAMP_NS] >= state[at.BIN_END_NS]:
            return at.BIN_IS_OVER
        memcpy(arena.ctypes.data + start, message.ctypes.data, size)
        if order[to.COUNTER_AT] >= 0:
            _write_counter(arena, start + order[to.COUNTER_AT], order)
        failed = _give(
            source[at.HANDLE], arena.ctypes.data + start, lengths, order[to.SKIPS_THE_REST]
        )
        if failed == 0:
            for index in range(frames):
                frame_length[frame + index] = lengths[index]
            state[at.PART_FRAMES], state[at.PART_BYTES] = frames, size
            commit_row(source, segment, topics, state, _SENT)
            _advance_counter(order)
            order[to.SENT] += 1
        elif failed == _EAGAIN and order[to.MAY_WAIT] != 0 and order[to.SENT] > sent_before_wait:
            sent_before_wait = order[to.SENT]
            stamped = 0
            _wait_for_room(order, state)
        else:
            source[at.ERRNO] = failed
            break
        if state[at.NOW_NS] >= state[at.END_NS]:
            break
    return at.FINISHED
