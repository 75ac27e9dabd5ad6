"""Message and byte rates, binned by arrival time as rows are stored.

Written by the engine thread; ``read`` from any thread. A reader only sees whole bins, so a busy
window never bends a curve. A socket that falls silent has zeros, not gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.types import Direction, SocketId

_MS = 1_000_000
FINE_BIN_NS = 100 * _MS
COARSE_BIN_NS = 1_000 * _MS
_FINE_BINS = 1_300
_COARSE_BINS = 7_300


class Span(Enum):
    """How far back a plot looks: (seconds shown, ns a point)."""

    TEN_SECONDS = (10, 100 * _MS)
    MINUTE = (60, 500 * _MS)
    TEN_MINUTES = (600, 2_000 * _MS)
    HOUR = (3_600, 10_000 * _MS)

    @property
    def seconds(self) -> int:
        """Seconds shown."""
        return self.value[0]

    @property
    def bin_ns(self) -> int:
        """Width of one point, in ns."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class RateWindow:
    """A stretch of one socket's traffic in one direction.

    Attributes:
        end_ns: Right edge of the last bin, ns since the epoch; a multiple of ``bin_ns``.
        bin_ns: Width of a bin.
        messages_per_s: float64[n], oldest first.
        bytes_per_s: float64[n], oldest first.
    """

    end_ns: int
    bin_ns: int
    messages_per_s: NDArray[np.float64]
    bytes_per_s: NDArray[np.float64]

    def times_s(self) -> NDArray[np.float64]:
        """float64[n]: middle of each bin in seconds before ``end_ns`` (negative)."""
        count = len(self.messages_per_s)
        return np.arange(0.5 - count, 0.5, dtype=np.float64) * (self.bin_ns / 1e9)


