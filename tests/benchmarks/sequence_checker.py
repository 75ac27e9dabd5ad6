"""Inside the observed app: checks the sequence number of every message of some sockets. GUI thread.

The last frame of each message begins with a big-endian u64: the sender's incarnation in the upper
24 bits, its sequence number from 0 in the lower 40.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.store import CaptureStore, ColumnSlice
from zmqscope.core.types import Direction

INCARNATION_SHIFT = 40
_SEQUENCE_MASK = (1 << INCARNATION_SHIFT) - 1
_NUMBER_BYTES = 8


@dataclass(slots=True)
class Stream:
    """What came of one incarnation of a sender, on one socket.

    Attributes:
        received: Messages.
        missing: Sequence numbers that were left out.
        out_of_order: Messages with a number that was not above the one before.
        expected: The next number.
    """

    received: int = 0
    missing: int = 0
    out_of_order: int = 0
    expected: int = 0

    def add(self, sequence: NDArray[np.int64]) -> None:
        """Check the next numbers."""
        steps = np.diff(sequence, prepend=self.expected - 1)
        if not (steps == 1).all():
            self.missing += int((steps[steps > 1] - 1).sum())
            self.out_of_order += int((steps < 1).sum())
        self.received += len(sequence)
        self.expected = int(sequence[-1]) + 1


class SequenceChecker:
    """Reads the store as it grows.

    Args:
        store: What is read, from its present end on.
        socket_ids: Whose received messages are checked.
    """

    def __init__(self, store: CaptureStore, socket_ids: Iterable[int]) -> None:
        self._store = store
        self._streams: dict[int, dict[int, Stream]] = {number: {} for number in socket_ids}
        self._next_row: int = store.end_row
        self._missed_rows = 0
        self._short = 0

    def read(self) -> None:
        """Check what has come since the last time."""
        end = self._store.end_row
        for part in self._store.columns(self._next_row, end):
            # What was evicted before it was read is not checked, and must not pass as whole.
            self._missed_rows += part.first_row - self._next_row
            self._next_row = part.first_row + len(part.size)
            for socket_id, streams in self._streams.items():
                self._check(part, socket_id, streams)
        self._missed_rows += end - self._next_row
        self._next_row = end

    def _check(self, part: ColumnSlice, socket_id: int, streams: dict[int, Stream]) -> None:
        wanted = (part.socket == socket_id) & (part.direction == Direction.RECEIVED)
        rows = None if wanted.all() else np.flatnonzero(wanted)
        if rows is not None and not len(rows):
            return
        numbers, short = _numbers(part, rows)
        self._short += short
        if not len(numbers):
            return
        incarnations = numbers >> INCARNATION_SHIFT
        if incarnations[0] == incarnations[-1] and (incarnations == incarnations[0]).all():
            found = streams.setdefault(int(incarnations[0]), Stream())
            found.add(numbers & _SEQUENCE_MASK)
            return
        for incarnation in np.unique(incarnations).tolist():
            found = streams.setdefault(incarnation, Stream())
            found.add(numbers[incarnations == incarnation] & _SEQUENCE_MASK)

    def result(self) -> dict[str, Any]:
        """What was found so far, as JSON values."""
        self.read()
        every = [stream for streams in self._streams.values() for stream in streams.values()]
        return {
            "checked": sum(stream.received for stream in every),
            "missing": sum(stream.missing for stream in every),
            "out_of_order": sum(stream.out_of_order for stream in every),
            "missed_rows": self._missed_rows,
            "without_number": self._short,
            "sockets": {
                number: {incarnation: asdict(stream) for incarnation, stream in streams.items()}
                for number, streams in self._streams.items()
            },
        }


def _numbers(part: ColumnSlice, rows: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], int]:
    """The numbers at the beginning of the last frames, and how many were too short to have one."""
    buffers, count = part.segment.buffers, len(part.size)
    local = part.first_row - part.segment.base_row
    ends = buffers.first_byte[local + 1 : local + 1 + count].astype(np.int64)
    last_frames = buffers.first_frame[local + 1 : local + 1 + count].astype(np.int64) - 1
    if rows is not None:
        ends, last_frames = ends[rows], last_frames[rows]
    lengths = buffers.frame_length[last_frames]
    starts = ends - lengths
    is_short = lengths < _NUMBER_BYTES
    if is_short.any():
        starts = starts[~is_short]
    # Every 8 bytes of the arena, at every byte: one gather reads all numbers.
    arena = buffers.arena
    everywhere: NDArray[Any] = np.ndarray(
        (len(arena) - _NUMBER_BYTES + 1,), ">u8", buffer=arena, strides=(1,)
    )
    return everywhere[starts].astype(np.int64), int(is_short.sum())
