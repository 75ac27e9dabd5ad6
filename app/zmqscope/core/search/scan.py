"""How rows are looked at: one contract, two ways. Any thread, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.segment import Segment
from zmqscope.core.search import plan as at
from zmqscope.core.search.plan import Plan


class Scan(Protocol):
    """Finds the rows that a query asks for.

    Attributes:
        max_rows: Rows to be looked at in one call, at most.
        holds_gil: Whether other Python threads wait meanwhile.
    """

    max_rows: int
    holds_gil: bool

    def find(self, segment: Segment, low: int, high: int, found: NDArray[np.int64]) -> int:
        """Look at rows of a segment.

        Args:
            segment: Held for the length of the call.
            low: Local index of the first row.
            high: One past the last.
            found: int64[n], n at least ``high - low``; local indices are written, ascending.

        Returns:
            How many were written; worth nothing after ``stop``.
        """

    def stop(self) -> None:
        """End the present call soon, and all later ones; another thread calls this."""


class KernelScan:
    """By the kernel ``kernels.search``.

    Args:
        kernel: The kernel.
        plan: What to find.
    """

    max_rows = 131_072
    holds_gil = False

    def __init__(self, kernel: Callable[..., int], plan: Plan) -> None:
        self._kernel = kernel
        self._plan = plan.columns()
        self._place = np.zeros(at.PLACE_SIZE, np.int64)

    def find(self, segment: Segment, low: int, high: int, found: NDArray[np.int64]) -> int:
        """See ``Scan``."""
        self._place[at.LOW], self._place[at.HIGH] = low, high
        return self._kernel(segment.buffers.columns(), self._plan, self._place, found)

    def stop(self) -> None:
        """See ``Scan``."""
        self._place[at.STOP] = 1
