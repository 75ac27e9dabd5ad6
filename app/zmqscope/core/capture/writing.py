"""The way into the store: who writes holds its lock from ``with`` to the end of the block."""

from __future__ import annotations

import threading
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.segment import Batch, Segment
from zmqscope.core.capture.segment_log import SegmentLog
from zmqscope.core.capture.topics import TopicTable


class StoreWriter:
    """Appends rows, either batches or in place by a kernel. One thread at a time.

    Args:
        log: Where rows go.
        topics: Numbers and counts their topics.
    """

    def __init__(self, log: SegmentLog, topics: TopicTable) -> None:
        self._log = log
        self._topics = topics
        self._lock = threading.Lock()
        self.refused = 0

    def __enter__(self) -> StoreWriter:
        self._lock.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._log.evict()
        self._lock.release()

    # ---- in place ---------------------------------------------------------------------------

    def segment(self) -> Segment:
        """The segment to write into, behind its last row; it may be full."""
        return self._log.current()

    def commit(self, rows: int, frames: int, bytes_used: int) -> None:
        """Make visible what was written into that segment.

        Args:
            rows: Rows in the segment that are whole.
            frames: Frames of those rows.
            bytes_used: Bytes of those frames.
        """
        segment = self._log.segments[-1]
        segment.commit(rows, frames, bytes_used)
        self._log.end_row = segment.end_row

    def is_ordinary(self, size: int, frames: int) -> bool:
        """Whether an ordinary segment can hold a message of so many bytes and frames."""
        return self._log.is_ordinary(size, frames)

    def next_segment(self) -> Segment:
        """Seal the segment and give an empty one; memory stays within the budget."""
        segment = self._log.open_ordinary()
        self._log.evict()
        return segment

    # ---- batches ----------------------------------------------------------------------------

    def append(
        self,
        batch: Batch,
        frame_ends: NDArray[np.int64],
        byte_ends: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> int:
        """Store messages and make them visible.

        Args:
            batch: The messages.
            frame_ends: As ``Batch.frame_ends``.
            byte_ends: As ``Batch.byte_ends``.
            sizes: int64[n], payload bytes of each message.

        Returns:
            How many were refused because they are larger than the budget.
        """
        log = self._log
        topics = self._topics.assign(batch.socket_id, batch.direction, batch.topic_frames())
        refused = start = 0
        while start < len(batch):
            segment = log.current()
            count = segment.fit(frame_ends, byte_ends, start)
            if not count:
                size, frames = int(sizes[start]), int(batch.frame_counts[start])
                if log.is_ordinary(size, frames):
                    log.open_ordinary()
                    continue
                if not log.fits_budget(size, frames):
                    refused, start = refused + 1, start + 1
                    continue
                segment, count = log.open_sized(size, frames), 1
            stop = start + count
            segment.write(batch, topics, frame_ends, byte_ends, start, count)
            self._topics.note(
                topics[start:stop], sizes[start:stop], batch.times_ns[start:stop], log.end_row
            )
            log.end_row = segment.end_row
            start = stop
        self.refused += refused
        return refused
