"""Which rows of a stretch of a segment a query asks for, without the GIL. Needs numba.

The plain twin is ``core.search.plain.PlainScan``.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from zmqscope.core.kernels.foreign import I64, U8, i64, memmem
from zmqscope.core.kernels.rows import SEGMENT, Columns
from zmqscope.core.search import plan as at

PLAN = types.Tuple((I64, U8, U8, U8, U8))
"""See ``Plan.columns``."""

# Between two looks at whether to stop: a tenth of a millisecond, even in a message of a gigabyte.
_STRETCH_BYTES = 1 << 20


@njit(inline="always")
def _number(column: NDArray[np.int64], index: int) -> int:
    """A value with a sign: the sum of one with a sign and one without is a float to numba."""
    return int(np.int64(column[index]))


@njit(inline="always")
def _row_at(first_byte: NDArray[np.int64], where: int, row: int, end: int) -> int:
    """The row from ``row`` to ``end`` that holds the byte at ``where``; the next ones first."""
    low, high, step = row, row + 1, 1
    while high < end and _number(first_byte, high) <= where:
        low = high
        high = min(end, high + step)
        step *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if _number(first_byte, middle) <= where:
            low = middle
        else:
            high = middle
    return low


@njit(inline="always")
def _frame_at(
    frame_length: NDArray[np.int64], where: int, frame: int, frame_begin: int
) -> tuple[int, int]:
    """The frame that holds the byte at ``where``, from one on that begins before, and its begin."""
    while frame_begin + _number(frame_length, frame) <= where:
        frame_begin += _number(frame_length, frame)
        frame += 1
    return frame, frame_begin


@njit()
def _sweep(
    segment: Columns,
    needle: NDArray[np.int64],
    place: NDArray[np.int64],
    found: NDArray[np.int64],
    row: int,
    end_row: int,
    hits: int,
) -> int:
    """Write which of consecutive rows, one stretch of the arena, contain the needle."""
    arena, first_byte, first_frame, frame_length = segment[0], segment[4], segment[5], segment[6]
    base, size = arena.ctypes.data, len(needle)
    begin, end = _number(first_byte, row), _number(first_byte, end_row)
    frame, frame_begin = _number(first_frame, row), begin
    while begin + size <= end and place[at.STOP] == 0:
        until = min(end, begin + _STRETCH_BYTES + size)
        found_at = memmem(base + begin, until - begin, needle.ctypes.data, size)
        if found_at == 0:
            # It may begin in the last bytes of this stretch.
            begin = until - size + 1
            continue
        begin = found_at - base
        holder = _row_at(first_byte, begin, row, end_row)
        if holder != row:
            row = holder
            frame, frame_begin = _number(first_frame, row), _number(first_byte, row)
        frame, frame_begin = _frame_at(frame_length, begin, frame, frame_begin)
        frame_end = frame_begin + _number(frame_length, frame)
        if begin + size > frame_end:
            # Across frames: no hit, and none begins before this frame ends.
            begin = frame_end
            continue
        found[hits] = row
        hits += 1
        row += 1
        if row == end_row:
            break
        begin = _number(first_byte, row)
        frame, frame_begin = _number(first_frame, row), begin
    return hits


@njit()
def _within_limits(
    segment: Columns,
    limits: NDArray[np.int64],
    place: NDArray[np.int64],
    found: NDArray[np.int64],
) -> int:
    """Write the rows whose direction, time and size are asked for."""
    # Out of their tuple once, not for each row: that would count references, and cost most of it.
    time_ns, direction, first_byte = segment[1], segment[3], segment[4]
    way, from_ns, until_ns = limits[at.DIRECTION], limits[at.FROM_NS], limits[at.UNTIL_NS]
    least, most = limits[at.MIN_BYTES], limits[at.MAX_BYTES]
    count = 0
    for row in range(place[at.LOW], place[at.HIGH]):
        size = _number(first_byte, row + 1) - _number(first_byte, row)
        found[count] = row
        count += (
            (way < 0 or _number(direction, row) == way)
            & (from_ns <= time_ns[row])
            & (time_ns[row] < until_ns)
            & (least <= size)
            & (size <= most)
        )
    return count


@njit()
def _in_table(
    ids: NDArray[np.int64], table: NDArray[np.int64], found: NDArray[np.int64], count: int
) -> int:
    """Keep those of the first ``count`` rows whose id is marked in a table."""
    kept = 0
    for index in range(count):
        row = found[index]
        number = _number(ids, row)
        if number < len(table) and table[number] != 0:
            found[kept] = row
            kept += 1
    return kept


@njit()
def _with_prefix(
    segment: Columns, prefix: NDArray[np.int64], found: NDArray[np.int64], count: int
) -> int:
    """Keep those of the first ``count`` rows whose first frame begins with the prefix."""
    arena, first_byte, first_frame, frame_length = segment[0], segment[4], segment[5], segment[6]
    size = len(prefix)
    kept = 0
    for index in range(count):
        row = found[index]
        start = _number(first_byte, row)
        same = 0
        if _number(frame_length, first_frame[row]) >= size:
            while same < size and arena[start + same] == prefix[same]:
                same += 1
        if same == size:
            found[kept] = row
            kept += 1
    return kept


@njit()
def _choose(
    segment: Columns, query: Columns, place: NDArray[np.int64], found: NDArray[np.int64]
) -> int:
    """Write the rows that meet every condition but what a frame contains."""
    limits, topics, sockets, prefix, _ = query
    count = _within_limits(segment, limits, place, found)
    if limits[at.BY_SOCKET] != 0:
        count = _in_table(segment[2], sockets, found, count)
    if limits[at.BY_TOPIC] != 0:
        count = _in_table(segment[7], topics, found, count)
    if len(prefix):
        count = _with_prefix(segment, prefix, found, count)
    return count


@njit()
def _sweep_chosen(
    segment: Columns,
    needle: NDArray[np.int64],
    place: NDArray[np.int64],
    found: NDArray[np.int64],
    count: int,
) -> int:
    """Keep those of the first ``count`` rows in ``found`` that contain the needle.

    Rows that follow one another are swept together. Hits never overtake what they are taken from.
    """
    hits = first = 0
    while first < count:
        row = found[first]
        last = first + 1
        while last < count and found[last] == row + last - first:
            last += 1
        hits = _sweep(segment, needle, place, found, row, row + last - first, hits)
        first = last
    return hits


@njit(i64(SEGMENT, PLAN, I64, I64))
def search(
    segment: Columns, query: Columns, place: NDArray[np.int64], found: NDArray[np.int64]
) -> int:
    """Find the rows of a stretch of a segment that a query asks for.

    Args:
        segment: Columns of the segment, see ``rows.SEGMENT``.
        query: ``Plan.columns()``.
        place: int64[PLACE_SIZE]: local indices of the first row and one past the last; STOP may be
            set from another thread, and what has been found by then is worth nothing.
        found: int64[n], n at least as many as there are rows; local row indices are written here,
            ascending.

    Returns:
        How many were written.
    """
    needle = query[4]
    low, high = place[at.LOW], place[at.HIGH]
    if low >= high:
        return 0
    if query[0][at.BY_COLUMNS] != 0:
        count = _choose(segment, query, place, found)
        return _sweep_chosen(segment, needle, place, found, count) if len(needle) else count
    if len(needle):
        return _sweep(segment, needle, place, found, low, high, 0)
    for row in range(low, high):
        found[row - low] = row
    return int(high - low)
