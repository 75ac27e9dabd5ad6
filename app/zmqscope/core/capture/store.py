"""The capture store: every message in memory, as columns in append-only segments.

One writer at a time (a short lock); any number of readers on any thread, none of which waits.
"""

from __future__ import annotations

import weakref
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.counters import CounterTable
from zmqscope.core.capture.rates import RateTable
from zmqscope.core.capture.segment import Batch, Segment
from zmqscope.core.capture.segment_log import SegmentLog
from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.capture.writing import StoreWriter
from zmqscope.core.types import Direction, Message, RowId, SocketId

DEFAULT_BUDGET_BYTES = 512 * 1024 * 1024

_LARGE_BYTES = 1_000_000


class RowView(NamedTuple):
    """What a list shows of a message: the beginning of its first frames, never the whole.

    Attributes:
        row: Row id.
        time_ns: Arrival or send time, ns since the epoch.
        socket_id: The socket.
        direction: Which way it went.
        frame_count: Number of frames.
        size: Payload bytes of all frames.
        heads: The first bytes of the first few frames.
        frame_sizes: Size in bytes of those same frames.
    """

    row: RowId
    time_ns: int
    socket_id: SocketId
    direction: Direction
    frame_count: int
    size: int
    heads: tuple[bytes, ...]
    frame_sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColumnSlice:
    """Columns of consecutive rows in one segment; valid while ``segment`` is held.

    Attributes:
        segment: The owner of the memory.
        first_row: Row id of index 0.
        time_ns: int64[n].
        socket: int32[n].
        direction: uint8[n].
        topic: int32[n], ids of ``CaptureStore.topics``.
        size: int64[n], payload bytes.
    """

    segment: Segment
    first_row: int
    time_ns: NDArray[np.int64]
    socket: NDArray[np.int32]
    direction: NDArray[np.uint8]
    topic: NDArray[np.int32]
    size: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """What became of everything that was captured, in messages unless said otherwise.

    Attributes:
        captured: Received or sent, and stored.
        evicted: Stored once, gone because the memory budget was reached.
        cleared: Stored once, cleared by the user.
        refused: Received, never stored: larger than the whole budget.
        memory_bytes: Bytes held now.
        budget_bytes: Bytes that may be held.
    """

    captured: int
    evicted: int
    cleared: int
    refused: int
    memory_bytes: int
    budget_bytes: int


