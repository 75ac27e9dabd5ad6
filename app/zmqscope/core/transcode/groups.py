"""The groups that a connection has joined, as transcoders look them up. One thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class GroupTable:
    """A set of byte strings; each may be joined any number of times.

    Laid out anew when somebody looks after a change, not at each change: a peer may join many.
    """

    def __init__(self) -> None:
        self._counts: dict[bytes, int] = {}
        self._is_laid_out = True
        self._data: NDArray[np.uint8] = np.zeros(1, np.uint8)
        self._starts: NDArray[np.int64] = np.zeros(1, np.int64)

    def __len__(self) -> int:
        return len(self._counts)

    def __contains__(self, group: bytes) -> bool:
        return group in self._counts

    def join(self, group: bytes) -> bool:
        """Add a group; whether it is new. Joined twice, it has to be left twice."""
        count = self._counts.get(group, 0)
        self._counts[group] = count + 1
        self._is_laid_out &= count > 0
        return not count

    def leave(self, group: bytes) -> bool:
        """Take a group off; whether it is gone."""
        count = self._counts.get(group, 0)
        if count > 1:
            self._counts[group] = count - 1
        if count != 1:
            return False
        del self._counts[group]
        self._is_laid_out = False
        return True

    @property
    def data(self) -> NDArray[np.uint8]:
        """All groups in order, without gaps: uint8[n]."""
        self._lay_out()
        return self._data

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each group begins, and where the last ends: int64[count + 1]."""
        self._lay_out()
        return self._starts

    def _lay_out(self) -> None:
        if self._is_laid_out:
            return
        ordered = sorted(self._counts)
        self._data = np.frombuffer(b"".join(ordered) or b"\0", np.uint8)
        self._starts = np.cumsum([0, *map(len, ordered)], dtype=np.int64)
        self._is_laid_out = True
