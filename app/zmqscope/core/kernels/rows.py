"""Kernels' way of writing rows: inlined into every kernel that fills a segment. Needs numba.

The plain twin is ``Segment.write`` with ``TopicTable.assign``.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from zmqscope.core.capture.topics import (
    HASHED,
    KEY_BYTES_USED,
    MAX_TOPIC_BYTES,
    NO_SEPARATOR,
    NO_TOPIC,
    OTHER_TOPICS,
    SEPARATOR,
    TOPICS,
    TopicRule,
)
from zmqscope.core.kernels import layout as at
from zmqscope.core.kernels.foreign import I32, I64, U8, U32, U64, memcmp, memcpy

SEGMENT = types.Tuple((U8, I64, I32, U8, U32, U32, U32, I32))
"""arena, time, socket, direction, first byte, first frame, frame length, topic."""

TOPIC_TABLE = types.Tuple((I64, U8, I64, I32, I32, U8, U64, I32, I64, I64, I64, I64, I64, I64))
"""See ``TopicTable.columns``."""

Columns = tuple[NDArray[np.int64], ...]
"""One of the two above. Not all columns are int64, but mypy cannot know which ones are."""

_NEVER, _WITH_TWO_FRAMES = int(TopicRule.NEVER), int(TopicRule.WITH_TWO_FRAMES)
_MULTIPLY_1 = np.uint64(0xFF51AFD7ED558CCD)
_MULTIPLY_2 = np.uint64(0xC4CEB9FE1A85EC53)
_SEED = np.uint64(0x9E3779B97F4A7C15)


@njit(inline="always")
def hash_of(data: NDArray[np.int64], start: int, length: int, salt: int) -> np.uint64:
    """A 64-bit hash of a stretch of bytes, never 0 (murmur3's finalizer over 8-byte words)."""
    value = _SEED ^ np.uint64(length) ^ (np.uint64(salt) * _SEED)
    at = 0
    while at + 8 <= length:
        word = np.uint64(0)
        for k in range(8):
            word |= np.uint64(data[start + at + k]) << np.uint64(8 * k)
        value = (value ^ word) * _MULTIPLY_1
        value ^= value >> np.uint64(32)
        at += 8
    word = np.uint64(0)
    shift = np.uint64(0)
    while at < length:
        word |= np.uint64(data[start + at]) << shift
        shift += np.uint64(8)
        at += 1
    value = (value ^ word) * _MULTIPLY_1
    value ^= value >> np.uint64(29)
    value *= _MULTIPLY_2
    value ^= value >> np.uint64(32)
    return value | np.uint64(1)


@njit(inline="always")
def key_length(arena: NDArray[np.int64], start: int, length: int, separator: int) -> int:
    """Length of the topic in a first frame: all of it, or what stands before a separator."""
    if separator != NO_SEPARATOR:
        for at in range(min(length, MAX_TOPIC_BYTES + 1)):
            if arena[start + at] == separator:
                return at
    return length


@njit()
def index_new_topics(table: Columns) -> None:
    """Bring the hash slots up to the columns: the plain twin may have added topics."""
    counts, keys, key_start, key_size, owner, way, slot_hash, slot_id = table[:8]
    mask = np.uint64(len(slot_hash) - 1)
    for topic in range(counts[HASHED], counts[TOPICS]):
        salt = owner[topic] * 2 + way[topic]
        value = hash_of(keys, key_start[topic], key_size[topic], salt)
        slot = value & mask
        while slot_hash[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slot_hash[slot] = value
        slot_id[slot] = topic
    counts[HASHED] = counts[TOPICS]


@njit(inline="always")
def topic_of(
    table: Columns,
    arena: NDArray[np.int64],
    start: int,
    length: int,
    socket_id: int,
    way: int,
) -> int:
    """Topic id of a first frame; a new topic gets the next number while there is room."""
    counts, keys, key_start, key_size, owner, direction, slot_hash, slot_id = table[:8]
    length = key_length(arena, start, length, counts[SEPARATOR])
    if length > MAX_TOPIC_BYTES:
        return OTHER_TOPICS
    mask = np.uint64(len(slot_hash) - 1)
    value = hash_of(arena, start, length, socket_id * 2 + way)
    slot = value & mask
    where = arena.ctypes.data + start
    while slot_hash[slot] != 0:
        topic = slot_id[slot]
        if (
            slot_hash[slot] == value
            and key_size[topic] == length
            and owner[topic] == socket_id
            and direction[topic] == way
            and memcmp(keys.ctypes.data + key_start[topic], where, length) == 0
        ):
            return int(topic)
        slot = (slot + np.uint64(1)) & mask
    topic = counts[TOPICS]
    used = counts[KEY_BYTES_USED]
    if topic >= len(owner) or used + length > len(keys):
        return OTHER_TOPICS
    memcpy(keys.ctypes.data + used, where, length)
    key_start[topic] = used
    key_size[topic] = length
    owner[topic] = socket_id
    direction[topic] = way
    slot_hash[slot] = value
    slot_id[slot] = topic
    counts[KEY_BYTES_USED] = used + length
    counts[HASHED] = topic + 1
    counts[TOPICS] = topic + 1
    return int(topic)


@njit(inline="always")
def note_topic(table: Columns, topic: int, size: int, row: int, second: int) -> None:
    """Count a stored message on its topic."""
    messages, total, last_row, in_which, in_second, in_second_before = table[8:]
    messages[topic] += 1
    total[topic] += size
    last_row[topic] = row
    if in_which[topic] != second:
        in_second_before[topic] = in_second[topic] if in_which[topic] == second - 1 else 0
        in_second[topic] = 0
        in_which[topic] = second
    in_second[topic] += 1


@njit(inline="always")
def commit_row(
    source: NDArray[np.int64],
    segment: Columns,
    topics: Columns,
    state: NDArray[np.int64],
    way: int,
) -> None:
    """Make a row of the message whose frames stand behind the last row, and count it.

    Args:
        source: Its socket's row of ``layout``'s sources.
        segment: See ``SEGMENT``.
        topics: See ``TOPIC_TABLE``.
        state: See ``layout``.
        way: ``Direction`` value.
    """
    arena, time_ns, socket, direction, first_byte, first_frame, frame_length, topic = segment
    row, frame, start = state[at.ROWS], state[at.FRAMES], state[at.BYTES]
    frames, size = state[at.PART_FRAMES], state[at.PART_BYTES]
    time_ns[row] = state[at.STAMP_NS] + state[at.OFFSET_NS]
    socket[row] = source[at.SOCKET_ID]
    direction[row] = way
    first_byte[row + 1] = start + size
    first_frame[row + 1] = frame + frames
    rule = source[at.RULE]
    if rule == _NEVER or (rule == _WITH_TWO_FRAMES and frames < 2):
        topic[row] = NO_TOPIC
    else:
        found = topic_of(topics, arena, start, frame_length[frame], source[at.SOCKET_ID], way)
        topic[row] = found
        note_topic(topics, found, size, state[at.BASE_ROW] + row, state[at.SECOND])
    state[at.ROWS] = row + 1
    state[at.FRAMES] = frame + frames
    state[at.BYTES] = start + size
    state[at.PART_FRAMES] = 0
    state[at.PART_BYTES] = 0
    state[at.HAS_PENDING] = 0
    source[at.MESSAGES_TAKEN] += 1
    source[at.FRAMES_TAKEN] += frames
    source[at.BYTES_TAKEN] += size
    source[at.BIN_MESSAGES] += 1
    source[at.BIN_BYTES] += size
