"""Sorts topics by a column without touching them one by one. Pure but for its memory; GUI thread.

All orders are total (the id decides between equals), so that rows never swap without a reason.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zmqscope.models.topics.keys import TopicKeys

_ID_BITS = 16
_ID_MASK = (1 << _ID_BITS) - 1
_LARGEST = (1 << 46) - 1
_FIRST_ID = 2
# Names are gathered in pieces, so that long ones do not take much memory for a moment.
_PIECE = 8_192


def by_value(
    ids: NDArray[np.int32], values: NDArray[np.int64], *, descending: bool
) -> NDArray[np.int32]:
    """Topics in the order of a figure.

    Value and id are packed into one number: sorting numbers is several times as fast as sorting
    indices stably.

    Args:
        ids: int32[m], topic ids below 65,536.
        values: int64[m], their figures; above 2**46 they count as equal.
        descending: The largest first.
    """
    packed = np.minimum(values, _LARGEST)
    if descending:
        np.negative(packed, out=packed)
    packed <<= _ID_BITS
    packed |= ids
    packed.sort()
    packed &= _ID_MASK
    return packed.astype(np.int32)


def by_socket(
    ids: NDArray[np.int32],
    keys: TopicKeys,
    name_of: Callable[[int], str],
    *,
    descending: bool,
) -> NDArray[np.int32]:
    """Topics in the order of their sockets' names, received before sent."""
    sockets, place = np.unique(keys.socket[ids], return_inverse=True)
    listed = sorted(
        range(len(sockets)), key=lambda at: (name_of(int(sockets[at])).casefold(), sockets[at])
    )
    rank = np.zeros(len(sockets), np.int64)
    rank[listed] = np.arange(len(sockets))
    return by_value(ids, rank[place] * 2 + keys.direction[ids], descending=descending)


class NameOrder:
    """All topics by name, byte by byte; what has come since is merged in.

    Args:
        keys: The names.
    """

    def __init__(self, keys: TopicKeys) -> None:
        self._keys = keys
        self._known = _FIRST_ID
        self._width = 0
        self._ids = np.zeros(0, np.int32)
        self._names: NDArray[np.bytes_] = np.zeros(0, "S1")

    def ids(self, count: int) -> NDArray[np.int32]:
        """Topic ids below ``count`` in the order of their names."""
        while self._known < count:
            stop = min(count, self._known + _PIECE)
            self._merge(self._known, stop)
            self._known = stop
        return self._ids

    def _merge(self, first: int, stop: int) -> None:
        names = self._gather(first, stop)
        order = np.argsort(names, kind="stable")
        ids, names = np.arange(first, stop, dtype=np.int32)[order], names[order]
        # Behind equal ones: those have lower ids.
        places = np.searchsorted(self._names, names, "right")
        self._ids = np.insert(self._ids, places, ids)
        self._names = np.insert(self._names.astype(names.dtype, copy=False), places, names)

    def _gather(self, first: int, stop: int) -> NDArray[np.bytes_]:
        """Names as rows of equal width; the width only grows, so that rows can be merged."""
        keys = self._keys
        start, size = keys.start[first:stop], keys.size[first:stop]
        self._width = max(self._width, 1, int(size.max()))
        column = np.arange(self._width)
        inside = column < size[:, None]
        at = np.where(inside, start[:, None] + column, 0)
        rows = np.where(inside, keys.data[at], np.uint8(0))
        return rows.view(f"S{self._width}").reshape(-1)