class _Ring:
    """Counts in bins of one width, the newest ``size`` of them."""

    __slots__ = ("_bytes", "_last", "_messages", "_size", "bin_ns")

    def __init__(self, bin_ns: int, size: int) -> None:
        self.bin_ns = bin_ns
        self._size = size
        self._messages = np.zeros(size, np.int64)
        self._bytes = np.zeros(size, np.int64)
        self._last = -1

    def add(self, bin_index: int, messages: int, size: int) -> None:
        if bin_index > self._last:
            if self._last >= 0:
                self._zero(self._last + 1, bin_index)
            self._last = bin_index
        elif bin_index <= self._last - self._size:
            return
        slot = bin_index % self._size
        self._messages[slot] += messages
        self._bytes[slot] += size

    def _zero(self, first: int, last: int) -> None:
        first = max(first, last - self._size + 1)
        slots = np.arange(first, last + 1) % self._size
        self._messages[slots] = 0
        self._bytes[slots] = 0

    def read(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Counts of bins ``first`` to ``last`` inclusive; bins not held read as zero."""
        newest = self._last
        bins = np.arange(first, last + 1)
        held = (bins <= newest) & (bins > newest - self._size) & (newest >= 0)
        slots = bins % self._size
        return (
            np.where(held, self._messages[slots], 0),
            np.where(held, self._bytes[slots], 0),
        )


class _Series:
    """One socket and direction at both resolutions."""

    __slots__ = ("coarse", "fine")

    def __init__(self) -> None:
        self.fine = _Ring(FINE_BIN_NS, _FINE_BINS)
        self.coarse = _Ring(COARSE_BIN_NS, _COARSE_BINS)

    def add(self, times_ns: NDArray[np.int64], sizes: NDArray[np.int64]) -> None:
        total = int(sizes.sum())
        for ring in (self.fine, self.coarse):
            first, last = int(times_ns[0]) // ring.bin_ns, int(times_ns[-1]) // ring.bin_ns
            if first == last:
                ring.add(first, len(times_ns), total)
                continue
            bins, starts = np.unique(times_ns // ring.bin_ns, return_index=True)
            counts = np.diff(np.append(starts, len(times_ns)))
            amounts = np.add.reduceat(sizes, starts)
            for index, count, amount in zip(
                bins.tolist(), counts.tolist(), amounts.tolist(), strict=True
            ):
                ring.add(index, count, amount)

    def add_bin(self, fine_bin: int, messages: int, size: int) -> None:
        self.fine.add(fine_bin, messages, size)
        self.coarse.add(fine_bin * FINE_BIN_NS // COARSE_BIN_NS, messages, size)


class RateTable:
    """Rates of every socket and direction that has carried a message."""

    def __init__(self) -> None:
        self._series: dict[tuple[SocketId, Direction], _Series] = {}

    def add(
        self,
        socket_id: SocketId,
        direction: Direction,
        times_ns: NDArray[np.int64],
        sizes: NDArray[np.int64],
    ) -> None:
        """Count messages (engine thread).

        Args:
            socket_id: Their socket.
            direction: Their direction.
            times_ns: int64[n], ascending, n at least 1.
            sizes: int64[n], payload bytes of each message.
        """
        self._series_of(socket_id, direction).add(times_ns, sizes)

    def add_bin(
        self, socket_id: SocketId, direction: Direction, fine_bin: int, messages: int, size: int
    ) -> None:
        """Count messages of one bin (engine thread).

        Args:
            socket_id: Their socket.
            direction: Their direction.
            fine_bin: Arrival time on the capture clock divided by ``FINE_BIN_NS``.
            messages: How many.
            size: Their payload bytes.
        """
        self._series_of(socket_id, direction).add_bin(fine_bin, messages, size)

    def _series_of(self, socket_id: SocketId, direction: Direction) -> _Series:
        key = (socket_id, direction)
        series = self._series.get(key)
        return self._series.setdefault(key, _Series()) if series is None else series

    def keys(self) -> list[tuple[SocketId, Direction]]:
        """Sockets and directions that have carried a message, in order of their first."""
        return list(self._series)

    def forget(self, socket_id: SocketId) -> None:
        """Drop a removed socket's history."""
        for direction in Direction:
            self._series.pop((socket_id, direction), None)

    def read(
        self, socket_id: SocketId, direction: Direction, span: Span, now_ns: int
    ) -> RateWindow:
        """The last ``span`` of whole bins before ``now_ns``, zeros where nothing came."""
        step = span.bin_ns
        end_ns = now_ns // step * step
        points = span.seconds * 1_000_000_000 // step
        return self.window(socket_id, direction, end_ns, points, step)

    def window(
        self, socket_id: SocketId, direction: Direction, end_ns: int, points: int, step_ns: int
    ) -> RateWindow:
        """``points`` bins of ``step_ns`` up to ``end_ns``.

        Args:
            socket_id: The socket.
            direction: The direction.
            end_ns: Right edge; a multiple of ``step_ns``.
            points: Number of bins.
            step_ns: Width; a multiple of 100 ms, and of 1 s from 1 s up.
        """
        base_ns = FINE_BIN_NS if step_ns < COARSE_BIN_NS else COARSE_BIN_NS
        factor = step_ns // base_ns
        last = end_ns // base_ns - 1
        first = last - points * factor + 1
        series = self._series.get((socket_id, direction))
        if series is None:
            zeros = np.zeros(points, np.float64)
            return RateWindow(end_ns, step_ns, zeros, zeros.copy())
        ring = series.fine if base_ns == FINE_BIN_NS else series.coarse
        messages, sizes = ring.read(first, last)
        seconds = step_ns / 1e9
        return RateWindow(
            end_ns,
            step_ns,
            messages.reshape(points, factor).sum(axis=1) / seconds,
            sizes.reshape(points, factor).sum(axis=1) / seconds,
        )

    def current(
        self, socket_id: SocketId, direction: Direction, now_ns: int
    ) -> tuple[float, float]:
        """Messages/s and bytes/s over the last whole second (ten fine bins)."""
        window = self.window(
            socket_id, direction, now_ns // FINE_BIN_NS * FINE_BIN_NS, 10, FINE_BIN_NS
        )
        return float(window.messages_per_s.mean()), float(window.bytes_per_s.mean())
