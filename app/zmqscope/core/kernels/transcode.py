"""From one framing into another without the GIL: ZMTP frames, WebSocket messages. Needs numba.

The plain twin is ``core.transcode.plain.PlainTranscoder``.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from zmqscope.core.kernels.borrowed import borrowed
from zmqscope.core.kernels.foreign import I64, U8, i64, memcmp, memcpy
from zmqscope.core.transcode import layout as at

# What ``_zmtp_head`` and ``_websocket_head`` find instead of a head.
_CUT, _SPECIAL = -1, -2
_U32 = 0xFFFFFFFF
_MULTIPLY = np.uint64(0x2545F4914F6CDD1D)


@njit(inline="always")
def _rotated(key: int, count: int) -> int:
    """A masking key for what comes ``count`` bytes later."""
    shift = 8 * (count & 3)
    return ((key >> shift) | (key << (32 - shift))) & _U32


@njit(inline="always")
def _next_key(state: NDArray[np.int64]) -> int:
    """See ``plain.next_key``."""
    seed = np.uint64(state[at.SEED])
    seed ^= seed >> np.uint64(12)
    seed ^= seed << np.uint64(25)
    seed ^= seed >> np.uint64(27)
    state[at.SEED] = np.int64(seed)
    return int(np.int64((seed * _MULTIPLY) >> np.uint64(32)))


@njit(inline="always")
def _big_endian(data: NDArray[np.int64], start: int, size: int) -> int:
    value = np.int64(0)
    for index in range(size):
        value = (value << 8) | np.int64(data[start + index])
    return int(value)


@njit(inline="always")
def _copy_masked(
    source: NDArray[np.int64],
    start: int,
    sink: NDArray[np.int64],
    out: int,
    size: int,
    key: int,
) -> None:
    """Copy with a masking key applied, four bytes at a time."""
    k0, k1 = np.uint8(key & 255), np.uint8((key >> 8) & 255)
    k2, k3 = np.uint8((key >> 16) & 255), np.uint8((key >> 24) & 255)
    whole = size & ~3
    for index in range(0, whole, 4):
        sink[out + index] = source[start + index] ^ k0
        sink[out + index + 1] = source[start + index + 1] ^ k1
        sink[out + index + 2] = source[start + index + 2] ^ k2
        sink[out + index + 3] = source[start + index + 3] ^ k3
    for index in range(whole, size):
        shift = 8 * (index & 3)
        sink[out + index] = source[start + index] ^ np.uint8((key >> shift) & 255)


@njit(inline="always")
def _zmtp_head(source: NDArray[np.int64], place: int, end: int) -> tuple[int, int, int, int]:
    """Size of the head, length of the body, more, masking key."""
    flags = np.int64(source[place])
    if flags > at.ZMTP_MORE | at.ZMTP_LONG:
        return _SPECIAL, 0, 0, 0
    if flags & at.ZMTP_LONG == 0:
        if end - place < 2:
            return _CUT, 0, 0, 0
        return 2, int(np.int64(source[place + 1])), int(flags), 0
    if end - place < 9:
        return _CUT, 0, 0, 0
    length = _big_endian(source, place + 1, 8)
    return (9 if length >= 0 else _SPECIAL), length, int(flags & at.ZMTP_MORE), 0


@njit(inline="always")
def _websocket_head(
    source: NDArray[np.int64], place: int, end: int, is_masked: int
) -> tuple[int, int, int, int]:
    """The same, of a WebSocket frame with its flag byte."""
    there = end - place
    if source[place] != at.WHOLE_BINARY:
        return _SPECIAL, 0, 0, 0
    if there < 2:
        return _CUT, 0, 0, 0
    second = np.int64(source[place + 1])
    if (second & 0x80 != 0) != (is_masked != 0):
        return _SPECIAL, 0, 0, 0
    length = int(second & 0x7F)
    extended = 2 if length == 126 else 8 if length == 127 else 0
    size = 2 + extended + (4 if second & 0x80 else 0)
    if there < size + 1:
        return (_SPECIAL if length == 0 else _CUT), 0, 0, 0
    if extended:
        length = _big_endian(source, place + 2, extended)
    if length <= 0:
        return _SPECIAL, 0, 0, 0
    key = 0
    if second & 0x80:
        for index in range(4):
            key |= int(np.int64(source[place + size - 4 + index])) << (8 * index)
    flags = int(np.int64(source[place + size])) ^ (key & 255)
    if flags > at.ZWS_MORE:
        return _SPECIAL, 0, 0, 0
    return size + 1, length - 1, flags, _rotated(key, 1)


@njit(inline="always")
def _is_joined(
    where: int, length: int, group_data: NDArray[np.int64], group_starts: NDArray[np.int64]
) -> bool:
    """Whether the bytes at an address are one of the groups."""
    low, high = 0, len(group_starts) - 1
    while low < high:
        middle = (low + high) // 2
        begin = group_starts[middle]
        size = group_starts[middle + 1] - begin
        order = np.int64(
            memcmp(where, group_data.ctypes.data + begin, length if length < size else size)
        )
        if order == 0:
            order = np.int64(length) - size
        if order == 0:
            return True
        if order < 0:
            high = middle
        else:
            low = middle + 1
    return False


@njit(inline="always")
def _write_head(
    sink: NDArray[np.int64], out: int, length: int, more: int, state: NDArray[np.int64]
) -> int:
    """Write the head of a frame; where its body begins."""
    if state[at.INTO] == at.ZMTP:
        if length <= 255:
            sink[out] = more
            sink[out + 1] = length
            return out + 2
        sink[out] = more | at.ZMTP_LONG
        for index in range(8):
            sink[out + 1 + index] = (length >> (56 - 8 * index)) & 255
        return out + 9
    size = length + 1
    mask = 0x80 if state[at.MASKS] != 0 else 0
    sink[out] = at.WHOLE_BINARY
    if size < 126:
        sink[out + 1] = mask | size
        out += 2
    elif size <= 0xFFFF:
        sink[out + 1] = mask | 126
        sink[out + 2] = size >> 8
        sink[out + 3] = size & 255
        out += 4
    else:
        sink[out + 1] = mask | 127
        for index in range(8):
            sink[out + 2 + index] = (size >> (56 - 8 * index)) & 255
        out += 10
    if mask == 0:
        sink[out] = more
        return out + 1
    key = _next_key(state)
    for index in range(4):
        sink[out + index] = (key >> (8 * index)) & 255
    sink[out + 4] = more ^ (key & 255)
    state[at.OUT_KEY] = _rotated(key, 1)
    return out + 5


@njit(inline="always")
def _pass_body(
    source: NDArray[np.int64], sink: NDArray[np.int64], state: NDArray[np.int64]
) -> None:
    """Pass on as much of the present body as is there."""
    place, out = state[at.CONSUMED], state[at.PRODUCED]
    size = min(state[at.LEFT], len(source) - place)
    if state[at.COPIES_NOTHING] != 0:
        state[at.BODY_BYTES] += size
    elif state[at.DROPS] == 0:
        key = state[at.IN_KEY] ^ state[at.OUT_KEY]
        if key == 0:
            memcpy(sink.ctypes.data + out, source.ctypes.data + place, size)
        else:
            _copy_masked(source, place, sink, out, size, key)
        state[at.PRODUCED] = out + size
        state[at.BODY_BYTES] += size
    state[at.IN_KEY] = _rotated(state[at.IN_KEY], size)
    state[at.OUT_KEY] = _rotated(state[at.OUT_KEY], size)
    state[at.LEFT] -= size
    state[at.CONSUMED] = place + size


@njit(inline="always")
def _begin_body(
    sink: NDArray[np.int64],
    state: NDArray[np.int64],
    head: int,
    length: int,
    more: int,
    key: int,
) -> None:
    """A body of so many bytes follows a head of so many."""
    state[at.DROPS] = state[at.DROPS_REST]
    state[at.IS_INSIDE] = more
    state[at.LEFT], state[at.IN_KEY], state[at.OUT_KEY] = length, key, 0
    if state[at.DROPS] == 0:
        if state[at.COPIES_NOTHING] == 0:
            state[at.PRODUCED] = _write_head(sink, state[at.PRODUCED], length, more, state)
        state[at.FRAMES] += 1
    if more == 0:
        if state[at.DROPS_REST] != 0:
            state[at.DROPPED] += 1
        else:
            state[at.MESSAGES] += 1
        state[at.DROPS_REST] = 0
    state[at.CONSUMED] += head


@njit(i64(U8, U8, I64, U8, I64))
def transcode(
    source: NDArray[np.int64],
    sink: NDArray[np.int64],
    state: NDArray[np.int64],
    group_data: NDArray[np.int64],
    group_starts: NDArray[np.int64],
) -> int:
    """Go on where the last call ended.

    Args:
        source: uint8[n], what has come.
        sink: uint8[m], large enough, see ``Transcoder.run``.
        state: int64[STATE_SIZE], see ``core.transcode.layout``.
        group_data: uint8[k], see ``GroupTable``.
        group_starts: int64[count + 1], see ``GroupTable``.

    Returns:
        ``layout.NEEDS_INPUT`` or ``layout.SPECIAL``.
    """
    source, sink, state = borrowed(source), borrowed(sink), borrowed(state)
    group_data, group_starts = borrowed(group_data), borrowed(group_starts)
    end = len(source)
    state[at.CONSUMED] = state[at.PRODUCED] = 0
    while state[at.CONSUMED] < end:
        place = state[at.CONSUMED]
        if state[at.LEFT] > 0:
            _pass_body(source, sink, state)
            continue
        if state[at.ESCAPES] != 0:
            return at.SPECIAL
        if state[at.FROM] == at.ZMTP:
            head, length, more, key = _zmtp_head(source, place, end)
        else:
            head, length, more, key = _websocket_head(source, place, end, state[at.IS_MASKED])
        if head < 0:
            return at.SPECIAL if head == _SPECIAL else at.NEEDS_INPUT
        if state[at.FILTERS] != 0 and state[at.IS_INSIDE] == 0:
            state[at.DROPS_REST] = 1
            if more != 0 and length <= at.MAX_GROUP:
                if end - place < head + length:
                    state[at.DROPS_REST] = 0
                    break
                # Without its mask it stands where nothing has been written yet.
                out = state[at.PRODUCED]
                _copy_masked(source, place + head, sink, out, length, key)
                if _is_joined(sink.ctypes.data + out, length, group_data, group_starts):
                    state[at.DROPS_REST] = 0
        _begin_body(sink, state, head, length, more, key)
    return at.NEEDS_INPUT
