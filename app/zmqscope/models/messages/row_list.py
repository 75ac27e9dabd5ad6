"""Ascending row ids that grow at both ends and lose their oldest; 8 bytes a row. GUI thread."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

_SMALL = 8_192

Rows = NDArray[np.int64]


class RowList:
    """Row ids in chunks. Large arrays are taken over as they are, small ones joined."""

    def __init__(self) -> None:
        self._chunks: list[Rows] = []
        # Places count from the first row ever added, so that nothing that comes or goes renumbers
        # what is there; older rows have places below zero.
        self._starts: list[int] = []
        self._end = 0

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def _first(self) -> int:
        return self._starts[0] if self._starts else self._end

    @property
    def nbytes(self) -> int:
        """Memory of the row ids."""
        return sum(chunk.nbytes for chunk in self._chunks)

    # ---- what changes -----------------------------------------------------------------------

    def append(self, rows: Rows) -> None:
        """Add rows, ascending, that are newer than all others; the array is ours then."""
        if not len(rows):
            return
        if self._chunks and len(self._chunks[-1]) + len(rows) <= _SMALL:
            self._chunks[-1] = np.concatenate((self._chunks[-1], rows))
        else:
            self._chunks.append(rows)
            self._starts.append(self._end)
        self._end += len(rows)

    def prepend(self, rows: Rows) -> None:
        """Add rows, ascending, that are older than all others; the array is ours then."""
        if not len(rows):
            return
        start = self._first - len(rows)
        if self._chunks and len(self._chunks[0]) + len(rows) <= _SMALL:
            self._chunks[0] = np.concatenate((rows, self._chunks[0]))
            self._starts[0] = start
        else:
            self._chunks.insert(0, rows)
            self._starts.insert(0, start)

    def drop_before(self, row: int) -> int:
        """Forget rows below ``row``; returns how many there were."""
        count = self.position(row)
        first = self._first + count
        whole = bisect_right(self._starts, first) - 1 if first < self._end else len(self._starts)
        if count:
            del self._chunks[:whole], self._starts[:whole]
            self._trim(first)
        return count

    def _trim(self, first: int) -> None:
        """Let the first chunk begin at a place."""
        if not self._chunks:
            return
        rest = self._chunks[0][first - self._starts[0] :]
        base = rest.base
        # A small rest must not keep a large array alive.
        is_wasteful = base is not None and rest.nbytes * 2 < base.nbytes
        self._chunks[0] = rest.copy() if is_wasteful else rest
        self._starts[0] = first

    # ---- reading ----------------------------------------------------------------------------

    def ids(self, start: int, stop: int) -> list[int]:
        """Row ids at positions ``start`` to ``stop``."""
        found: list[int] = []
        low, high = self._first + max(0, start), min(self._end, self._first + stop)
        while low < high:
            index = bisect_right(self._starts, low) - 1
            base, chunk = self._starts[index], self._chunks[index]
            until = min(high, base + len(chunk))
            found += chunk[low - base : until - base].tolist()
            low = until
        return found

    def between(self, row: int, end_row: int) -> list[int]:
        """The row ids from ``row`` to ``end_row``."""
        return self.ids(self.position(row), self.position(end_row))

    def position(self, row: int) -> int:
        """Position of a row, or where it would stand."""
        low, high = 0, len(self._chunks)
        while low < high:
            middle = (low + high) // 2
            if self._chunks[middle][-1] < row:
                low = middle + 1
            else:
                high = middle
        if low == len(self._chunks):
            return len(self)
        return self._starts[low] + int(np.searchsorted(self._chunks[low], row)) - self._first