class CaptureStore:
    """Everything captured, bounded by a budget.

    Args:
        budget_bytes: Bytes that rows may take; the oldest go, a whole segment at a time.

    Attributes:
        counters: Totals for each socket.
        rates: Rate bins for each socket.
        topics: What first frames say, and how often.
    """

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self.counters = CounterTable()
        self.rates = RateTable()
        self.topics = TopicTable()
        self._log = SegmentLog(budget_bytes)
        self._writer = StoreWriter(self._log, self.topics)
        self._last_large: weakref.ref[Message] | None = None

    # ---- writing: the engine thread ---------------------------------------------------------

    def writing(self) -> StoreWriter:
        """Use it in a ``with`` block: the way to fill segments in place."""
        return self._writer

    def append(self, batch: Batch) -> int:
        """Store messages, make them visible and count them.

        Returns:
            How many were refused because they are larger than the budget.
        """
        if not len(batch):
            return 0
        with self._writer as writer:
            return self.append_within(writer, batch)

    def append_within(self, writer: StoreWriter, batch: Batch) -> int:
        """The same, inside a ``with`` block of ``writing``."""
        frame_ends = batch.frame_ends()
        byte_ends = batch.byte_ends(frame_ends)
        sizes = byte_ends.copy()
        sizes[1:] -= byte_ends[:-1]
        refused = writer.append(batch, frame_ends, byte_ends, sizes)
        socket_id, direction = SocketId(batch.socket_id), Direction(batch.direction)
        self.count(socket_id, direction, len(batch), len(batch.frame_lengths), int(byte_ends[-1]))
        self.rates.add(socket_id, direction, batch.times_ns, sizes)
        return refused

    def count(
        self, socket_id: SocketId, direction: Direction, messages: int, frames: int, size: int
    ) -> None:
        """Add to the totals; ``size`` in bytes. The rates are counted apart."""
        self.counters.total.add(messages, frames, size)
        self.counters.of(socket_id).of(direction).add(messages, frames, size)

    def clear(self) -> None:
        """Forget all rows; row ids go on. Any thread."""
        with self._writer:
            self._log.clear()

    def set_budget(self, budget_bytes: int) -> None:
        """Change the memory budget; takes effect at once. Any thread."""
        with self._writer:
            self._log.set_budget(budget_bytes)

    # ---- reading: any thread ----------------------------------------------------------------

    @property
    def first_row(self) -> RowId:
        """Row id of the oldest row in memory; ``end_row`` when there is none."""
        return RowId(self._log.first_row)

    @property
    def end_row(self) -> RowId:
        """One past the newest row."""
        return RowId(self._log.end_row)

    @property
    def memory_bytes(self) -> int:
        """Bytes that rows take now."""
        return self._log.memory_bytes

    def ledger(self) -> LedgerCounts:
        """The counts for the status bar."""
        return LedgerCounts(
            captured=self._log.end_row,
            evicted=self._log.evicted,
            cleared=self._log.cleared,
            refused=self._writer.refused,
            memory_bytes=self.memory_bytes,
            budget_bytes=self._log.budget_bytes,
        )

    def rows(
        self, start: int, stop: int, head_bytes: int = 256, max_frames: int = 4
    ) -> list[RowView]:
        """What a list shows of rows ``start`` to ``stop``, without those no longer in memory.

        Args:
            start: First row id.
            stop: One past the last.
            head_bytes: Bytes of each frame at most.
            max_frames: Frames of each message at most.
        """
        result: list[RowView] = []
        for segment, low, high in _covering(self._log.segments, start, stop):
            for local in range(low, high):
                result.append(_row_view(segment, local, head_bytes, max_frames))
        return result

    def row_views(
        self, rows: list[int], head_bytes: int = 256, max_frames: int = 4
    ) -> list[RowView | None]:
        """The same for any rows, in their order; None for those no longer in memory."""
        segments = self._log.segments
        bases = [segment.base_row for segment in segments]
        result: list[RowView | None] = []
        for row in rows:
            segment = segments[bisect_right(bases, row) - 1] if segments else None
            if segment is None or not segment.base_row <= row < segment.end_row:
                result.append(None)
            else:
                result.append(_row_view(segment, row - segment.base_row, head_bytes, max_frames))
        return result

    def message(self, row: int) -> Message | None:
        """A whole message, copied; None if it is no longer in memory.

        Copying 200 MB takes a tenth of a second. So a large message that somebody still holds is
        given out again, and not copied for each panel that shows it.
        """
        last = None if self._last_large is None else self._last_large()
        if last is not None and last.row == row and row >= self._log.first_row:
            return last
        message = self._copied(row)
        if message is not None and sum(map(len, message.frames)) >= _LARGE_BYTES:
            self._last_large = weakref.ref(message)
        return message

    def _copied(self, row: int) -> Message | None:
        for segment, local, _ in _covering(self._log.segments, row, row + 1):
            b = segment.buffers
            frames = tuple(b.arena[low:high].tobytes() for low, high in segment.frame_bounds(local))
            return Message(
                RowId(row),
                int(b.time_ns[local]),
                SocketId(int(b.socket[local])),
                Direction(int(b.direction[local])),
                frames,
            )
        return None

    def stretches(self, start: int, stop: int) -> Iterator[tuple[Segment, int, int]]:
        """Segments that hold rows ``start`` to ``stop``, oldest first, with local indices of each.

        Rows that are no longer in memory are left out.
        """
        return _covering(self._log.segments, start, stop)

    def columns(self, start: int, stop: int) -> Iterator[ColumnSlice]:
        """Columns of rows ``start`` to ``stop``, oldest first, one slice a segment."""
        for segment, low, high in _covering(self._log.segments, start, stop):
            b = segment.buffers
            yield ColumnSlice(
                segment=segment,
                first_row=segment.base_row + low,
                time_ns=b.time_ns[low:high],
                socket=b.socket[low:high],
                direction=b.direction[low:high],
                topic=b.topic[low:high],
                size=_sizes(b.first_byte[low : high + 1]),
            )

    def recent_first_frames(
        self, socket_id: SocketId, limit: int = 32, scan_rows: int = 200_000
    ) -> list[bytes]:
        """Distinct first frames that a socket received lately, newest first.

        Used to offer routing ids. Looks at the newest ``scan_rows`` rows only, and at most at 64
        candidates for each one offered, so that the cost is bounded.
        """
        found: dict[bytes, None] = {}
        looked_at = 0
        slices = list(self.columns(max(0, self.end_row - scan_rows), self.end_row))
        for part in reversed(slices):
            matches = np.flatnonzero(
                (part.socket == socket_id) & (part.direction == Direction.RECEIVED)
            )
            for index in matches[::-1].tolist():
                local = part.first_row - part.segment.base_row + index
                low, high = next(part.segment.frame_bounds(local))
                found.setdefault(part.segment.buffers.arena[low:high].tobytes())
                looked_at += 1
                if len(found) >= limit or looked_at >= limit * 64:
                    return list(found)
        return list(found)


def _sizes(first_byte: NDArray[np.uint32]) -> NDArray[np.int64]:
    offsets = first_byte.astype(np.int64)
    return offsets[1:] - offsets[:-1]


def _covering(
    segments: tuple[Segment, ...], start: int, stop: int
) -> Iterator[tuple[Segment, int, int]]:
    """Segments that hold rows ``start`` to ``stop``, with the local range of each."""
    bases = [segment.base_row for segment in segments]
    for segment in segments[max(0, bisect_right(bases, start) - 1) :]:
        low = max(start, segment.base_row) - segment.base_row
        high = min(stop, segment.end_row) - segment.base_row
        if segment.base_row >= stop:
            return
        if low < high:
            yield segment, low, high


def _row_view(segment: Segment, local: int, head_bytes: int, max_frames: int) -> RowView:
    b = segment.buffers
    first, last = int(b.first_frame[local]), int(b.first_frame[local + 1])
    start = int(b.first_byte[local])
    size = int(b.first_byte[local + 1]) - start
    sizes = b.frame_length[first : min(last, first + max_frames)].tolist()
    heads = []
    for length in sizes:
        heads.append(b.arena[start : start + min(length, head_bytes)].tobytes())
        start += length
    return RowView(
        RowId(segment.base_row + local),
        int(b.time_ns[local]),
        SocketId(int(b.socket[local])),
        Direction(int(b.direction[local])),
        last - first,
        size,
        tuple(heads),
        tuple(sizes),
    )
