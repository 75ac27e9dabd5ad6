"""Where curves are read: the live rates, or a copy of them as they were. GUI thread."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.rates import COARSE_BIN_NS, FINE_BIN_NS, RateTable, RateWindow
from zmqscope.core.types import Direction, SocketId

FINE_HELD_NS = 128_000_000_000
"""How far back bins shorter than a second are surely held."""

HELD_NS = 7_200_000_000_000
"""How far back there are bins at all."""


class RateSource(Protocol):
    """What reads like ``RateTable``."""

    def window(
        self, socket_id: SocketId, direction: Direction, end_ns: int, points: int, step_ns: int
    ) -> RateWindow:
        """``points`` bins of ``step_ns`` up to ``end_ns``."""


class FrozenRates:
    """A copy of one curve's bins, as they were at one moment; 140 kB.

    Args:
        table: Where to copy from.
        socket_id: The curve's socket.
        direction: Its direction.
        now_ns: The moment.
    """

    def __init__(
        self, table: RateTable, socket_id: SocketId, direction: Direction, now_ns: int
    ) -> None:
        self.now_ns = now_ns
        self._fine = _copy(table, socket_id, direction, now_ns, FINE_BIN_NS, FINE_HELD_NS)
        self._coarse = _copy(table, socket_id, direction, now_ns, COARSE_BIN_NS, HELD_NS)

    def window(
        self, socket_id: SocketId, direction: Direction, end_ns: int, points: int, step_ns: int
    ) -> RateWindow:
        """The same as ``RateTable.window``, of the one curve that was copied."""
        source = self._fine if step_ns < COARSE_BIN_NS else self._coarse
        factor = step_ns // source.bin_ns
        count = points * factor
        last = (end_ns - source.end_ns) // source.bin_ns + len(source.messages_per_s)
        return RateWindow(
            end_ns,
            step_ns,
            _cut(source.messages_per_s, last, count).reshape(points, factor).mean(axis=1),
            _cut(source.bytes_per_s, last, count).reshape(points, factor).mean(axis=1),
        )


def _copy(
    table: RateTable,
    socket_id: SocketId,
    direction: Direction,
    now_ns: int,
    bin_ns: int,
    length_ns: int,
) -> RateWindow:
    end_ns = now_ns // bin_ns * bin_ns
    return table.window(socket_id, direction, end_ns, length_ns // bin_ns, bin_ns)


def _cut(values: NDArray[np.float64], last: int, count: int) -> NDArray[np.float64]:
    """``count`` values before index ``last``, zeros where there are none."""
    result = np.zeros(count, np.float64)
    first = last - count
    low, high = max(first, 0), min(last, len(values))
    if low < high:
        result[low - first : high - first] = values[low:high]
    return result
