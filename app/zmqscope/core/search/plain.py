"""The plain twin of the search kernel: numpy for columns, ``bytes.find`` for contents. Any thread.

It holds the GIL, so slices are short and contents are taken out of the arena piece by piece.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.segment import Segment, SegmentBuffers
from zmqscope.core.search import plan as at
from zmqscope.core.search.plan import Plan

_PIECE_BYTES = 1 << 20
_MAX_LISTED = 100_000


class PlainScan:
    """By numpy and bytes.

    Args:
        plan: What to find.
    """

    max_rows = 20_000
    holds_gil = True

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._needle = plan.needle.tobytes()
        self._stopped = False

    def stop(self) -> None:
        """See ``Scan``."""
        self._stopped = True

    def find(self, segment: Segment, low: int, high: int, found: NDArray[np.int64]) -> int:
        """See ``Scan``."""
        if low >= high:
            return 0
        buffers = segment.buffers
        chosen = self._chosen(buffers, low, high)
        if self._needle:
            chosen = np.fromiter(self._with_needle(buffers, chosen), np.int64)
        found[: len(chosen)] = chosen
        return len(chosen)

    # ---- columns ----------------------------------------------------------------------------

    def _chosen(self, b: SegmentBuffers, low: int, high: int) -> NDArray[np.int64]:
        """Rows that meet every condition but what a frame contains."""
        limits = self._plan.limits
        if not limits[at.BY_COLUMNS]:
            return np.arange(low, high, dtype=np.int64)
        time_ns = b.time_ns[low:high]
        sizes = np.diff(b.first_byte[low : high + 1].astype(np.int64))
        passes = (limits[at.FROM_NS] <= time_ns) & (time_ns < limits[at.UNTIL_NS])
        passes &= (limits[at.MIN_BYTES] <= sizes) & (sizes <= limits[at.MAX_BYTES])
        if limits[at.DIRECTION] != at.EITHER_DIRECTION:
            passes &= b.direction[low:high] == limits[at.DIRECTION]
        if limits[at.BY_SOCKET]:
            passes &= _is_in(self._plan.sockets, b.socket[low:high])
        if limits[at.BY_TOPIC]:
            passes &= _is_in(self._plan.topics, b.topic[low:high])
        rows = np.flatnonzero(passes) + low
        return self._with_prefix(b, rows) if len(self._plan.prefix) else rows

    def _with_prefix(self, b: SegmentBuffers, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of some rows whose first frame begins with the prefix, a byte of all at a time."""
        prefix = self._plan.prefix
        rows = rows[b.frame_length[b.first_frame[rows]] >= len(prefix)]
        for place, byte in enumerate(prefix):
            if not len(rows):
                break
            rows = rows[b.arena[b.first_byte[rows].astype(np.int64) + place] == byte]
        return rows

    # ---- contents ---------------------------------------------------------------------------

    def _with_needle(self, b: SegmentBuffers, rows: NDArray[np.int64]) -> Iterator[int]:
        """Those of some rows that contain the needle within one frame."""
        starts = b.first_byte[rows].astype(np.int64).tolist()
        ends = b.first_byte[rows + 1].astype(np.int64).tolist()
        row_list = rows.tolist()
        first = 0
        while first < len(row_list) and not self._stopped:
            last = first + 1
            # The bytes of rows that follow one another are one stretch.
            while last < len(row_list) and starts[last] == ends[last - 1]:
                last += 1
            yield from self._sweep(b, row_list[first:last], starts[first:last], ends[last - 1])
            first = last

    def _sweep(
        self, b: SegmentBuffers, rows: list[int], starts: list[int], end: int
    ) -> Iterator[int]:
        pieces = _Pieces(b.arena, end)
        frame_ends: Sequence[int] | NDArray[np.int64] | None = None
        size = len(self._needle)
        begin = starts[0]
        while not self._stopped:
            begin = pieces.find(self._needle, begin)
            if begin < 0:
                return
            if frame_ends is None:
                frame_ends = _frame_ends(b, rows[0], rows[-1] + 1, starts[0])
            frame_end = int(frame_ends[bisect_right(frame_ends, begin)])
            if begin + size > frame_end:
                # Across frames: no hit, and none begins before this frame ends.
                begin = frame_end
                continue
            index = bisect_right(starts, begin) - 1
            yield rows[index]
            if index + 1 == len(rows):
                return
            begin = starts[index + 1]


class _Pieces:
    """Finds bytes in an arena, of which it copies a piece at a time.

    Args:
        arena: The arena.
        end: One past the last byte to look at.
    """

    def __init__(self, arena: NDArray[np.uint8], end: int) -> None:
        self._arena = arena
        self._end = end
        self._piece = b""
        self._start = 0

    def find(self, needle: bytes, begin: int) -> int:
        """Where the needle next stands; -1 if it does not."""
        while begin + len(needle) <= self._end:
            until = self._start + len(self._piece)
            if not self._start <= begin <= until - len(needle):
                self._start = begin
                until = min(self._end, begin + _PIECE_BYTES + len(needle))
                self._piece = self._arena[begin:until].tobytes()
            at_place = self._piece.find(needle, begin - self._start)
            if at_place >= 0:
                return self._start + at_place
            begin = until - len(needle) + 1
        return -1


def _is_in(table: NDArray[np.uint8], ids: NDArray[np.int32]) -> NDArray[np.bool_]:
    inside = ids < len(table)
    result = np.zeros(len(ids), np.bool_)
    result[inside] = table[ids[inside]] != 0
    return result


def _frame_ends(
    b: SegmentBuffers, row: int, end_row: int, start: int
) -> Sequence[int] | NDArray[np.int64]:
    """Where each frame of consecutive rows ends in the arena; the first begins at ``start``."""
    lengths = b.frame_length[int(b.first_frame[row]) : int(b.first_frame[end_row])]
    ends: NDArray[np.int64] = lengths.cumsum(dtype=np.int64) + start
    # A list is faster to look things up in; making a very long one would hold up everybody else.
    return ends.tolist() if len(ends) <= _MAX_LISTED else ends
