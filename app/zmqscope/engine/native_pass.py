"""One pass of a kernel that fills the open segment, and what has to be done between its calls.

Used by the drain and the generator; loop thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.columns import Columns
from zmqscope.core.capture.rates import FINE_BIN_NS
from zmqscope.core.capture.segment import Segment
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import SECOND_NS
from zmqscope.core.capture.writing import StoreWriter
from zmqscope.core.kernels import layout as at
from zmqscope.core.types import Direction, SocketId


class NativePass:
    """The arrays that a kernel works on.

    Args:
        store: Where rows go.
        offset_ns: Capture clock minus monotonic clock, in ns.
        direction: Which way its messages go.
        address: Of the zmq_msg_t that frames are received into; 0 where none is needed.

    Attributes:
        state: int64[STATE_SIZE], see ``layout``.
        sources: int64[n, SOURCE_COLUMNS], see ``layout``; set by ``begin``.
        topics: The columns of the store's topics.
    """

    def __init__(
        self, store: CaptureStore, offset_ns: int, direction: Direction, address: int = 0
    ) -> None:
        self._store = store
        self._direction = direction
        self._room = np.zeros((16, at.SOURCE_COLUMNS), np.int64)
        self._bin = 0
        self._segment: Segment | None = None
        self.sources = self._room[:0]
        self.topics = store.topics.columns()
        self.state = np.zeros(at.STATE_SIZE, np.int64)
        self.state[at.OFFSET_NS] = offset_ns
        self.state[at.MESSAGE] = address

    def begin(self, count: int, total_ns: int) -> None:
        """Prepare for so many sources, all zero; the caller fills in what they are.

        Args:
            count: How many.
            total_ns: How long the pass may take.
        """
        if count > len(self._room):
            self._room = np.zeros((2 * count, at.SOURCE_COLUMNS), np.int64)
        self.sources = self._room[:count]
        self.sources[:] = 0
        now_ns = time.monotonic_ns()
        state = self.state
        state[at.NOW_NS] = state[at.STAMP_NS] = now_ns
        state[at.END_NS] = now_ns + total_ns
        state[at.AT] = state[at.IN_ROUND] = state[at.IN_VISIT] = 0
        state[at.BYTES_IN_VISIT] = state[at.VISIT_END_NS] = 0
        self._enter_bin(now_ns)

    def run(
        self,
        writer: StoreWriter,
        kernel: Callable[[Columns], int],
        make_room: Callable[[StoreWriter], None],
    ) -> None:
        """Call a kernel until its pass is finished, then count what it took.

        Args:
            writer: The open way into the store.
            kernel: Called with the segment's columns; see ``layout`` for what it may return.
            make_room: Called when the segment is full; see ``move_on``.
        """
        while True:
            outcome = self._call(writer, kernel)
            if outcome == at.FINISHED:
                break
            if outcome == at.BIN_IS_OVER:
                self._count_bin()
                self._enter_bin(int(self.state[at.STAMP_NS]))
            else:
                make_room(writer)
        self._count_bin()
        self._count_totals()

    def _call(self, writer: StoreWriter, kernel: Callable[[Columns], int]) -> int:
        segment, state = writer.segment(), self.state
        self._segment = segment
        state[at.ROWS], state[at.FRAMES] = segment.rows, segment.frames
        state[at.BYTES], state[at.BASE_ROW] = segment.bytes_used, segment.base_row
        outcome = kernel(segment.buffers.columns())
        writer.commit(int(state[at.ROWS]), int(state[at.FRAMES]), int(state[at.BYTES]))
        return outcome

    def part(self) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
        """Bytes and frame lengths of the message that stands unfinished in the segment."""
        if self._segment is None:
            return np.zeros(0, np.uint8), np.zeros(0, np.uint32)
        start, frame = int(self.state[at.BYTES]), int(self.state[at.FRAMES])
        end = start + int(self.state[at.PART_BYTES])
        frame_end = frame + int(self.state[at.PART_FRAMES])
        b = self._segment.buffers
        b.touch(0, frame_end, end)
        return b.arena[start:end], b.frame_length[frame:frame_end]

    def move_on(self, writer: StoreWriter) -> None:
        """Go on in an empty ordinary segment, and take the unfinished message along."""
        data, lengths = self.part()
        buffers = writer.next_segment().buffers
        buffers.arena[: len(data)] = data
        buffers.frame_length[: len(lengths)] = lengths

    def let_go(self) -> None:
        """Hold no segment between passes: an evicted one has to be free for reuse."""
        self._segment = None

    # ---- counting ---------------------------------------------------------------------------

    def _enter_bin(self, now_ns: int) -> None:
        wall_ns = now_ns + int(self.state[at.OFFSET_NS])
        self._bin = wall_ns // FINE_BIN_NS
        end_ns = (self._bin + 1) * FINE_BIN_NS
        self.state[at.BIN_END_NS] = end_ns - int(self.state[at.OFFSET_NS])
        self.state[at.SECOND] = wall_ns // SECOND_NS

    def _count_bin(self) -> None:
        for row in self.sources.tolist():
            if row[at.BIN_MESSAGES]:
                self._store.rates.add_bin(
                    SocketId(row[at.SOCKET_ID]),
                    self._direction,
                    self._bin,
                    row[at.BIN_MESSAGES],
                    row[at.BIN_BYTES],
                )
        self.sources[:, at.BIN_MESSAGES : at.BIN_BYTES + 1] = 0

    def _count_totals(self) -> None:
        for row in self.sources.tolist():
            if row[at.MESSAGES_TAKEN]:
                self._store.count(
                    SocketId(row[at.SOCKET_ID]),
                    self._direction,
                    row[at.MESSAGES_TAKEN],
                    row[at.FRAMES_TAKEN],
                    row[at.BYTES_TAKEN],
                )
