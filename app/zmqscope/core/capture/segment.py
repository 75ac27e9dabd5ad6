"""A segment: one arena of frame bytes and the columns that describe it. Append-only.

Written by one thread under the store's lock; read by any thread up to ``rows``.
"""

from __future__ import annotations

import contextlib
import mmap
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.columns import Columns
from zmqscope.core.capture.topics import MAX_TOPIC_BYTES, TopicRule

ROW_BYTES = 8 + 4 + 1 + 4 + 4 + 4
"""Column bytes for each row: time, socket, direction, first byte, first frame, topic."""

FRAME_BYTES = 4
"""Column bytes for each frame: its length."""

_Number = TypeVar("_Number", np.uint8, np.int32, np.uint32, np.int64)
_MAPPED_FROM_BYTES = 64 * 1024

MAX_MESSAGE_BYTES = 2**32 - 1
"""Offsets in an arena are 32 bits wide."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one socket and direction, ready to be appended.

    Attributes:
        socket_id: The socket of all of them.
        direction: ``Direction`` value of all of them.
        times_ns: int64[n], capture clock, ascending.
        frame_counts: uint32[n], at least 1 each.
        frame_lengths: uint32[m], m the sum of ``frame_counts``.
        payload: All frame bytes, in order, without gaps.
        topic_rule: Which of the messages have a topic.
    """

    socket_id: int
    direction: int
    times_ns: NDArray[np.int64]
    frame_counts: NDArray[np.uint32]
    frame_lengths: NDArray[np.uint32]
    payload: bytes | memoryview
    topic_rule: TopicRule = TopicRule.NEVER

    def __len__(self) -> int:
        return len(self.times_ns)

    def frame_ends(self) -> NDArray[np.int64]:
        """int64[n]: index one past each message's last frame."""
        return self.frame_counts.cumsum(dtype=np.int64)

    def byte_ends(self, frame_ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """int64[n]: offset one past each message's last byte."""
        ends = self.frame_lengths.cumsum(dtype=np.int64)
        result: NDArray[np.int64] = ends[frame_ends - 1]
        return result

    def topic_frames(self) -> list[bytes | None]:
        """The first frame of each message that has a topic, no more of it than a topic may be."""
        counts = self.frame_counts.tolist()
        if self.topic_rule is TopicRule.NEVER:
            return [None] * len(counts)
        least = 2 if self.topic_rule is TopicRule.WITH_TWO_FRAMES else 1
        frame_ends = self.frame_ends()
        byte_ends = self.byte_ends(frame_ends)
        starts = [0, *byte_ends[:-1].tolist()]
        lengths = self.frame_lengths[frame_ends - self.frame_counts].tolist()
        payload = memoryview(self.payload)
        return [
            bytes(payload[start : start + min(length, MAX_TOPIC_BYTES + 1)])
            if count >= least
            else None
            for count, start, length in zip(counts, starts, lengths, strict=True)
        ]


def _pages(count: int, dtype: type[_Number]) -> NDArray[_Number]:
    """An array in pages of its own, taken from the system as they are touched.

    numpy asks for huge pages, which are slow to get and count as resident as a whole, however
    little of them is used.
    """
    size = count * np.dtype(dtype).itemsize
    if size < _MAPPED_FROM_BYTES:
        return np.empty(count, dtype)
    memory = mmap.mmap(-1, size)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        # EINVAL: a kernel without huge pages.
        with contextlib.suppress(OSError):
            memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, dtype, count)


class SegmentBuffers:
    """The memory of a segment, kept for the next one when a segment goes.

    Args:
        arena_bytes: Bytes for frames.
        rows: Rows at most.
        frames: Frames at most.
    """

    __slots__ = (
        "_columns",
        "arena",
        "direction",
        "first_byte",
        "first_frame",
        "frame_length",
        "socket",
        "time_ns",
        "topic",
        "touched_bytes",
        "touched_frames",
        "touched_rows",
    )

    def __init__(self, arena_bytes: int, rows: int, frames: int) -> None:
        self.arena = _pages(arena_bytes, np.uint8)
        self.time_ns = _pages(rows, np.int64)
        self.socket = _pages(rows, np.int32)
        self.direction = _pages(rows, np.uint8)
        self.first_byte = _pages(rows + 1, np.uint32)
        self.first_frame = _pages(rows + 1, np.uint32)
        self.frame_length = _pages(frames, np.uint32)
        self.topic = _pages(rows, np.int32)
        self.first_byte[0] = self.first_frame[0] = 0
        self._columns = Columns(
            self.arena,
            self.time_ns,
            self.socket,
            self.direction,
            self.first_byte,
            self.first_frame,
            self.frame_length,
            self.topic,
        )
        # Pages once written stay resident: memory is what was ever touched, not what is used, and
        # each column for itself, since another workload touches other ones further.
        self.touched_bytes = 0
        self.touched_rows = 0
        self.touched_frames = 0

    def touch(self, rows: int, frames: int, bytes_used: int) -> None:
        """Note how far the columns were written to, by rows that count or by others."""
        self.touched_bytes = max(self.touched_bytes, bytes_used)
        self.touched_rows = max(self.touched_rows, rows)
        self.touched_frames = max(self.touched_frames, frames)

    def columns(self) -> Columns:
        """The arrays in the order in which kernels take them."""
        return self._columns


