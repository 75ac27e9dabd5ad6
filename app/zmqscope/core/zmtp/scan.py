"""Finds frames of ZMTP 3.x in bulk: only where they are, how long, and their flags. Any thread.

For traffic after the handshake, where an event for each frame would cost too much. The kernel is
``kernels.frames``; its plain twin is here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.zmtp import scan_layout as at
from zmqscope.core.zmtp.frames import (
    COMMAND,
    LONG,
    LONG_HEADER,
    MAX_LENGTH,
    MORE,
    RESERVED,
    SHORT_HEADER,
)

REASONS = {
    at.RESERVED_FLAGS: "A frame has reserved flags.",
    at.COMMAND_WITH_MORE: "A command says that more frames follow.",
    at.TOO_LONG: "A frame claims a length of more than 2^63 - 1 bytes.",
}
"""Sentences for failures."""

DEFAULT_CAPACITY = 65_536


@dataclass(frozen=True, slots=True)
class FrameColumns:
    """Frames, one in each row.

    Attributes:
        offset: int64[n]: place of the body's first byte since the beginning of the stream.
        length: int64[n]: bytes of the body.
        flags: uint8[n]: of MORE, LONG and COMMAND.
    """

    offset: NDArray[np.int64]
    length: NDArray[np.int64]
    flags: NDArray[np.uint8]

    @classmethod
    def of_capacity(cls, rows: int) -> FrameColumns:
        """Columns with room for so many frames."""
        return cls(np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.uint8))

    def first(self, rows: int) -> FrameColumns:
        """Views of the first rows."""
        return FrameColumns(self.offset[:rows], self.length[:rows], self.flags[:rows])


class FrameScan(Protocol):
    """Finds frames in one stream; bodies and headers may be cut anywhere between two calls.

    Attributes:
        columns: Where frames are written.
        state: See ``scan_layout``.
    """

    columns: FrameColumns
    state: NDArray[np.int64]

    def scan(self, data: NDArray[np.uint8]) -> int:
        """Look at the next bytes of the stream.

        It ends where the next header is cut or wrong, where no row is left, or with the data;
        ``state[USED]`` says where. What follows that place has to be given again.

        Args:
            data: uint8[n], contiguous.

        Returns:
            How many rows were written; 0 after a failure.
        """


class KernelFrameScan:
    """By the kernel ``kernels.frames``.

    Args:
        kernel: The kernel.
        capacity: Rows.
    """

    def __init__(self, kernel: Callable[..., int], capacity: int = DEFAULT_CAPACITY) -> None:
        self.columns = FrameColumns.of_capacity(capacity)
        self.state = np.zeros(at.STATE_SIZE, np.int64)
        self._kernel = kernel

    def scan(self, data: NDArray[np.uint8]) -> int:
        """See ``FrameScan``."""
        columns = self.columns
        return self._kernel(data, self.state, columns.offset, columns.length, columns.flags)


class PlainFrameScan:
    """The same without a kernel.

    Args:
        capacity: Rows.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self.columns = FrameColumns.of_capacity(capacity)
        self.state = np.zeros(at.STATE_SIZE, np.int64)

    def scan(self, data: NDArray[np.uint8]) -> int:
        """See ``FrameScan``."""
        columns, capacity = self.columns, len(self.columns.offset)
        skip, position, _, failure = (int(word) for word in self.state)
        buffer = data.data
        place = count = 0
        while failure == at.NOTHING:
            step = min(skip, len(buffer) - place)
            place += step
            skip -= step
            if skip or count == capacity:
                break
            failure, length, size = _read(buffer, place)
            if size == 0:
                break
            columns.offset[count] = position + place + size
            columns.length[count] = skip = length
            columns.flags[count] = buffer[place]
            place += size
            count += 1
        self.state[:] = skip, position + place, place, failure
        return count


def _read(buffer: memoryview, place: int) -> tuple[int, int, int]:
    """Failure, length of the body and of the header; a header of 0 bytes cannot be used."""
    left = len(buffer) - place
    if left == 0:
        return at.NOTHING, 0, 0
    flags = buffer[place]
    if flags & RESERVED:
        return at.RESERVED_FLAGS, 0, 0
    if flags & COMMAND and flags & MORE:
        return at.COMMAND_WITH_MORE, 0, 0
    if not flags & LONG:
        if left < SHORT_HEADER:
            return at.NOTHING, 0, 0
        return at.NOTHING, buffer[place + 1], SHORT_HEADER
    if left < LONG_HEADER:
        return at.NOTHING, 0, 0
    length = int.from_bytes(buffer[place + 1 : place + LONG_HEADER], "big")
    if length > MAX_LENGTH:
        return at.TOO_LONG, 0, 0
    return at.NOTHING, length, LONG_HEADER


class FrameStream:
    """Feeds a scan with pieces of any size, and carries cut headers along.

    Args:
        scan: Not used before.
        position: Place in the stream of the first byte that will be fed.
        skip: How many bytes of a body come first; see ``ZmtpDecoder.release``.
    """

    def __init__(self, scan: FrameScan, position: int = 0, skip: int = 0) -> None:
        self._scan = scan
        self._scan.state[at.POSITION], self._scan.state[at.SKIP] = position, skip
        self._tail = b""

    @property
    def failure(self) -> str | None:
        """What is wrong with the stream, in a sentence; nothing more comes then."""
        return REASONS.get(int(self._scan.state[at.FAILURE]))

    @property
    def position(self) -> int:
        """Place in the stream of the next header, or of the next byte of a body."""
        return int(self._scan.state[at.POSITION])

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[FrameColumns]:
        """Frames whose headers end in this piece.

        Args:
            data: The next piece; it must not change before the iterator is at its end, and to its
                end the iterator has to be taken.

        Yields:
            Columns, valid until the next ones are asked for.
        """
        view = memoryview(data)
        begin = 0
        if self._tail:
            # The cut header alone is put together, not the whole piece.
            missing = LONG_HEADER - len(self._tail)
            joined = self._tail + view[:missing]
            tail_bytes, self._tail = len(self._tail), b""
            used = yield from self._scan_all(memoryview(joined))
            if used < tail_bytes:
                self._tail = joined
                return
            begin = used - tail_bytes
        used = yield from self._scan_all(view[begin:])
        if self.failure is None:
            self._tail = bytes(view[begin + used :])

    def _scan_all(self, view: memoryview) -> Generator[FrameColumns, None, int]:
        """Scan with as many calls as the columns' capacity asks for; how many bytes were used."""
        data = np.asarray(view)
        used = 0
        while True:
            count = self._scan.scan(data[used:])
            used += int(self._scan.state[at.USED])
            if count:
                yield self._scan.columns.first(count)
            if count < max(1, len(self._scan.columns.offset)):
                return used
