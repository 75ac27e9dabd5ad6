"""From libzmq into a segment without the GIL. Needs numba; the engine's thread calls it.

The plain twin is ``engine.drain.PlainDrain``.
"""

from __future__ import annotations

import errno

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from zmqscope.core.kernels import layout as at
from zmqscope.core.kernels.foreign import (
    I64,
    i64,
    memcpy,
    monotonic_ns,
    usleep,
    zmq_errno,
    zmq_msg_data,
    zmq_msg_more,
    zmq_msg_recv,
    zmq_poll,
)
from zmqscope.core.kernels.rows import (
    SEGMENT,
    TOPIC_TABLE,
    Columns,
    commit_row,
    index_new_topics,
)

_DONTWAIT = np.int32(1)
_WAIT = np.int32(0)
_EAGAIN = errno.EAGAIN
_WHOLE = 0
_FULL = 1
_FAILED = 2
_VISITED = -1


@njit(inline="always")
def _take_frames(segment: Columns, state: NDArray[np.int64], handle: int, size: int) -> int:
    """Store the frame that is in the message, and those that follow it in the same message.

    Once the first frame of a message was received, libzmq has all of it (man zmq_msg_recv).
    """
    arena, frame_length = segment[0], segment[6]
    message = state[at.MESSAGE]
    frame = state[at.FRAMES] + state[at.PART_FRAMES]
    end = state[at.BYTES] + state[at.PART_BYTES]
    outcome = _FULL
    while end + size <= len(arena) and frame < len(frame_length):
        memcpy(arena.ctypes.data + end, zmq_msg_data(message), size)
        frame_length[frame] = size
        frame += 1
        end += size
        if zmq_msg_more(message) == 0:
            outcome = _WHOLE
            break
        size = int(zmq_msg_recv(message, handle, _WAIT))
        if size < 0:
            outcome = _FAILED
            break
    state[at.PART_FRAMES] = frame - state[at.FRAMES]
    state[at.PART_BYTES] = end - state[at.BYTES]
    state[at.HAS_PENDING] = outcome == _FULL
    state[at.PENDING_BYTES] = size
    return outcome


@njit(inline="always")
def _begin_message(source: NDArray[np.int64], state: NDArray[np.int64]) -> bool:
    """Receive the first frame of a message and stamp it; whether there was one."""
    size = int(zmq_msg_recv(state[at.MESSAGE], source[at.HANDLE], _DONTWAIT))
    if size < 0:
        source[at.ERRNO] = zmq_errno()
        source[at.IS_EMPTY] = 1
        return False
    state[at.NOW_NS] = monotonic_ns(state[at.TIMESPEC :])
    state[at.STAMP_NS] = state[at.NOW_NS]
    state[at.HAS_PENDING] = 1
    state[at.PENDING_BYTES] = size
    return True


@njit(inline="always")
def _is_over(state: NDArray[np.int64]) -> bool:
    """Whether it is another socket's turn."""
    if state[at.IN_VISIT] == 0:
        return False
    return bool(
        state[at.IN_VISIT] >= state[at.MAX_MESSAGES]
        or state[at.STAMP_NS] >= state[at.VISIT_END_NS]
        or state[at.BYTES_IN_VISIT] >= state[at.MAX_BYTES]
    )


@njit()
def _visit(
    source: NDArray[np.int64], segment: Columns, topics: Columns, state: NDArray[np.int64]
) -> int:
    """Take messages from one socket until it is empty or a bound is reached."""
    rows = len(segment[1])
    if state[at.VISIT_END_NS] == 0:
        state[at.VISIT_END_NS] = state[at.NOW_NS] + state[at.EACH_NS]
    while state[at.HAS_PENDING] != 0 or not _is_over(state):
        if state[at.HAS_PENDING] == 0 and not _begin_message(source, state):
            break
        if state[at.ROWS] == rows:
            return at.NEEDS_ROOM
        if state[at.STAMP_NS] >= state[at.BIN_END_NS]:
            return at.BIN_IS_OVER
        outcome = _take_frames(segment, state, source[at.HANDLE], state[at.PENDING_BYTES])
        if outcome == _FULL:
            return at.NEEDS_ROOM
        if outcome == _FAILED:
            source[at.ERRNO] = zmq_errno()
            source[at.IS_EMPTY] = 1
            state[at.PART_FRAMES] = state[at.PART_BYTES] = 0
            break
        state[at.IN_VISIT] += 1
        state[at.BYTES_IN_VISIT] += state[at.PART_BYTES]
        commit_row(source, segment, topics, state, 0)
    state[at.IN_ROUND] += state[at.IN_VISIT]
    state[at.IN_VISIT] = state[at.BYTES_IN_VISIT] = state[at.VISIT_END_NS] = 0
    return _VISITED


@njit()
def _linger(sources: NDArray[np.int64], state: NDArray[np.int64]) -> bool:
    """At the end of a round: whether another one follows, at once or after a wait.

    Leaving for the next pass costs the GIL and a tenth of a millisecond of Python, so a pass waits
    for the next message here. While much comes, a nap lets it gather instead: each time libzmq
    runs empty costs its I/O thread a wake-up.
    """
    for index in range(len(sources)):
        if sources[index, at.IS_EMPTY] == 0:
            return True
    if state[at.WAIT_MS] == 0:
        return False
    if state[at.IN_ROUND] >= state[at.NAP_MESSAGES]:
        usleep(np.int32(state[at.NAP_US]))
    elif zmq_poll(state[at.POLL_ITEMS], np.int32(len(sources)), state[at.WAIT_MS]) <= 0:
        return False
    for index in range(len(sources)):
        if sources[index, at.ERRNO] == _EAGAIN:
            sources[index, at.IS_EMPTY] = 0
    return True


@njit(i64(types.Array(types.int64, 2, "C"), SEGMENT, TOPIC_TABLE, I64))
def drain(
    sources: NDArray[np.int64], segment: Columns, topics: Columns, state: NDArray[np.int64]
) -> int:
    """One pass over sockets that have something, in turn, until they are empty or time is up.

    Args:
        sources: int64[n, SOURCE_COLUMNS], see ``layout``.
        segment: Columns of the open segment, see ``rows.SEGMENT``.
        topics: ``TopicTable.columns()``.
        state: int64[STATE_SIZE], see ``layout``.

    Returns:
        ``layout.FINISHED``, or what the caller has to do before it calls again to go on.
    """
    index_new_topics(topics)
    while True:
        for index in range(state[at.AT], len(sources)):
            if sources[index, at.IS_EMPTY] == 0:
                outcome = _visit(sources[index], segment, topics, state)
                if outcome != _VISITED:
                    state[at.AT] = index
                    return outcome
                if state[at.NOW_NS] >= state[at.END_NS]:
                    return at.FINISHED
        state[at.AT] = 0
        if not _linger(sources, state):
            return at.FINISHED
        state[at.IN_ROUND] = 0
        state[at.NOW_NS] = monotonic_ns(state[at.TIMESPEC :])
        if state[at.NOW_NS] >= state[at.END_NS]:
            return at.FINISHED