class SegmentPool:
    """Keeps the buffers of a few gone segments: reuse is faster than first touch.

    Buffers come back when the last reader lets go of the segment, on whatever thread that is.

    Args:
        arena_bytes: Arena size of ordinary segments.
        rows: Rows of ordinary segments.
        frames: Frames of ordinary segments.
        keep: Buffers kept at most.
    """

    def __init__(self, arena_bytes: int, rows: int, frames: int, keep: int = 1) -> None:
        self.arena_bytes = arena_bytes
        self.rows = rows
        self.frames = frames
        self._keep = keep
        self._free: list[SegmentBuffers] = []

    def take(self, base_row: int) -> Segment:
        """An empty ordinary segment whose first row will be ``base_row``."""
        try:
            buffers = self._free.pop()
        except IndexError:
            buffers = SegmentBuffers(self.arena_bytes, self.rows, self.frames)
        segment = Segment(base_row, buffers)
        weakref.finalize(segment, self._give_back, buffers).atexit = False
        return segment

    def take_sized(self, base_row: int, arena_bytes: int, frames: int) -> Segment:
        """A segment for one message that no ordinary segment could hold."""
        return Segment(base_row, SegmentBuffers(arena_bytes, 1, frames))

    def drop_free(self) -> None:
        """Return kept buffers to the system."""
        self._free.clear()

    def retire(self) -> None:
        """Keep nothing from now on: another pool has taken over."""
        self._keep = 0
        self._free.clear()

    def _give_back(self, buffers: SegmentBuffers) -> None:
        if len(self._free) < self._keep:
            self._free.append(buffers)


class Segment:
    """Rows ``base_row`` to ``base_row + rows``; never changes below ``rows``.

    Views of its columns are valid for as long as the segment itself is held.

    Args:
        base_row: Row id of the first row.
        buffers: Its memory.
    """

    __slots__ = ("__weakref__", "base_row", "buffers", "bytes_used", "frames", "rows")

    def __init__(self, base_row: int, buffers: SegmentBuffers) -> None:
        self.base_row = base_row
        self.buffers = buffers
        self.rows = 0
        self.frames = 0
        self.bytes_used = 0

    @property
    def end_row(self) -> int:
        """One past the last readable row."""
        return self.base_row + self.rows

    @property
    def memory_bytes(self) -> int:
        """Resident bytes that this segment accounts for."""
        b = self.buffers
        return (
            max(self.bytes_used, b.touched_bytes)
            + max(self.rows, b.touched_rows) * ROW_BYTES
            + max(self.frames, b.touched_frames) * FRAME_BYTES
        )

    def fit(self, frame_ends: NDArray[np.int64], byte_ends: NDArray[np.int64], start: int) -> int:
        """How many messages of a batch, from ``start``, fit into what is left.

        Args:
            frame_ends: As ``Batch.frame_ends``.
            byte_ends: As ``Batch.byte_ends``.
            start: First message not yet stored.
        """
        b = self.buffers
        frames_before = int(frame_ends[start - 1]) if start else 0
        bytes_before = int(byte_ends[start - 1]) if start else 0
        by_frames = frame_ends.searchsorted(
            frames_before + len(b.frame_length) - self.frames, side="right"
        )
        by_bytes = byte_ends.searchsorted(
            bytes_before + len(b.arena) - self.bytes_used, side="right"
        )
        by_rows = start + len(b.time_ns) - self.rows
        return max(0, min(int(by_frames), int(by_bytes), by_rows) - start)

    def write(
        self,
        batch: Batch,
        topics: NDArray[np.int32],
        frame_ends: NDArray[np.int64],
        byte_ends: NDArray[np.int64],
        start: int,
        count: int,
    ) -> None:
        """Append ``count`` messages of ``batch`` from ``start``; they must fit.

        Args:
            batch: What to append from.
            topics: int32[n], topic ids of the batch.
            frame_ends: As ``Batch.frame_ends``.
            byte_ends: As ``Batch.byte_ends``.
            start: First message not yet stored.
            count: How many.
        """
        b = self.buffers
        stop = start + count
        frame_from = int(frame_ends[start - 1]) if start else 0
        byte_from = int(byte_ends[start - 1]) if start else 0
        frame_to, byte_to = int(frame_ends[stop - 1]), int(byte_ends[stop - 1])
        row, frame, pos = self.rows, self.frames, self.bytes_used
        payload = np.frombuffer(batch.payload, np.uint8)
        b.arena[pos : pos + byte_to - byte_from] = payload[byte_from:byte_to]
        b.frame_length[frame : frame + frame_to - frame_from] = batch.frame_lengths[
            frame_from:frame_to
        ]
        b.time_ns[row : row + count] = batch.times_ns[start:stop]
        b.socket[row : row + count] = batch.socket_id
        b.direction[row : row + count] = batch.direction
        b.topic[row : row + count] = topics[start:stop]
        b.first_byte[row + 1 : row + 1 + count] = byte_ends[start:stop] - (byte_from - pos)
        b.first_frame[row + 1 : row + 1 + count] = frame_ends[start:stop] - (frame_from - frame)
        self.commit(row + count, frame + frame_to - frame_from, pos + byte_to - byte_from)

    def commit(self, rows: int, frames: int, bytes_used: int) -> None:
        """Make rows readable that stand in the columns; all three only grow."""
        self.frames = frames
        self.bytes_used = bytes_used
        # Last: readers go by this number, so the row must be whole before it counts.
        self.rows = rows
        self.buffers.touch(rows, frames, bytes_used)

    def frame_bounds(self, row: int) -> Iterator[tuple[int, int]]:
        """Start and end in the arena of each frame of the row with this *local* index."""
        b = self.buffers
        start = int(b.first_byte[row])
        for length in b.frame_length[
            int(b.first_frame[row]) : int(b.first_frame[row + 1])
        ].tolist():
            yield start, start + length
            start += length
