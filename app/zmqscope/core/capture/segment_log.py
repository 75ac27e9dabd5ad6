"""The segments in memory, oldest first, under a budget. Changed only under the store's lock."""

from __future__ import annotations

from zmqscope.core.capture.segment import (
    FRAME_BYTES,
    MAX_MESSAGE_BYTES,
    Segment,
    SegmentPool,
)

_MAX_ARENA_BYTES = 8 * 1024 * 1024
_MIN_ARENA_BYTES = 64 * 1024
_SEGMENTS_AIMED_AT = 16
_BYTES_PER_ROW_PLANNED = 64


class SegmentLog:
    """Opens segments and drops the oldest, whole, when the budget is reached.

    Args:
        budget_bytes: Bytes that rows may take.

    Attributes:
        segments: Oldest first; replaced, never changed, so that a reader can hold it.
        end_row: One past the newest readable row.
        evicted: Rows that made room for newer ones.
        cleared: Rows that the user cleared.
        budget_bytes: Bytes that rows may take.
    """

    def __init__(self, budget_bytes: int) -> None:
        self.segments: tuple[Segment, ...] = ()
        self.end_row = 0
        self.evicted = 0
        self.cleared = 0
        self.budget_bytes = budget_bytes
        self._sealed_bytes = 0
        self._pool = _pool_for(budget_bytes)

    @property
    def first_row(self) -> int:
        """Row id of the oldest row in memory; ``end_row`` when there is none."""
        segments = self.segments
        return segments[0].base_row if segments else self.end_row

    @property
    def memory_bytes(self) -> int:
        """Bytes that rows take now."""
        segments = self.segments
        return self._sealed_bytes + (segments[-1].memory_bytes if segments else 0)

    def fits_budget(self, size: int, frames: int) -> bool:
        """Whether a message can be kept at all."""
        return size + frames * FRAME_BYTES <= min(self.budget_bytes, MAX_MESSAGE_BYTES)

    def is_ordinary(self, size: int, frames: int) -> bool:
        """Whether an ordinary segment can hold a message."""
        return size <= self._pool.arena_bytes and frames <= self._pool.frames

    def current(self) -> Segment:
        """The newest segment, made if there is none; it may be full."""
        return self.segments[-1] if self.segments else self.open_ordinary()

    def open_ordinary(self) -> Segment:
        """Seal the newest segment and go on in an empty one."""
        return self._open(self._pool.take(self.end_row))

    def open_sized(self, size: int, frames: int) -> Segment:
        """Seal the newest segment and make one for a single message that no other can hold."""
        self._evict_to(max(0, self.budget_bytes - size - frames * FRAME_BYTES))
        return self._open(self._pool.take_sized(self.end_row, size, frames))

    def _open(self, segment: Segment) -> Segment:
        if self.segments:
            self._sealed_bytes += self.segments[-1].memory_bytes
        self.segments = (*self.segments, segment)
        return segment

    def evict(self) -> None:
        """Drop the oldest segments until memory is within the budget; the newest one stays."""
        self._evict_to(self.budget_bytes)

    def _evict_to(self, limit_bytes: int) -> None:
        while len(self.segments) > 1 and self.memory_bytes > limit_bytes:
            oldest = self.segments[0]
            self._sealed_bytes -= oldest.memory_bytes
            self.evicted += oldest.rows
            self.segments = self.segments[1:]

    def clear(self) -> None:
        """Forget all rows; row ids go on."""
        self.cleared += self.end_row - self.first_row
        self.segments = ()
        self._sealed_bytes = 0
        self._pool.drop_free()

    def set_budget(self, budget_bytes: int) -> None:
        """Change the budget; takes effect at once."""
        self.budget_bytes = budget_bytes
        # Segments of the old pool may live on for long; it must not hoard what they give back.
        self._pool.retire()
        self._pool = _pool_for(budget_bytes)
        self.evict()


def _pool_for(budget_bytes: int) -> SegmentPool:
    arena = min(_MAX_ARENA_BYTES, max(_MIN_ARENA_BYTES, budget_bytes // _SEGMENTS_AIMED_AT))
    rows = arena // _BYTES_PER_ROW_PLANNED
    return SegmentPool(arena, rows, rows * 2)
