"""A query as arrays, once for all slices: what both ways of looking at rows take. Any thread.

No numba: the kernel and its caller share what stands here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.columns import Columns
from zmqscope.core.search.query import Query

# Places in ``limits``.
DIRECTION, MIN_BYTES, MAX_BYTES, FROM_NS, UNTIL_NS = 0, 1, 2, 3, 4
# Whether the tables count; whether there is any condition but what a frame contains.
BY_TOPIC, BY_SOCKET, BY_COLUMNS = 5, 6, 7
LIMITS = 8

EITHER_DIRECTION = -1

# Places in ``place``: the rows to look at; set to anything but 0 by another thread, it ends a scan.
LOW, HIGH, STOP = 0, 1, 2
PLACE_SIZE = 3

_LEAST, _MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as arrays.

    Attributes:
        limits: int64[LIMITS], see the places above.
        topics: uint8[n], 1 at the ids asked for; ids from n on are not.
        sockets: uint8[n], the same for sockets.
        prefix: uint8[n], what the first frame begins with.
        needle: uint8[n], what a frame contains.
    """

    limits: NDArray[np.int64]
    topics: NDArray[np.uint8]
    sockets: NDArray[np.uint8]
    prefix: NDArray[np.uint8]
    needle: NDArray[np.uint8]

    def columns(self) -> Columns:
        """The arrays in the order in which the kernel takes them."""
        return Columns(self.limits, self.topics, self.sockets, self.prefix, self.needle)


def plan_of(query: Query) -> Plan:
    """Prepare a query."""
    limits = np.zeros(LIMITS, np.int64)
    limits[DIRECTION] = EITHER_DIRECTION if query.direction is None else query.direction
    limits[MIN_BYTES] = query.min_bytes
    limits[MAX_BYTES] = _MOST if query.max_bytes is None else query.max_bytes
    limits[FROM_NS] = _LEAST if query.from_ns is None else query.from_ns
    # A time is below the greatest number there is: nothing is left out.
    limits[UNTIL_NS] = _MOST if query.until_ns is None else query.until_ns
    limits[BY_TOPIC] = query.topics is not None
    limits[BY_SOCKET] = query.sockets is not None
    limits[BY_COLUMNS] = query != Query(contains=query.contains)
    return Plan(
        limits,
        _table(query.topics or ()),
        _table(query.sockets or ()),
        _bytes(query.topic_prefix),
        _bytes(query.contains),
    )


def _table(ids: Collection[int]) -> NDArray[np.uint8]:
    table = np.zeros(max(ids, default=-1) + 1, np.uint8)
    table[list(ids)] = 1
    return table


def _bytes(data: bytes) -> NDArray[np.uint8]:
    # A copy: frombuffer alone gives an array that is read-only, which is another type to numba.
    return np.frombuffer(data, np.uint8).copy()
