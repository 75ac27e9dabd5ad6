"""Two arrays of numbers, element by element. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.decode.decoded import Numbers

MAX_ELEMENTS = 20_000
"""Changed elements that are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class NumbersComparison:
    """What two arrays of the same kind of number differ in.

    Attributes:
        before: The numbers before, in one row.
        after: The numbers behind.
        places: Where they differ, as far as both go; ``MAX_ELEMENTS`` at most.
        changed: How many differ.
    """

    before: NDArray[np.generic] = field(repr=False)
    after: NDArray[np.generic] = field(repr=False)
    places: NDArray[np.int64] = field(repr=False)
    changed: int


def compare_numbers(
    data: tuple[bytes, bytes], first: Numbers, second: Numbers
) -> NumbersComparison | None:
    """Compare two arrays by place; None if they are not of the same kind of number."""
    if first.dtype != second.dtype:
        return None
    one, two = numbers_of(data[0], first), numbers_of(data[1], second)
    shared = min(len(one), len(two))
    width = one.dtype.itemsize
    if not shared:
        return NumbersComparison(one, two, np.zeros(0, np.int64), 0)
    # By their bytes: a NaN is the same as itself, and minus zero is not zero.
    bytes_of = [part[:shared].view(np.uint8).reshape(shared, width) for part in (one, two)]
    differs = (bytes_of[0] != bytes_of[1]).any(axis=1)
    places = np.flatnonzero(differs)
    return NumbersComparison(one, two, places[:MAX_ELEMENTS].astype(np.int64), len(places))


def numbers_of(data: bytes, body: Numbers) -> NDArray[np.generic]:
    """The numbers of an array in one row."""
    dtype = np.dtype(body.dtype)
    count = 1
    for size in body.shape:
        count *= size
    room = max(0, (len(data) - body.skip) // dtype.itemsize)
    return np.frombuffer(data, dtype, min(count, room), body.skip if room else 0)
